"""What the admin pages show of the plugins: names, abilities, and the forms to draw."""

from dataclasses import dataclass

from pydantic import BaseModel

from core.plugin_host.host import Host
from core.sdk.manifest import Limit
from core.sdk.settings import Form, form_schema
from core.sdk.values import Text


@dataclass(frozen=True)
class PluginCard:
    """One plugin as it is shown; the schemas draw the forms of a channel and of a placement."""

    key: str
    name: Text
    summary: Text
    version: str
    capabilities: tuple[str, ...]
    medium: str
    limits: tuple[Limit, ...]
    settings_schema: Form
    placement_schema: Form
    is_show: bool
    own_page: bool


def list_cards(host: Host) -> list[PluginCard]:
    """One card a channel plugin, in order of key."""
    return [_card(host, key) for key in sorted(host.channels)]


def _card(host: Host, key: str) -> PluginCard:
    manifest, channel = host.manifests[key], host.channels[key]
    detail: type[BaseModel] = channel.placement_detail
    return PluginCard(
        key=key,
        name=manifest.name,
        summary=manifest.summary,
        version=manifest.version,
        capabilities=manifest.capabilities,
        medium=manifest.medium,
        limits=manifest.limits,
        settings_schema=form_schema(channel.settings_model),
        placement_schema=form_schema(detail),
        is_show=channel.tells_minute,
        own_page=manifest.own_page,
    )
