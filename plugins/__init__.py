"""Built-in channel plugins, one folder a channel."""
