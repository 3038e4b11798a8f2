"""A plugin being written is loaded from its folder, and loaded anew when it changes."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import settings
from core.plugin_host import host
from core.plugin_host.host import _loaded
from core.plugin_kit.making import make_plugin


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = make_plugin("podcast", into=tmp_path, title_en="Podcast")
    monkeypatch.setenv("SIYU_PLUGIN_PATHS", json.dumps([str(made)]))
    settings.current.cache_clear()
    yield made
    monkeypatch.undo()
    settings.current.cache_clear()
    _loaded.cache_clear()


def test_written_plugin_is_loaded(folder: Path) -> None:
    assert host().manifests["podcast"].name.en == "Podcast"
    assert "web" in host().manifests


def test_change_is_loaded_anew(folder: Path) -> None:
    before = host()
    assert host() is before
    manifest = folder / "siyu_podcast" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"en": "Podcast"', '"en": "Radio"'))
    os.utime(manifest, ns=(1, 1))
    assert host().manifests["podcast"].name.en == "Radio"


def test_broken_change_takes_nothing_else(folder: Path) -> None:
    host()
    (folder / "siyu_podcast" / "events.py").write_text("def broken(:\n")
    assert "podcast" not in host().manifests
    assert "web" in host().manifests
    assert "SyntaxError" in str(host().problems)


def test_plugin_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_PLUGINS_OFF", '["sms"]')
    settings.current.cache_clear()
    _loaded.cache_clear()
    try:
        assert "sms" not in host().manifests
        assert "web" in host().manifests
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
        _loaded.cache_clear()
