"""What a recorded request may bring and ask of a plugin, and what the rules make of it."""

from pathlib import Path
from typing import Any

import pytest

from core.plugin_host import Host
from core.plugin_host.discovery import find_plugins
from core.plugin_kit.hook_checks import find_event_ids, find_events, find_other_account
from core.plugin_kit.house_checks import find_fixtures
from core.plugin_kit.replaying import replay
from core.plugin_kit.samples import Recorded, Samples
from core.plugin_kit.subject import Subject
from tests.factories.fixtures import samples_of

HOST = Host.load(find_plugins())


def subject_of(key: str, *names: str, **changes: Any) -> Subject:  # any field of a request
    samples = samples_of(key)
    found = {name: samples.requests[name].model_copy(update=changes) for name in names}
    return Subject(key, HOST, Path(), Samples(settings=samples.settings, requests=found, folder=samples.folder))


def test_request_brings_its_own_provider() -> None:
    subject = subject_of("sms", "twilio-status")
    assert list(find_events(subject)) == []
    assert list(find_events(subject_of("sms", "twilio-status", settings={})))


def test_settings_that_misfit_are_told() -> None:
    (finding,) = find_fixtures(subject_of("sms", "aliyun-reports", settings={"provider": {"kind": "pigeon"}}))
    assert "aliyun-reports.json" in finding


def test_secrets_of_the_provider_change_hands() -> None:
    subject = subject_of("sms", "twilio-status")
    assert subject.secrets == ("sample-aliyun-secret",)
    one = subject.samples.requests["twilio-status"]
    mine, other = subject.plain_form_of(one)["provider"], subject.other_form(one)["provider"]
    assert isinstance(mine, dict)
    assert isinstance(other, dict)
    assert {name for name in mine if mine[name] != other[name]} == {"auth_token", "callback_url"}


def test_unsigned_push_believed_by_all_is_found() -> None:
    assert list(find_other_account(subject_of("sms", "twilio-status", "gateway-reports"))) == []
    assert len(list(find_other_account(subject_of("sms", "tencent-statuses", proof="token")))) == 1


def test_form_of_a_page_may_come_again() -> None:
    assert list(find_event_ids(subject_of("livestream", "claim-form"))) == []


def test_try_of_an_address_holds_no_events() -> None:
    assert list(find_events(subject_of("short_video", "meta-address"))) == []
    told = {one.name: one for one in replay("short_video")}
    assert not told["meta-address"].failure


@pytest.mark.parametrize("key", ["sms", "livestream", "offline_store", "short_video"])
def test_every_vendor_has_a_request(key: str) -> None:
    assert len({name.partition("-")[0] for name in samples_of(key).requests}) >= 4


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="extra"):
        Recorded.model_validate({"text": "x", "setings": {}})
