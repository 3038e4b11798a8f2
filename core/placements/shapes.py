"""Placements, links and artefacts as the API takes and shows them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from core import clock
from core.errors import FieldError, Invalid
from core.placements.codes import PREFIX
from core.placements.models import Link, Placement, PlacementArtifact
from core.placements.stats import Stats
from core.tenants.currencies import from_minor, to_major
from core.web import Body, PageQuery, TenantPath

Scalar = str | int | float | bool | None
Amount = str
Phase = Literal["planned", "live", "over"]
"""Before its period, within it, behind it."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class PlacementPath(TenantPath):
    """One placement of a tenant."""

    placement: str = Field(max_length=64)


class PlacementsQuery(PageQuery):
    """Placements of one channel, or all."""

    channel_id: str | None = Field(None, max_length=64)

    def after_number(self) -> int | None:
        """The number that the last page ended at. Raises `Invalid` for a cursor that is not ours."""
        after = self.after()
        if after is not None and not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Invalid(fields=[FieldError("cursor", "malformed", "Use `next` of the last answer.")])
        return int(after) if after else None


class NewPlacement(Body):
    """Something to put out."""

    channel_id: str = Field(max_length=64)
    name: str = Field(min_length=1, max_length=200)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    cost: Amount | None = Field(None, max_length=30)
    target_url: str | None = Field(None, max_length=2048)
    detail: dict[str, Scalar] = Field({}, max_length=50)


class ChangedPlacement(Body):
    """Only what is given changes."""

    name: str | None = Field(None, min_length=1, max_length=200)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    cost: Amount | None = Field(None, max_length=30)
    detail: dict[str, Scalar] | None = Field(None, max_length=50)


class NewLink(Body):
    """A tracked link to make; without a target it leads to the plugin's own page, where it has one."""

    target_url: str = Field("", max_length=2048)
    label: str = Field("", max_length=120)
    tells_code: bool = True


class NewCodes(Body):
    """Serials to make."""

    count: int = Field(ge=1, le=10_000)


class NewCost(Body):
    """What one day cost."""

    day: Day
    amount: Amount = Field(max_length=30)
    note: str = Field("", max_length=200)


class StatsShown(BaseModel):
    """Figures of a placement; `cost_per_contact` is null while nobody joined, views and followers as the platform
    counts them."""

    clicks: int
    scans: int
    redeemed: int
    contacts: int
    cost: str
    cost_per_contact: float | None
    views: int
    followers: int
    cost_per_view: float | None
    cost_per_follower: float | None


class PlacementShown(BaseModel):
    """A placement with its figures."""

    id: str
    number: int
    channel_id: str
    name: str
    state: str
    phase: Phase
    starts_at: datetime
    ends_at: datetime | None
    cost: str
    currency: str
    detail: dict[str, Scalar]
    codes: int
    stats: StatsShown
    created_at: datetime


class LinkShown(BaseModel):
    """A tracked link: `url` is what is printed and sent."""

    id: str
    code: str
    url: str
    target_url: str
    label: str
    tells_code: bool
    state: str
    created_at: datetime


class ArtifactShown(BaseModel):
    """A finished file; download it under /files/<file_id>."""

    id: str
    file_id: str
    name: str
    media_type: str
    title: dict[str, str]
    created_at: datetime


def phase_of(placement: Placement) -> Phase:
    """Where the placement is in its period at this moment."""
    now = clock.now()
    if now < placement.starts_at:
        return "planned"
    return "over" if placement.ends_at is not None and placement.ends_at < now else "live"


def show_placement(placement: Placement, *, channel_id: str, codes: int, stats: Stats) -> PlacementShown:
    """The placement as it is shown."""
    currency = placement.currency
    cost = from_minor(stats.cost_minor, currency)
    return PlacementShown(
        id=str(placement.id),
        number=placement.number,
        channel_id=channel_id,
        name=placement.name,
        state=placement.state,
        phase=phase_of(placement),
        starts_at=placement.starts_at,
        ends_at=placement.ends_at,
        cost=cost,
        currency=currency,
        detail=placement.detail,
        codes=codes,
        stats=StatsShown(
            clicks=stats.clicks,
            scans=stats.scans,
            redeemed=stats.redeemed,
            contacts=stats.contacts,
            cost=cost,
            cost_per_contact=_price(stats.minor_per_contact, currency),
            views=stats.views,
            followers=stats.followers,
            cost_per_view=_price(stats.minor_per_view, currency),
            cost_per_follower=_price(stats.minor_per_follower, currency),
        ),
        created_at=placement.created_at,
    )


def _price(minor: float | None, currency: str) -> float | None:
    return None if minor is None else to_major(minor, currency)


def show_link(link: Link, base: str) -> LinkShown:
    """The link as it is shown."""
    return LinkShown(
        id=str(link.id),
        code=link.code,
        url=f"{base}{PREFIX}{link.code}",
        target_url=link.target_url,
        label=link.label,
        tells_code=link.tells_code,
        state=link.state,
        created_at=link.created_at,
    )


def show_artifact(row: PlacementArtifact) -> ArtifactShown:
    """The artefact as it is shown."""
    title: Mapping[str, str] = row.title
    return ArtifactShown(
        id=str(row.id),
        file_id=str(row.file_id),
        name=row.name,
        media_type=row.media_type,
        title=dict(title),
        created_at=row.created_at,
    )
