"""Who gets what, did it arrive? The list by state, a new draft, and one campaign."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import streamlit as st
from pydantic import JsonValue

from admin_ui import figures, parts, repeats, segment_form, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.campaigns import Campaign, Segment
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.web import Listed
from admin_ui.views import one_campaign, segments
from admin_ui.views.channels import all_plugins
from admin_ui.words import plain, t

VIEWS = ("campaigns", "segments")
COLUMNS = ("name", "channel", "state", "sent_n", "delivered_n", "unknown_n", "left_out_n", "created")
AUDIENCES = ("everybody", "tag", "source", "segment")
Filter = dict[str, JsonValue]


def draw() -> None:
    """The page."""
    channels = {channel.id: channel for channel in here().read(Listed[Channel], "channels").items}
    opened = url.opened("campaign")
    if url.opened("group"):
        segments.draw(channels)
    elif opened == "new":
        _new(channels)
    elif opened:
        one_campaign.draw(here().read(Campaign, f"campaigns/{opened}", fresh=True), channels)
    else:
        _list(channels)


def _list(channels: dict[str, Channel]) -> None:
    head = parts.head(t("campaigns.title"))
    view = url.choose("sent", t("campaigns.title"), VIEWS, VIEWS[0], lambda code: t(f"{code}.title"))
    if view == "segments":
        segments.draw(channels, head)
        return
    if here().can("campaigns:write") and head.button(t("campaigns.new"), type="primary", key="new_campaign"):
        url.open_it("campaign", "new")
        st.rerun(scope="app")
    found = here().read(Listed[Campaign], "campaigns", fresh=True).items
    if not found:
        with states.empty(t("campaigns.empty_title"), t("campaigns.empty_text")):
            if not _able(channels):
                parts.link("channels", t("channels.add"), icon=":material/hub:")
        return
    columns = {name: t(f"campaigns.{name}") for name in COLUMNS}
    rows = [_row(campaign, channels) for campaign in found]
    parts.choose_row(rows, columns, "campaigns_table", [campaign.id for campaign in found], "campaign")
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "campaigns")
        parts.explain("campaigns", t("campaigns.how"))


def _row(campaign: Campaign, channels: dict[str, Channel]) -> dict[str, str]:
    counts = campaign.counts
    channel = channels.get(campaign.channel_id)
    return {
        "name": campaign.name,
        "channel": channel.name if channel else figures.NONE,
        "state": parts.state(campaign.state),
        "sent_n": figures.count(counts.get("accepted", 0) + counts.get("delivered", 0)),
        "delivered_n": figures.count(counts.get("delivered", 0)),
        "unknown_n": figures.count(counts.get("unknown", 0)),
        "left_out_n": figures.count(counts.get("skipped", 0) + counts.get("failed", 0)),
        "created": figures.moment(campaign.created_at, here().brand.timezone),
    }


def _new(channels: dict[str, Channel]) -> None:
    parts.back("campaign")
    st.title(t("campaigns.new"), anchor=False)
    usable = _able(channels)
    if not usable:
        with states.empty(t("campaigns.no_channel_title"), t("campaigns.no_channel_text")):
            parts.link("channels", t("channels.add"), icon=":material/hub:")
        return
    with st.container(width=620):
        channel = url.select("via", t("campaigns.channel"), usable, usable[0], lambda code: channels[code].name)
        name = st.text_input(f"{t('campaigns.name')} *", key="campaign_name", max_chars=120)
        audience = _audience(channels)
        message = st.text_area(t("campaigns.message"), key="campaign_message", help=t("campaigns.message_help"))
        target = st.text_input(t("campaigns.target"), key="campaign_target", help=t("campaigns.target_help"))
        starts = _start()
        left, right = st.columns(2)
        cap = left.number_input(t("campaigns.cap"), 1, 100, 2, key="campaign_cap", help=t("campaigns.cap_help"))
        cap_days = right.number_input(t("campaigns.cap_days"), 1, 90, 7, key="campaign_cap_days")
        cost = st.text_input(
            f"{t('placements.cost')} ({figures.symbol(here().brand.currency).strip()})", key="campaign_cost",
            help=t("campaigns.cost_help"),
        )  # fmt: skip
        if st.button(t("campaigns.save"), type="primary", key="save_campaign", disabled=audience is None):
            _create(
                {
                    "channel_id": channel,
                    "name": name.strip(),
                    "message": message,
                    "audience": audience,
                    "target_url": target.strip() or None,
                    "starts_at": starts,
                    "cap": int(cap),
                    "cap_days": int(cap_days),
                    "cost": cost.strip().replace(",", "") or None,
                }
            )


def _able(channels: dict[str, Channel]) -> list[str]:
    """The channels that can send a message now."""
    able = {plugin.key for plugin in all_plugins().items if "deliver" in plugin.capabilities}
    return [channel.id for channel in channels.values() if channel.plugin in able and channel.state == "active"]


def _audience(channels: dict[str, Channel]) -> Filter | None:
    """The filter, with its count as it stands now."""
    kind = url.choose("audience", t("campaigns.audience"), AUDIENCES, "everybody", lambda c: t(f"campaigns.to_{c}"))
    chosen: Filter | None = {"type": "everybody"}
    if kind == "tag":
        tag = st.text_input(t("contacts.tag"), key="audience_tag", max_chars=120).strip()
        chosen = {"type": "tag", "tag": tag} if tag else None
    elif kind == "source":
        came = url.select("came", t("campaigns.came"), list(channels), "", lambda code: channels[code].name)
        chosen = {"type": "source", "channel_id": came} if came else None
    elif kind == "segment":
        saved = {one.id: one for one in here().read(Listed[Segment], "segments").items}
        if not saved:
            st.caption(t("campaigns.no_segment"))
            parts.link("campaigns", t("segments.new"), icon=":material/add:", group="new")
            return None
        picked = url.select("segment", t("campaigns.to_segment"), list(saved), "", lambda code: saved[code].name)
        chosen = saved[picked].filter if picked in saved else None
        if chosen is not None:
            names = segments.names_of(channels)
            st.caption(plain(segment_form.in_words(chosen, names, here().brand.timezone)))
    if chosen is not None:
        st.caption(t("campaigns.audience_count", count=figures.count(segments.count_of(chosen))))
    return chosen


def _start() -> str | None:
    later = st.toggle(t("campaigns.later"), key="campaign_later", help=t("campaigns.quiet"))
    if not later:
        return None
    left, right = st.columns(2)
    day = left.date_input(t("campaigns.start_day"), key="campaign_day")
    hour = right.time_input(t("campaigns.start_hour"), time(10, 0), key="campaign_hour")
    return datetime.combine(day, hour, ZoneInfo(here().brand.timezone)).isoformat() if day and hour else None


def _create(body: dict[str, object]) -> None:
    if not body["name"]:
        st.error(t("campaigns.needs_name"))
        return
    try:
        given = {name: value for name, value in body.items() if value is not None}
        made = here().send(Campaign, "POST", "campaigns", given, once=repeats.once_for("campaign", given))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("campaigns.saved", name=plain(made.name)))
    url.open_it("campaign", made.id)
    st.rerun(scope="app")
