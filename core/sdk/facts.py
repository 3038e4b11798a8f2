"""Facts as the outside is told them: ids, amounts and instants; nothing by which a person could be found elsewhere."""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from core.sdk.values import Frozen, Word

FactType = Literal[
    "touchpoint.recorded",
    "order.placed",
    "order.refunded",
    "order.cancelled",
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
]


class Fact(Frozen):
    """One thing that was recorded for a brand.

    `id` is the same for ever, so that a receiver knows what it has seen; `at` is when it happened; `tenant` is the
    brand's public id; `data` differs by type (docs/webhooks.md) and names contacts by their public ids alone.
    """

    id: Word
    type: FactType
    at: datetime
    tenant: Word
    data: dict[str, JsonValue]
