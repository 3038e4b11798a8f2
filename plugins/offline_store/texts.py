"""The page behind a code without a target: join, check in, claim a receipt."""

from typing import Literal

from core.sdk import Landing, LandingField, Placement, Text
from plugins.offline_store.settings import StoreSettings

PHONE = Text(zh="手机号", en="Phone number")
RECEIPT = Text(zh="小票号（可不填）", en="Number on the receipt (optional)")
JOIN, CHECK_IN = Text(zh="加入", en="Join"), Text(zh="签到", en="Check in")
JOINED = Text(zh="已经记下，欢迎。", en="Done. Welcome.")
CHECKED_IN = Text(zh="签到成功。", en="You are checked in.")
EVENT = Text(zh="留下手机号完成签到。", en="Leave your phone number to check in.")
REFUSALS: dict[Literal["used", "unknown", "mistyped", "closed"], Text] = {
    "used": Text(zh="这个码已经用过了。", en="This code has been used."),
    "unknown": Text(zh="没有找到这个码，请问店员。", en="We cannot find this code; please ask the staff."),
    "mistyped": Text(zh="码输错了，请再看一遍。", en="The code has a typing mistake; please look again."),
    "closed": Text(zh="活动已经结束，谢谢你的关注。", en="This has ended. Thank you for your interest."),
}


def consent_wording(settings: StoreSettings) -> Text:
    """The sentence that is agreed to by ticking the box; made from the settings alone, so that it can be kept."""
    return Text(
        zh=f"我同意{settings.headline or '本品牌'}向我发送优惠短信，可随时回复 R 退订。",
        en=f"I agree to receive offers from {settings.headline or 'this brand'} by text message; reply R to stop.",
    )


def write_landing(placement: Placement, settings: StoreSettings) -> Landing:
    """The page of one place; an event asks people to check in, everything else to join."""
    is_event = placement.detail.get("place") == "event"
    fields = [LandingField(name="phone", kind="phone", label=PHONE)]
    if settings.asks_receipt and not is_event:
        fields.append(LandingField(name="receipt", kind="text", label=RECEIPT, is_required=False))
    if settings.asks_consent:
        fields.append(LandingField(name="consent", kind="consent", label=consent_wording(settings), is_required=False))
    headline = str(placement.detail.get("headline") or settings.headline or placement.brand or placement.name)
    welcome = Text(zh=settings.welcome_zh, en=settings.welcome_en)
    return Landing(
        title=Text(zh=headline, en=headline),
        texts=(EVENT if is_event else welcome,),
        fields=tuple(fields),
        button=CHECK_IN if is_event else JOIN,
        done=CHECKED_IN if is_event else JOINED,
        refusals=REFUSALS,
        gift=_gift(placement),
        gift_stock=_stock(placement),
    )


def _gift(placement: Placement) -> Text | None:
    zh, en = str(placement.detail.get("gift_zh") or ""), str(placement.detail.get("gift_en") or "")
    return Text(zh=zh or en, en=en or zh) if (zh or en) and _stock(placement) else None


def _stock(placement: Placement) -> int:
    stock = placement.detail.get("gift_stock")
    return stock if isinstance(stock, int) and not isinstance(stock, bool) and stock > 0 else 0
