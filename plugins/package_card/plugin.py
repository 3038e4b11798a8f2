"""Registers the channel `package_card`: print cards, show the page they open, report a redemption."""

from collections.abc import Iterator, Sequence

from core.sdk import Artifact, Channel, Code, Event, Landing, Placement, Request, hookimpl
from plugins.package_card.events import read_redemption
from plugins.package_card.settings import CardBatch, CardSettings
from plugins.package_card.sheets import print_sheets
from plugins.package_card.texts import write_landing


class PackageCard(Channel[CardSettings]):
    """Cards in parcels. Core keeps the serials and redeems them once; this says what they look like."""

    key = "package_card"
    settings_model = CardSettings
    placement_detail = CardBatch

    def publish(self, placement: Placement, codes: Sequence[Code], settings: CardSettings) -> Iterator[Artifact]:
        """Sheets of ten cards a page, two hundred a file."""
        return print_sheets(placement, codes, settings)

    def landing(self, placement: Placement, code: Code, settings: CardSettings) -> Landing:
        """The page of the card; the same for every card of the batch."""
        return write_landing(placement.brand, settings)

    def parse(self, request: Request, settings: CardSettings) -> list[Event]:
        """The facts of a form that core has just redeemed."""
        return read_redemption(request, settings)


@hookimpl
def siyu_register_channels() -> list[PackageCard]:
    """One channel."""
    return [PackageCard()]
