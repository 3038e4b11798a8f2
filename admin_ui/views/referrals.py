"""Who brings people? The figures, those who bring most, and their branches, opened one at a time."""

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.contacts import Contact
from admin_ui.shapes.referrals import Brought, Chain, ReferralFigures
from admin_ui.shapes.web import Listed
from admin_ui.words import maybe, t

COLUMNS = ("number", "who", "joined", "brought_n")


def draw() -> None:
    """The page."""
    opened = url.opened("inviter")
    if opened:
        _branch(opened)
        return
    parts.head(t("referrals.title"))
    found = here().read(ReferralFigures, "referrals")
    if not found.invited and not found.pending:
        with states.empty(t("referrals.empty_title"), t("referrals.empty_text")):
            if here().can("imports:write"):
                parts.link("import", t("overview.first_import"), icon=":material/upload_file:")
        return
    _figures(found)
    top = here().read(Listed[Brought], "referrals/inviters", {"limit": 50}).items
    st.header(t("referrals.top"), anchor=False)
    _people(top, "referrals_top", empty=t("referrals.nobody_yet"))


def _figures(found: ReferralFigures) -> None:
    refused = sum(found.refused.values())
    shown = {"invited": found.invited, "inviters": found.inviters, "pending": found.pending, "refused": refused}
    parts.tiles([Tile(t(f"referrals.{name}"), figures.count(value)) for name, value in shown.items()], "referrals")
    if refused:
        told = [f"{maybe(f'referrals.{code}', code)} {figures.count(n)}" for code, n in found.refused.items()]
        st.caption(f"{t('referrals.refused_why')}{' · '.join(told)}")
    parts.explain("referrals", t("referrals.how"))


def _branch(opened: str) -> None:
    person = here().read(Contact, f"contacts/{opened}")
    parts.back("inviter")
    name = "  ".join(identity.masked for identity in person.identities[:2]) or f"#{person.number}"
    with parts.head(name):
        if here().can("contacts:read"):
            parts.link("contacts", t("referrals.open_contact"), icon=":material/person:", contact=opened)
    chain = here().read(Chain, f"contacts/{opened}/inviter").chain
    if chain:
        st.caption(t("referrals.above"))
        _people(chain, "referrals_above", empty="")
    below = here().read(Listed[Brought], f"contacts/{opened}/invitees", {"limit": 100})
    st.header(t("referrals.below"), anchor=False)
    _people(below.items, "referrals_below", empty=t("referrals.brought_nobody"))
    if below.next is not None:
        st.caption(t("referrals.first_only"))


def _people(people: list[Brought], key: str, *, empty: str) -> None:
    if not people:
        st.write(empty)
        return
    columns = {name: t(f"referrals.{name}") for name in COLUMNS}
    parts.choose_row([_row(one) for one in people], columns, key, [one.id for one in people], "inviter")


def _row(one: Brought) -> dict[str, str]:
    return {
        "number": str(one.number),
        "who": "  ".join(identity.masked for identity in one.identities[:3]) or figures.NONE,
        "joined": figures.moment(one.joined_at, here().brand.timezone),
        "brought_n": figures.count(one.brought),
    }
