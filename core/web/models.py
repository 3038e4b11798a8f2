"""Answers kept for a day under the caller's Idempotency-Key."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, PlatformRow


class KeptAnswer(PlatformRow):
    """What a POST with an Idempotency-Key was answered; `status` is null while it is still at work."""

    __tablename__ = "kept_answer"
    __table_args__ = (sa.UniqueConstraint("caller", "key"),)

    caller: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    key: Mapped[str] = mapped_column(sa.String(200))
    asked: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    status: Mapped[int | None] = mapped_column(sa.Integer)
    answer: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now, index=True)
