"""Who is this? Search first; one contact with its story; merges to review or undo."""

import streamlit as st

from admin_ui import figures, listing, parts, states, url
from admin_ui.session import here
from admin_ui.shapes.contacts import Contact
from admin_ui.shapes.web import Listed
from admin_ui.views import merges, one_contact
from admin_ui.words import t

COLUMNS = ("number", "who", "tags", "joined")


def draw() -> None:
    """The page."""
    opened = url.opened("contact")
    if opened:
        one_contact.draw(here().read(Contact, f"contacts/{opened}", fresh=True))
        return
    parts.head(t("contacts.title"))
    view = url.choose("view", t("contacts.title"), ("people", "merges"), "people", lambda code: t(f"contacts.{code}"))
    if view == "merges":
        merges.draw()
    else:
        _people()


def _people() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="contacts_search"):
        with st.container(width=420):
            asked = url.text("q", t("contacts.search"), t("contacts.search_hint"))
        with st.container(width=220):
            tag = url.text("tag", t("contacts.tag"), t("contacts.tag_hint"))
    found, rest = listing.read_pages(Listed[Contact], here().path("contacts"), {"q": asked, "tag": tag}, "contacts")
    if not found:
        if asked or tag:
            box = states.empty(t("contacts.none_title"), t("contacts.none_text"))
            box.button(t("contacts.clear"), key="clear_search", on_click=_clear)
            return
        with states.empty(t("contacts.empty_title"), t("contacts.empty_text")):
            if here().can("imports:write"):
                parts.link("import", t("overview.first_import"), icon=":material/upload_file:")
        return
    columns = {name: t(f"contacts.{name}") for name in COLUMNS}
    rows = [_row(contact) for contact in found]
    parts.choose_row(rows, columns, "contacts_table", [contact.id for contact in found], "contact")
    listing.more("contacts", len(found), rest)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "contacts")
        parts.explain("contacts", t("contacts.how"), figures_shown=False)


def _clear() -> None:
    st.session_state["q"] = st.session_state["tag"] = ""


def _row(contact: Contact) -> dict[str, str]:
    return {
        "number": str(contact.number),
        "who": "  ".join(identity.masked for identity in contact.identities[:3]) or figures.NONE,
        "tags": " ".join(contact.tags),
        "joined": figures.moment(contact.joined_at, here().brand.timezone),
    }
