"""Who sold what in which store, and a clerk's page."""

from admin_ui.shapes.web import Shape


class Sold(Shape):
    """One place in a window."""

    placement_id: str
    name: str
    place: str = ""
    store: str = ""
    state: str = "active"
    contacts: int = 0
    checked_in: int = 0
    orders: int = 0
    revenue: str = "0"
    cost: str = "0"
    cost_per_contact: float | None = None


class Board(Shape):
    """Clerks, places and whole stores, best first."""

    currency: str = "CNY"
    staff: list[Sold] = []
    places: list[Sold] = []
    stores: list[Sold] = []


class ClerkPage(Shape):
    """The address of a clerk's page; none while it is closed."""

    url: str | None = None
