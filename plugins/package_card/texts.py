"""The words of the card's page, in both languages."""

from typing import Literal

from core.sdk import Landing, LandingField, Text
from plugins.package_card.settings import CardSettings
from plugins.package_card.wechat.sign_in import sign_in_address

PHONE = Text(zh="手机号", en="Phone number")
BUTTON = Text(zh="领取", en="Claim")
REFUSALS: dict[Literal["used", "unknown", "mistyped", "closed", "early", "void", "limited"], Text] = {
    "used": Text(
        zh="这张卡已经领取过了，每张卡只能领一次。如果不是你本人领取，请联系客服。",
        en="This card has been claimed already; each card works once. If that was not you, please contact us.",
    ),
    "unknown": Text(
        zh="没有找到这张卡。请核对卡片上的序列号，或联系客服。",
        en="We cannot find this card. Please check the serial on the card, or contact us.",
    ),
    "mistyped": Text(
        zh="序列号输错了。请对照卡片再输一遍，一共 18 位。",
        en="The serial has a typing mistake. Please compare it with the card and try again; it has 18 characters.",
    ),
    "early": Text(
        zh="这张卡要等包裹寄出后才能领取。请把卡片留好，收到包裹后再扫一次，礼遇还在。",
        en="This card works once its parcel is on the way. Please keep it and scan again then; nothing is lost.",
    ),
    "limited": Text(
        zh="领取次数已经到了上限。这张卡我们替你留着，请联系客服，核实后就能补上。",
        en="That is as many as one person can claim. We keep this card for you: contact us, and we will look into it.",
    ),
    "void": Text(
        zh="这张卡已经停用，不能领取。如果它在你的包裹里，请联系客服补发。",
        en="This card is out of use. If it came in your parcel, please contact us and we will make it good.",
    ),
    "closed": Text(zh="这次活动已经结束，谢谢你的关注。", en="This offer has ended. Thank you for your interest."),
}


def consent_wording(settings: CardSettings) -> Text:
    """The sentence that a person agrees to by ticking the box; made from the settings alone, so that it can be kept."""
    return Text(
        zh=f"我同意{settings.headline or '本品牌'}向我发送优惠短信，可随时回复 R 退订。",
        en=f"I agree to receive offers from {settings.headline or 'this brand'} by text message; reply R to stop.",
    )


def write_landing(brand: str, settings: CardSettings) -> Landing:
    """The page of a card: its text, the phone field, and the consent box where it is asked for."""
    fields = [LandingField(name="phone", kind="phone", label=PHONE)]
    if settings.asks_consent:
        fields.append(LandingField(name="consent", kind="consent", label=consent_wording(settings), is_required=False))
    return Landing(
        title=Text(zh=settings.headline or brand or "会员礼", en=settings.headline or brand or "Your gift"),
        texts=(Text(zh=settings.gift_zh, en=settings.gift_en or settings.gift_zh),),
        fields=tuple(fields),
        button=BUTTON,
        done=Text(zh=settings.done_zh, en=settings.done_en or settings.done_zh),
        refusals=REFUSALS,
        sign_in=sign_in_address(settings),
        welcome=Text(zh=settings.welcome_zh, en=settings.welcome_en or settings.welcome_zh) if settings.joins else None,
        most_a_person=settings.most_a_person,
        most_an_address=settings.most_an_address,
    )
