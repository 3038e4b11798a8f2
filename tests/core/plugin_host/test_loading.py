"""A bad plugin is refused by name with its reason, and the others start."""

from pathlib import Path
from typing import Any

import pytest

from core.plugin_host import Host
from core.plugin_host.discovery import Found, find_plugins
from core.plugin_host.loading import load_plugin
from core.plugin_host.problems import PluginRefused
from tests.factories.plugins import write_plugin

HOOK = """
    from core.sdk import hookimpl

    @hookimpl
    def siyu_register_channels({args}):
        {body}
"""


def hook(body: str, args: str = "") -> dict[str, str]:
    return {"source": HOOK.format(body=body, args=args)}


EVIL: dict[str, tuple[dict[str, Any], str]] = {
    "import error": ({"source": "import nothing_like_this"}, "ModuleNotFoundError"),
    "syntax error": ({"source": "def ("}, "SyntaxError"),
    "exit at import": ({"source": "raise SystemExit(3)"}, "SystemExit"),
    "unknown hook": ({"source": "def siyu_register_chanels(): return []"}, "siyu_register_chanels"),
    "unmarked hook": ({"source": "def siyu_register_channels(): return []"}, "without @hookimpl"),
    "unknown hook by another name": (
        {"source": "from core.sdk import hookimpl\n@hookimpl(specname='siyu_dance')\ndef dance(): return []"},
        "siyu_dance",
    ),
    "unknown argument": (hook("return []", "app"), "app"),
    "raising hook": (hook("raise ValueError('no')"), "ValueError"),
    "hook returns garbage": (hook("return 7"), "must return a list"),
    "hook returns strangers": (hook("return [object()]"), "must return a list"),
    "nothing registered": (hook("return []"), "expected one channel"),
    "manifest no JSON": ({"manifest": "{"}, "manifest.json is wrong"),
    "unknown manifest field": ({"colour": "red"}, "colour"),
    "wrong version": ({"version": "one"}, "version"),
    "sdk of the future": ({"sdk": "2.0"}, "written for sdk 2.0"),
    "newer minor sdk": ({"sdk": "1.99"}, "written for sdk 1.99"),
    "unknown capability": ({"capabilities": ["fly"]}, "capabilities"),
    "declares what it lacks": ({"capabilities": ["check"]}, "has no such verb"),
    "hides what it can": ({"verbs": "def check(self, settings): return ()"}, "does not declare it"),
    "asked but has no lookup": ({"idempotency": "query"}, "needs the verb lookup"),
    "delivers by nothing": (
        {"verbs": "def deliver(self, messages, settings): yield", "capabilities": ["deliver"]},
        "names no medium",
    ),
}


@pytest.mark.parametrize("name", sorted(EVIL))
def test_bad_plugin_is_refused_by_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, reason = EVIL[name]
    host = Host.load([write_plugin(tmp_path, monkeypatch, **changes), *find_plugins()])
    assert [problem.plugin for problem in host.problems] == ["shop"]
    assert reason in host.problems[0].reason
    assert "web" in host.channels


def test_good_plugin_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host.load([write_plugin(tmp_path, monkeypatch)])
    assert not host.problems
    assert host.manifests["shop"].name.zh == "店"


def test_plugin_without_manifest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_plugin(tmp_path, monkeypatch)
    (tmp_path / "found_plugins" / "shop" / "manifest.json").unlink()
    with pytest.raises(PluginRefused, match="cannot be read"):
        load_plugin(found)


def test_key_taken_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_plugin(tmp_path, monkeypatch)
    host = Host.load([found, Found(name="copy", package=found.package, module=found.module)])
    assert [problem.plugin for problem in host.problems] == ["copy"]
    assert "already" in host.problems[0].reason


def test_import_that_hangs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_plugin(tmp_path, monkeypatch, key="sleepy", source="import threading\nthreading.Event().wait(3)")
    with pytest.raises(PluginRefused, match="stuck at"):
        load_plugin(found, seconds=0.1)


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("plain: str = ''", "has no Label"),
        ("deep: Annotated[dict[str, str], Label('深', 'Deep')] = {}", "not a flat field"),
        ("inner: Annotated[list[Settings], Label('内', 'Inner')] = []", "not a flat field"),
    ],
)
def test_form_that_cannot_be_drawn(field: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_plugin(tmp_path, monkeypatch)
    path = tmp_path / "found_plugins" / "shop" / "plugin.py"
    text = path.read_text().replace("class Shop", f"class More(Settings):\n    {field}\n\nclass Shop")
    path.write_text(text.replace("Channel[Settings]", "Channel[More]").replace("model = Settings", "model = More"))
    with pytest.raises(PluginRefused, match=reason):
        load_plugin(found)
