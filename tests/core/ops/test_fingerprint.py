"""The fingerprint of a database: the same while nothing changed, another as soon as anything that holds has gone."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from core.db.migrate import upgrade
from core.ops import fingerprint as module
from core.ops.fingerprint import fingerprint


def change(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_upgraded_database_keeps_its_fingerprint(empty_url: str) -> None:
    assert fingerprint(empty_url) is None
    upgrade(empty_url)
    first = fingerprint(empty_url)
    upgrade(empty_url)
    assert first is not None
    assert fingerprint(empty_url) == first


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("DROP TRIGGER guard_delete_counter", "DROP POLICY siyu_platform ON counter"),
        ("DROP TRIGGER keep_delete_merge_log", "GRANT DELETE ON merge_log TO siyu_app"),
        ("DROP INDEX ix_job_owner", "DROP INDEX ix_job_owner"),
        ("UPDATE alembic_version SET version_num = '0001'", "UPDATE alembic_version SET version_num = '0001'"),
    ],
)
def test_tampered_database_has_another_fingerprint(empty_url: str, sqlite: str, postgres: str) -> None:
    upgrade(empty_url)
    first = fingerprint(empty_url)
    change(empty_url, sqlite if empty_url.startswith("sqlite") else postgres)
    assert fingerprint(empty_url) != first


def test_new_code_has_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    first = fingerprint(url)
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "guards.py").write_text("# newer")
    monkeypatch.setattr(module, "CORE", tmp_path)
    assert fingerprint(url) != first


def test_absent_database_has_no_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert fingerprint("postgresql+psycopg://nobody@127.0.0.1:1/none") is None
