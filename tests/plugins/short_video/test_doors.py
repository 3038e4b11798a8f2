"""Each vendor's push is believed by its own mark and secret, and by no other."""

from datetime import timedelta
from typing import Any

import pytest

from core.sdk import Lead, Notice, Refused, Request
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings
from tests.core.sdk.leads.bodies import AT, FEIYU_PUSH, GOOGLE_PUSH, META_NOTICE, RED_PUSH
from tests.plugins.short_video.standins import SETTINGS, asked, signed, tiktok_header

VIDEO = ShortVideo()
OFF = VideoSettings()
TIKTOK_LEAD: dict[str, Any] = {"lead": {"id": "T1", "phone": "13900000006", "answers": {"city": "深圳"}}}
ROWS: dict[str, Any] = {"rows": [{"id": "7", "tel": "13900000007", "time": 1795226460, "video": "v7"}, {"id": "8"}]}
GENUINE: dict[str, Request] = {
    "red": asked(RED_PUSH, x_red_signature=signed(RED_PUSH, "sha1", "sha1=")),
    "meta": asked(META_NOTICE, x_hub_signature_256=signed(META_NOTICE, "sha256", "sha256=")),
    "tiktok": asked(TIKTOK_LEAD, tiktok_signature=tiktok_header(TIKTOK_LEAD)),
    "google": asked(GOOGLE_PUSH),
    "feiyu": asked(FEIYU_PUSH, query={"token": "fly"}),
    "hook": asked(ROWS, x_signature=signed(ROWS, "sha256")),
}
FORGED: dict[str, Request] = {
    "red": asked(RED_PUSH, x_red_signature=signed(RED_PUSH, "sha1", "sha1=", "other")),
    "red plain": asked(RED_PUSH, x_red_signature="sha1=" + "0" * 40),
    "meta": asked(META_NOTICE, x_hub_signature_256=signed(META_NOTICE, "sha256", "")),
    "meta changed": asked(META_NOTICE | {"x": 1}, x_hub_signature_256=signed(META_NOTICE, "sha256", "sha256=")),
    "tiktok stale": asked(TIKTOK_LEAD, tiktok_signature=tiktok_header(TIKTOK_LEAD, AT - timedelta(minutes=6))),
    "google": asked(GOOGLE_PUSH | {"google_key": "guess"}),
    "feiyu": asked(FEIYU_PUSH, query={"token": ""}),
    "hook": asked(ROWS, x_signature=signed(ROWS, "sha256", secret="")),
    "nothing": asked(ROWS),
}


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_pushes_are_believed(name: str) -> None:
    answer = VIDEO.answer(GENUINE[name], SETTINGS)
    assert (answer.accepted, answer.status) == (True, 200)
    assert answer.dedup_key == VIDEO.answer(GENUINE[name], SETTINGS).dedup_key


@pytest.mark.parametrize("name", FORGED)
def test_forged_pushes_are_not(name: str) -> None:
    assert VIDEO.answer(FORGED[name], SETTINGS).status == 401


@pytest.mark.parametrize("name", [*GENUINE, *FORGED])
def test_nothing_is_believed_without_secrets(name: str) -> None:
    assert not VIDEO.answer({**FORGED, **GENUINE}[name], OFF).accepted


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("red", ["lead-xiaohongshu-L-9001"]),
        ("meta", ["meta-91"]),
        ("tiktok", ["lead-tiktok-T1"]),
        ("google", ["lead-google-Tm9uZQ"]),
        ("feiyu", ["lead-oceanengine-6805000000000000001"]),
        ("hook", ["touch-hook-7"]),
    ],
)
def test_pushes_are_read(name: str, ids: list[str]) -> None:
    events = VIDEO.parse(GENUINE[name], SETTINGS)
    assert [event.event_id for event in events] == ids
    assert isinstance(events[0], Notice if name == "meta" else Lead if name != "hook" else object)


def test_meta_tries_the_address() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify me", "hub.challenge": "1158201444"}
    request = asked(b"", query=query).model_copy(update={"method": "GET"})
    assert VIDEO.answer(request, SETTINGS).reply == "1158201444"
    assert VIDEO.answer(request, OFF).status == 403


def test_subscription_challenge_needs_the_token() -> None:
    body = {"service_label": "verify_webhook", "data": {"challenge": 7}}
    assert VIDEO.answer(asked(body, query={"token": "fly"}), SETTINGS).reply == {"challenge": 7}
    assert not VIDEO.answer(asked(body, query={"token": "no"}), SETTINGS).accepted


def test_signed_garbage_is_refused() -> None:
    body = b"[" * 1000
    request = asked(body, x_red_signature=signed(body, "sha1", "sha1="))
    assert VIDEO.answer(request, SETTINGS).status == 400
    with pytest.raises(Refused):
        VIDEO.parse(request, SETTINGS)


def test_consent_follows_the_wording() -> None:
    settings = SETTINGS.model_copy(update={"consent_wording": "提交即同意接收短信"})
    kinds = [event.type for event in VIDEO.parse(GENUINE["red"], settings)]
    assert kinds == ["lead", "consent"]


@pytest.mark.parametrize("mapping", ["phone /tel", "smiles = /x", "event = cake\nphone = /p", "kind = lead"])
def test_senseless_mappings_are_refused(mapping: str) -> None:
    with pytest.raises(ValueError, match="hook_mapping"):
        VideoSettings.model_validate({"hook_mapping": mapping})
