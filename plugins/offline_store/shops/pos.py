"""Tills of any make: orders as JSON in a signed webhook, or as rows of an export, by the brand's own field names."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from itertools import chain, groupby

from pydantic import JsonValue

from core.sdk import Answer, Event, Refused, Request, SourceFile, read_rows
from core.sdk.signing.generic import is_signed_request
from plugins.offline_store.people import member_of, people_of, read_phone, receipt_of
from plugins.offline_store.reading import Thing, clean_text, moment_of, money_of, read_thing
from plugins.offline_store.sales import Refund, Sale, tell_refund, tell_sale
from plugins.offline_store.settings import StoreSettings

FIELDS = (
    "order_no", "store_id", "paid_at", "amount", "currency", "phone", "member_id", "code", "sku", "qty",
    "receipt", "refund_of",
)  # fmt: skip
"""Our names. `receipt` is a number on the paper that is not the order's; `refund_of` the order that a refund undoes."""

KNOWN_AS: Mapping[str, tuple[str, ...]] = {
    "order_no": ("订单号", "单号", "流水号", "订单编号", "交易单号"),
    "store_id": ("门店编号", "门店号", "店号", "门店"),
    "paid_at": ("支付时间", "付款时间", "交易时间", "下单时间"),
    "amount": ("实收金额", "实付金额", "支付金额", "订单金额", "金额"),
    "currency": ("币种",),
    "phone": ("手机号", "会员手机号", "手机"),
    "member_id": ("会员号", "会员卡号", "会员编号"),
    "code": ("员工号", "导购编号", "导购", "店员", "优惠码"),
    "sku": ("商品编码", "SKU"),
    "qty": ("数量",),
    "receipt": ("小票号", "取餐号", "小票码"),
    "refund_of": ("原单号", "原订单号"),
}
"""What tills call them, in files whose columns nobody mapped."""

Row = Mapping[str, str]


def answer_pos(request: Request, settings: StoreSettings) -> Answer:
    """Only what is signed with the brand's secret is believed; the reply is `{"ok": true}`."""
    is_signed = is_signed_request(
        request, style=settings.pos_signature, header=settings.pos_header, secret=settings.pos_secret
    )
    if not is_signed:
        return Answer(accepted=False, status=401)
    delivery = request.headers.get("webhook-id", "")[:100]
    return Answer(accepted=True, reply={"ok": True}, dedup_key=f"pos-{delivery}" if delivery else None)


def parse_pos(request: Request, settings: StoreSettings) -> list[Event]:
    """The orders in a webhook: one, or a list at the path of the settings."""
    value: JsonValue = read_thing(request.body) if not request.body.lstrip().startswith(b"[") else _list(request.body)
    for step in settings.pos_items.split(".") if settings.pos_items else ():
        value = value.get(step) if isinstance(value, dict) else None
    things = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    if not things:
        raise Refused("there are no orders at the path in the settings", code="format")
    names = _names(settings)
    rows = [{ours: _at(thing, theirs) for ours, theirs in names.items()} for thing in things]
    events: list[Event] = []
    refusal: Refused | None = None
    for number, group in _by_order(rows):
        try:
            events += _tell(list(group), settings, where=f"order {number[:60]}")
        except Refused as bad:
            refusal = bad
    if refusal and not events:
        raise refusal
    return events


def read_export(file: SourceFile, settings: StoreSettings) -> Iterator[Event]:
    """The orders of an export, one after the other; lines of one order that follow each other are added up."""
    with file.path.open("rb") as stream, closing(read_rows(stream)) as rows:
        first = next(rows, None)
        if first is None:
            return
        columns = _columns(first, settings)
        named = (
            {ours: clean_text(row.get(theirs, "")) for ours, theirs in columns.items()} for row in chain([first], rows)
        )
        for number, group in _by_order(named):
            yield from _tell(list(group), settings, where=f"order {number[:60]}")


def _tell(rows: list[Row], settings: StoreSettings, *, where: str) -> list[Event]:
    """The facts of one order's rows. Raises `Refused` naming the order when they do not say what is needed."""
    first = rows[0]
    number, at = first["order_no"], moment_of([first["paid_at"]])
    counted = rows[:1] if settings.pos_amount == "order" else rows
    amounts = [amount for row in counted if (amount := money_of(row["amount"])) is not None]
    if not number or at is None or len(amounts) < len(counted):
        raise Refused(f"{where}: order_no, paid_at and amount are needed", code="order")
    total = sum(amounts, Decimal(0))
    if first["refund_of"]:
        return [tell_refund(first["refund_of"], Refund(f"pos-{number}", at, abs(total)))]
    if total < 0:
        return [tell_refund(number, Refund(f"pos-{number}-{at:%Y%m%d%H%M%S}", at, -total))]
    who = people_of(
        member_of("pos", first["member_id"]), read_phone(first["phone"]), receipt_of(first["receipt"] or number)
    )
    if not who:
        raise Refused(f"{where}: the number is too short to find the buyer by", code="order")
    sale = Sale(
        key=f"pos-{number}",
        order_no=number,
        at=at,
        who=who,
        amount=total,
        currency=first["currency"] or None,
        codes=(first["code"],) if first["code"] else (),
        store=first["store_id"],
        is_met=True,
    )
    return tell_sale(sale)


def _by_order(rows: Iterable[Row]) -> Iterator[tuple[str, Iterator[Row]]]:
    return groupby(rows, key=lambda row: row["order_no"])


def _names(settings: StoreSettings) -> dict[str, str]:
    named = {ours.strip(): theirs.strip() for ours, _, theirs in (pair.partition("=") for pair in settings.pos_fields)}
    return {name: named.get(name) or name for name in FIELDS}


def _columns(header: Row, settings: StoreSettings) -> dict[str, str]:
    """The file's column for each of our names; a name without one reads as empty.

    Raises `Refused` when the order's number, time or amount has no column.
    """
    names = _names(settings)
    found = {}
    for ours, theirs in names.items():
        candidates = (theirs, *KNOWN_AS[ours])
        found[ours] = next((name for name in candidates if name in header), theirs)
    missing = [ours for ours in ("order_no", "paid_at", "amount") if found[ours] not in header]
    if missing:
        raise Refused(f"no column for {', '.join(missing)}; name it in the channel's settings, Fields", code="columns")
    return found


def _at(thing: Thing, path: str) -> str:
    value: JsonValue = thing
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return clean_text(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _list(body: bytes) -> JsonValue:
    return read_thing(b'{"all":' + body + b"}")["all"]
