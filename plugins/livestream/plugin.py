"""Registers the channel `livestream` and hands each verb to the room that knows it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from core.sdk import (
    Answer,
    Artifact,
    BadRow,
    Channel,
    Code,
    Event,
    HttpClient,
    Landing,
    Notice,
    Placement,
    Pulled,
    Request,
    SourceFile,
    Text,
    hookimpl,
)
from plugins.livestream.cards import print_session
from plugins.livestream.claims import read_claim, write_landing
from plugins.livestream.doors import door_of
from plugins.livestream.doudian.exports import read_export
from plugins.livestream.douyin.tasks import start_pushes
from plugins.livestream.fetching import OpenHttp, check_accounts, fetch_notices, fetch_page
from plugins.livestream.sessions import KEYS, SPANS, SessionDetail
from plugins.livestream.settings import LiveSettings


class LiveChannel(Channel[LiveSettings]):
    """Live sessions on any platform. `open_http` is replaced in tests."""

    key = "livestream"
    settings_model = LiveSettings
    placement_detail = SessionDetail
    placement_keys = KEYS
    placement_spans: ClassVar[Mapping[str, timedelta]] = SPANS
    tells_minute = True
    page_grace: ClassVar[timedelta] = SPANS["spoken"]

    def __init__(self, open_http: OpenHttp = HttpClient) -> None:
        self._open_http = open_http

    def check(self, settings: LiveSettings) -> tuple[Text, ...]:
        """Try the accounts that can be tried; say what is still off."""
        return check_accounts(settings, self._open_http)

    def answer(self, request: Request, settings: LiveSettings) -> Answer:
        """Believe the vendor who calls, and reply in his words."""
        return door_of(request, settings).answer(request)

    def parse(self, request: Request, settings: LiveSettings) -> list[Event]:
        """What a webhook says, or the form of a claim page."""
        return read_claim(request, settings) if request.form else door_of(request, settings).parse(request)

    def fetch(self, notices: Sequence[Notice], settings: LiveSettings) -> list[Event]:
        """Orders that a push only named."""
        return fetch_notices(notices, settings, self._open_http)

    def pull(self, cursor: str | None, settings: LiveSettings) -> Pulled:
        """One page of every list that the settings name."""
        return fetch_page(cursor, settings, self._open_http)

    def start_show(self, placement: Placement, settings: LiveSettings) -> tuple[Text, ...]:
        """Have Douyin push the comments, gifts and fan clubs of the session's rooms."""
        with self._open_http() as http:
            return start_pushes(placement, settings, http)

    def read_file(self, file: SourceFile, settings: LiveSettings) -> Iterator[Event | BadRow]:
        """An export of Douyin's shop."""
        return read_export(file, settings)

    def publish(self, placement: Placement, codes: Sequence[Code], settings: LiveSettings) -> Iterator[Artifact]:
        """The host's cards, and words to paste."""
        return print_session(placement, codes, settings.headline)

    def landing(self, placement: Placement, code: Code, settings: LiveSettings) -> Landing:
        """The claim page of a session."""
        return write_landing(placement, code, settings)


@hookimpl
def siyu_register_channels() -> list[LiveChannel]:
    """One channel."""
    return [LiveChannel()]
