"""What the lake says by channel, placement and day, and who joined, counted once a generation so that dashboards only
add up."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, TenantRow


class InsightCube(TenantRow):
    """One row a tenant. generation, zone, last_number: the lake, the calendar and the newest contact it was counted
    from; columns: see cube.py; days: the same in all, by day; answers: see answer_counts.py. All are packed."""

    __tablename__ = "insight_cube"
    __table_args__ = (sa.UniqueConstraint("tenant_id"),)

    generation: Mapped[int] = mapped_column(sa.Integer)
    zone: Mapped[str] = mapped_column(sa.String(60))
    last_number: Mapped[int] = mapped_column(sa.Integer)
    days: Mapped[bytes] = mapped_column(sa.LargeBinary)
    answers: Mapped[bytes] = mapped_column(sa.LargeBinary)
    columns: Mapped[bytes] = mapped_column(sa.LargeBinary)
    counted_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class InsightPeople(TenantRow):
    """One row a tenant, of the same moment as its cube. columns: see people.py; last_number: the newest contact that
    was seen, joined or not; joined: how many had joined, merged ones too."""

    __tablename__ = "insight_people"
    __table_args__ = (sa.UniqueConstraint("tenant_id"),)

    last_number: Mapped[int] = mapped_column(sa.Integer)
    joined: Mapped[int] = mapped_column(sa.Integer)
    columns: Mapped[bytes] = mapped_column(sa.LargeBinary)
