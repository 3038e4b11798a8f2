"""Registers the channel `short_video` and hands each verb to the room that knows it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from core.sdk import (
    Answer,
    BadRow,
    Channel,
    Event,
    HttpClient,
    Notice,
    Placement,
    Pulled,
    Request,
    SourceFile,
    Text,
    hookimpl,
)
from plugins.short_video import asking
from plugins.short_video.doors import door_of
from plugins.short_video.exports import read_export
from plugins.short_video.settings import Video, VideoSettings


class ShortVideo(Channel[VideoSettings]):
    """Videos and notes. `open_http` is replaced in tests."""

    key = "short_video"
    settings_model = VideoSettings
    placement_detail = Video
    placement_keys = ("item_id", "ad_id", "author_id")
    placement_spans = {"author_id": timedelta(days=30)}
    pull_seconds = 300

    def __init__(self, open_http: asking.OpenHttp = HttpClient) -> None:
        self._open_http = open_http

    def check(self, settings: VideoSettings) -> tuple[Text, ...]:
        """Every account that can be tried works."""
        return asking.check_accounts(settings, self._open_http)

    def answer(self, request: Request, settings: VideoSettings) -> Answer:
        """Is the push genuine, and what does its vendor want to hear?"""
        return door_of(request, settings).answer(request, settings)

    def parse(self, request: Request, settings: VideoSettings) -> list[Event]:
        """The leads in a push."""
        return door_of(request, settings).reads(request, settings)

    def fetch(self, notices: Sequence[Notice], settings: VideoSettings) -> list[Event]:
        """Leads that a push only named."""
        return asking.fetch_notices(notices, settings, self._open_http)

    def pull(self, cursor: str | None, settings: VideoSettings) -> Pulled:
        """Leads since the cursor, of every vendor that lists them."""
        return asking.pull_leads(cursor, settings, self._open_http)

    def measure(self, placements: Sequence[Placement], settings: VideoSettings) -> list[Event]:
        """Views, likes, comments and shares."""
        return asking.measure(placements, settings, self._open_http)

    def read_file(self, file: SourceFile, settings: VideoSettings) -> Iterator[Event | BadRow]:
        """Figures of videos by day or in all, or orders of Douyin's shop: told by the columns."""
        return read_export(file, settings)


@hookimpl
def siyu_register_channels() -> list[ShortVideo]:
    """One channel."""
    return [ShortVideo()]
