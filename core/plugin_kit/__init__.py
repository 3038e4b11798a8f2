"""What developers of plugins work with: make one, check one, replay what was recorded, reload while writing."""

from core.plugin_kit.running import Report, check_plugin

__all__ = ["Report", "check_plugin"]
