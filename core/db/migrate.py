"""Bring a database to the present schema, guards included."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from core.db.guards import apply_guards
from core.db.slices import load_models

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(url: str) -> None:
    """Run the migrations as the URL's own user, then put the guards on again. Safe to run at every start."""
    load_models()
    engine = sa.create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), "head")
            apply_guards(connection)
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
