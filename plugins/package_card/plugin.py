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
    Landing,
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
        """WeChat Pay's notices."""
        return answer_notice(request, settings) if is_notice(request) else Answer(accepted=False, status=401)

    def publish(self, placement: Placement, codes: Sequence[Code], settings: CardSettings) -> Iterator[Artifact]:
        """Sheets of ten cards a page, two hundred a file."""
        return print_sheets(placement, codes, settings)

    def landing(self, placement: Placement, code: Code, settings: CardSettings) -> Landing:
        """The page of the card; the same for every card of the batch."""
        return write_landing(placement.brand, settings)

    def parse(self, request: Request, settings: CardSettings) -> list[Event]:
        """The facts of a form that core has just redeemed, or of a notice."""
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


@hookimpl
def siyu_register_channels() -> list[PackageCard]:
    """One channel."""
    return [PackageCard()]
