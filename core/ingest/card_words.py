"""What the card's page says when the plugin says nothing, in words a customer understands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from core.sdk.placements import Landing, LandingField
from core.sdk.values import Text

State = Literal[
    "form", "done", "used", "unknown", "mistyped", "closed", "early", "void", "limited", "ask", "slow_down", "later"
]

WORDS: dict[str, Text] = {
    "used": Text(
        zh="这张卡已经领取过了，每张卡只能领一次。",
        en="This card has been claimed already; each card works once.",
    ),
    "unknown": Text(
        zh="没有找到这张卡。请核对卡片上的序列号。",
        en="We cannot find this card. Please check the serial on the card.",
    ),
    "mistyped": Text(
        zh="序列号里有输错的字符。请对照卡片再输一遍。",
        en="The serial has a typing mistake. Please compare it with the card and try again.",
    ),
    "closed": Text(zh="这次活动已经结束，谢谢你的关注。", en="This offer has ended. Thank you for your interest."),
    "early": Text(
        zh="这张卡要等包裹寄出后才能领取。请把卡片留好，收到包裹后再扫一次，礼遇还在。",
        en="This card works once its parcel is on the way. Please keep it and scan again then; nothing is lost.",
    ),
    "void": Text(
        zh="这张卡已经停用，不能领取。如果它在你的包裹里，请联系客服补发。",
        en="This card is out of use. If it came in your parcel, please contact us and we will make it good.",
    ),
    "limited": Text(
        zh="领取次数已经到了上限。这张卡我们替你留着，请联系客服，核实后就能补上。",
        en="That is as many as one person can claim. We keep this card for you: contact us, and we will look into it.",
    ),
    "ask": Text(zh="请输入卡片上印的序列号。", en="Please type the serial printed on the card."),
    "slow_down": Text(
        zh="尝试得太频繁了，请过一分钟再试。", en="Too many attempts. Please wait a minute and try again."
    ),
    "later": Text(zh="现在有点忙，请过一分钟再打开。", en="We are busy for a moment. Please try again in a minute."),
    "phone": Text(zh="请填写正确的手机号。", en="Please give a valid phone number."),
    "email": Text(zh="请填写正确的邮箱。", en="Please give a valid e-mail address."),
    "missing": Text(zh="请填写必填的内容。", en="Please fill in what is required."),
}

TITLES: dict[State, Text] = {
    "used": Text(zh="已经领取过了", en="Already claimed"),
    "unknown": Text(zh="没有找到这张卡", en="Card not found"),
    "mistyped": Text(zh="序列号有误", en="Please check the serial"),
    "closed": Text(zh="活动已结束", en="This offer has ended"),
    "early": Text(zh="还没到领取的时候", en="A little too early"),
    "void": Text(zh="这张卡已停用", en="This card is out of use"),
    "limited": Text(zh="已到领取上限", en="No more for now"),
    "ask": Text(zh="输入序列号", en="Type the serial"),
    "slow_down": Text(zh="请稍等", en="One moment"),
    "later": Text(zh="请稍等", en="One moment"),
}


def say(text: Text, language: str) -> str:
    """The text in the reader's language."""
    return text.zh if language == "zh" else text.en


def draw_fields(
    fields: Sequence[LandingField], answers: Mapping[str, str], wrong: Collection[str], language: str
) -> list[dict[str, object]]:
    """The fields of a landing's form as its page draws them: what was typed stays, what is wrong is marked."""
    return [
        {
            "name": field.name,
            "kind": field.kind,
            "label": say(field.label, language),
            "required": field.is_required,
            "value": answers.get(field.name, ""),
            "wrong": field.name in wrong,
        }
        for field in fields
    ]


def say_when(at: datetime, *, zone: str, language: str) -> str:
    """When a card was claimed, in the brand's time."""
    local = at.astimezone(ZoneInfo(zone))
    if language == "zh":
        return f"领取时间：{local.year}年{local.month}月{local.day}日 {local:%H:%M}。"
    return f"Claimed on {local.day} {local:%B %Y, %H:%M}."


def plain_landing(brand: str) -> Landing:
    """The page when the plugin cannot make one: the card still works."""
    return Landing(
        title=Text(zh=brand, en=brand),
        texts=(Text(zh="留下手机号，领取这张卡的礼遇。", en="Leave your phone number to claim this card."),),
        fields=(LandingField(name="phone", kind="phone", label=Text(zh="手机号", en="Phone number")),),
        button=Text(zh="领取", en="Claim"),
        done=Text(zh="领取成功。", en="Done."),
    )
