"""Plugins, and the channels that are plugins configured for a brand."""

from datetime import datetime

from pydantic import JsonValue

from admin_ui.shapes.web import Name, Shape


class Plugin(Shape):
    """What can be configured as a channel."""

    key: str
    name: Name = Name()
    summary: Name = Name()
    version: str = ""
    capabilities: list[str] = []
    medium: str | None = None
    settings_schema: dict[str, JsonValue] = {}
    placement_schema: dict[str, JsonValue] = {}
    is_show: bool = False
    own_page: bool = False


class PluginProblem(Shape):
    """A plugin that was refused, and why."""

    plugin: str = ""
    reason: str = ""


class Plugins(Shape):
    """All plugins of the installation."""

    items: list[Plugin] = []
    problems: list[PluginProblem] = []


class Channel(Shape):
    """One channel; `hook_url` and `write_key` only where they were made just now."""

    id: str
    number: int = 0
    plugin: str = ""
    name: str = ""
    state: str = ""
    settings: dict[str, JsonValue] = {}
    hook_url: str | None = None
    write_key: str | None = None
    remarks: list[Name] = []
    last_event_at: datetime | None = None


class Limit(Shape):
    """A platform's published rule, as of a day."""

    name: str
    value: float = 0
    unit: str = ""
    per: str = ""
    since: str = ""
    source: str = ""
    text: Name | None = None


class Use(Shape):
    """One count of the account's day; `daily` is null where nobody entered a quota."""

    used: int = 0
    planned: int = 0
    daily: int | None = None
    used_up_at: datetime | None = None


class HostUse(Shape):
    """Requests to one host for one purpose."""

    host: str
    verb: str = ""
    used: int = 0
    planned: int = 0


class ChannelUse(Shape):
    """Limits and what the account's day looks like."""

    limits: list[Limit] = []
    messages: Use | None = None
    requests: Use | None = None
    hosts: list[HostUse] = []


class Checked(Shape):
    """The vendor's word on the settings."""

    ok: bool = True
    remarks: list[Name] = []
