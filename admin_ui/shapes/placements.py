"""What is put out: placements, their links, printed files and figures."""

from datetime import datetime
from decimal import Decimal

from admin_ui.shapes.web import Name, Shape


class Stats(Shape):
    """Figures of a placement."""

    clicks: int = 0
    scans: int = 0
    redeemed: int = 0
    contacts: int = 0
    cost: Decimal = Decimal(0)
    cost_per_contact: Decimal | None = None
    views: int = 0
    followers: int = 0
    cost_per_view: Decimal | None = None
    cost_per_follower: Decimal | None = None


class Placement(Shape):
    """One thing put out on a channel."""

    id: str
    number: int = 0
    channel_id: str = ""
    name: str = ""
    state: str = ""
    phase: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    currency: str = "CNY"
    detail: dict[str, str | int | float | bool | None] = {}
    codes: int = 0
    stats: Stats = Stats()


class Link(Shape):
    """A tracked link; `url` is what is printed and sent."""

    id: str
    code: str = ""
    url: str = ""
    target_url: str = ""
    label: str = ""
    state: str = ""


class Moment(Shape):
    """How many touches of a kind there were in five minutes of a show."""

    minute: int
    kind: str = ""
    count: int = 0


class Sales(Shape):
    """The orders of one minute of a show."""

    minute: int
    orders: int = 0
    revenue: str = "0"


class Viewers(Shape):
    """How many watched in one minute of a show."""

    minute: int
    viewers: int = 0


class Curve(Shape):
    """How an uploaded table of viewers was read."""

    header: list[str] = []
    minute_column: str = ""
    viewers_column: str = ""
    sample: list[list[str]] = []
    minutes: int = 0
    refused: list[int] = []


class Claim(Shape):
    """One person's claim code."""

    id: str
    name: str = ""
    keyword: str = ""
    digits: str = ""
    url: str | None = None
    asked_at: datetime | None = None
    minute: int | None = None
    claimed_at: datetime | None = None


class Artifact(Shape):
    """A finished file."""

    id: str
    file_id: str = ""
    name: str = ""
    media_type: str = ""
    title: Name = Name()
    created_at: datetime | None = None


class JobAsked(Shape):
    """The job that was started."""

    job_id: str = ""
