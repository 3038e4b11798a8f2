"""The claim page: what a scanned host's card, a claim link or a typed spoken code shows, and what its form says."""

from core.sdk import (
    Code,
    ConsentGiven,
    Detail,
    Event,
    IdentityClaim,
    Landing,
    LandingField,
    Placement,
    Request,
    Text,
    Touch,
)
from plugins.livestream.settings import LiveSettings
from plugins.livestream.words import read_code

PHONE = Text(zh="手机号", en="Phone number")
SPOKEN = Text(zh="主播说的口令", en="The code that the host said")
BUTTON = Text(zh="领取", en="Claim")
REFUSALS = {
    "used": Text(
        zh="这个领取码已经用过了，每个人的领取码只能用一次。",
        en="This claim code has been used; each person's code works once.",
    ),
    "unknown": Text(zh="没有找到这个领取码，请向主播核对。", en="We cannot find this code. Please ask the host."),
    "mistyped": Text(zh="领取码输错了，请再输一遍。", en="The code has a typing mistake. Please try again."),
    "closed": Text(zh="这场直播的福利已经结束，谢谢你的关注。", en="This session's offer has ended. Thank you."),
}


def write_landing(placement: Placement, code: Code, settings: LiveSettings) -> Landing:
    """The page. A code of one's own says who one is; on the page of the whole session one types what the host said."""
    fields = [LandingField(name="phone", kind="phone", label=PHONE)]
    if placement.detail.get("spoken") and not code.is_personal:
        fields.insert(0, LandingField(name="spoken", kind="text", label=SPOKEN))
    if settings.asks_consent:
        wording = consent_wording(settings)
        fields.append(LandingField(name="consent", kind="consent", label=wording, is_required=False))
    return Landing(
        title=Text(zh=settings.headline, en=settings.headline),
        texts=(Text(zh=settings.gift_zh, en=settings.gift_en or settings.gift_zh),),
        fields=tuple(fields),
        button=BUTTON,
        done=Text(zh=settings.done_zh, en=settings.done_en or settings.done_zh),
        refusals={**REFUSALS},
    )


def consent_wording(settings: LiveSettings) -> Text:
    """The sentence that a person agrees to; made from the settings alone, so that it can be kept."""
    return Text(
        zh=f"我同意接收“{settings.headline}”的优惠短信，可随时回复 R 退订。",
        en=f"I agree to receive offers of “{settings.headline}” by text message; reply R to stop.",
    )


def read_claim(request: Request, settings: LiveSettings) -> list[Event]:
    """A posted form. What was typed as the spoken code finds the session by the time of the claim."""
    who = (IdentityClaim(kind="phone", value=request.form.get("phone", "")),)
    spoken = read_code(request.form.get("spoken", ""))
    detail: Detail = {"spoken": spoken} if spoken else {}
    claim = Touch(
        event_id=f"claim-{request.id}",
        at=request.received_at,
        who=who,
        kind="redeem",
        placement_id=None if spoken else request.placement_id,
        code=None if spoken else request.code,
        detail=detail,
    )
    if not request.form.get("consent"):
        return [claim]
    agreed = ConsentGiven(
        event_id=f"consent-{request.id}",
        at=request.received_at,
        who=who,
        medium="sms",
        wording=consent_wording(settings).zh,
    )
    return [claim, agreed]
