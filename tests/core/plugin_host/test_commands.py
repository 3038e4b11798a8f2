"""`siyu plugins` tells which plugins are here and which are refused."""

import pytest
from click.testing import CliRunner

from core.plugin_host import Host, commands
from core.plugin_host.discovery import find_plugins
from core.plugin_host.problems import Problem


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands.plugins, arguments)
    return result.exit_code, result.output


def test_list_names_every_plugin() -> None:
    code, output = run("list")
    assert code == 0
    assert "web" in output
    assert "其他来源" in output


def test_check_passes_when_all_is_well() -> None:
    assert run("check", "web") == (0, "web: ok\n")


def test_check_fails_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Host.load(find_plugins())
    broken.problems = (Problem(plugin="shop", reason="lacks a verb"),)
    monkeypatch.setattr(commands, "host", lambda: broken)
    code, output = run("check")
    assert code == 1
    assert "shop: refused: it lacks a verb" in output


def test_check_knows_no_such_plugin() -> None:
    code, output = run("check", "nothing")
    assert code == 1
    assert "no such plugin" in output
