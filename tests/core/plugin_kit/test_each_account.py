"""A channel with several providers is examined with each of them, and a finding says with which."""

from core.plugin_host import Host
from core.plugin_host.discovery import find_plugins
from core.plugin_kit.subject import Findings, Subject, with_each_account
from tests.factories.fixtures import PLUGINS, samples_of

PROVIDERS = ["aliyun", "gateway", "smpp", "tencent", "twilio"]


def kind_of(form: object) -> str:
    assert isinstance(form, dict)
    provider = form["provider"]
    assert isinstance(provider, dict)
    return str(provider["kind"])


def test_every_provider_of_texts_is_examined() -> None:
    subject = Subject("sms", Host.load(find_plugins()), PLUGINS / "sms", samples_of("sms"))
    assert sorted(kind_of(one.form) for _, one in subject.with_each_account()) == PROVIDERS
    assert all(one.host.settings("sms", one.form) for _, one in subject.with_each_account())


def test_findings_name_the_account() -> None:
    @with_each_account
    def find_dear_ones(subject: Subject) -> Findings:
        if kind_of(subject.form) in ("aliyun", "twilio"):
            yield "costs too much"

    subject = Subject("sms", Host.load(find_plugins()), PLUGINS / "sms", samples_of("sms"))
    assert list(find_dear_ones(subject)) == ["costs too much", "twilio: costs too much"]
