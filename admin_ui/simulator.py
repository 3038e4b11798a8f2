"""The simulator of the vendors, where one runs on this machine: a day of life at the press of a button."""

from urllib.parse import urlsplit

import httpx
import streamlit as st
from pydantic import BaseModel, ValidationError

from admin_ui import parts, settings
from admin_ui.client import Cache
from admin_ui.session import Here
from admin_ui.words import language, t

NEAR = httpx.Timeout(60.0, connect=0.5)
HERE = ("localhost", "127.0.0.1", "::1")


class Lived(BaseModel):
    """What a simulated day brought."""

    people: int
    opened: int
    orders: int


def day_button(moment: Here) -> None:
    """A button for those who may change channels, drawn only while the simulator answers."""
    address = settings.current().simulator_url
    if not address or not moment.can("channels:write") or not _runs(address):
        return
    with st.container(key="simulator_box", horizontal=True, vertical_alignment="center", gap="xsmall"):
        if st.button(t("simulator.day"), icon=":material/wb_sunny:", help=t("simulator.help"), key="simulate_day"):
            with st.spinner(t("simulator.living")):
                parts.say(_live_a_day(address))
            st.session_state["_cache"] = Cache()  # much has happened that no page of ours has asked for
            st.rerun()
        if urlsplit(st.context.url or "").hostname in HERE:
            st.link_button(t("simulator.page"), f"{address}/?lang={language()}", type="tertiary")


def _live_a_day(address: str) -> str:
    try:
        told = httpx.post(f"{address}/_control/day", json={}, timeout=NEAR, trust_env=False)
        lived = Lived.model_validate_json(told.raise_for_status().content)
    except (httpx.HTTPError, ValidationError):
        return t("simulator.failed")
    return t("simulator.lived", people=lived.people, opened=lived.opened, orders=lived.orders)


def _runs(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=0.5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
