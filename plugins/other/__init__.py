"""The channel `other`: imported or bought traffic."""
