"""What every provider's pushes have in common: numbers, times, receipts' ids, replies and opt-outs."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue, ValidationError

from core.sdk import Answer, Event, IdentityClaim, OptOut, Refused, Reply, Request, local_instant
from plugins.sms.wording import read_opt_out

MOST = 5000
Item = Mapping[str, JsonValue]


def read_json(body: bytes) -> JsonValue:
    """The body as JSON. Raises `Refused` for anything else."""
    try:
        value: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("the push is not JSON", code="json") from None
    return value


def read_items(body: bytes) -> list[Item]:
    """The array of objects in a push. Raises `Refused` for anything else."""
    items = read_json(body)
    if not isinstance(items, list) or len(items) > MOST or not all(isinstance(item, dict) for item in items):
        raise Refused("the push is not an array of objects", code="json")
    return [item for item in items if isinstance(item, dict)]


def answer_items(
    request: Request, read: Callable[[bytes], list[Item]], *, taken: JsonValue, refused: JsonValue
) -> Answer:
    """Take a push in which `read` finds items; both replies are in the vendor's words."""
    try:
        items = read(request.body)
    except Refused:
        items = []
    if not items:
        return Answer(accepted=False, status=400, reply=refused)
    return Answer(accepted=True, reply=taken, dedup_key=hashlib.sha256(request.body).hexdigest())


def events_of(items: Iterable[Item], read: Callable[[Item], list[Event]]) -> list[Event]:
    """The events of every item; one that makes no sense (`ValueError`) is left out."""
    events: list[Event] = []
    for item in items:
        try:
            events += read(item)
        except (ValidationError, ValueError):
            continue
    return events


def text_in(item: Item, name: str) -> str:
    """A field as text, whether the vendor writes a string or a number; empty for anything else."""
    value = item.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def local_moment(text: str, *, otherwise: datetime) -> datetime:
    """A Chinese vendor's local time, or `otherwise` when it is none."""
    try:
        return local_instant(text)
    except (ValueError, OverflowError):
        return otherwise


def full_number(phone: str) -> str:
    """A number as vendors write it, as E.164: eleven digits are a mainland mobile, others carry their country."""
    plain = phone.strip()
    digits = plain.removeprefix("+").removeprefix("00")
    if not digits.isascii() or not digits.isdigit() or not 7 <= len(digits) <= 15:
        raise ValueError("no phone number")
    is_mainland = digits == plain and len(digits) == 11 and digits.startswith("1")
    return f"+86{digits}" if is_mainland else f"+{digits}"


def receipt_id(provider_id: str, phone: str, code: str) -> str:
    """The id of a receipt, the same from push and lookup; hashed, for it is made of a phone number."""
    return "receipt-" + hash_of(provider_id, phone, code)


def hash_of(*parts: str) -> str:
    """A name for facts whose source gives none."""
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def reply_events(
    *, name: str, at: datetime, phone: str, text: str, extend: str, words: Collection[str], is_proven: bool
) -> list[Event]:
    """The reply, and the opt-out when it is nothing but an opt-out word. `name` is the uplink's own id."""
    who = (IdentityClaim(kind="phone", value=full_number(phone)),)
    events: list[Event] = [
        Reply(event_id=f"reply-{name}", at=at, who=who, medium="sms", text=text, extend=extend, is_proven=is_proven)
    ]
    word = read_opt_out(text, words)
    if word:
        events.append(OptOut(event_id=f"optout-{name}", at=at, who=who, medium="sms", word=word, is_proven=is_proven))
    return events
