"""Which browser and which address redeemed a card: told apart by HMACs under the brand's key, never kept themselves."""

import ipaddress
from dataclasses import dataclass

from core.secrets import Vault


@dataclass(frozen=True, slots=True)
class Whence:
    """The browser's cookie and the network address as they came; both may be empty."""

    visitor: str = ""
    address: str = ""


def device_digest(vault: Vault, visitor: str) -> bytes | None:
    """A browser by its first-party cookie; None for one without."""
    return vault.blind_index("card device", visitor) if visitor else None


def address_digest(vault: Vault, address: str) -> bytes | None:
    """A network address; of IPv6 the first 64 bits, which is what one household has. None for what is no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if isinstance(parsed, ipaddress.IPv6Address):
        return vault.blind_index("card address", str(ipaddress.ip_network((parsed, 64), strict=False)))
    return vault.blind_index("card address", str(parsed))
