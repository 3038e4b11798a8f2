"""The simulator: the vendors' APIs on loopback, with callbacks as they send them, and a page that shows all of it."""
