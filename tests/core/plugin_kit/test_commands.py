"""`siyu plugins` tells which plugins are here, makes new ones, and says what is wrong with one."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.plugin_host import Host
from core.plugin_host.problems import Problem
from core.plugin_kit import commands
from core.plugin_kit.making import make_plugin
from core.plugin_kit.watching import changes


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands.plugins, arguments)
    return result.exit_code, result.output


def test_list_names_every_plugin() -> None:
    code, output = run("list")
    assert code == 0
    assert "web" in output
    assert "其他来源" in output


def test_list_tells_who_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Host([], [Problem(plugin="shop", reason="lacks a verb")])
    monkeypatch.setattr(commands, "host", lambda: broken)
    assert "refused: it lacks a verb" in run("list")[1]


def test_check_passes_when_all_is_well() -> None:
    code, output = run("check", "other", "--zh")
    assert code == 0
    assert "可以加载" in output


def test_check_knows_no_such_plugin() -> None:
    code, output = run("check", "nothing")
    assert code == 1
    assert "no installed plugin named nothing" in output


def test_new_plugin_keeps_every_rule(tmp_path: Path) -> None:
    code, output = run("new", "coupon_machine", "--into", str(tmp_path))
    assert code == 0, output
    code, output = run("check", str(tmp_path / "siyu-coupon-machine"))
    assert code == 0, output
    assert "0 broken" in output


def test_tests_of_new_plugin_pass(tmp_path: Path) -> None:
    folder = make_plugin("podcast", into=tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("name", ["Podcast", "9lives", "x", "a-b", "../up", "播客", ""])
def test_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    assert run("new", name, "--into", str(tmp_path))[0] == 1
    assert not list(tmp_path.glob("**/siyu-*"))


def test_title_cannot_break_a_file(tmp_path: Path) -> None:
    assert run("new", "podcast", "--into", str(tmp_path), "--title-en", 'a"b')[0] == 1


def test_folder_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "siyu-podcast").mkdir()
    assert run("new", "podcast", "--into", str(tmp_path))[0] == 1
    assert not list((tmp_path / "siyu-podcast").iterdir())


def test_replay_shows_answers_and_events(tmp_path: Path) -> None:
    folder = make_plugin("podcast", into=tmp_path)
    code, output = run("replay", str(folder))
    assert code == 0
    assert "forged: refused" in output
    assert "joined: accepted" in output
    assert '"order_no":"N1001"' in output


def test_changes_are_seen(tmp_path: Path) -> None:
    folder = make_plugin("podcast", into=tmp_path)
    seen = changes(folder)
    next(seen)
    (folder / "siyu_podcast" / "events.py").write_text('"""Other."""\n')
    next(seen)
