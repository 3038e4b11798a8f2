"""A saved filter."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, Json, TenantRow


class Segment(TenantRow):
    """A filter with a name; its people are found anew each time."""

    __tablename__ = "segment"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(sa.String(120))
    filter: Mapped[dict[str, object]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
