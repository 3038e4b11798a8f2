"""The order that a card lies in: found by an HMAC of its number, printed and joined by opening what is sealed."""

import unicodedata

from core.placements.models import CardCode
from core.secrets import Vault

SHORT = 6


def order_digest(vault: Vault, order_no: str) -> bytes:
    """How an order's number is found among those of cards."""
    return vault.blind_index("card order", unicodedata.normalize("NFKC", order_no).strip())


def seal_order(vault: Vault, row: CardCode, order_no: str) -> None:
    """Tie the card to the order of this number."""
    row.order_digest = order_digest(vault, order_no)
    row.order_sealed = vault.seal("card_code", row.id, "order_sealed", order_no.encode())


def order_of(vault: Vault, row: CardCode) -> str:
    """The number of the order that the card lies in; empty where nobody said."""
    if row.order_sealed is None:
        return ""
    return vault.unseal("card_code", row.id, "order_sealed", row.order_sealed).decode()


def packing_label(vault: Vault, row: CardCode) -> str:
    """What the warehouse matches a card by: its place in the packing list, the end of the order's number, its SKU."""
    order_no = order_of(vault, row)
    ending = f"…{order_no[-SHORT:]}" if len(order_no) > SHORT else order_no
    return "  ".join(part for part in (f"#{row.sequence}" if row.sequence else "", ending, row.sku) if part)
