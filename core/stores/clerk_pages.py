"""`/s/<secret>`: a clerk's page on their own phone. No login and no personal data: a code to show, counts, a check-in.

The address is the key; it is taken back with one click. Answers to a check-in are carried by a redirect, so that a
reload checks nobody in twice.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from core import clock
from core.db import reading
from core.ingest.card_words import WORDS, say
from core.ingest.redemptions import judge_answers
from core.placements.codes import PREFIX, SCANNED
from core.placements.front_door import redirects_of
from core.placements.links import list_links
from core.placements.models import Placement
from core.placements.service import placement_by_number
from core.sdk.failures import ChannelFailure
from core.sdk.printing import qr_svg
from core.sdk.values import Text
from core.stores.board import list_places
from core.stores.checking_in import Spot, check_in, landing_of, open_spot
from core.stores.clerks import PREFIX as CLERK_PREFIX
from core.stores.clerks import Clerk, find_clerk
from core.stores.gifts import count_given
from core.stores.today import Today, count_today
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.web import public
from core.web.addresses import base_address
from core.web.pages import language_of_request, page

api = APIBlueprint("clerk_pages", __name__, url_prefix="/s")
GONE = Text(zh="这个页面已经停用，请向店长要新的链接。", en="This page is out of use; ask your manager for a new link.")
GONE_TITLE = Text(zh="链接已停用", en="Link out of use")
SAID: dict[str, Text] = {
    "in": Text(zh="已签到。", en="Checked in."),
    "new": Text(zh="已签到，请给礼品：第 {n} 份。", en="Checked in. Hand over the gift: number {n}."),
    "again": Text(
        zh="已签到。礼品之前领过（第 {n} 份），不再给。", en="Checked in. They had theirs (number {n}) before."
    ),
    "none": Text(zh="已签到。礼品已经送完。", en="Checked in. The gifts are gone."),
    "wrong": WORDS["phone"],
    "failed": Text(zh="没有记下来，请再试一次。", en="That was not recorded; please try again."),
}


class ClerkPath(BaseModel):
    """The secret address of a page."""

    secret: str = Field(max_length=64)


@dataclass(frozen=True)
class Choice:
    """A place at which the clerk may check somebody in; `left` gifts, None where there are none to give."""

    code: str
    name: str
    left: int | None


@dataclass(frozen=True)
class Desk:
    """Everything the page shows."""

    brand: str
    name: str
    code: str
    today: Today
    choices: list[Choice]
    clock: str


@api.get("/<secret>")
@public
def show_clerk(path: ClerkPath) -> Response:
    """The page."""
    clerk = _enter(path.secret)
    if isinstance(clerk, Response):
        return clerk
    language = language_of_request()
    with reading(clerk.tenant) as session:
        desk = _desk(session, placement_by_number(session, clerk.placement_number))
    said = SAID.get(request.args.get("said", ""))
    number = request.args.get("n", "")
    return page(
        "core.stores",
        "clerk.html",
        brand=desk.brand,
        name=desk.name,
        qr="data:image/svg+xml," + quote(qr_svg(f"{base_address()}{PREFIX}{desk.code}?{SCANNED}")),
        today=desk.today,
        revenue=_money(desk.today.revenue_minor, desk.today.currency),
        clock=desk.clock,
        choices=desk.choices,
        said=say(said, language).format(n=number if number.isdigit() and len(number) < 9 else "") if said else "",
        is_wrong=request.args.get("said") in ("wrong", "failed", "none"),
        action=f"{CLERK_PREFIX}{path.secret}",
    )


def _money(minor: int, currency: str) -> str:
    amount = from_minor(minor, currency)
    return f"¥{amount}" if currency == "CNY" else f"{amount} {currency}"


@api.post("/<secret>")
@public
def check_somebody_in(path: ClerkPath) -> AnyResponse:
    """Check a customer in by their phone number; nothing of them comes back."""
    clerk = _enter(path.secret)
    if isinstance(clerk, Response):
        return clerk
    spot = _chosen(clerk, request.form.get("at", ""))
    if spot is None or spot.state != "form":
        return _tell(path.secret, "failed")
    landing = landing_of(spot)
    asked = [field for field in landing.fields if field.kind != "consent"]  # a clerk consents for nobody
    answers, wrong = judge_answers(asked, request.form)
    if wrong:
        return _tell(path.secret, "wrong")
    try:
        handed = check_in(spot, landing, answers, clerk=clerk.placement_id)
    except ChannelFailure:
        return _tell(path.secret, "failed")
    if handed is None:
        return _tell(path.secret, "in")
    if handed.number is None:
        return _tell(path.secret, "none")
    return _tell(path.secret, "new" if handed.is_new else "again", number=handed.number)


def _tell(secret: str, said: str, *, number: int | None = None) -> AnyResponse:
    query = {"said": said, **({"n": str(number)} if number is not None else {})}
    return redirect(f"{CLERK_PREFIX}{secret}?{urlencode(query)}", 303)


def _enter(secret: str) -> Clerk | Response:
    misses, address = redirects_of(current_app).misses, request.remote_addr or ""
    clerk = find_clerk(secret) if misses.allows(address) else None
    if clerk is None:
        misses.spend(address)
        language = language_of_request()
        return page(
            "core.stores",
            "spot.html",
            404,
            state="said",
            brand="Siyu 私域",
            title=say(GONE_TITLE, language),
            message=say(GONE, language),
            more="",
            number=None,
        )
    return clerk


def _desk(session: Session, placement: Placement) -> Desk:
    tenant = tenant_now(session)
    return Desk(
        brand=tenant.name,
        name=placement.name,
        code=_code_of(session, placement),
        today=count_today(session, placement),
        choices=[_choice(session, place) for place in _places_of(session, placement)],
        clock=f"{clock.now().astimezone(ZoneInfo(tenant.timezone)):%H:%M}",
    )


def _places_of(session: Session, placement: Placement) -> list[Placement]:
    """The clerk's own place, and the events that run now in the same store or in no store."""
    store = str(placement.detail.get("belongs_to") or "").casefold()
    now = clock.now()
    events = [
        place
        for place in list_places(session)
        if place.detail.get("place") == "event"
        and place.channel_number == placement.channel_number
        and place.state == "active"
        and place.starts_at <= now
        and (place.ends_at is None or place.ends_at >= now)
        and str(place.detail.get("belongs_to") or store).casefold() == store
        and place.number != placement.number
    ]
    return [*(event for event in events if _code_of(session, event)), placement]


def _choice(session: Session, place: Placement) -> Choice:
    stock = place.detail.get("gift_stock")
    left = max(stock - count_given(session, place), 0) if isinstance(stock, int) and stock else None
    return Choice(_code_of(session, place), place.name, left)


def _code_of(session: Session, placement: Placement) -> str:
    return next((link.code for link in list_links(session, placement) if link.state == "active"), "")


def _chosen(clerk: Clerk, code: str) -> Spot | None:
    """The place chosen in the form, if it is one that this clerk's page offers."""
    with reading(clerk.tenant) as session:
        placement = placement_by_number(session, clerk.placement_number)
        offered = {_code_of(session, place) for place in _places_of(session, placement)}
    spot = open_spot(code, base=base_address()) if code in offered else None
    return spot if spot and spot.tenant == clerk.tenant else None
