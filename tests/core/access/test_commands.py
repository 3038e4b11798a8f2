"""The first owner and brands from a terminal."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from core import settings
from core.access.roles import Role
from core.app import create_app
from core.cli import siyu
from core.db import Database
from core.db.guards import apply_guards
from tests.factories.access import json_of


@pytest.fixture
def terminal(db: Database, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SIYU_DATABASE_URL", db.url)
    settings.current.cache_clear()
    return CliRunner()


def run(terminal: CliRunner, *words: str) -> Result:
    return terminal.invoke(siyu, list(words), catch_exceptions=True)


def test_first_owner_comes_in_by_printed_link(terminal: CliRunner) -> None:
    made = run(terminal, "agencies", "create", "茶商", "--owner", "lin@agency.test")
    link = made.output.splitlines()[1].split()[0]
    browser = create_app().test_client()
    form = {"password": "nine pots of oolong", "again": "nine pots of oolong"}
    assert browser.post(urlsplit(link).path, data=form).status_code == 303
    assert json_of(browser.get("/v1/me"))["role"] == Role.AGENCY_OWNER


def test_brand_is_opened_for_only_agency(terminal: CliRunner) -> None:
    run(terminal, "agencies", "create", "One", "--owner", "a@b.test")
    assert run(terminal, "tenants", "create", "茶语").exit_code == 0
    run(terminal, "agencies", "create", "Two", "--owner", "a@b.test")
    assert run(terminal, "tenants", "create", "Tea").exit_code != 0
    assert run(terminal, "tenants", "create", "Tea", "--agency", "Two").exit_code == 0


def test_audit_command_tells_whole_from_changed(terminal: CliRunner, db: Database) -> None:
    run(terminal, "agencies", "create", "One", "--owner", "a@b.test")
    whole = run(terminal, "audit")
    assert (whole.exit_code, "3 entries, whole" in whole.output) == (0, True)
    engine = sa.create_engine(db.url)
    with engine.begin() as connection:
        if db.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER keep_update_audit_log")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'nobody' WHERE seq = 2")
        apply_guards(connection)  # whoever tampers hides the traces: without its guards nothing would start
    engine.dispose()
    changed = run(terminal, "audit")
    assert (changed.exit_code, "CHANGED at 2" in changed.output) == (1, True)
