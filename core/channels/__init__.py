"""A brand's configured channels, and the addresses by which the outside reaches them."""
