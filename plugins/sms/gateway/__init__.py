"""Any other provider with an HTTP interface, described in the settings."""
