"""Recorded requests played to a plugin again, in the order of their names: what it answers, and what it finds."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.plugin_host.host import Host
from core.plugin_host.loading import load_plugin
from core.plugin_kit.locating import locate
from core.plugin_kit.samples import read_samples
from core.sdk.events import Event
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Answer

PATIENT = 20.0


@dataclass(frozen=True)
class Replayed:
    """What became of one request; `failure` where a verb failed."""

    name: str
    answer: Answer | None = None
    events: tuple[Event, ...] = ()
    failure: str = ""


def replay(target: str) -> Iterator[Replayed]:
    """Answer, then parse what was accepted. Runs the plugin here, in this process. Raises `PluginRefused`."""
    place = locate(target)
    loaded = load_plugin(place.on_path())
    host, samples = Host([loaded], []), read_samples(place.folder)
    key = loaded.manifest.key
    for name, one in samples.requests.items():
        answer, request, form = None, one.request(name=name), samples.settings | one.settings
        try:
            if not one.form and "answer" in loaded.manifest.capabilities:
                answer = host.call(key, "answer", request, form, timeout=PATIENT)
            if answer is not None and (not answer.accepted or one.method == "GET"):
                yield Replayed(name, answer)
                continue
            yield Replayed(name, answer, tuple(host.call(key, "parse", request, form, timeout=PATIENT)))
        except ChannelFailure as failure:
            yield Replayed(name, answer, failure=failure.message)
