"""The slices that have tables, and how to load them all (migrations, guards and tests need every table)."""

from importlib import import_module

SLICES = (
    "web",
    "tenants",
    "jobs",
    "audit",
    "files",
    "access",
    "contacts",
    "touchpoints",
    "orders",
)


def load_models() -> None:
    """Import the models of every slice."""
    import_module("core.db.models")
    for name in SLICES:
        import_module(f"core.{name}.models")
