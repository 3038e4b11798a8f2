"""Cells made values: instants, kinds of touchpoint, order states, yes and no. What cannot be one is refused by name."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from core.ingest.reasons import Refused, shorten

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_TEXT = 255

KINDS: dict[str, tuple[str, ...]] = {
    "impression": ("impression", "view", "exposure", "曝光", "展示", "展现"),
    "click": ("click", "clicked", "点击"),
    "scan": ("scan", "扫码", "扫一扫"),
    "redeem": ("redeem", "redeemed", "核销", "兑换", "领取"),
    "visit": ("visit", "page", "pageview", "page_view", "session", "访问", "浏览", "进店"),
    "lead": ("lead", "form", "留资", "线索", "报名"),
    "joined": ("joined", "join", "follow", "subscribe", "加好友", "加粉", "入群", "关注", "加入"),
    "reply": ("reply", "inbound", "回复", "咨询"),
    "comment": ("comment", "评论", "弹幕"),
    "message_sent": ("message_sent", "sent", "发送", "已发送"),
    "message_delivered": ("message_delivered", "delivered", "送达", "已送达"),
    "conversion": ("conversion", "purchase", "order", "转化", "成交", "购买", "下单", "支付"),
}
STATES: dict[str, tuple[str, ...]] = {
    "placed": ("", "placed", "created", "待付款", "待发货", "已下单"),
    "paid": ("paid", "已付款", "已支付", "已发货", "成交"),
    "completed": ("completed", "complete", "已完成", "交易成功", "已签收"),
    "refunded": ("refunded", "refund", "已退款", "退款成功", "退款"),
    "cancelled": ("cancelled", "canceled", "closed", "已取消", "已关闭", "交易关闭"),
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_STATE_OF = {word: state for state, words in STATES.items() for word in words}
_YES = {"1", "1.0", "true", "yes", "y", "t", "是", "已转化", "已成交"}
_NO = {"", "0", "0.0", "false", "no", "n", "f", "否", "未转化"}
_LOCAL_TIME = re.compile(
    r"(?P<year>\d{4,6})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[T ]+(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})"
    r"(?:[:分](?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,9}))?)?[分秒]?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{10}|\d{13}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?", re.ASCII)


def instant_of(text: str, *, zone: tzinfo, column: str) -> datetime:
    """The instant in UTC; a time without a zone is the brand's own."""
    plain = text.strip()
    try:
        found = _read_time(plain, zone)
    except (ValueError, OverflowError) as error:
        if _far_year(plain):
            raise _out_of_range(plain, column) from error
        raise Refused("bad_time", column=column, value=shorten(plain)) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _out_of_range(plain, column)
    return found.astimezone(UTC)


def _read_time(plain: str, zone: tzinfo) -> datetime:
    if len(plain) >= 19 and plain[4:5] == "-":  # the common spelling, and the fast road
        try:
            found = datetime.fromisoformat(plain)
        except ValueError:
            pass
        else:
            return found if found.tzinfo else found.replace(tzinfo=zone)
    if _EPOCH.fullmatch(plain):
        return datetime.fromtimestamp(int(plain[:10]), tz=UTC) + timedelta(milliseconds=int(plain[10:] or 0))
    if compact := _COMPACT.fullmatch(plain):
        return datetime(*(int(part or 0) for part in compact.groups()), tzinfo=zone)  # type: ignore[misc, arg-type]  # mypy cannot count a generator's parts
    match = _LOCAL_TIME.fullmatch(plain)
    if match is None:
        raise ValueError(plain)
    return _from_parts(match, zone)


def _from_parts(match: re.Match[str], zone: tzinfo) -> datetime:
    number = {name: int(part) for name, part in match.groupdict().items() if part and name not in ("fraction", "zone")}
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    found = datetime(
        number["year"],
        number["month"],
        number["day"],
        number.get("hour", 0),
        number.get("minute", 0),
        number.get("second", 0),
        micro,
        tzinfo=zone,
    )
    return datetime.fromisoformat(found.replace(tzinfo=None).isoformat() + match["zone"]) if match["zone"] else found


def _far_year(plain: str) -> bool:
    match = _LOCAL_TIME.match(plain)
    return match is not None and not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR


def _out_of_range(plain: str, column: str) -> Refused:
    return Refused("time_out_of_range", column=column, value=shorten(plain), first=FIRST_YEAR, last=LAST_YEAR)


def kind_of(text: str, *, column: str) -> str:
    kind = _KIND_OF.get(text.strip().lower())
    if kind is None:
        raise Refused("bad_kind", column=column, value=shorten(text))
    return kind


def state_of(text: str, *, column: str) -> str:
    state = _STATE_OF.get(text.strip().lower())
    if state is None:
        raise Refused("bad_state", column=column, value=shorten(text))
    return state


def flag_of(text: str, *, column: str) -> bool:
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("bad_flag", column=column, value=shorten(text))


def text_of(text: str, *, column: str, limit: int = LONGEST_TEXT) -> str:
    """Trimmed text without control characters or halves of characters, or a refusal."""
    plain = text.strip()
    if len(plain) > limit:
        raise Refused("too_long", column=column, limit=limit)
    if not plain.isprintable() and any(char < " " or "\ud800" <= char <= "\udfff" or char == "\x7f" for char in plain):
        raise Refused("bad_text", column=column)
    return plain
