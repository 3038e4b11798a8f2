"""First things: a secret key of this installation's own, and a database brought up to date."""

import base64
import os
import secrets
from pathlib import Path

from core import settings
from core.errors import BadConfiguration
from core.ops import home as homes

KEY_NAME = "secret.key"


def initialise() -> bool:
    """Make the home, its key and its database; harmless when they are there. Says whether the key is new."""
    current = settings.current()
    folder = homes.prepare(current.home)
    is_new = current.secret_key is None and _make_key(folder / KEY_NAME)
    current.key()  # refuses a sample, a short or a broken one
    from core.db import migrate  # here, so that `siyu up` itself stays small

    migrate.upgrade(current.database)
    return is_new


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
