"""The Flask core: tenants, contacts, channels and attribution."""
