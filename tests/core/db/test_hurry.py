"""How long a commit waits: for the disk by default, not for it where everything would be made anew anyway."""

import pytest

from core.db import Database, connect, database, platform_reading


@pytest.mark.parametrize(("hurried", "sqlite", "postgres"), [(False, "2", "on"), (True, "1", "off")])
def test_commit_waits_unless_hurried(db: Database, hurried: bool, sqlite: str, postgres: str) -> None:
    connect(Database(db.url, hurried=hurried))
    question = "PRAGMA synchronous" if db.is_sqlite else "SHOW synchronous_commit"
    with platform_reading() as session:
        assert str(session.connection().exec_driver_sql(question).scalar()) == (sqlite if db.is_sqlite else postgres)
    database().dispose()
