"""What a model gives to the channels of each brand of an agency, from the runs that are kept fresh."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.attribution.credits import CreditLine, credit_table
from core.attribution.models import AttributionRun
from core.db import reading
from core.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class BrandCredits:
    """orders, value: of the run, value in minor units. lines: in major units, the largest first; what they leave of
    both is unattributed. A brand without a finished run of this window and model has no run and no lines."""

    run: str | None = None
    made_at: datetime | None = None
    orders: int = 0
    value: int = 0
    lines: tuple[CreditLine, ...] = ()


def credit_brands(tenants: Sequence[Tenant], *, preset: str, model: str) -> dict[int, BrandCredits]:
    """The credits of these brands by number, each read through its own door, in its own currency and days. The
    caller has seen to it that whoever asks may see all of them."""
    return {tenant.number: _credits(tenant.number, preset, model) for tenant in tenants}


def _credits(tenant: int, preset: str, model: str) -> BrandCredits:
    with reading(tenant) as session:
        newest = sa.select(AttributionRun).where(AttributionRun.preset == preset, AttributionRun.state == "done")
        run = session.scalar(newest.order_by(AttributionRun.id.desc()).limit(1))
        if run is None or model not in run.models:
            return BrandCredits()
        lines = credit_table(session, run, models=[model], by="channel").lines
        by_value = sorted(lines, key=lambda line: (-line.value, line.name))
        return BrandCredits(str(run.id), run.finished_at, run.orders, run.value_minor, tuple(by_value))
