"""`siyu import` does what the page does, says what happened in one line, and refuses clearly."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.db import Database
from core.errors import SiyuError
from core.ingest import commands
from core.tenants.models import Tenant
from tests.factories.ingest import ad_file


@pytest.fixture(autouse=True)
def connected(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "connect", lambda _database: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "july.csv"
    path.write_text(ad_file())
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands.import_command, [str(argument) for argument in arguments])


def test_file_is_imported_and_summed_up(tenant: Tenant, file: Path) -> None:
    result = run("touchpoints", file, "--tenant", tenant.name, "--create-channels")
    assert result.exit_code == 0, result.output
    assert result.stdout.strip() == ("done: 60 rows, 60 touchpoints, 10 orders, 0 there already, 0 left out, 0 refused")
    again = run("touchpoints", file, "--tenant", str(tenant.id), "--create-channels")
    assert "60 there already" in again.stdout


def test_unknown_channels_are_told(tenant: Tenant, file: Path) -> None:
    result = run("touchpoints", file, "--tenant", tenant.name)
    assert "unknown channels: Display, Video, Search" in result.stderr
    assert "60 refused" in result.stdout


def test_rows_can_be_chosen(tenant: Tenant, file: Path) -> None:
    options = ("--where", "interaction=conversion", "--create-channels")
    assert "10 orders" in run("orders", file, "--tenant", tenant.name, *options).stdout


def test_dry_run_changes_nothing(tenant: Tenant, file: Path) -> None:
    result = run("touchpoints", file, "--tenant", tenant.name, "--create-channels", "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "60 touchpoints" in run("touchpoints", file, "--tenant", tenant.name, "--create-channels").stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--tenant", "Nobody"),
        ("--tenant", "Mine", "--map", "at=gone"),
        ("--tenant", "Mine", "--map", "nothing"),
        ("--tenant", "Mine", "--where", "nothing"),
    ],
)
def test_mistakes_are_named(tenant: Tenant, file: Path, options: tuple[str, ...]) -> None:
    assert isinstance(run("touchpoints", file, *options).exception, SiyuError)
