"""Registers the channel `podcast`."""

from collections.abc import Iterator

from core.sdk import Answer, Channel, Event, Request, SourceFile, hookimpl
from core.sdk.requests import BadRow
from siyu_podcast.events import answer_hook, read_hook
from siyu_podcast.exports import read_plays
from siyu_podcast.settings import PodcastDetail, PodcastSettings


class PodcastChannel(Channel[PodcastSettings]):
    """A podcast: members and orders by webhook, plays by export."""

    key = "podcast"
    settings_model = PodcastSettings
    placement_detail = PodcastDetail
    placement_keys = ("spoken_word", "episode_id")

    def answer(self, request: Request, settings: PodcastSettings) -> Answer:
        """Is the webhook genuine?"""
        return answer_hook(request, settings)

    def parse(self, request: Request, settings: PodcastSettings) -> list[Event]:
        """What does it say?"""
        return read_hook(request)

    def read_file(self, file: SourceFile, settings: PodcastSettings) -> Iterator[Event | BadRow]:
        """How often was each episode played?"""
        return read_plays(file)


@hookimpl
def siyu_register_channels() -> list[PodcastChannel]:
    """One channel."""
    return [PodcastChannel()]
