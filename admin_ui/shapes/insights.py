"""What the overview answers."""

from datetime import date
from decimal import Decimal

from admin_ui.shapes.web import Listed, Shape


class Measure(Shape):
    """A number and the same number of the period before."""

    value: Decimal | None = None
    previous: Decimal | None = None

    @property
    def change(self) -> float | None:
        """The relative change, when there is something to compare with."""
        if self.value is None or not self.previous:
            return None
        return float((self.value - self.previous) / self.previous)


class Tiles(Shape):
    """The headline numbers."""

    contacts: Measure = Measure()
    touchpoints: Measure = Measure()
    orders: Measure = Measure()
    revenue: Measure = Measure()
    cost: Measure = Measure()
    cac: Measure = Measure()
    cost_per_contact: Measure = Measure()
    roas: Measure = Measure()


class Numbers(Shape):
    """The measures of one row, whichever it is a row of."""

    touchpoints: int | None = None
    contacts: int | None = None
    orders: Decimal | None = None
    revenue: Decimal | None = None
    cost: Decimal | None = None
    cac: Decimal | None = None
    cost_per_contact: Decimal | None = None
    roas: Decimal | None = None


class ByChannel(Numbers):
    """One channel."""

    key: str = ""
    name: str = ""


class ByDay(Numbers):
    """One local day."""

    day: date


class Overview(Shape):
    """The whole page in one consistent snapshot."""

    tiles: Tiles = Tiles()
    by_channel: list[ByChannel] = []
    by_day: list[ByDay] = []


class BrandRow(Numbers):
    """One brand of the agency."""

    id: str
    name: str
    currency: str = "CNY"


class AgencyOverview(Listed[BrandRow]):
    """Every brand the reader may see, a row each."""


class ChannelCredit(Shape):
    """What a model gives to one channel of a brand."""

    name: str = ""
    conversions: float = 0
    value: float = 0


class BrandCredits(Shape):
    """One brand's credits by one model."""

    id: str
    name: str = ""
    currency: str = "CNY"
    run: str | None = None
    orders: int = 0
    value: float = 0
    unattributed_value: float = 0
    channels: list[ChannelCredit] = []
