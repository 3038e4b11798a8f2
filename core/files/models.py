"""One row a stored file; its bytes lie beside the database under a name that nobody outside chose."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, TenantRow


class StoredFile(TenantRow):
    """An upload, a print sheet, an export. `size` counts plain bytes; a sealed body is a little longer on disk."""

    __tablename__ = "file"
    __table_args__ = (sa.Index("ix_file_expiry", "tenant_id", "expires_at"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sealed: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
