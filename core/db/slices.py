"""The slices that have tables, and how to load them all (migrations, guards and tests need every table)."""

from importlib import import_module

SLICES = (
    "web",
    "tenants",
    "jobs",
    "audit",
    "files",
    "access",
    "channels",
    "placements",
    "contacts",
    "touchpoints",
    "orders",
    "referrals",
    "rewards",
    "experiments",
    "deliveries",
    "segments",
    "campaigns",
    "consent",
    "lake",
    "ingest",
    "stores",
    "cards",
    "outgoing",
    "attribution",
    "insights",
)

OPENERS = ("core.channels.service",)
"""Modules that say `when_tenant_created`; imported before the first tenant is made."""


def load_models() -> None:
    """Import the models of every slice."""
    import_module("core.db.models")
    for name in SLICES:
        import_module(f"core.{name}.models")


def load_openers() -> None:
    """Import what wants to know of new tenants."""
    for name in OPENERS:
        import_module(name)
