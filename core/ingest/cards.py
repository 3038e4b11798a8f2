"""`/c/<serial>`: the page behind a printed card. A GET only looks; the POST redeems, once.

Works at phone size, without script, in Chinese and English.
"""

from urllib.parse import quote

from flask import Response, current_app, redirect, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

import core.ingest.placement_counts as placement_counts  # noqa: F401 - says how placements' figures are counted
from core import settings
from core.ingest.card_limits import LimitReached, limits_of
from core.ingest.card_words import TITLES, WORDS, State, draw_fields, say, say_when
from core.ingest.click_facts import CARD_MARK
from core.ingest.redemptions import Card, judge_answers, keep_refused, landing_of, open_card, redeem_card
from core.placements.bots import is_bot
from core.placements.card_people import Whence
from core.placements.cards import AlreadyRedeemed, NotActive
from core.placements.front_door import redirects_of
from core.placements.visitors import new_visitor, read_visitor, visitor_cookie
from core.rewards.claiming import token_for
from core.sdk.placements import Landing
from core.sdk.serials import printed_serial, read_serial
from core.sdk.values import Text
from core.web import public
from core.web.addresses import base_address
from core.web.pages import language_of_request, page

api = APIBlueprint("cards", __name__, url_prefix="/c")
STATUS: dict[State, int] = {
    "used": 409,
    "unknown": 404,
    "mistyped": 404,
    "closed": 410,
    "early": 409,
    "void": 410,
    "limited": 409,
    "slow_down": 429,
    "later": 503,
}


class CardPath(BaseModel):
    """A serial, however it was typed."""

    serial: str = Field(max_length=100)


@api.get("/")
@public
def ask_serial() -> AnyResponse:
    """Where somebody types the serial by hand."""
    typed = request.args.get("serial", "").strip()[:100]
    if typed:
        return redirect(f"/c/{quote(read_serial(typed) or typed, safe='')}", 303)
    return _say("ask", None, None)


@api.get("/<serial>")
@public
def show_card(path: CardPath) -> AnyResponse:
    """What the card offers, or why it does not. Redeems nothing; the scan is journalled."""
    card = _open(path.serial)
    if isinstance(card, Response):
        return card
    landing = landing_of(card)
    visitor = read_visitor(request.headers.get("Cookie", ""))
    is_new = not visitor and not is_bot(request.environ)
    if is_new:
        visitor = new_visitor()
    _journal_scan(card.code.serial, visitor)
    if earned := _show_earned(card):
        return earned
    shown = _refuse(card, landing) if card.state != "form" else _show_form(card, landing, {}, {})
    if is_new:
        shown.headers.add("Set-Cookie", visitor_cookie(visitor, secure=settings.current().https))
    return shown


@api.post("/<serial>")
@public
def redeem_serial(path: CardPath) -> AnyResponse:
    """Redeem the card."""
    card = _open(path.serial)
    if isinstance(card, Response):
        return card
    landing, whence = landing_of(card), _whence()
    answers, wrong = judge_answers(landing.fields, request.form)
    if earned_before := _show_earned(card):
        return earned_before
    if card.state != "form":
        keep_refused(card, card.state, answers, whence=whence)
        return _refuse(card, landing)
    if wrong:
        return _show_form(card, landing, answers, wrong)
    try:
        earned = redeem_card(card, answers, whence=whence, limits=limits_of(landing), welcome=landing.welcome)
    except LimitReached as limit:
        keep_refused(card, limit.reason, answers, whence=whence)
        return _say("limited", card, landing)
    except (AlreadyRedeemed, NotActive):
        now = open_card(card.code.serial, base=base_address()) or card
        if now.state != "form":
            keep_refused(now, now.state, answers, whence=whence)
        return _refuse(now, landing)
    return redirect(f"/r/{earned}", 303) if earned else _say("done", card, landing)


def _whence() -> Whence:
    return Whence(read_visitor(request.headers.get("Cookie", "")), request.remote_addr or "")


def _open(typed: str) -> Card | Response:
    """The card, or the page that says why there is none."""
    serial = read_serial(typed)
    if serial is None:
        return _say("mistyped", None, None, typed=_in_groups(typed))
    misses, address = redirects_of(current_app).misses, request.remote_addr or ""
    if not misses.allows(address):
        return _say("slow_down", None, None)
    try:
        card = open_card(serial, base=base_address())
    except OperationalError:
        _journal_scan(serial, read_visitor(request.headers.get("Cookie", "")))
        return _say("later", None, None)
    if card is None:
        misses.spend(address)
        return _say("unknown", None, None, typed=printed_serial(serial))
    return card


def _show_earned(card: Card) -> AnyResponse | None:
    """Back to what the card earned, for the browser that redeemed it; nobody else is told that there is anything."""
    visitor = read_visitor(request.headers.get("Cookie", ""))
    earned = token_for(card.tenant, card.code_id, visitor=visitor) if card.state == "used" and visitor else None
    return redirect(f"/r/{earned}", 303) if earned else None


def _in_groups(typed: str) -> str:
    """What was typed, grouped as on the card, so that the slip is easy to see."""
    return printed_serial(typed) if typed.isalnum() else typed


def _journal_scan(serial: str, visitor: str) -> None:
    if request.method == "GET":
        redirects_of(current_app).record_hit(request.environ, CARD_MARK + serial, visitor=visitor, kind="scan")


def _show_form(card: Card, landing: Landing, answers: dict[str, str], wrong: dict[str, str]) -> Response:
    language = language_of_request()
    return page(
        "core.ingest",
        "card.html",
        422 if wrong else 200,
        state="form",
        brand=card.brand,
        title=say(landing.title, language),
        texts=[say(text, language) for text in landing.texts],
        problems=sorted({say(WORDS[problem], language) for problem in wrong.values()}),
        fields=draw_fields(landing.fields, answers, wrong, language),
        button=say(landing.button, language),
        action=f"/c/{card.code.serial}",
        serial=printed_serial(card.code.serial),
    )


def _refuse(card: Card, landing: Landing) -> Response:
    state: State = "closed" if card.state == "form" else card.state
    when = say_when(card.used_at, zone=card.zone, language=language_of_request()) if card.used_at else ""
    return _say(state, card, landing, when=when)


def _say(state: State, card: Card | None, landing: Landing | None, *, typed: str = "", when: str = "") -> Response:
    language = language_of_request()
    title, text = _words(state, landing)
    return page(
        "core.ingest",
        "card.html",
        STATUS.get(state, 200),
        state=state,
        brand=card.brand if card else "Siyu 私域",
        title=say(title, language),
        message=" ".join(part for part in (say(text, language), when) if part),
        serial=printed_serial(card.code.serial) if card else "",
        typed=typed,
    )


def _words(state: State, landing: Landing | None) -> tuple[Text, Text]:
    if state == "done" and landing is not None:
        return landing.title, landing.done
    refusals = landing.refusals if landing is not None else {}
    said = next((text for reason, text in refusals.items() if reason == state), None)
    return TITLES[state], said or WORDS[state]
