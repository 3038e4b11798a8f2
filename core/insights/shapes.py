"""The measures as the API shows them."""

from pydantic import BaseModel

from core.insights.money import show_average
from core.insights.numbers import Numbers
from core.tenants.currencies import from_minor

UNATTRIBUTED_NAME = "未归因 · Unattributed"


class NumbersShown(BaseModel):
    """Counts; money as exact text in major units, averages with two more decimals."""

    contacts: int
    touchpoints: int
    orders: int
    revenue: str
    cost: str
    cac: str | None
    cost_per_contact: str | None
    roas: str | None


def show_numbers(numbers: Numbers, currency: str) -> NumbersShown:
    """Minor units as text."""
    return NumbersShown(
        contacts=numbers.contacts,
        touchpoints=numbers.touchpoints,
        orders=numbers.orders,
        revenue=from_minor(numbers.revenue, currency),
        cost=from_minor(numbers.cost, currency),
        cac=show_average(numbers.cac, currency),
        cost_per_contact=show_average(numbers.cost_per_contact, currency),
        roas=None if numbers.roas is None else f"{numbers.roas:.4f}",
    )
