"""What platforms count of a placement, and the preview of a field mapping."""

from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from admin_ui.shapes.web import Name, Shape


class Day(Shape):
    """One local day."""

    day: date
    counts: dict[str, int] = {}
    spend: Decimal | None = None


class LinkFigures(Shape):
    """One link's share."""

    code: str = ""
    label: str = ""
    clicks: int = 0
    people: int = 0
    contacts: int = 0


class Prices(Shape):
    """The placement's cost for one of each."""

    view: Decimal | None = None
    follower: Decimal | None = None
    click: Decimal | None = None
    contact: Decimal | None = None


class Figures(Shape):
    """Views and the like, by day and by link."""

    currency: str = "CNY"
    totals: dict[str, int] = {}
    days: list[Day] = []
    links: list[LinkFigures] = []
    cost_per: Prices = Prices()


class Found(Shape):
    """A place of a sample, and what stands there."""

    pointer: str
    value: str = ""


class Target(Shape):
    """A field of ours."""

    name: str
    title: Name = Name()


class Problem(Shape):
    """A row that is no event."""

    row: int
    reason: str


class Preview(Shape):
    """What a mapping makes of a sample."""

    mistake: str | None = None
    pointers: list[Found] = []
    targets: list[Target] = []
    events: list[dict[str, JsonValue]] = []
    problems: list[Problem] = []
