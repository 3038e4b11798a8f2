"""One file a vendor: how it calls us and how we ask it."""
