"""`/l/<code>`: the page behind a shared code whose link leads nowhere else. A GET only looks; the POST checks in.

Works at phone size, without script, in Chinese and English.
"""

from flask import Response, current_app, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.ingest.card_words import WORDS, draw_fields, say
from core.ingest.claiming import ClaimRefused, Refusal
from core.ingest.redemptions import judge_answers
from core.placements.front_door import redirects_of
from core.placements.visitors import read_visitor
from core.sdk.failures import ChannelFailure
from core.sdk.placements import Landing
from core.sdk.values import Text
from core.stores.checking_in import Spot, check_in, landing_of, open_spot
from core.stores.gifts import Handed
from core.web import public
from core.web.addresses import base_address
from core.web.pages import language_of_request, page

api = APIBlueprint("spot_pages", __name__, url_prefix="/l")

UNKNOWN = Text(zh="没有找到这个码，可能已经停用。", en="We cannot find this code; it may be out of use.")
UNKNOWN_TITLE = Text(zh="没有找到", en="Not found")
CLOSED = Text(zh="活动已经结束，谢谢你的关注。", en="This has ended. Thank you for your interest.")
LATER = Text(zh="刚才没有记下来，请再试一次。", en="That was not recorded; please try again.")


REFUSED = {
    "used": Text(zh="这个领取码已经用过了，只能用一次。", en="This claim code has been used; it works once."),
    "unknown": Text(zh="没有这个口令或领取码，请核对后再试。", en="There is no such code. Please check and try again."),
}


class SpotPath(BaseModel):
    """A tracked link's code."""

    code: str = Field(max_length=40)


class ClaimPath(SpotPath):
    """A tracked link's code, and what makes its page one person's."""

    token: str = Field(max_length=40)


@api.get("/<code>")
@public
def show_spot(path: SpotPath) -> Response:
    """What the place offers. Records nothing: the scan was recorded by the link that led here."""
    return _show(path.code, "")


@api.get("/<code>/<token>")
@public
def show_claim(path: ClaimPath) -> Response:
    """What one person may claim."""
    return _show(path.code, path.token)


@api.post("/<code>")
@public
def enter_spot(path: SpotPath) -> Response:
    """Check in."""
    return _enter(path.code, "")


@api.post("/<code>/<token>")
@public
def enter_claim(path: ClaimPath) -> Response:
    """Claim, once."""
    return _enter(path.code, path.token)


def _show(code: str, token: str) -> Response:
    spot = _open(code, token)
    return spot if isinstance(spot, Response) else show_form(spot, landing_of(spot), {}, [])


def _enter(code: str, token: str) -> Response:
    spot = _open(code, token)
    if isinstance(spot, Response):
        return spot
    landing = landing_of(spot)
    answers, wrong = judge_answers(landing.fields, request.form)
    if wrong:
        return show_form(spot, landing, answers, sorted(wrong.items()))
    try:
        handed = check_in(spot, landing, answers, visitor=read_visitor(request.headers.get("Cookie", "")))
    except ClaimRefused as refused:
        if refused.reason == "unknown":  # guessing must not pay
            redirects_of(current_app).misses.spend(request.remote_addr or "")
        return _refuse(spot, landing, refused.reason)
    except ChannelFailure:
        return _say(spot.brand, LATER, landing.title, status=503)
    return _show_done(spot, landing, handed)


def tell_gift(landing: Landing, handed: Handed | None, language: str) -> str:
    """What to say of the gift: its number, that it was had before, or that there is none left."""
    if handed is None or landing.gift is None:
        return ""
    gift = say(landing.gift, language)
    if handed.number is None:
        return f"{gift}已经送完了。" if language == "zh" else f"All gifts are gone: {gift}."
    if language == "zh":
        return f"{gift}，第 {handed.number} 份" + ("。请给店员看这一页领取。" if handed.is_new else "，之前已经领过。")
    told = "show this page to the staff." if handed.is_new else "you had it before."
    return f"{gift}, number {handed.number}: {told}"


def show_form(spot: Spot, landing: Landing, answers: dict[str, str], wrong: list[tuple[str, str]]) -> Response:
    """The form with what was typed and what is wrong with it."""
    language = language_of_request()
    names = {name for name, _ in wrong}
    return page(
        "core.stores",
        "spot.html",
        422 if wrong else 200,
        state="form",
        brand=spot.brand,
        title=say(landing.title, language),
        texts=[say(text, language) for text in landing.texts],
        gift=say(landing.gift, language) if landing.gift and landing.gift_stock else "",
        problems=sorted({say(WORDS[problem], language) for _, problem in wrong}),
        fields=draw_fields(landing.fields, answers, names, language),
        button=say(landing.button, language),
        action=request.path,
        place=" · ".join(part for part in (spot.placement.name, spot.code.label) if part),
    )


def _show_done(spot: Spot, landing: Landing, handed: Handed | None) -> Response:
    language = language_of_request()
    told = tell_gift(landing, handed, language)
    number = handed.number if handed else None
    return _say(spot.brand, landing.done, landing.title, state="done", more=told, number=number)


def _refuse(spot: Spot, landing: Landing, reason: Refusal) -> Response:
    text = landing.refusals.get(reason, REFUSED[reason])
    return _say(spot.brand, text, landing.title, status=409 if reason == "used" else 404)


def _open(code: str, token: str) -> Spot | Response:
    misses, address = redirects_of(current_app).misses, request.remote_addr or ""
    if not misses.allows(address):
        return _say("Siyu 私域", WORDS["slow_down"], UNKNOWN_TITLE, status=429)
    spot = open_spot(code, token, base=base_address())
    if spot is None:
        misses.spend(address)
        return _say("Siyu 私域", UNKNOWN, UNKNOWN_TITLE, status=404)
    if spot.state == "closed":
        landing = landing_of(spot)
        return _say(spot.brand, landing.refusals.get("closed", CLOSED), landing.title, status=410)
    if spot.state == "used":
        return _refuse(spot, landing_of(spot), "used")
    return spot


def _say(
    brand: str,
    text: Text,
    title: Text,
    *,
    status: int = 200,
    state: str = "said",
    more: str = "",
    number: int | None = None,
) -> Response:
    language = language_of_request()
    return page(
        "core.stores",
        "spot.html",
        status,
        state=state,
        brand=brand,
        title=say(title, language),
        message=say(text, language),
        more=more,
        number=number,
    )
