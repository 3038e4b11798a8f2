"""A channel's limits: what its account has used today, what today will still use, and the platform's rules."""

import streamlit as st

from admin_ui import figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.channels import Channel, ChannelUse, HostUse, Limit, Use
from admin_ui.words import language, maybe, t


def draw(channel: Channel) -> None:
    """The section of a channel's page."""
    use = here().read(ChannelUse, f"channels/{channel.id}/usage", fresh=True)
    if not use.limits and use.messages is None and use.requests is None:
        return
    st.header(t("usage.title"), anchor=False)
    if use.messages is not None:
        _day(use.messages, "messages")
    if use.requests is not None:
        _day(use.requests, "requests")
    if use.hosts:
        columns = {name: t(f"usage.{name}") for name in ("host", "verb", "used", "planned")}
        parts.table([_host(one) for one in use.hosts], columns, "hosts_table", alt=t("usage.requests"))
    if use.limits:
        st.caption(t("usage.limits_text"))
        columns = {name: t(f"usage.{name}") for name in ("limit", "since", "source")}
        parts.table([_limit(one) for one in use.limits], columns, "limits_table", alt=t("usage.title"))


def _day(use: Use, name: str) -> None:
    """A bar of the quota where there is one, and what is foreseen."""
    told = {"used": figures.count(use.used), "planned": figures.count(use.planned)}
    if use.daily is None:
        st.markdown(t(f"usage.{name}_day", **told))
        st.caption(t(f"usage.{name}_unknown"))
        return
    text = t(f"usage.{name}_of", daily=figures.count(use.daily), **told)
    st.progress(min(use.used / use.daily, 1.0), text=text)
    if use.used_up_at is None:
        st.caption(t("usage.lasts"))
    else:
        st.warning(t("usage.used_up", at=figures.moment(use.used_up_at, here().brand.timezone)))


def _host(one: HostUse) -> Row:
    return {
        "host": one.host,
        "verb": maybe(f"usage.{one.verb}_verb", one.verb),
        "used": figures.count(one.used),
        "planned": figures.count(one.planned),
    }


def _limit(one: Limit) -> Row:
    if one.text is not None:
        told = one.text.in_language(language())
    else:
        value = " ".join(part for part in (f"{one.value:g}", one.unit, f"/ {one.per}" if one.per else "") if part)
        told = f"{one.name}: {value}"
    return {"limit": told, "since": one.since, "source": one.source}
