"""Is each connection alive? A card a channel; its settings form; adding one."""

import streamlit as st

from admin_ui import asking, figures, forms, parts, repeats, states, uploader, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.channels import Channel, Checked, Plugin, Plugins
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.web import Listed, Name
from admin_ui.views import channel_use, mapping
from admin_ui.words import language, plain, t


def draw() -> None:
    """The page."""
    channels = here().read(Listed[Channel], "channels").items
    plugins = {plugin.key: plugin for plugin in all_plugins().items}
    opened = url.opened("channel")
    if opened == "new":
        _new(plugins)
    elif opened:
        _one(here().read(Channel, f"channels/{opened}"), plugins)
    else:
        _list(channels, plugins)


def all_plugins() -> Plugins:
    """What can be configured, for those who may know."""
    if not here().can("plugins:read"):
        return Plugins()
    return here().api.read(Plugins, "/v1/plugins")


def _list(channels: list[Channel], plugins: dict[str, Plugin]) -> None:
    with parts.head(t("channels.title")):
        if here().can("channels:write") and st.button(t("channels.add"), type="primary", key="add_channel"):
            _go("new")
    own = [channel for channel in channels if channel.plugin != "direct"]
    if not own:
        states.empty(t("channels.empty_title"), t("channels.empty_text"))
    with st.grid(min_column_width=300, gap="small"):
        for channel in channels:
            _card(channel, plugins.get(channel.plugin))
    for problem in all_plugins().problems:
        st.warning(t("channels.refused", plugin=plain(problem.plugin), reason=plain(problem.reason)))


def _card(channel: Channel, plugin: Plugin | None) -> None:
    with st.container(border=True, key=f"channel_{channel.number}"):
        name = t("channels.direct") if channel.plugin == "direct" else plain(channel.name)
        kind = plugin.name.in_language(language()) if plugin else ""
        st.markdown(f"**{name}**")
        st.caption(" · ".join(word for word in (plain(kind), parts.state(channel.state)) if word))
        st.caption(_liveness(channel, plugin))
        if channel.plugin != "direct" and st.button(t("channels.open"), key=f"open_{channel.id}"):
            _go(channel.id)


def _liveness(channel: Channel, plugin: Plugin | None) -> str:
    """When something last came in by itself; channels that nothing comes in by say what they are instead."""
    if channel.plugin == "direct":
        return t("channels.about_direct")
    if channel.last_event_at:
        return t("channels.last_event", at=figures.moment(channel.last_event_at, here().brand.timezone))
    hears = plugin is None or {"answer", "parse", "pull"} & set(plugin.capabilities)
    return t("channels.no_event" if hears else "channels.by_hand")


def _go(code: str) -> None:
    url.open_it("channel", code)
    st.rerun(scope="app")


def _new(plugins: dict[str, Plugin]) -> None:
    parts.back("channel")
    st.title(t("channels.add"), anchor=False)
    made = st.session_state.get("_made_channel")
    if isinstance(made, Channel):
        _show_secrets(made)
        return
    with st.container(width=620):
        keys = [key for key in plugins if key != "direct"]
        key = url.select(
            "plugin", t("channels.plugin"), keys, keys[0] if keys else "", lambda k: _plugin_name(plugins, k)
        )
        if key not in plugins:
            return
        plugin = plugins[key]
        st.caption(plain(plugin.summary.in_language(language())))
        name = st.text_input(t("channels.name"), plugin.name.in_language(language()), key=f"name_{key}", max_chars=120)
        settings = forms.draw(plugin.settings_schema, {}, key=f"new_{key}")
        if st.button(t("channels.check_and_add"), type="primary", key="create_channel"):
            _create(plugin, name, settings)


def _plugin_name(plugins: dict[str, Plugin], key: str) -> str:
    return plugins[key].name.in_language(language()) if key in plugins else key


def _create(plugin: Plugin, name: str, settings: forms.Values) -> None:
    try:
        with st.spinner(t("channels.checking")):
            body = {"plugin": plugin.key, "name": name, "settings": settings}
            made = here().send(Channel, "POST", "channels", body, once=repeats.once_for("channel", body))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("channels.added", name=plain(made.name)))
    if made.hook_url or made.write_key:
        st.session_state["_made_channel"] = made
        st.rerun(scope="app")
    _go("")


