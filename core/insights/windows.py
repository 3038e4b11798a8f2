"""The window of a question, as it stands in the query of a request."""

from datetime import date, datetime

import sqlalchemy as sa
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.errors import FieldError, Invalid
from core.insights.days import Period
from core.lake.models import LakeState
from core.tenants.service import tenant_now

EARLIEST = date(1970, 1, 1)
LATEST = date(2200, 1, 1)
LONGEST_DAYS = 365 * 60


class WindowQuery(BaseModel):
    """Local days [from, to)."""

    from_day: date = Field(alias="from")
    to_day: date = Field(alias="to")

    def checked(self) -> tuple[date, date]:
        """Both days.

        Raises:
            Invalid: an empty window, one of more than sixty years, or days far from ours.
        """
        days = (self.to_day - self.from_day).days
        if not 0 < days <= min(LONGEST_DAYS, (self.from_day - EARLIEST).days) or self.to_day > LATEST:
            told = (
                f"Give a day after `from`; neither the window nor as many days before it may begin before {EARLIEST}."
            )
            raise Invalid(fields=[FieldError("to", "range", told)])
        return self.from_day, self.to_day

    def period(self, session: Session) -> Period:
        """The window on the calendar of the bound tenant."""
        return Period(*self.checked(), tenant_now(session).timezone)


class Answer(BaseModel):
    """What every answer says of itself. as_of: until when the lake holds what happened; reason: why lists are empty, as
    a word: no_contacts, no_orders, no_messages, no_activity."""

    as_of: datetime | None
    reason: str | None


def lake_time(session: Session) -> datetime | None:
    """When the lake was last brought up to date."""
    return session.scalar(sa.select(LakeState.flushed_at))
