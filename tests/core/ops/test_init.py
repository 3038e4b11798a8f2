"""`siyu init`: a key of one's own, private, never replaced; a database that serves at once."""

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from core import settings
from core.cli import main, siyu
from core.ops.doctor import examine
from core.ops.init import is_initialised


@pytest.fixture
def bare(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing has been made yet."""
    monkeypatch.delenv("SIYU_SECRET_KEY")
    settings.current.cache_clear()
    return home


def test_init_makes_private_random_key(bare: Path) -> None:
    done = CliRunner().invoke(siyu, ["init"])
    key = bare / "secret.key"
    assert done.exit_code == 0
    assert len(base64.b64decode(key.read_text())) == 32
    assert key.stat().st_mode & 0o077 == 0


def test_second_init_keeps_the_key(bare: Path) -> None:
    CliRunner().invoke(siyu, ["init"])
    first = (bare / "secret.key").read_text()
    done = CliRunner().invoke(siyu, ["init"])
    assert done.exit_code == 0
    assert (bare / "secret.key").read_text() == first


def test_second_start_finds_nothing_to_do(bare: Path) -> None:
    assert not is_initialised(settings.current(), with_demo=False)
    CliRunner().invoke(siyu, ["init"])
    assert is_initialised(settings.current(), with_demo=False)
    assert not is_initialised(settings.current(), with_demo=True)  # nobody lives here yet
    (bare / "secret.key").unlink()
    assert not is_initialised(settings.current(), with_demo=False)


@pytest.mark.parametrize("key", ["changeme", "c2hvcnQ=", "A" * 43 + "="])
def test_bad_key_is_refused_plainly(bare: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SIYU_SECRET_KEY", key)
    done = CliRunner().invoke(siyu, ["serve"])
    assert "SIYU_SECRET_KEY" in str(done.exception)


def test_cut_off_demo_is_not_taken_for_whole(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(say: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.demo.run.ensure_demo", stop)
    CliRunner().invoke(siyu, ["init", "--demo"])
    done = CliRunner().invoke(siyu, ["init", "--demo"])
    assert f"delete {bare} to begin anew" in str(done.exception)


def test_doctor_is_content_after_init(bare: Path) -> None:
    CliRunner().invoke(siyu, ["init"])
    settings.current.cache_clear()
    problems = {finding.subject for finding in examine() if finding.advice}
    assert not problems - {"API port", "UI port", "SIMULATOR port", "disk"}  # these depend on the machine


def test_doctor_says_what_to_do(bare: Path) -> None:
    advice = {finding.subject: finding.advice for finding in examine()}
    assert advice["secret key"] == "run `siyu init`"
    assert advice["database"] == "run `siyu init`"


def test_doctor_sees_readable_key(bare: Path) -> None:
    CliRunner().invoke(siyu, ["init"])
    (bare / "secret.key").chmod(0o644)
    advice = {finding.subject: finding.advice for finding in examine()}
    assert advice["secret key"] == f"chmod 600 {bare / 'secret.key'}"


def test_doctor_explains_unknown_database(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    advice = {finding.subject: finding.advice for finding in examine()}
    assert advice["database"] == "start it, or correct SIYU_DATABASE_URL"


def test_doctor_names_unusable_setting(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_API_PORT", "many")
    found = examine()[-1]
    assert "SIYU_API_PORT" in found.state
    assert found.advice


def test_command_exits_with_one_line(bare: Path) -> None:
    done = CliRunner().invoke(siyu, ["doctor"])
    assert done.exit_code == 1
    assert "-> run `siyu init`" in done.output


@pytest.mark.parametrize(
    ("setting", "value", "line"),
    [
        ("SIYU_API_PORT", "many", "siyu: SIYU_API_PORT: Input should be a valid integer"),
        ("SIYU_API_PORT", "8401", "siyu: SIYU_API_PORT and SIYU_UI_PORT are both 8401"),
        ("SIYU_DATABASE_URL", "mysql://x/y", "siyu: SIYU_DATABASE_URL: Siyu keeps its data in PostgreSQL or SQLite"),
        ("SIYU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "siyu: The database does not answer: "),
        ("SIYU_DATABASE_URL", "sqlite:////nowhere/siyu.db", "siyu: The database does not answer: unable to open"),
        ("SIYU_HOME", "/proc/nothing", "siyu: SIYU_HOME /proc/nothing cannot be written"),
        ("SIYU_SECRET_KEY", "changeme", "siyu: SIYU_SECRET_KEY is a sample value"),
    ],
)
def test_refusal_is_one_line(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str, value: str, line: str
) -> None:
    monkeypatch.setenv(setting, value)
    monkeypatch.setattr("sys.argv", ["siyu", "init"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert len(said) == 1
    assert said[0].startswith(line)
