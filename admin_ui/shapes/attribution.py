"""Runs of attribution models, their credits, and the receipt of one order."""

from datetime import datetime
from decimal import Decimal

from pydantic import AliasChoices, Field

from admin_ui.shapes.web import Name, Shape


class Progress(Shape):
    """How far long work is."""

    done: int = 0
    total: int = 0


class Run(Shape):
    """One run: its window, its settings, and how far it is."""

    id: str
    preset: str | None = None
    state: str = ""
    start: str = Field("", validation_alias=AliasChoices("from", "start"))
    end: str = Field("", validation_alias=AliasChoices("to", "end"))
    lookback_days: int | None = None
    half_life_days: float | None = None
    cut: str = ""
    models: list[str] = []
    engine: str = "local"
    seconds: float | None = None
    job_id: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None
    orders: int | None = None
    version: str = ""
    error: str | None = None
    made: str = "full"
    changed_contacts: int | None = None
    progress: Progress = Progress()


class Interval(Shape):
    """95 % of what other contacts might have shown."""

    low: float = 0
    high: float = 0


class Caution(Name):
    """What to know before acting on a figure."""

    code: str = ""


class Total(Shape):
    """What one model gives in all, or leaves without a touch; channels have intervals."""

    model: str = ""
    conversions: float = 0
    value: float = 0
    conversions_interval: Interval | None = None
    value_interval: Interval | None = None
    amount: Decimal | None = None
    ripeness: float | None = None
    cautions: list[Caution] = []


class Credit(Total):
    """What one model gives to one channel, placement or day."""

    key: str | None = None
    name: str | None = None


class Range(Shape):
    """A total with its 95 % interval."""

    total: float = 0
    low: float = 0
    high: float = 0


class Measured(Name):
    """What an experiment measured of one channel or placement, with its verdict in words."""

    experiment: str = ""
    key: str = ""
    buyers: Range = Range()
    value: Range | None = None


class RevenueStep(Shape):
    """One step from what was placed to what is credited."""

    code: str
    orders: int = 0
    amount: Decimal = Decimal(0)


class Credits(Shape):
    """The table of a run."""

    run: Run | None = None
    models: list[str] = []
    rows: list[Credit] = []
    totals: list[Total] = []
    unattributed: list[Total] = []
    calibration: list[Total] = []
    measured: list[Measured] = []
    revenue: list[RevenueStep] = []
    cautions: list[Caution] = []


class Step(Shape):
    """A step of a Markov chain."""

    source_kind: str = "channels"
    source: list[str] = []
    target_kind: str = "channels"
    target: list[str] = []
    times: int = 0
    chance: float = 0


class Effect(Shape):
    """What removing a channel takes."""

    channel: str
    removal_effect: float = 0


class Chain(Shape):
    """A Markov model's transitions."""

    steps: list[Step] = []
    left_out: int = 0
    effects: list[Effect] = []


class Coalition(Shape):
    """Journeys that met exactly these channels."""

    channels: list[str] = []
    orders: int = 0
    journeys: int = 0
    rate: float = 0
    value: float = 0


class ShapleyValue(Shape):
    """What a channel adds."""

    channel: str
    raw: float = 0


class Coalitions(Shape):
    """A Shapley game."""

    coalitions: list[Coalition] = []
    left_out: int = 0
    values: list[ShapleyValue] = []


class OrderRow(Shape):
    """An order in a list."""

    id: str
    order_no: str = ""
    placed_at: datetime | None = None
    amount: Decimal | None = None
    net: Decimal | None = None
    currency: str = "CNY"
    state: str = ""


class Share(Shape):
    """What one model gives one touch."""

    model: str
    amount: Decimal = Decimal(0)
    share: float | None = None
    explains: bool = False


class ReceiptTouch(Shape):
    """One touch of the journey, with the shares it got, or why it got none."""

    at: datetime
    channel: str = ""
    placement: str | None = None
    kind: str = ""
    shares: list[Share] = []
    reason: str | None = None


class UpstreamPart(Shape):
    """What the model `upstream` gives an inviter, so many levels above."""

    level: int = 1
    channel: str = ""
    placement: str | None = None
    day: str = ""
    amount: Decimal = Decimal(0)


class Receipt(Shape):
    """Why an order counts for these channels."""

    order: OrderRow
    run: Run | None = None
    counted: bool = True
    touches: list[ReceiptTouch] = []
    outside: list[ReceiptTouch] = []
    upstream: list[UpstreamPart] = []
