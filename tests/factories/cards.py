"""Printed cards for tests."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from core.db import writing
from core.placements.cards import create_codes, serials_of
from core.placements.models import Placement
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.placements import START, make_placement


@dataclass(frozen=True)
class Batch:
    """A placement of cards with their serials."""

    placement: Placement
    serials: list[str]


def make_cards(
    tenant: Tenant,
    count: int = 2,
    *,
    name: str = "Batch 1",
    ends_at: datetime | None = None,
    settings: dict[str, JsonValue] | None = None,
    detail: dict[str, JsonValue] | None = None,
) -> Batch:
    channel = make_channel(tenant, f"Cards {name}", plugin="package_card", settings=settings)
    placement = make_placement(tenant, name, channel=channel, starts_at=START, ends_at=ends_at, detail=detail)
    with writing(tenant.number) as session:
        if not count:
            return Batch(placement, [])
        return Batch(placement, serials_of(session, placement, create_codes(session, placement, count)))
