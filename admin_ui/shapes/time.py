"""What the time questions answer: funnel, lag, ripeness, retention, waves."""

from datetime import date
from decimal import Decimal

from admin_ui.shapes.web import Shape


class Steps(Shape):
    """Contacts at each step of one row."""

    key: str = ""
    name: str = ""
    joined: int = 0
    first_order: int = 0
    repeat: int = 0
    first_share: float | None = None
    repeat_share: float | None = None
    days_to_first: float | None = None
    days_to_repeat: float | None = None


class Funnel(Shape):
    """Joined, first order, repeat."""

    total: Steps = Steps()
    rows: list[Steps] = []


class LagDay(Shape):
    """First orders so many days after joining."""

    day: int
    orders: int = 0
    share: float = 0
    ripe_share: float | None = None


class Lag(Shape):
    """The conversion lag."""

    joined: int = 0
    orders: int = 0
    median_days: float | None = None
    days: list[LagDay] = []


class Cohort(Shape):
    """Those who joined in one week."""

    week: date
    joined: int = 0
    first_orders: list[int] = []
    ripe_share: float | None = None
    expected: float | None = None
    is_too_early: bool = False


class Maturation(Shape):
    """Weekly cohorts, and how ripe they are."""

    ripe_from: float = 0
    cohorts: list[Cohort] = []


class Month(Shape):
    """Buyers of a cohort who bought in a later month."""

    age: int
    buyers: int = 0
    share: float = 0
    is_over: bool = True


class Retained(Shape):
    """Those who first bought in one month."""

    month: date
    buyers: int = 0
    repeat_share: float = 0
    left: int = 0
    months: list[Month] = []


class Retention(Shape):
    """Monthly cohorts of buyers."""

    cohorts: list[Retained] = []


class Trigger(Shape):
    """The last touch before some orders."""

    kind: str = ""
    channel: str = ""
    orders: int = 0


class WaveDay(Shape):
    """A day since the launch."""

    day: int
    orders: int = 0
    revenue: Decimal = Decimal()


class Wave(Shape):
    """One wave of a launch."""

    key: str
    from_day: date
    to_day: date
    orders: int = 0
    buyers: int = 0
    first_orders: int = 0
    revenue: Decimal = Decimal()
    triggers: list[Trigger] = []
    days: list[WaveDay] = []


class Waves(Shape):
    """Five waves; none where nothing was sold."""

    waves: list[Wave] = []
