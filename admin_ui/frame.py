"""The frame round every page: who is signed in, which brand, which language, which pages; then the page itself."""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from admin_ui import doors, parts, states, url
from admin_ui.client import ApiError
from admin_ui.pages import PAGES, PageDef
from admin_ui.session import NO_BRAND, Here, api, enter, token
from admin_ui.shapes.me import Brand, Me
from admin_ui.simulator import day_button
from admin_ui.views import overview
from admin_ui.words import LANGUAGES, plain, t

STATIC = Path(__file__).parent / "static"

_tell_document = st.components.v2.component("siyu_document", js=(STATIC / "document.js").read_text(encoding="utf-8"))


def run() -> None:
    """One run of the app. The frame's own controls come before the menu, which depends on what they say."""
    st.set_page_config(page_title="Siyu 私域", page_icon=str(STATIC / "icon.png"), layout="wide")
    st.html(STATIC / "frame.css")
    found = _who()
    _language(found if isinstance(found, Me) else None)
    if found is None:
        _only(states.sign_in)
    elif isinstance(found, ApiError):
        _only(lambda: states.draw_error(found))
    else:
        _work(found)


def _who() -> Me | ApiError | None:
    if not token():
        return None
    try:
        return api().read(Me, "/v1/me")
    except ApiError as error:
        return error


def _language(me: Me | None) -> None:
    if "lang" not in st.session_state:
        wanted = (me.user.language if me else None) or (st.context.locale or "zh")[:2]
        st.session_state["lang"] = "en" if wanted == "en" else "zh"
    with st.sidebar, st.container(key="language_box"):
        chosen = url.choose("lang", "Language", LANGUAGES, "", {"zh": "中文", "en": "English"}.__getitem__)
    _tell_document(data="zh-CN" if chosen == "zh" else "en", key="html_lang")


def _work(me: Me) -> None:
    with st.sidebar:
        brand = _brand(me)
        _reader(me)
    moment = Here(api(), me, brand)
    enter(moment)
    with st.sidebar:
        day_button(moment)
    pages = {page.code: _registered(page, moment) for page in PAGES}
    st.session_state["_pages"] = pages
    page = st.navigation(_menu(pages, _home(pages["overview"])), expanded=True)
    parts.said()
    page.run()


def _menu(pages: Mapping[str, StreamlitPage], home: StreamlitPage) -> dict[str, list[StreamlitPage]]:
    """The pages by group. Hidden ones stand apart, so that a group of which a role sees nothing has no heading."""
    menu = {"": [home]}
    for one in PAGES:
        page = pages[one.code]
        group = "" if page.visibility == "hidden" else t(f"frame.group_{one.group}")
        menu.setdefault(group, []).append(page)
    return menu


def _brand(me: Me) -> Brand:
    by_id = {brand.id: brand for brand in me.tenants}
    with st.container(key="brand_box"):
        if not by_id:
            return NO_BRAND
        if len(by_id) == 1:
            st.markdown(f"**{plain(me.tenants[0].name)}**")
            return me.tenants[0]
        chosen = url.select("brand", t("frame.brand"), list(by_id), me.tenants[0].id, lambda code: by_id[code].name)
    return by_id[chosen]


def _reader(me: Me) -> None:
    with st.container(key="reader_box", horizontal=True, vertical_alignment="center"):
        st.caption(plain(me.user.name or me.user.email))
        doors.sign_out()


def _only(draw: Callable[[], None]) -> None:
    """One body for every address: the addresses stay, so that signing in comes back to the same page."""
    pages = [st.Page(draw, title=t(f"{page.code}.title"), url_path=page.code) for page in PAGES]
    st.navigation([_home(draw), *pages], position="hidden").run()


def _home(target: StreamlitPage | Callable[[], None]) -> StreamlitPage:
    """The bare address. Streamlit gives its default page no other, so that `/overview` needs a page of its own."""
    if isinstance(target, StreamlitPage):
        return st.Page(lambda: st.switch_page(target), title="Siyu 私域", default=True, visibility="hidden")
    return st.Page(target, title="Siyu 私域", default=True)


def _registered(page: PageDef, moment: Here) -> StreamlitPage:
    """Pages of other roles stay registered but hidden: an unregistered address would answer in Streamlit's English."""
    opens = page.opens_for(moment)
    # Before the first brand there is nothing to forbid: every address says what to do first.
    closed = states.forbidden_page(page.scopes) if moment.brand.id or page.of_agency else overview.no_brand
    return st.Page(
        _body(page) if opens else closed,
        title=t(f"{page.code}.title"),
        icon=page.icon,
        url_path=page.code,
        visibility="visible" if opens else "hidden",
    )


def _body(page: PageDef) -> Callable[[], None]:
    """The page in one fragment: a filter redraws the page, not the frame."""

    @st.fragment
    def body() -> None:
        states.guarded(page.draw)

    return body
