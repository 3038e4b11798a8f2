"""What Aliyun pushes to us (SmsReport, SmsUp), and the sandbox in the same shape, as events.

The pushes are not signed: the hook's secret address is all that guards them. So a receipt only moves a message we
sent, found by its BizId and number, and a reply can only add an opt-out.
"""

from pydantic import JsonValue

from core.sdk import Answer, Event, IdentityClaim, Receipt, Request
from plugins.sms.settings import SmsSettings
from plugins.sms.uplinks import (
    Item,
    answer_items,
    events_of,
    full_number,
    hash_of,
    local_moment,
    read_items,
    receipt_id,
    reply_events,
    text_in,
)

TAKEN: JsonValue = {"code": 0, "msg": "接收成功"}
NOT_TAKEN: JsonValue = {"code": 1, "msg": "格式错误"}


def answer_push(request: Request) -> Answer:
    """Take any JSON array of receipts or replies; the code in the reply must be a number, or Aliyun pushes again."""
    return answer_items(request, read_items, taken=TAKEN, refused=NOT_TAKEN)


def parse_push(request: Request, settings: SmsSettings) -> list[Event]:
    """The events of a push; an item that makes no sense is left out."""
    return events_of(
        read_items(request.body),
        lambda item: _replies(item, request, settings) if "content" in item else [_receipt(item, request)],
    )


def _receipt(item: Item, request: Request) -> Receipt:
    phone, biz_id = text_in(item, "phone_number"), text_in(item, "biz_id")
    if not isinstance(item.get("success"), bool) or not biz_id:
        raise ValueError("no receipt")
    code, size = text_in(item, "err_code"), text_in(item, "sms_size")
    return Receipt(
        event_id=receipt_id(biz_id, phone, code),
        at=local_moment(text_in(item, "report_time"), otherwise=request.received_at),
        who=(IdentityClaim(kind="phone", value=full_number(phone)),),
        state="delivered" if item["success"] else "failed",
        provider_id=biz_id,
        code=code,
        reason=text_in(item, "err_msg"),
        parts=int(size) if size.isascii() and size.isdigit() and len(size) < 4 else None,
    )


def _replies(item: Item, request: Request, settings: SmsSettings) -> list[Event]:
    phone, content = text_in(item, "phone_number"), text_in(item, "content")
    sent = text_in(item, "send_time")
    return reply_events(
        name=hash_of(text_in(item, "sequence_id"), phone, sent, content),
        at=local_moment(sent, otherwise=request.received_at),
        phone=phone,
        text=content,
        extend=text_in(item, "dest_code"),
        words=settings.opt_out_words,
        is_proven=False,
    )
