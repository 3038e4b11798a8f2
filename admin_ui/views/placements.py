"""What is out, what do I print: the list, a new one by its channel, and one with links, print, codes and costs."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from admin_ui import figures, forms, listing, parts, period, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.channels import Channel, Plugin
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.web import Listed
from admin_ui.views import one_placement
from admin_ui.views.channels import all_plugins
from admin_ui.words import plain, t

SMALL = 30
COLUMNS = (
    *("name", "channel", "state", "period", "views_n", "scans_n", "clicks_n", "contacts_n", "cost_n"),
    "cost_per_contact_n",
)


def draw() -> None:
    """The page."""
    channels = {channel.id: channel for channel in here().read(Listed[Channel], "channels").items}
    opened = url.opened("placement")
    if opened == "new":
        _new(channels)
    elif opened:
        one_placement.draw(opened, channels)
    else:
        _list(channels)


def _list(channels: dict[str, Channel]) -> None:
    with parts.head(t("placements.title")):
        if here().can("placements:write") and st.button(t("placements.new"), type="primary", key="new_placement"):
            url.open_it("placement", "new")
            st.rerun(scope="app")
    every = ["all", *channels]
    with st.container(width=320):
        channel = url.select(
            "channel_filter", t("placements.channel"), every, "all",
            lambda code: channels[code].name if code in channels else t("placements.all_channels"),
        )  # fmt: skip
    query = {"channel_id": None if channel == "all" else channel}
    found, rest = listing.read_pages(Listed[Placement], here().path("placements"), query, "placements")
    if not found:
        if channel != "all":
            st.info(t("placements.none_here"))
            return
        with states.empty(t("placements.empty_title"), t("placements.empty_text")):
            if here().can("channels:write") and not _usable(channels):
                parts.link("channels", t("channels.add"), icon=":material/hub:")
        return
    st.caption(t("placements.all_time"))
    names = [name for name in COLUMNS if name != "views_n" or any(placement.stats.views for placement in found)]
    columns = {name: t(f"placements.{name}") for name in names}
    rows = [_row(placement, channels) for placement in found]
    parts.choose_row(rows, columns, "placements_table", [placement.id for placement in found], "placement")
    if any(_is_small(placement) for placement in found):
        st.caption(t("placements.small", least=SMALL))
    listing.more("placements", len(found), rest)
    parts.source(t("placements.source"))
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "placements")
        parts.explain("placements", t("placements.how"))


def _row(placement: Placement, channels: dict[str, Channel]) -> dict[str, str]:
    stats, zone = placement.stats, here().brand.timezone
    starts, ends = (figures.moment(at, zone)[:10] for at in (placement.starts_at, placement.ends_at))
    return {
        "name": placement.name,
        "channel": channels[placement.channel_id].name if placement.channel_id in channels else figures.NONE,
        "state": parts.phase(placement),
        "period": f"{starts} → {ends if placement.ends_at else ''}",
        "views_n": figures.count(stats.views),
        "scans_n": figures.count(stats.scans),
        "clicks_n": figures.count(stats.clicks),
        "contacts_n": figures.count(stats.contacts),
        "cost_n": figures.money(stats.cost, placement.currency),
        "cost_per_contact_n": _per_contact(placement),
    }


def _is_small(placement: Placement) -> bool:
    """Too few contacts for their price to mean much."""
    return placement.stats.cost_per_contact is not None and placement.stats.contacts < SMALL


def _per_contact(placement: Placement) -> str:
    price = figures.money(placement.stats.cost_per_contact, placement.currency)
    return f"{price} *" if _is_small(placement) else price


def _usable(channels: dict[str, Channel]) -> list[str]:
    """The channels that something can be put out on now."""
    return [channel.id for channel in channels.values() if channel.state == "active" and channel.plugin != "direct"]


def _new(channels: dict[str, Channel]) -> None:
    parts.back("placement")
    st.title(t("placements.new"), anchor=False)
    usable = _usable(channels)
    if not usable:
        with states.empty(t("placements.no_channel_title"), t("placements.no_channel_text")):
            parts.link("channels", t("channels.add"), icon=":material/hub:")
        return
    plugins = {plugin.key: plugin for plugin in all_plugins().items}
    with st.container(width=620):
        channel = url.select("on", t("placements.channel"), usable, usable[0], lambda code: channels[code].name)
        plugin = plugins.get(channels[channel].plugin, Plugin(key=""))
        name = st.text_input(f"{t('placements.name')} *", key="placement_name", max_chars=200)
        target = st.text_input(t("placements.target"), key="placement_target", help=t("placements.target_help"))
        starts, ends = _hours() if plugin.is_show else _days()
        cost = st.text_input(
            f"{t('placements.cost')} ({figures.symbol(here().brand.currency).strip()})", key="placement_cost",
            help=t("placements.cost_help"),
        )  # fmt: skip
        detail = forms.draw(plugin.placement_schema, {}, key=f"detail_{plugin.key}")
        if st.button(t("placements.create"), type="primary", key="create_placement"):
            _create(
                {
                    "channel_id": channel,
                    "name": name.strip(),
                    "starts_at": starts,
                    "ends_at": ends,
                    "cost": cost.strip().replace(",", "") or None,
                    "target_url": target.strip() or None,
                    "detail": detail,
                }
            )


def _days() -> tuple[str | None, str | None]:
    """The period as instants: it begins with the first day and ends with the last one, in the brand's zone."""
    zone = ZoneInfo(here().brand.timezone)
    left, right = st.columns(2)
    first = left.date_input(t("placements.first_day"), period.today(here().brand.timezone), key="placement_first")
    last = right.date_input(t("placements.last_day"), None, key="placement_last")
    starts = datetime.combine(first, time.min, zone).isoformat() if first else None
    ends = datetime.combine(last, time(23, 59, 59), zone).isoformat() if last else None
    return starts, ends


def _hours() -> tuple[str | None, str | None]:
    """A show's period to the minute: a day, and when it begins and ends; one that ends earlier ends on the next day."""
    zone = ZoneInfo(here().brand.timezone)
    left, middle, right = st.columns(3)
    day = left.date_input(t("placements.first_day"), period.today(here().brand.timezone), key="placement_first")
    begins = middle.time_input(t("placements.start_time"), time(20), key="placement_begins", step=300)
    finishes = right.time_input(t("placements.end_time"), time(22), key="placement_finishes", step=300)
    if not day or begins is None or finishes is None:
        return None, None
    starts, ends = datetime.combine(day, begins, zone), datetime.combine(day, finishes, zone)
    return starts.isoformat(), (ends if ends > starts else ends + timedelta(days=1)).isoformat()


def _create(body: dict[str, object]) -> None:
    if not body["name"]:
        st.error(t("placements.needs_name"))
        return
    try:
        given = {name: value for name, value in body.items() if value is not None}
        made = here().send(Placement, "POST", "placements", given, once=repeats.once_for("placement", given))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("placements.created", name=plain(made.name)))
    url.open_it("placement", made.id)
    st.rerun(scope="app")
