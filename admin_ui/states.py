"""The states a page can be in besides working, each drawn by one function, each with what to do next."""

from collections.abc import Callable

import streamlit as st

from admin_ui import doors
from admin_ui.client import ApiError, Expired, Forbidden, NotThere, Unreachable
from admin_ui.words import maybe, plain, t


def guarded(draw: Callable[[], None]) -> None:
    """Draw, or draw why not. Catches what the API may answer and nothing else."""
    try:
        draw()
    except ApiError as error:
        draw_error(error)


def draw_error(error: ApiError) -> None:
    """The state that belongs to an error."""
    request_id = error.problem.request_id
    match error:
        case Expired():
            expired()
        case Forbidden():
            forbidden(request_id)
        case NotThere():
            gone(request_id)
        case Unreachable():
            unreachable(request_id)
        case _:
            failed(error)


def sign_in() -> None:
    """Nobody is signed in."""
    with _panel("sign_in"):
        st.header(t("states.sign_in_title"), anchor=False)
        st.write(t("states.sign_in_text"))
        doors.sign_in()


def expired() -> None:
    """Signed out meanwhile: the page stays as it is, the sign-in opens beside it."""
    with _panel("expired"):
        st.header(t("states.expired_title"), anchor=False)
        st.write(t("states.expired_text"))
        st.link_button(t("states.sign_in"), doors.login_url(), type="primary")


def forbidden(request_id: str = "", needs: str = "") -> None:
    """The role does not allow this page."""
    with _panel("forbidden"):
        st.header(t("states.forbidden_title"), anchor=False)
        st.write(t("states.forbidden_text"))
        if needs:
            st.caption(t("states.forbidden_needs", scope=plain(needs)))
        _request(request_id)


def forbidden_page(scopes: tuple[str, ...]) -> Callable[[], None]:
    """The body of a page that the role does not open."""
    return lambda: forbidden(needs=" / ".join(scopes))


def gone(request_id: str = "") -> None:
    """Nothing by this address, or not for this reader; both look the same."""
    with _panel("gone"):
        st.header(t("states.gone_title"), anchor=False)
        st.write(t("states.gone_text"))
        _request(request_id)


def unreachable(request_id: str = "") -> None:
    """The API is down or restarting."""
    with _panel("unreachable"):
        st.header(t("states.unreachable_title"), anchor=False)
        st.write(t("states.unreachable_text"))
        st.button(t("states.retry"), key="retry_unreachable", type="primary")
        _request(request_id)


def failed(error: ApiError) -> None:
    """Something else went wrong: what, what still works, what to do, and the id to tell us."""
    with _panel("failed"):
        st.header(t("states.failed_title"), anchor=False)
        st.write(why(error))
        st.caption(t("states.failed_text"))
        st.button(t("states.retry"), key="retry_failed")
        _request(error.problem.request_id)


def why(error: ApiError) -> str:
    """The problem in the reader's words when its code is one we know, else as the API said it."""
    said = error.problem.detail or error.problem.title or error.problem.code
    return maybe(f"problems.{error.problem.code}", plain(said))


def complain(error: ApiError) -> None:
    """A refused action, beside the form it came from; the page goes on."""
    lines = [why(error)]
    lines += [
        f"- {plain(field.path)}: {maybe(f'problems.{field.code}', plain(field.message))}" for field in error.fields
    ]
    if error.problem.request_id:
        lines.append(f"\n{t('states.request', id=error.problem.request_id)}")
    st.error("\n".join(lines))


def empty(title: str, text: str) -> st.delta_generator.DeltaGenerator:
    """Nothing here yet; the caller puts the one next step into what this returns."""
    box = _panel("empty")
    box.header(title, anchor=False)
    box.write(text)
    return box


def _panel(kind: str) -> st.delta_generator.DeltaGenerator:
    return st.container(border=True, key=f"state_{kind}", width=640)


def _request(request_id: str) -> None:
    if request_id:
        st.caption(t("states.request", id=plain(request_id)))
