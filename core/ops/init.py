"""First things: a secret key of this installation's own, and a database brought up to date."""

import base64
import os
import secrets
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

from core import settings
from core.errors import BadConfiguration
from core.ops import home as homes

KEY_NAME = "secret.key"
UNFINISHED_DEMO = "demo.unfinished"


def initialise() -> bool:
    """Make the home, its key and its database; harmless when they are there. Says whether the key is new."""
    current = settings.current()
    folder = homes.prepare(current.home)
    is_new = current.secret_key is None and _make_key(folder / KEY_NAME)
    current.key()  # refuses a sample, a short or a broken one
    from core.db import migrate  # here, so that `siyu up` itself stays small

    migrate.upgrade(current.database)
    return is_new


def load_demo(*, say: Callable[[str], None]) -> None:
    """Make the demo where nothing has been made yet.

    Raises:
        BadConfiguration: an earlier start was stopped in the middle of it.
    """
    home = settings.current().home.resolve()
    mark = home / UNFINISHED_DEMO
    if mark.exists():
        raise BadConfiguration(f"The demo was cut off while loading: delete {home} to begin anew, or use --no-demo.")
    if _has_agency():
        return
    mark.touch()
    demo = import_module("core.demo.run")  # a neighbour, named as a string
    demo.ensure_demo(say)
    mark.unlink()


def _has_agency() -> bool:
    """Asked before the demo is imported, which takes longer than the rest of a start."""
    engine = sa.create_engine(settings.current().database)
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.text("SELECT 1 FROM agency LIMIT 1")) is not None
    finally:
        engine.dispose()


def _make_key(path: Path) -> bool:
    """Write 32 random bytes that only this user can read; an existing key is never replaced."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True
