"""A placement's printed cards: their states, and what was done to many at once."""

from datetime import datetime
from decimal import Decimal

from admin_ui.shapes.web import Name, Shape


class Problem(Name):
    """A row of a packing list that was refused."""

    line: int = 0


class Move(Shape):
    """Cards that were moved together."""

    id: str
    job_id: str | None = None
    deed: str = ""
    first: int = 0
    last: int = 0
    file_name: str = ""
    undoes: str | None = None
    state: str = ""
    moved: int = 0
    made: int = 0
    tied: int = 0
    refused: int = 0
    problems: list[Problem] = []
    created_at: datetime | None = None


class Cards(Shape):
    """The cards of a placement."""

    states: dict[str, int] = {}
    only_after_shipping: bool = False
    moves: list[Move] = []


class Sign(Shape):
    """Something doubtful."""

    id: str
    kind: str = ""
    card: int | None = None
    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    settled_at: datetime | None = None


class Refusal(Shape):
    """A redemption that was refused."""

    id: str
    card: int = 0
    reason: str = ""
    times: int = 0
    at: datetime | None = None
    last_at: datetime | None = None
    state: str = ""
    can_accept: bool = False


class Rates(Shape):
    """How far the cards of a batch, SKU or placement came."""

    key: str = ""
    name: str = ""
    printed: int = 0
    out: int = 0
    scanned: int = 0
    redeemed: int = 0
    contacts: int = 0
    first_orders: int = 0
    scan_rate: float | None = None
    redeem_rate: float | None = None
    cost: Decimal = Decimal(0)
    cost_per_contact: Decimal | None = None


class CardRates(Shape):
    """The whole, and its parts."""

    total: Rates = Rates()
    rows: list[Rates] = []


class Art(Shape):
    """The brand's own picture for one side."""

    side: str = ""
    file_id: str = ""
    width: int = 0
    height: int = 0
