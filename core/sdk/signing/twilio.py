"""Twilio's signature of its callbacks: HMAC-SHA1 over the public address and the form, or over a JSON body's hash."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from core.sdk.signing.comparing import is_same

DEFAULT_PORTS = {"https": 443, "http": 80}
Form = Iterable[tuple[str, str]]


def twilio_signature(url: str, form: Form, *, token: str) -> str:
    """The value of X-Twilio-Signature for a request to `url`, query included, with this form.

    Names are sorted; of several equal values of a name one counts.
    """
    text = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.new(token.encode(), text.encode("utf-8", "replace"), hashlib.sha1).digest()).decode()


def is_from_twilio(url: str, form: Form, body: bytes, signature: str, *, token: str) -> bool:
    """Whether the request is Twilio's. `url` is the public address as Twilio knows it, with its query.

    A JSON body is not signed itself: the address then carries its hash as `bodySHA256`, and no form is signed. The
    address is tried with and without its port, since Twilio signs either.
    """
    digests = parse_qs(urlsplit(url).query).get("bodySHA256", [])
    pairs = list(form)
    if digests and not pairs:
        if not is_same(digests[0], hashlib.sha256(body).hexdigest()):
            return False
    elif body and not pairs:
        return False  # neither a form that is signed nor a hash: nothing would vouch for the body
    return any(is_same(signature, twilio_signature(way, pairs, token=token)) for way in _spellings(url))


def _spellings(url: str) -> set[str]:
    """The address as it is, without its port, and with the port that goes without saying."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return {url}
    bare = parts.netloc.removesuffix(f":{port}") if port else parts.netloc
    full = parts.netloc if port else f"{bare}:{DEFAULT_PORTS.get(parts.scheme, 80)}"
    return {url, *(url.replace(parts.netloc, netloc, 1) for netloc in (bare, full))}
