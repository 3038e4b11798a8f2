"""Find, check and register plugins, and the one guarded place that calls them."""

from core.plugin_host.calls import PluginFault
from core.plugin_host.host import Host, host

__all__ = ["Host", "PluginFault", "host"]
