"""Lists are cut by cursor: `{"items": […], "next": "…"}`."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from core.errors import FieldError, Invalid

Item = TypeVar("Item")
Row = TypeVar("Row")


class PageQuery(BaseModel):
    """How much of a list, and from where."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200)

    def after(self) -> str | None:
        """The key the last page ended at.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        if self.cursor is None:
            return None
        try:
            return base64.urlsafe_b64decode(self.cursor.encode()).decode()
        except (binascii.Error, UnicodeDecodeError, UnicodeEncodeError, ValueError):
            raise Invalid(fields=[FieldError("cursor", "malformed", "Use `next` of the last answer.")]) from None


class Page(BaseModel, Generic[Item]):
    """A part of a list, and the cursor of the next part."""

    items: list[Item]
    next: str | None = None


def page_of(
    rows: Sequence[Row], query: PageQuery, key: Callable[[Row], object], show: Callable[[Row], Item]
) -> Page[Item]:
    """A page of `rows`, of which the caller fetched `query.limit + 1`."""
    shown = rows[: query.limit]
    more = base64.urlsafe_b64encode(str(key(shown[-1])).encode()).decode() if len(rows) > query.limit else None
    return Page[Item](items=[show(row) for row in shown], next=more)
