"""A plugin asks for the contract that has what it answers."""

import pytest

from core.plugin_host import Host
from core.plugin_host.discovery import find_plugins
from core.plugin_kit.house_checks import find_contract
from core.plugin_kit.subject import Subject
from tests.factories.fixtures import PLUGINS, samples_of


@pytest.mark.parametrize(
    ("key", "sdk", "verbs"),
    [
        ("short_video", "1.1", []),
        ("short_video", "1.0", ["fetch", "measure"]),
        ("short_video", "1.0.9", ["fetch", "measure"]),
        ("other", "1.0", []),
    ],
)
def test_later_verbs_want_a_later_contract(key: str, sdk: str, verbs: list[str]) -> None:
    host = Host.load(find_plugins())
    host.manifests[key] = host.manifests[key].model_copy(update={"sdk": sdk})
    findings = list(find_contract(Subject(key, host, PLUGINS / key, samples_of(key))))
    assert [one.split("`")[1] for one in findings] == verbs
