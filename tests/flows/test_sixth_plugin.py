"""A plugin from a folder of its own, found by its entry point: from the placement to its row with cost and CAC."""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from core import clock
from core.jobs.runner import run_pending
from core.plugin_host import host
from core.plugin_host.host import _loaded
from core.plugin_kit import check_plugin
from core.sdk.signing.standard_webhooks import sign_webhook
from tests.clients import RoleClient

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "siyu-podcast"
SECRET = "whsec_YS1zYW1wbGUtc2VjcmV0LW9mLTMyLWJ5dGVzLWxvbmc="
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
PRICE = {"amount": "50.00", "currency": "CNY"}
PLAYS = "节目编号,日期,播放量,新增订阅,推广费\r\nE1,2026-11-20,1200,35,60.00\r\nE1,2026-11-21,900,12,40.00\r\n"


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What `pip install` leaves behind: the package on Python's path, and its entry point in its metadata."""
    told = tmp_path / "site" / "siyu_podcast-0.1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: siyu-podcast\nVersion: 0.1.0\n")
    (told / "entry_points.txt").write_text("[siyu.channels]\npodcast = siyu_podcast.plugin\n")
    for path in (told.parent, FOLDER):
        monkeypatch.syspath_prepend(str(path))
    _loaded.cache_clear()
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "siyu_podcast"]:
        del sys.modules[name]
    _loaded.cache_clear()


def member(number: int) -> dict[str, str]:
    return {"id": f"m-{number}", "phone": f"139{number:08}"}


def stories() -> list[dict[str, Any]]:
    """Ten join by the word of the show, four of them buy; one buys twice, the second time with no touch in between."""
    at = NOON.isoformat()
    joined = [
        {"type": "member.joined", "id": f"j{n}", "at": at, "member": member(n), "spoken_word": "春茶"}
        for n in range(10)
    ]
    later = (NOON + timedelta(hours=5)).isoformat()
    paid = [
        {"type": "order.paid", "id": f"p{n}", "at": later, "member": member(n % 4), "order_no": f"N{n}", **PRICE}
        for n in range(5)
    ]
    return joined + paid


def post(client: RoleClient, hook: str, told: dict[str, Any], *, at: datetime) -> int:
    body = json.dumps(told, ensure_ascii=False).encode()
    message = hashlib.sha256(body).hexdigest()[:16]
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": sign_webhook(SECRET, message_id=message, at=at, body=body),
    }
    return client.raw.post(hook, data=body, headers=headers).status_code


def live(client: RoleClient, told: list[dict[str, Any]], *, at: datetime) -> dict[str, Any]:
    """Set the channel up, take the webhooks at this moment, upload the export; what the pages then show."""
    with clock.set_to(NOON):
        channel = client.post(
            "/channels", json={"plugin": "podcast", "name": "Podcast", "settings": {"webhook_secret": SECRET}}
        ).get_json()
        placement = {
            "channel_id": channel["id"],
            "name": "Episode 1",
            "detail": {"spoken_word": "春茶", "episode_id": "E1"},
        }
        assert client.post("/placements", json=placement).status_code == 201
    with clock.set_to(at):
        hook = urlsplit(channel["hook_url"]).path
        assert {post(client, hook, one, at=at) for one in told} == {200}
        sent = client.post(f"/channels/{channel['id']}/exports?name=plays.csv", data=PLAYS.encode())
        assert sent.status_code < 300, sent.text
        run_pending()
        days = {"from": "2026-11-01", "to": "2026-12-31", "by": "day"}
        overview = client.get("/overview", query_string=days).get_json()
    return next(row for row in overview["by_channel"] if row["name"] == "Podcast")


def test_example_keeps_every_rule() -> None:
    report = check_plugin(FOLDER)
    assert report.is_good, report.text()


def test_entry_point_is_found() -> None:
    assert host().manifests["podcast"].name.zh == "播客"
    assert not [problem for problem in host().problems if problem.plugin == "podcast"]


def test_placement_earns_its_row(client: RoleClient) -> None:
    row = live(client, stories(), at=NOON + timedelta(minutes=1))
    told = {name: row[name] for name in ("contacts", "orders", "revenue", "cost", "cac", "cost_per_contact")}
    assert (told["contacts"], told["orders"], told["revenue"], told["cost"]) == (10, 4, "200.00", "100.00")
    assert (told["cost_per_contact"], told["cac"]) == ("10.0000", "25.0000")


def test_disorder_and_delay_change_nothing(client: RoleClient) -> None:
    told = stories() * 2
    Random(7).shuffle(told)
    row = live(client, told, at=NOON + timedelta(days=30))
    assert (row["contacts"], row["orders"], row["revenue"], row["cac"]) == (10, 4, "200.00", "25.0000")
