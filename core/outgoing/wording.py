"""Each row as the fact that is told of it: pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from core.contacts.models import Erasure, MergeLog
from core.orders.models import Order, OrderChange
from core.sdk.facts import Fact, FactType
from core.tenants.currencies import from_minor
from core.touchpoints.models import Touchpoint


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers inside, ids outside. `people` is who a contact is part of now; `contacts` the contact itself."""

    tenant: str
    contacts: Mapping[int, str]
    people: Mapping[int, str]
    channels: Mapping[int, tuple[str, str]]
    placements: Mapping[int, str]

    def channel(self, number: int) -> JsonValue:
        """Id and name, as the receiver reads them."""
        channel_id, name = self.channels[number]
        return {"id": channel_id, "name": name}


def tell_touch(names: Names, row: Touchpoint) -> Fact:
    """A touchpoint; what the source said beside it stays here, since it may name the person."""
    return Fact(
        id=f"touchpoint:{row.id}",
        type="touchpoint.recorded",
        at=row.at,
        tenant=names.tenant,
        data={
            "touchpoint_id": str(row.id),
            "kind": row.kind,
            "contact_id": names.people[row.contact_number],
            "channel": names.channel(row.channel_number),
            "placement_id": names.placements.get(row.placement_number or 0),
        },
    )


def tell_order(names: Names, row: Order) -> Fact:
    """An order as it was placed; what became of it is told by facts of its own."""
    data = _order(names, row) | {"amount": from_minor(row.amount_minor, row.currency)}
    return Fact(id=f"order:{row.id}", type="order.placed", at=row.placed_at, tenant=names.tenant, data=data)


def tell_change(names: Names, row: OrderChange, order: Order) -> Fact:
    """A refund with its amount, or a cancellation."""
    kind: FactType = "order.refunded" if row.kind == "refund" else "order.cancelled"
    data = _order(names, order) | {"amount": from_minor(row.amount_minor, order.currency)}
    return Fact(id=f"order_change:{row.id}", type=kind, at=row.at, tenant=names.tenant, data=data)


def tell_merge(names: Names, row: MergeLog) -> Fact:
    """Two contacts are one person, or are two again."""
    kind: FactType = "contact.merged" if row.kind == "merged" else "contact.unmerged"
    data: dict[str, JsonValue] = {
        "contact_id": names.contacts[row.winner],
        "merged_contact_id": names.contacts[row.loser],
    }
    return Fact(id=f"merge:{row.id}", type=kind, at=row.at, tenant=names.tenant, data=data)


def tell_erasure(names: Names, row: Erasure) -> Fact:
    """Somebody asked to be forgotten: the receiver is to forget this contact, too."""
    data: dict[str, JsonValue] = {"contact_id": names.contacts[row.contact_number]}
    return Fact(id=f"erasure:{row.id}", type="contact.erased", at=row.at, tenant=names.tenant, data=data)


def _order(names: Names, row: Order) -> dict[str, JsonValue]:
    return {
        "order_id": str(row.id),
        "order_no": row.order_no,
        "currency": row.currency,
        "contact_id": names.people[row.contact_number],
        "channel": names.channel(row.channel_number),
    }
