"""One item of any system's webhook, by the operator's field names, as events: an order, a lead, or a touch."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue, ValidationError

from core.sdk import ClaimAsked, Detail, Event, IdentityClaim, Touch
from core.sdk import vendor_json as told
from core.sdk.leads import full_phone
from plugins.livestream.comments import comment_touch, message_touch
from plugins.livestream.hook.fields import KINDS, read_fields, read_pairs
from plugins.livestream.orders import SoldLive, read_amount, read_state
from plugins.livestream.settings import LiveSettings

PLACES = ("room_id", "host_id", "host", "spoken")


def item_events(
    item: JsonValue, *, source: str, pairs: Sequence[str], received_at: datetime, settings: LiveSettings
) -> list[Event]:
    """What one item says; nothing for one that names nobody or fits no event."""
    fields = read_fields(item, read_pairs(pairs))
    try:
        if fields["order_no"]:
            return _order(fields, source=source, received_at=received_at, settings=settings)
        touch = _touch(fields, item, source=source, received_at=received_at, settings=settings)
    except ValidationError:
        return []
    return [touch] if touch else []


def _order(fields: Mapping[str, str], *, source: str, received_at: datetime, settings: LiveSettings) -> list[Event]:
    state = read_state(fields["state"]) if fields["state"] else "paid"
    if state is None:
        return []
    sold = SoldLive(
        shop=source,
        order_no=fields["order_no"],
        state=state,
        ordered_at=told.moment(fields["at"], received_at=received_at),
        amount=read_amount(fields["amount"]),
        refund=read_amount(fields["refund"]),
        who=_names(fields, source=source, settings=settings),
        live=_place(fields),
    )
    return sold.events()


def _touch(
    fields: Mapping[str, str], item: JsonValue, *, source: str, received_at: datetime, settings: LiveSettings
) -> Touch | ClaimAsked | None:
    who, place = _names(fields, source=source, settings=settings), _place(fields)
    if not who:
        return None
    said = read_pairs(settings.hook_kinds).get(fields["kind"], fields["kind"].casefold())
    kind = next((kind for kind in KINDS if kind == said), None)
    if kind is None:
        return None
    event_id = f"{source}-{fields['id'] or _digest(item)}"[:200]
    at = told.moment(fields["at"], received_at=received_at)
    if kind == "comment":
        return comment_touch(
            event_id, at=at, who=who, text=fields["text"], name=fields["name"], place=place, settings=settings
        )
    touch = message_touch(event_id, at=at, who=who, kind=kind, text=fields["text"], place=place)
    return touch.model_copy(update={"code": fields["code"] or None})


def _names(fields: Mapping[str, str], *, source: str, settings: LiveSettings) -> tuple[IdentityClaim, ...]:
    """Every name of the person. An open id is the system's own: the same text elsewhere is somebody else."""
    found = []
    if phone := full_phone(fields["phone"]):
        found.append(IdentityClaim(kind="phone", value=phone))
    if fields["unionid"]:
        found.append(IdentityClaim(kind="unionid", value=fields["unionid"][:200]))
    if fields["open_id"]:
        found.append(IdentityClaim(kind="platform_openid", value=fields["open_id"][:200], app=source))
    return tuple(found)


def _place(fields: Mapping[str, str]) -> Detail:
    return {name: fields[name][:200] for name in PLACES if fields[name]}


def _digest(item: JsonValue) -> str:
    return hashlib.sha256(repr(item).encode("utf-8", "replace")).hexdigest()
