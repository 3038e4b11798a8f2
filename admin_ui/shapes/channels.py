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


class Checked(Shape):
    """The vendor's word on the settings."""

    ok: bool = True
    remarks: list[Name] = []
