"""Registers the channel `other`. It answers no verb: its touches and costs come by import and by tracked links."""

from core.sdk import Channel, hookimpl
from plugins.other.settings import BoughtPlacement, OtherSettings


class OtherChannel(Channel[OtherSettings]):
    """A source that somebody else reports on."""

    key = "other"
    settings_model = OtherSettings
    placement_detail = BoughtPlacement


@hookimpl
def siyu_register_channels() -> list[OtherChannel]:
    """One channel."""
    return [OtherChannel()]
