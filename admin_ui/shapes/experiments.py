"""Experiments: two arms and the difference between them."""

from datetime import datetime

from admin_ui.shapes.web import Name, Shape


class Arm(Shape):
    """People whose window has passed."""

    people: int = 0
    converted: int = 0
    rate: float = 0
    value: float = 0


class Lift(Shape):
    """A difference a person, its interval, and the same over all treated people."""

    difference: float = 0
    low: float = 0
    high: float = 0
    total: float = 0
    total_low: float = 0
    total_high: float = 0


class Power(Shape):
    """What so many people can show, and how many the difference seen would take."""

    detectable: float | None = None
    needed: int | None = None


class Verdict(Name):
    """In words."""

    code: str = ""


class Experiment(Shape):
    """An experiment with what it measured so far."""

    id: str
    name: str = ""
    placement_id: str = ""
    placement: str = ""
    share: float = 0
    window_days: int = 0
    state: str = ""
    started_at: datetime | None = None
    treated: Arm = Arm()
    held_out: Arm = Arm()
    unripe: int = 0
    mixed: int = 0
    days_left: int = 0
    lift: Lift | None = None
    value_lift: Lift | None = None
    power: Power = Power()
    verdict: Verdict = Verdict()
    currency: str = "CNY"
