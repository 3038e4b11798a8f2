"""Registers the channel `offline_store`."""

from collections.abc import Iterator, Sequence

from core.sdk import (
    Answer,
    Artifact,
    Channel,
    Code,
    Event,
    HttpClient,
    Landing,
    Placement,
    Pulled,
    Request,
    SourceFile,
    Text,
    hookimpl,
)
from plugins.offline_store.checking import OpenHttp, check_settings
from plugins.offline_store.checkins import read_form
from plugins.offline_store.places import KEYS, StorePlace
from plugins.offline_store.posters import print_place
from plugins.offline_store.pulling import pull_page
from plugins.offline_store.settings import StoreSettings
from plugins.offline_store.shops.pos import read_export
from plugins.offline_store.texts import write_landing
from plugins.offline_store.webhooks import answer_hook, parse_hook


class StoreChannel(Channel[StoreSettings]):
    """Shops of brick. Core keeps places, links and gifts; this prints them and reads what tills and shops tell."""

    key = "offline_store"
    settings_model = StoreSettings
    placement_detail = StorePlace
    placement_keys = KEYS

    def __init__(self, open_http: OpenHttp = HttpClient) -> None:
        self._open_http = open_http

    def check(self, settings: StoreSettings) -> tuple[Text, ...]:
        """Each section that is filled in is complete; each shop with a key is asked."""
        return check_settings(settings, self._open_http)

    def answer(self, request: Request, settings: StoreSettings) -> Answer:
        """Believe what is signed by the system that it claims to come from."""
        return answer_hook(request, settings)

    def parse(self, request: Request, settings: StoreSettings) -> list[Event]:
        """Orders, refunds and visits; or the form of a place's page."""
        return read_form(request, settings) if request.form else parse_hook(request, settings)

    def pull(self, cursor: str | None, settings: StoreSettings) -> Pulled:
        """Orders of Shopify and WooCommerce, as a webhook tells them."""
        return pull_page(cursor, settings, self._open_http)

    def read_file(self, file: SourceFile, settings: StoreSettings) -> Iterator[Event]:
        """A till's export."""
        return read_export(file, settings)

    def publish(self, placement: Placement, codes: Sequence[Code], settings: StoreSettings) -> Iterator[Artifact]:
        """Posters and table cards with the place's codes."""
        return print_place(placement, codes, settings)

    def landing(self, placement: Placement, code: Code, settings: StoreSettings) -> Landing:
        """The page of a code that leads nowhere else: join, check in, claim a receipt."""
        return write_landing(placement, settings)


@hookimpl
def siyu_register_channels() -> list[StoreChannel]:
    """One channel."""
    return [StoreChannel()]
