"""Many brands at once: a table of an agency's hundred brands in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.models import Contact
from core.db import across_tenants
from core.insights.cube import Cube
from core.insights.days import Period
from core.insights.models import InsightCube
from core.insights.numbers import MEASURES, Numbers
from core.placements.models import PlacementCost
from core.tenants.models import Tenant


def sum_brands(tenants: Sequence[Tenant], *, from_day: date, to_day: date) -> dict[int, Numbers]:
    """The totals of these brands, by number, each on its own calendar. The caller has seen to it that whoever asks may
    see all of them: this looks across tenants, and at these only."""
    zones: dict[str, list[int]] = defaultdict(list)
    for tenant in tenants:
        zones[tenant.timezone].append(tenant.number)
    found: dict[int, Numbers] = {}
    with across_tenants() as session:
        for zone, numbers in zones.items():
            found |= _sum_zone(session, numbers, Period(from_day, to_day, zone))
    return found


def _sum_zone(session: Session, numbers: Collection[int], period: Period) -> dict[int, Numbers]:
    counted = _counted(session, numbers, period)
    newer, costs = _newer(session, numbers, period), _costs(session, numbers, period)
    found = {}
    for number in numbers:
        sums = counted.get(number, dict.fromkeys(MEASURES, 0)) | {"cost": costs.get(number, 0)}
        sums["contacts"] += newer.get(number, 0)
        found[number] = Numbers(**sums)
    return found


def _counted(session: Session, numbers: Collection[int], period: Period) -> dict[int, dict[str, int]]:
    query = sa.select(InsightCube.tenant_id, InsightCube.days).where(InsightCube.tenant_id.in_(numbers))
    found = {}
    for number, packed in session.execute(query):
        days = Cube.from_bytes(packed).between(period.first, period.end)
        found[number] = {name: int(getattr(days, name).sum()) for name in MEASURES[:-1]}
    return found


def _newer(session: Session, numbers: Collection[int], period: Period) -> Mapping[int, int]:
    """Contacts who have come since their brand was counted, or all of a brand that never was."""
    counted = (
        sa.select(Tenant.number.label("tenant_id"), sa.func.coalesce(InsightCube.last_number, 0).label("last_number"))
        .outerjoin(InsightCube, InsightCube.tenant_id == Tenant.number)
        .where(Tenant.number.in_(numbers))
        .subquery()
    )
    query = (
        sa.select(Contact.tenant_id, sa.func.count())
        .join(counted, sa.and_(Contact.tenant_id == counted.c.tenant_id, Contact.number > counted.c.last_number))
        .where(Contact.merged_into.is_(None), Contact.joined_at >= clock.from_us(period.start_us))
        .where(Contact.joined_at < clock.from_us(period.end_us))
        .group_by(Contact.tenant_id)
    )
    return {number: int(count) for number, count in session.execute(query)}


def _costs(session: Session, numbers: Collection[int], period: Period) -> Mapping[int, int]:
    query = (
        sa.select(PlacementCost.tenant_id, sa.func.sum(PlacementCost.amount_minor))
        .where(PlacementCost.tenant_id.in_(numbers))
        .where(PlacementCost.day >= period.from_day, PlacementCost.day < period.to_day)
        .group_by(PlacementCost.tenant_id)
    )
    return {number: int(total) for number, total in session.execute(query)}
