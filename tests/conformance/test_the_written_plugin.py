"""The plugin in docs/writing-a-channel.md works as it is printed there."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import plugins
from core.plugin_host import Host
from core.plugin_host.calls import SECONDS
from core.plugin_host.discovery import Found
from core.sdk import Request, Touch
from tests.conformance.samples import CODE, PLACEMENT
from tests.readers import read_qr_codes, render_pages

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-a-channel.md"
FILE = re.compile(r"^`plugins/(flyer/[\w.]+)`\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
FORM = {"hook_token": "token-12345678"}
BODY = b'{"coupon_id": 7, "phone": "13900000001", "taken_at": "2026-11-21 10:00:00", "code": "Ab12Cd34"}'


@pytest.fixture
def flyer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    files = dict(FILE.findall(PAGE.read_text()))
    assert len(files) == 5
    for name, text in files.items():
        path = tmp_path / "plugins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(plugins, "__path__", [*plugins.__path__, str(tmp_path / "plugins")])
    for name in [name for name in sys.modules if name.startswith("plugins.flyer")]:
        monkeypatch.delitem(sys.modules, name)
    host = Host.load([Found(name="flyer", package="plugins.flyer", module="plugins.flyer.plugin")])
    assert not host.problems
    return host


def hook(token: str) -> Request:
    at = datetime(2026, 11, 21, 3, tzinfo=UTC)
    return Request(id="r", received_at=at, headers={"x-coupon-token": token}, body=BODY)


def test_it_judges_its_settings(flyer: Host) -> None:
    assert flyer.call("flyer", "check", FORM) == ()


def test_it_answers_its_webhook(flyer: Host) -> None:
    assert flyer.call("flyer", "answer", hook("token-12345678"), FORM, timeout=20).reply == {"ok": True}
    assert not flyer.call("flyer", "answer", hook("wrong"), FORM, timeout=20).accepted


def test_it_reads_its_webhook(flyer: Host) -> None:
    (touch,) = flyer.call("flyer", "parse", hook("token-12345678"), FORM)
    assert isinstance(touch, Touch)
    assert (touch.event_id, touch.at) == ("coupon-7", datetime(2026, 11, 21, 2, tzinfo=UTC))


def test_it_prints_its_leaflets(flyer: Host) -> None:
    (artifact,) = flyer.call("flyer", "publish", PLACEMENT, [CODE], FORM)
    assert read_qr_codes(render_pages(artifact.body)[0]) == {CODE.url}


def test_page_names_every_verb() -> None:
    text = PAGE.read_text()
    verbs = [name for name in SECONDS if not name.startswith("siyu_")]  # hooks have a page of their own
    assert not [verb for verb in verbs if f"| `{verb}(" not in text]
