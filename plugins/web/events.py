"""One call of the Segment protocol as facts. Pure: no clock, no network; the same call gives the same events."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite

from pydantic import JsonValue, TypeAdapter, ValidationError

from core.sdk import (
    Detail,
    Event,
    IdentityClaim,
    IdentityKind,
    IdentitySeen,
    Instant,
    OrderSeen,
    Refused,
    Touch,
    Traffic,
    read_traffic,
)
from plugins.web.settings import WebSettings

ORDER_STATES = {
    "Order Completed": "placed",
    "Order Paid": "paid",
    "Order Refunded": "refunded",
    "Order Cancelled": "cancelled",
}
INVITED_BY = ("invited_by", "invitedBy")
FUTURE_ALLOWED = timedelta(minutes=5)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)

Call = Mapping[str, JsonValue]


def read_call(call: Call, *, request_id: str, received_at: datetime, settings: WebSettings) -> list[Event]:
    """The facts in one call; none when it is no fact for us (a `track` without a source).

    Raises `Refused` when it names nobody or its type is unknown.
    """
    event_id = _text(call, "messageId") or request_id
    at = read_moment(call, received_at=received_at)
    who = read_names(call, settings=settings)
    if not who:
        raise Refused("a call needs userId or anonymousId", code="nobody")
    kind = _text(call, "type")
    if kind in ("identify", "alias"):
        return [_identity(call, event_id=event_id, at=at, who=who)]
    if kind in ("page", "screen"):
        return [_visit(call, event_id=event_id, at=at, who=who, traffic=_traffic(call, settings))]
    if kind == "track":
        return _read_track(call, event_id=event_id, at=at, who=who, settings=settings)
    if kind == "group":
        return [IdentitySeen(event_id=event_id, at=at, who=who, traits={"group": _text(call, "groupId")[:200]})]
    raise Refused("the type of a call is track, identify, page, screen, group or alias", code="type")


def read_moment(call: Call, *, received_at: datetime) -> datetime:
    """When it happened, with the device's wrong clock put right: timestamp + (received - sent).

    A moment in the future, or none that can be read, is the moment of arrival.
    """
    happened = _instant(call, "originalTimestamp") or _instant(call, "timestamp")
    sent = _instant(call, "sentAt")
    if happened is None:
        return received_at
    try:
        corrected = happened + (received_at - sent) if sent else happened
    except OverflowError:
        return received_at
    return corrected if corrected <= received_at + FUTURE_ALLOWED else received_at


def read_names(call: Call, *, settings: WebSettings) -> tuple[IdentityClaim, ...]:
    """Every name the call gives of its one person; phone and e-mail only where the operator trusts them."""
    traits = _inner(call, "traits")
    told: list[tuple[IdentityKind, str]] = [
        ("customer_id", _text(call, "userId")),
        ("anonymous_id", _text(call, "anonymousId")),
    ]
    if _text(call, "type") == "alias":
        told.append(("anonymous_id", _text(call, "previousId")))
    if settings.is_phone_trusted:
        told += [("phone", _text(traits, "phone")), ("email", _text(traits, "email"))]
    return tuple(IdentityClaim(kind=kind, value=value[:200]) for kind, value in told if value)


def _identity(call: Call, *, event_id: str, at: datetime, who: tuple[IdentityClaim, ...]) -> IdentitySeen:
    """The inviter stands in the traits or, where an SDK cannot change those, in the context; it is no trait itself."""
    traits = _inner(call, "traits")
    told = (_text(place, name) for place in (traits, _inner(call, "context")) for name in INVITED_BY)
    own = {name: value for name, value in _flat(traits).items() if name not in INVITED_BY}
    return IdentitySeen(
        event_id=event_id, at=at, who=who, traits=own, invited_by=next((text[:500] for text in told if text), "")
    )


def _read_track(
    call: Call, *, event_id: str, at: datetime, who: tuple[IdentityClaim, ...], settings: WebSettings
) -> list[Event]:
    name = _text(call, "event")
    if name in ORDER_STATES:
        return [_order(call, name, event_id=event_id, at=at, who=who)]
    traffic = _traffic(call, settings)
    return [_visit(call, event_id=event_id, at=at, who=who, traffic=traffic)] if traffic.is_marked else []


def _visit(call: Call, *, event_id: str, at: datetime, who: tuple[IdentityClaim, ...], traffic: Traffic) -> Touch:
    detail = traffic.as_detail()
    if name := _text(call, "event") or _text(call, "name"):
        detail["event"] = name[:200]
    if traffic.campaign:
        detail["campaign"] = traffic.campaign
    detail["is_marked"] = traffic.is_marked
    return Touch(event_id=event_id, at=at, who=who, kind="visit", code=traffic.code or None, detail=detail)


def _order(call: Call, name: str, *, event_id: str, at: datetime, who: tuple[IdentityClaim, ...]) -> OrderSeen:
    told = _inner(call, "properties")
    order_no = _text(told, "order_id") or _text(told, "orderId")
    if not order_no:
        raise Refused(f"{name} needs properties.order_id", code="order_id")
    state = ORDER_STATES[name]
    amount = _money(told, "total") if _text(told, "total") else _money(told, "revenue")
    try:
        return OrderSeen.model_validate(
            {
                "event_id": event_id,
                "at": at,
                "who": who,
                "order_no": order_no,
                "state": state,
                "amount": None if state == "refunded" else amount,
                "refund": amount if state == "refunded" else None,
                "currency": _text(told, "currency") or None,
                "code": _text(told, "coupon") or None,
            }
        )
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
        raise Refused(f"{name}: cannot use {fields}", code="order") from None


def _traffic(call: Call, settings: WebSettings) -> Traffic:
    context = _inner(call, "context")
    page = {**_inner(call, "properties"), **_inner(context, "page")}
    return read_traffic(
        _text(page, "url"),
        referrer=_text(page, "referrer"),
        campaign=_inner(context, "campaign"),
        own_hosts=settings.own_hosts,
    )


def _inner(call: Call, name: str) -> dict[str, JsonValue]:
    value = call.get(name)
    return value if isinstance(value, dict) else {}


def _text(call: Call, name: str) -> str:
    value = call.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return _clean(str(value))


def _clean(text: str) -> str:
    return "".join(char for char in text if char != "\x00" and not "\ud800" <= char <= "\udfff").strip()


def _flat(traits: Call) -> Detail:
    return {_clean(name)[:100]: _short(value) for name, value in traits.items() if not isinstance(value, (dict, list))}


def _short(value: JsonValue) -> str | int | float | bool | None:
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value if not isinstance(value, float) or isfinite(value) else None
    return value if isinstance(value, int) and abs(value) < 2**63 else _clean(str(value))[:2000]


def _money(told: Call, name: str) -> Decimal | None:
    text = _text(told, name)
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Refused(f"properties.{name} is no amount", code="amount") from None


def _instant(call: Call, name: str) -> datetime | None:
    try:
        return _INSTANT.validate_python(call.get(name)) if isinstance(call.get(name), str) else None
    except (ValidationError, OverflowError):
        return None
