"""The measures that every table and tile shows, and what is made of them."""

from dataclasses import dataclass

MEASURES = ("contacts", "touchpoints", "orders", "first_orders", "revenue", "worth", "cost")
"""The fields of `Numbers`, in the order of the rows of `Cells.amounts`: those of the cube, and cost."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts, and money in minor units. worth: net of all orders to this day of the contacts who joined by this."""

    contacts: int = 0
    touchpoints: int = 0
    orders: int = 0
    first_orders: int = 0
    revenue: int = 0
    worth: int = 0
    cost: int = 0

    @property
    def cac(self) -> float | None:
        """Minor units of cost for each contact whose first order is credited here."""
        return self.cost / self.first_orders if self.first_orders and self.cost else None

    @property
    def cost_per_contact(self) -> float | None:
        """Minor units of cost for each contact who joined by this."""
        return self.cost / self.contacts if self.contacts and self.cost else None

    @property
    def roas(self) -> float | None:
        """Revenue over cost."""
        return self.revenue / self.cost if self.cost else None

    @property
    def ltv(self) -> float | None:
        """Minor units that each contact who joined by this has brought to this day."""
        return self.worth / self.contacts if self.contacts else None