def _show_secrets(channel: Channel) -> None:
    """Shown once; what is stored is a hash."""
    with st.container(border=True, width=720):
        st.markdown(f"**{plain(channel.name)}**")
        st.write(t("channels.secret_once"))
        if channel.hook_url:
            st.caption(t("channels.hook_url"))
            st.code(channel.hook_url, language=None)
        if channel.write_key:
            st.caption(t("channels.write_key"))
            st.code(channel.write_key, language=None)
        _remarks(channel.remarks)
        if st.button(t("channels.secret_seen"), type="primary", key="secret_seen"):
            st.session_state.pop("_made_channel", None)
            _go("")


def _one(channel: Channel, plugins: dict[str, Plugin]) -> None:
    parts.back("channel")
    st.title(plain(channel.name), anchor=False)
    plugin = plugins.get(channel.plugin)
    st.caption(f"{plain(_plugin_name(plugins, channel.plugin))} · {parts.state(channel.state)}")
    made = st.session_state.get("_made_channel")
    if isinstance(made, Channel):
        _show_secrets(made)
        return
    may_write = here().can("channels:write") and channel.state != "archived"
    if plugin is None or not may_write:
        st.info(t("channels.read_only"))
        channel_use.draw(channel)
        return
    with st.container(width=620):
        name = st.text_input(t("channels.name"), channel.name, key=f"name_{channel.id}", max_chars=120)
        settings = forms.draw(plugin.settings_schema, channel.settings, key=channel.id)
        with st.container(horizontal=True):
            if st.button(t("channels.check_and_save"), type="primary", key="save_channel"):
                _save(channel, name, settings)
            if st.button(t("channels.check"), key="check_channel"):
                _check(channel)
            text = t("channels.renew_sure", name=plain(channel.name))
            if once := asking.sure("renew_secrets", t("channels.renew"), text):
                _renew(channel, once)
            if once := asking.sure(
                "archive_channel", t("channels.archive"), lambda: _warning(channel), typed=channel.name, kind="tertiary"
            ):
                _archive(channel, once)
    channel_use.draw(channel)
    _take_export(channel, plugin)
    if mapping.names_of(plugin.settings_schema):
        st.header(t("mapping.title"), anchor=False)
        mapping.draw(channel, plugin.settings_schema)


def _take_export(channel: Channel, plugin: Plugin) -> None:
    """The vendor's own export, for plugins that read one."""
    if "read_file" not in plugin.capabilities or not here().can("imports:write"):
        return
    st.header(t("channels.export_title"), anchor=False)
    st.caption(t("channels.export_text"))
    with st.container(key="export_box", width=720):
        job = uploader.draw(f"export_{channel.id}", to=f"channels/{channel.id}/exports")
    if job:
        parts.link("jobs", t("channels.export_sent"), icon=":material/pending_actions:", job=job)


def _save(channel: Channel, name: str, settings: forms.Values) -> None:
    try:
        with st.spinner(t("channels.checking")):
            here().do("PUT", f"channels/{channel.id}", {"name": name, "settings": settings})
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("parts.saved"))
    _go("")


def _check(channel: Channel) -> None:
    try:
        with st.spinner(t("channels.checking")):
            checked = here().send(Checked, "POST", f"channels/{channel.id}/check")
    except ApiError as error:
        states.complain(error)
        return
    st.success(t("channels.check_good"))
    _remarks(checked.remarks)


def _renew(channel: Channel, once: str) -> None:
    try:
        st.session_state["_made_channel"] = here().send(Channel, "POST", f"channels/{channel.id}/secrets", once=once)
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")


def _remarks(remarks: list[Name]) -> None:
    for remark in remarks:
        st.info(plain(remark.in_language(language())))


def _warning(channel: Channel) -> str:
    out = here().read(Listed[Placement], "placements", {"channel_id": channel.id, "limit": 200}, fresh=True)
    active = sum(placement.state == "active" for placement in out.items)
    count = f"{active}+" if out.next else figures.count(active)
    return t("channels.archive_text", name=plain(channel.name), count=count)


def _archive(channel: Channel, once: str) -> None:
    try:
        here().do("POST", f"channels/{channel.id}/archive", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("channels.archived"))
    _go("")
