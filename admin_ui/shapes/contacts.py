"""Contacts: people with their identities, and the story of how they were found to be one."""

from datetime import datetime
from decimal import Decimal

from admin_ui.shapes.web import Shape


class Identity(Shape):
    """One identity, masked."""

    kind: str = ""
    masked: str = ""


class Touch(Shape):
    """One meeting with a placement."""

    at: datetime
    kind: str = ""
    channel: str | None = None
    placement: str | None = None
    is_bot: bool = False


class Order(Shape):
    """One order."""

    id: str = ""
    order_no: str = ""
    placed_at: datetime | None = None
    amount: Decimal | None = None
    currency: str = "CNY"
    state: str = ""


class Consent(Shape):
    """What the person agreed to, or withdrew."""

    purpose: str = ""
    medium: str = ""
    granted: bool = False
    source: str = ""
    at: datetime | None = None


class Party(Shape):
    """One side of a merge."""

    id: str = ""
    number: int = 0
    identities: list[Identity] = []


class Merge(Shape):
    """Two contacts found to be one; `loser` becomes part of `winner`."""

    id: str
    state: str = ""
    reason: str = ""
    at: datetime | None = None
    winner: Party = Party()
    loser: Party = Party()


class Relation(Shape):
    """A relation with an account of the brand's began or ended."""

    state: str = ""
    by: str = ""
    account: str = ""
    channel: str = ""
    at: datetime


class Contact(Shape):
    """One contact: in the list without, on its page with its story."""

    id: str
    number: int = 0
    identities: list[Identity] = []
    tags: list[str] = []
    joined_at: datetime | None = None
    erased_at: datetime | None = None
    origin_channel_id: str | None = None
    profile: dict[str, str] = {}
    touchpoints: list[Touch] = []
    orders: list[Order] = []
    relations: list[Relation] = []
    consent: list[Consent] = []
    merges: list[Merge] = []
