"""The pages by which people come in: sign in, sign out, set a password from an invitation.

They take HTML forms and set one HttpOnly cookie. A form is taken from our own pages only, which is what keeps another
site from signing a browser in or out.
"""

from flask import Response, redirect, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response as AnyResponse

from core import audit, settings
from core.access import invitations, login, sessions, tokens
from core.access.callers import Caller, caller_of_session
from core.access.gate import cookie_name, site
from core.access.login_words import said
from core.db import platform_reading, platform_writing
from core.errors import Forbidden, Invalid, NotFound, SiyuError
from core.web import public
from core.web.pages import language_of_request, page

api = APIBlueprint("login", __name__)
FORM_LIMIT = 20_000


class InvitePath(BaseModel):
    """The token of an invitation link."""

    token: str = Field(max_length=100)


@api.get("/login")
@public
def show_login() -> Response:
    """The sign-in form; who is signed in already may go on or sign out."""
    who = _signed_in()
    if who is not None:
        return page("core.access", "signed_in.html", name=who.name, next=_next(request.args.get("next", "")))
    return _login_form(next_=request.args.get("next", ""), email="", wrong="")


@api.post("/login")
@public
def submit_login() -> AnyResponse:
    """Check e-mail and password, set the cookie, and go where the reader came from."""
    form = _form()
    email, password, next_ = form.get("email", "")[:254], form.get("password", "")[:1000], form.get("next", "")
    try:
        token = login.sign_in(email=email, password=password, address=request.remote_addr or "")
    except SiyuError as error:
        return _login_form(next_=next_, email=email, wrong=said(error, language_of_request()), error=error)
    _end_earlier()
    return _welcome(token, next_)


@api.post("/logout")
@public
def submit_logout() -> AnyResponse:
    """End the session and forget the cookie."""
    _form()
    _end_earlier()
    response = redirect("/login", 303)
    response.delete_cookie(cookie_name(), secure=settings.current().https, httponly=True, samesite="Lax")
    return response


@api.get("/invite/<token>")
@public
def show_invite(path: InvitePath) -> Response:
    """The form for a password of one's own."""
    return _invite_form_or_over(path.token)


@api.post("/invite/<token>")
@public
def submit_invite(path: InvitePath) -> AnyResponse:
    """Take the password and sign in."""
    form = _form()
    password = form.get("password", "")[:1000]
    try:
        if password != form.get("again", ""):
            raise Invalid("The two differ. / 两次输入不一致。", code="differ")
        token = invitations.set_password(
            token=path.token,
            password=password,
            address=request.remote_addr or "",
            language=language_of_request(),
        )
    except Invalid as error:
        return _invite_form_or_over(path.token, error)
    except SiyuError as error:
        return _over(error)
    return _welcome(token, "")


def _form() -> dict[str, str]:
    request.max_content_length = FORM_LIMIT
    headers = request.headers
    if not site().may_submit(origin=headers.get("Origin"), fetch_site=headers.get("Sec-Fetch-Site")):
        raise Forbidden("This form came from another site; open Siyu itself and try again.", code="other_site")
    return {name: text.replace("\0", "") for name, text in request.form.items()}


def _login_form(*, next_: str, email: str, wrong: str, error: SiyuError | None = None) -> Response:
    status = error.status if error else 200
    response = page("core.access", "login.html", status, next=_next(next_, default=""), email=email, wrong=wrong)
    if error is not None and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _invite_form_or_over(token: str, error: Invalid | None = None) -> Response:
    try:
        with platform_reading() as session:
            user = invitations.invited_person(session, token, lock=False)
    except NotFound as gone:
        return _over(gone)
    wrong = said(error, language_of_request()) if error else ""
    return page(
        "core.access", "invite.html", error.status if error else 200, name=user.name, email=user.email, wrong=wrong
    )


def _over(error: SiyuError) -> Response:
    chinese, is_gone = language_of_request() == "zh", isinstance(error, NotFound)
    if is_gone:
        title = "这个链接不能用了" if chinese else "This link no longer works"
    else:
        title = "请稍等" if chinese else "One moment"
    return page("core.access", "said.html", error.status, title=title, text=said(error, language_of_request()))


def _welcome(token: str, next_: str) -> AnyResponse:
    response = redirect(_next(next_), 303)
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(tokens.ABSOLUTE.total_seconds()),
        secure=settings.current().https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _next(address: str, *, default: str | None = None) -> str:
    return site().safe_next(address, default=_admin_ui() if default is None else default)


def _admin_ui() -> str:
    # The host that the browser used, because another name of the same machine would not get the cookie.
    config = settings.current()
    if config.https:
        return "/"
    host = request.host.rpartition(":")[0] or request.host
    return f"http://{host}:{config.ui_port}/"


def _signed_in() -> Caller | None:
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    with platform_reading() as session:
        return caller_of_session(session, token)


def _end_earlier() -> None:
    who = _signed_in()
    if who is None:
        return
    with platform_writing() as session, audit.acting_as(audit.Actor(f"user:{who.id}", who.agency_id)):
        sessions.end(session, request.cookies[cookie_name()])
        audit.record(session, "session.ended", f"user:{who.id}")
