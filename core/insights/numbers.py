"""The measures that every table and tile shows, and what is made of them."""

from dataclasses import dataclass

MEASURES = ("contacts", "touchpoints", "orders", "first_orders", "revenue", "cost")
"""The fields of `Numbers`, in the order of the rows of `Cells.amounts`."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts, and money in minor units."""

    contacts: int = 0
    touchpoints: int = 0
    orders: int = 0
    first_orders: int = 0
    revenue: int = 0
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
