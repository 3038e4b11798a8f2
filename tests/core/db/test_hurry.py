"""How long a commit waits: for the disk by default, not for it where everything would be made anew anyway."""

from pathlib import Path

import pytest

from core.db import Database, connect, database, platform_reading
from core.db.migrate import upgrade


@pytest.mark.parametrize(("hurried", "level"), [(False, 2), (True, 1)])
def test_commit_waits_unless_hurried(tmp_path: Path, hurried: bool, level: int) -> None:
    upgrade(f"sqlite:///{tmp_path / 'new.db'}")
    connect(Database(f"sqlite:///{tmp_path / 'new.db'}", hurried=hurried))
    with platform_reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == level
    database().dispose()


def test_hurry_is_known_on_both(db: Database) -> None:
    connect(Database(db.url, hurried=True))
    question = "PRAGMA synchronous" if db.is_sqlite else "SHOW synchronous_commit"
    with platform_reading() as session:
        assert session.connection().exec_driver_sql(question).scalar() in (1, "off")
    database().dispose()
