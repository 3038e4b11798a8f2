"""What Aliyun pushes to us (SmsReport, SmsUp), and the sandbox in the same shape, as events.

The pushes are not signed: the hook's secret address is all that guards them. So a receipt only moves a message we
sent, found by its BizId and number, and a reply can only add an opt-out.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue, ValidationError

from core.sdk import Answer, Event, IdentityClaim, OptOut, Receipt, Refused, Reply, Request, local_instant
from plugins.sms.settings import SmsSettings
from plugins.sms.wording import read_opt_out

TAKEN: JsonValue = {"code": 0, "msg": "接收成功"}
NOT_TAKEN: JsonValue = {"code": 1, "msg": "格式错误"}
MOST = 5000
Item = Mapping[str, JsonValue]


def answer_push(request: Request) -> Answer:
    """Take any JSON array of receipts or replies; the code in the reply must be a number, or Aliyun pushes again."""
    try:
        items = read_items(request.body)
    except Refused:
        return Answer(accepted=False, status=400, reply=NOT_TAKEN)
    if not items:
        return Answer(accepted=False, status=400, reply=NOT_TAKEN)
    return Answer(accepted=True, reply=TAKEN, dedup_key=hashlib.sha256(request.body).hexdigest())


def parse_push(request: Request, settings: SmsSettings) -> list[Event]:
    """The events of a push; an item that makes no sense is left out."""
    events: list[Event] = []
    for item in read_items(request.body):
        try:
            events += _replies(item, request, settings) if "content" in item else [_receipt(item, request)]
        except (ValidationError, ValueError):
            continue
    return events


def read_items(body: bytes) -> list[Item]:
    """The array of objects in a push. Raises `Refused` for anything else."""
    try:
        items = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("the push is not JSON", code="json") from None
    if not isinstance(items, list) or len(items) > MOST or not all(isinstance(item, dict) for item in items):
        raise Refused("the push is not an array of objects", code="json")
    return items


def receipt_id(biz_id: str, phone: str, code: str) -> str:
    """The id of a receipt, the same from push and lookup; hashed, for it is made of a phone number."""
    return "receipt-" + hashlib.sha256(f"{biz_id}|{phone}|{code}".encode()).hexdigest()[:40]


def full_number(phone: str) -> str:
    """A number as Aliyun writes it, as E.164: eleven digits are a mainland mobile, others carry their country."""
    digits = phone.strip().removeprefix("+").removeprefix("00")
    if not digits.isascii() or not digits.isdigit() or not 7 <= len(digits) <= 15:
        raise ValueError("no phone number")
    return f"+86{digits}" if len(digits) == 11 and digits.startswith("1") else f"+{digits}"


def _receipt(item: Item, request: Request) -> Receipt:
    phone, biz_id = _text(item, "phone_number"), _text(item, "biz_id")
    if not isinstance(item.get("success"), bool) or not biz_id:
        raise ValueError("no receipt")
    code = _text(item, "err_code")
    size = _text(item, "sms_size")
    return Receipt(
        event_id=receipt_id(biz_id, phone, code),
        at=_moment(item, "report_time", request),
        who=(IdentityClaim(kind="phone", value=full_number(phone)),),
        state="delivered" if item["success"] else "failed",
        provider_id=biz_id,
        code=code,
        reason=_text(item, "err_msg"),
        parts=int(size) if size.isascii() and size.isdigit() and len(size) < 4 else None,
    )


def _replies(item: Item, request: Request, settings: SmsSettings) -> list[Event]:
    phone, content = _text(item, "phone_number"), _text(item, "content")
    who = (IdentityClaim(kind="phone", value=full_number(phone)),)
    at = _moment(item, "send_time", request)
    key = hashlib.sha256(f"{_text(item, 'sequence_id')}|{phone}|{_text(item, 'send_time')}|{content}".encode())
    name = key.hexdigest()[:40]
    extend = _text(item, "dest_code")
    events: list[Event] = [Reply(event_id=f"reply-{name}", at=at, who=who, medium="sms", text=content, extend=extend)]
    word = read_opt_out(content, settings.opt_out_words)
    if word:
        events.append(OptOut(event_id=f"optout-{name}", at=at, who=who, medium="sms", word=word))
    return events


def _moment(item: Item, name: str, request: Request) -> datetime:
    try:
        return local_instant(_text(item, name))
    except (ValueError, OverflowError):
        return request.received_at


def _text(item: Item, name: str) -> str:
    value = item.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
