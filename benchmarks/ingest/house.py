"""A temporary home with an empty database and one brand, for the measurements of what comes in."""

import base64
import os
import tempfile
from pathlib import Path

import sqlalchemy as sa

from core import settings
from core.db import Database, Model, connect, platform_writing
from core.db.guards import apply_guards
from core.db.slices import load_models
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency


def open_house() -> tuple[Path, int]:
    """The home, which the caller removes, and the brand's number."""
    home = Path(tempfile.mkdtemp(prefix="siyu-bench-"))
    os.environ |= {"SIYU_HOME": str(home), "SIYU_SECRET_KEY": base64.b64encode(os.urandom(32)).decode()}
    load_models()
    url = settings.current().database
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        Model.metadata.create_all(connection)
        apply_guards(connection)
    engine.dispose()
    connect(Database(url))
    with platform_writing() as session:
        agency = create_agency(session, name="Bench")
    return home, open_tenant(agency_id=agency.id, name="Bench").number
