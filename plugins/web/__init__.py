"""The channel `web`: a site or app that reports by SDK."""
