"""What the receipt of an order looks like over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from core.attribution.shapes.runs import RunShown
from core.orders.api import OrderShown
from core.web import TenantPath


class OrderPath(TenantPath):
    """One order."""

    order: str = Field(max_length=64)


class ReceiptQuery(BaseModel):
    """By which run; the newest over all time when left out."""

    run: str | None = Field(None, max_length=64)


class ShareShown(BaseModel):
    """What a model gives a touch; explains: a channel model, whose shares are an explanation."""

    model: str
    share: float
    amount: str
    explains: bool


class TouchShown(BaseModel):
    """A touch in a receipt; reason: why it did not count."""

    id: str
    at: datetime
    channel: str
    placement: str | None
    kind: str
    shares: list[ShareShown]
    reason: str | None


class UpstreamShown(BaseModel):
    """What the model `upstream` gives an inviter so many levels above: at what brought them, on the day they joined."""

    level: int
    contact_number: int
    channel: str
    placement: str | None
    day: date
    share: float
    amount: str


class ReceiptShown(BaseModel):
    """Why an order counts for these channels; each model's amounts, for `upstream` with those that went up, sum to its
    net value."""

    order: OrderShown
    run: RunShown
    counted: bool
    models: list[str]
    touches: list[TouchShown]
    outside: list[TouchShown]
    upstream: list[UpstreamShown] = []
