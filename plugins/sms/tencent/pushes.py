"""What Tencent pushes to us, as events: an array of statuses, or one reply.

The pushes are not signed: the hook's secret address is all that guards them. So a status only moves a message we sent,
found by its serial number, and a reply can only add an opt-out.
"""

from datetime import UTC, datetime

from pydantic import JsonValue

from core.sdk import Answer, Event, IdentityClaim, Receipt, Refused, Request
from plugins.sms.settings import SmsSettings
from plugins.sms.uplinks import (
    MOST,
    Item,
    answer_items,
    events_of,
    full_number,
    hash_of,
    local_moment,
    read_json,
    receipt_id,
    reply_events,
    text_in,
)

TAKEN: JsonValue = {"result": 0, "errmsg": "OK"}
NOT_TAKEN: JsonValue = {"result": 1, "errmsg": "not understood"}


def answer_push(request: Request) -> Answer:
    """Take statuses and replies, in the vendor's words."""
    return answer_items(request, read_push, taken=TAKEN, refused=NOT_TAKEN)


def parse_push(request: Request, settings: SmsSettings) -> list[Event]:
    """The events of a push; an item that makes no sense is left out."""
    return events_of(
        read_push(request.body),
        lambda item: _replies(item, request, settings) if "text" in item else [_receipt(item, request)],
    )


def read_push(body: bytes) -> list[Item]:
    """The statuses of a push, or its one reply. Raises `Refused` for anything else."""
    told = read_json(body)
    items = told if isinstance(told, list) else [told]
    if len(items) > MOST or not all(isinstance(item, dict) for item in items):
        raise Refused("the push is neither a list of statuses nor a reply", code="json")
    return [item for item in items if isinstance(item, dict) and "mobile" in item]


def phone_of(nation: str, mobile: str) -> str:
    """E.164 from a country code and a number. Raises ValueError."""
    return full_number(f"+{nation.strip().removeprefix('+') or '86'}{mobile.strip()}")


def reply_name(phone: str, second: str, text: str) -> str:
    """A reply's id, the same from push and lookup: the vendor gives it none."""
    return hash_of(phone, second, text)


def read_second(value: str) -> datetime | None:
    """A time in seconds since 1970, or None."""
    if not (value.isascii() and value.isdigit() and len(value) < 11):
        return None
    return datetime.fromtimestamp(int(value), UTC)


def _receipt(item: Item, request: Request) -> Receipt:
    phone, serial = phone_of(text_in(item, "nationcode"), text_in(item, "mobile")), text_in(item, "sid")
    state = text_in(item, "report_status")
    if state not in ("SUCCESS", "FAIL") or not serial:
        raise ValueError("no status")
    return Receipt(
        event_id=receipt_id(serial, phone, state),
        at=local_moment(text_in(item, "user_receive_time"), otherwise=request.received_at),
        who=(IdentityClaim(kind="phone", value=phone),),
        state="delivered" if state == "SUCCESS" else "failed",
        provider_id=serial,
        code=text_in(item, "errmsg"),
        reason=text_in(item, "description"),
    )


def _replies(item: Item, request: Request, settings: SmsSettings) -> list[Event]:
    phone, text = phone_of(text_in(item, "nationcode"), text_in(item, "mobile")), text_in(item, "text")
    second = text_in(item, "time")
    return reply_events(
        name=reply_name(phone, second, text),
        at=read_second(second) or request.received_at,
        phone=phone,
        text=text,
        extend=text_in(item, "extend"),
        words=settings.opt_out_words,
        is_proven=False,
    )
