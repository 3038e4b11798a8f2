"""What cards earn, and what became of it."""

from datetime import datetime

from admin_ui.shapes.web import Shape


class Rule(Shape):
    """What the cards of a channel, or of one placement, earn."""

    channel_id: str
    placement_id: str | None = None
    kind: str = "none"
    low: str = "0"
    high: str = "0"
    daily: str | None = None
    per_person: int | None = None
    coupon_text: str = ""
    spent_today: str = "0"
    coupons: int = 0
    coupons_free: int = 0


class Payout(Shape):
    """One reward; `bill` is the number that the vendor knows it by."""

    id: str
    channel_id: str = ""
    placement_id: str = ""
    contact_id: str | None = None
    kind: str = "transfer"
    amount: str = "0"
    state: str = "earned"
    reason: str | None = None
    bill: str = ""
    provider_id: str | None = None
    may_be_retried: bool = False
    sent_at: datetime | None = None
    created_at: datetime | None = None


class Counted(Shape):
    """How many payouts are in a state, and their sum."""

    count: int = 0
    amount: str = "0"


class Summary(Shape):
    """All payouts by state."""

    states: dict[str, Counted] = {}
    currency: str = "CNY"


class Added(Shape):
    """Coupons that were uploaded, and how many of them are new."""

    given: int = 0
    added: int = 0
