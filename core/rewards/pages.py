"""`/r/<token>`: what a redeemed card earned. Signing in at the vendor leads away from here and back to `/r/back`.

Works at phone size and, but for WeChat's own bridge, without script.
"""

import segno
from flask import Response, redirect, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response as AnyResponse

from core.rewards import claiming
from core.rewards.claiming import Earned
from core.rewards.states import CANCELLED, EARNED, FAILED, HELD, INTENDED, UNKNOWN, WAITING
from core.rewards.words import CONFIRM, CONFIRM_IN_SIMULATOR, OLD_WECHAT, SAID, SIGN_IN, TITLE
from core.sdk.simulated import MARK, lead_browser
from core.web import public
from core.web.addresses import base_address
from core.web.pages import language_of_request, page

api = APIBlueprint("earned_pages", __name__, url_prefix="/r")
WECHAT = "MicroMessenger"
NAMES = (
    *("amount", "coupon", "sign_in", "action", "qr", "hand_over", "simulated", "confirm", "old"),
    *("welcome", "code", "code_hint"),
)
"""What the template may be given; what is not, is empty."""

SOON, LATER = "2", "15"
"""Seconds until a page that waits for something looks again."""

_BY_STATE = {
    INTENDED: "preparing",
    UNKNOWN: "checking",
    FAILED: "failed",
    CANCELLED: "cancelled",
}


class EarnedPath(BaseModel):
    """What makes the page one person's."""

    token: str = Field(max_length=60)


@api.get("/back")
@public
def come_back() -> AnyResponse:
    """Somebody returns from signing in at the vendor."""
    given = [(name[:100], value[:2000]) for name, value in request.args.items(multi=True)][:20]
    token = claiming.end_sign_in(request.args.get("state", "")[:200], given)
    return redirect(f"/r/{token}", 303) if token else _absent()


@api.get("/<token>")
@public
def show_earned(path: EarnedPath) -> AnyResponse:
    """What was earned and how it stands. Changes nothing."""
    earned = claiming.open_earned(path.token)
    if earned is None:
        return _absent()
    return _draw(earned, path.token)


@api.get("/<token>/code")
@public
def show_code(path: EarnedPath) -> AnyResponse:
    """The picture of the live code."""
    found = claiming.open_code(path.token)
    if found is None:
        return _absent()
    shown = Response(found[0], content_type=found[1])
    shown.headers["Cache-Control"], shown.headers["X-Content-Type-Options"] = "no-store", "nosniff"
    return shown


@api.post("/<token>")
@public
def claim_earned(path: EarnedPath) -> AnyResponse:
    """Sign in at the vendor, so that it can be paid."""
    earned = claiming.open_earned(path.token)
    if earned is None:
        return _absent()
    base = base_address()
    address = claiming.sign_in_address(earned, base=base)
    if not address or not _may_sign_in(address):
        return _draw(earned, path.token)
    away = claiming.begin_sign_in(earned, path.token, address, back=f"{base}/r/back")
    return redirect(away or f"/r/{path.token}", 303)


def _absent() -> Response:
    language = language_of_request()
    return _page(404, "Siyu 私域", _say("absent", language), title=_title("absent", language))


def _draw(earned: Earned, token: str) -> Response:
    language, base = language_of_request(), base_address()
    can_sign_in, said = False, _what_to_say(earned)
    if said == "sign_in":
        address = claiming.sign_in_address(earned, base=base)
        can_sign_in = bool(address) and _may_sign_in(address)
        said = "by_brand" if not address else said if can_sign_in else "open_in_wechat"
        said = "again" if can_sign_in and earned.reason else said
    elif said == "confirm" and not _is_simulated(earned) and not _is_wechat():
        said = "open_in_wechat"
    shown = _page(
        200,
        earned.brand,
        _say(said, language),
        title=_title(earned.kind, language),
        amount=f"¥ {earned.amount_minor / 100:.2f}" if earned.kind == "transfer" and earned.state != HELD else "",
        coupon=earned.coupon,
        sign_in=(SIGN_IN.zh if language == "zh" else SIGN_IN.en) if can_sign_in else "",
        action=f"/r/{token}",
        qr=_qr(f"{base}/r/{token}") if said == "open_in_wechat" else "",
        **_confirming(earned, said, language),
        **_joining(earned, token, language),
    )
    if earned.join_state == "asked" and not shown.headers.get("Refresh"):
        shown.headers["Refresh"] = SOON
    if said in ("preparing", "checking"):
        shown.headers["Refresh"] = SOON if said == "preparing" else LATER
    return shown


def _joining(earned: Earned, token: str, language: str) -> dict[str, object]:
    """The live code below the reward, or that it is on its way."""
    if earned.welcome is None or earned.join_state == "failed":
        return {}
    is_there = earned.join_state in ("ready", "joined")
    return {
        "welcome": earned.welcome.zh if language == "zh" else earned.welcome.en,
        "code": f"/r/{token}/code" if is_there else "",
        "code_hint": _say("scan_code" if is_there else "making_code", language),
    }


def _what_to_say(earned: Earned) -> str:
    if earned.kind == "none":
        return "done"
    if earned.state == HELD:
        return earned.reason if earned.reason in SAID else "budget"
    if earned.state == EARNED:
        return "preparing" if earned.is_on_its_way else "sign_in"
    if earned.state == WAITING:
        return "confirm" if earned.hand_over else "checking"
    return _BY_STATE.get(earned.state, "coupon" if earned.kind == "coupon" else "arrived")


def _confirming(earned: Earned, said: str, language: str) -> dict[str, object]:
    if said != "confirm":
        return {}
    is_simulated = _is_simulated(earned)
    words = CONFIRM_IN_SIMULATOR if is_simulated else CONFIRM
    link = f"https://api.mch.weixin.qq.com/simulated/confirm?package={earned.hand_over.get('package', '')}&m={MARK}"
    return {
        "hand_over": earned.hand_over,
        "simulated": lead_browser(link) if is_simulated else "",
        "confirm": words.zh if language == "zh" else words.en,
        "old": OLD_WECHAT.zh if language == "zh" else OLD_WECHAT.en,
    }


def _may_sign_in(address: str) -> bool:
    """Only WeChat's own browser knows who it is; a simulated account's person may be in any."""
    return _is_wechat() or lead_browser(address) != address


def _is_wechat() -> bool:
    return WECHAT in request.headers.get("User-Agent", "")


def _is_simulated(earned: Earned) -> bool:
    return any(MARK in value for value in earned.hand_over.values())


def _qr(url: str) -> str:
    return segno.make(url, error="m", micro=False).svg_data_uri(scale=4, border=4)


def _title(name: str, language: str) -> str:
    return TITLE[name].zh if language == "zh" else TITLE[name].en


def _say(name: str, language: str) -> str:
    return SAID[name].zh if language == "zh" else SAID[name].en


def _page(status: int, brand: str, said: str, **values: object) -> Response:
    empty = dict.fromkeys(NAMES, "")
    shown = page("core.rewards", "earned.html", status, brand=brand, said=said, **(empty | values))
    shown.headers["Cache-Control"] = "no-store"
    return shown
