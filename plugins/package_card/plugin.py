"""Registers the channel `package_card`: print cards, show their page, report a redemption, pay what it earned."""

from collections.abc import Iterator, Sequence

from core.sdk import (
    Answer,
    Artifact,
    BadSettings,
    Channel,
    Code,
    Event,
    HttpClient,
    IdentityClaim,
    JoinAsked,
    JoinCode,
    Landing,
    Notice,
    Outcome,
    Payout,
    Placement,
    Request,
    Sought,
    Text,
    hookimpl,
)
from plugins.package_card.checking import check_accounts
from plugins.package_card.events import read_redemption
from plugins.package_card.settings import CardBatch, CardSettings
from plugins.package_card.sheets import print_sheets
from plugins.package_card.texts import write_landing
from plugins.package_card.wechat.notices import answer_notice, is_notice, read_notice
from plugins.package_card.wechat.sign_in import read_payee
from plugins.package_card.wechat.transfers import look_up, pay_all, take_back
from plugins.package_card.wecom.api import WeComApi
from plugins.package_card.wecom.callbacks import answer_callback, fetch_behind, is_callback, read_callback
from plugins.package_card.wecom.codes import delete_codes, make_codes


class PackageCard(Channel[CardSettings]):
    """Cards in parcels. Core keeps the serials and redeems them once; this says what they look like."""

    key = "package_card"
    settings_model = CardSettings
    placement_detail = CardBatch

    def check(self, settings: CardSettings) -> tuple[Text, ...]:
        """Ask WeChat Pay about a bill that nobody made."""
        with HttpClient() as http:
            return check_accounts(settings, http)

    def answer(self, request: Request, settings: CardSettings) -> Answer:
        """WeChat Pay's notices and WeCom's events; nobody else calls."""
        if is_callback(request):
            return answer_callback(request, settings)
        return answer_notice(request, settings) if is_notice(request) else Answer(accepted=False, status=401)

    def publish(self, placement: Placement, codes: Sequence[Code], settings: CardSettings) -> Iterator[Artifact]:
        """Sheets of ten cards a page, two hundred a file."""
        return print_sheets(placement, codes, settings)

    def landing(self, placement: Placement, code: Code, settings: CardSettings) -> Landing:
        """The page of the card; the same for every card of the batch."""
        return write_landing(placement.brand, settings)

    def parse(self, request: Request, settings: CardSettings) -> list[Event]:
        """The facts of a form that core has just redeemed, of a notice or an event."""
        if is_callback(request):
            return read_callback(request, settings)
        return read_notice(request, settings) if is_notice(request) else read_redemption(request, settings)

    def payee(self, request: Request, settings: CardSettings) -> IdentityClaim:
        """The open id of who came back from WeChat's sign-in."""
        with HttpClient() as http:
            return read_payee(http, settings, request)

    def reward(self, payouts: Sequence[Payout], settings: CardSettings) -> Iterator[Outcome]:
        """One bill each."""
        if not settings.pays:
            raise BadSettings("pay_merchant: fill in WeChat Pay before red packets are paid")
        return pay_all(payouts, settings, HttpClient)

    def lookup(self, keys: Sequence[Sought], settings: CardSettings) -> list[Event]:
        """What became of bills."""
        return look_up(keys, settings, HttpClient)

    def cancel(self, keys: Sequence[Sought], settings: CardSettings) -> list[Event]:
        """Take back what nobody has taken."""
        return take_back(keys, settings, HttpClient)

    def join_codes(self, asked: Sequence[JoinAsked], settings: CardSettings) -> list[JoinCode]:
        """WeCom's live codes, one a card."""
        with HttpClient() as http:
            return make_codes(asked, settings, http)

    def drop_codes(self, vendor_ids: Sequence[str], settings: CardSettings) -> list[str]:
        """Delete them at WeCom, which keeps a limited number."""
        with HttpClient() as http:
            return delete_codes(vendor_ids, settings, http)

    def fetch(self, notices: Sequence[Notice], settings: CardSettings) -> list[Event]:
        """Union ids, and who joined a group."""
        with HttpClient() as http:
            return fetch_behind(list(notices), settings, WeComApi(settings, http))


@hookimpl
def siyu_register_channels() -> list[PackageCard]:
    """One channel."""
    return [PackageCard()]
