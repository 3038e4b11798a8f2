"""First things: a secret key of this installation's own, and a database brought up to date."""

import base64
import os
import secrets
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from core import settings
from core.errors import BadConfiguration
from core.ops import home as homes
from core.ops.fingerprint import fingerprint, has_agency
from core.settings import Settings

KEY_NAME = "secret.key"
UNFINISHED_DEMO = "demo.unfinished"
MARK_NAME = "schema.mark"


def initialise() -> bool:
    """Make the home, its key and its database; harmless when they are there. Says whether the key is new."""
    current = settings.current()
    folder = homes.prepare(current.home)
    is_new = current.secret_key is None and _make_key(folder / KEY_NAME)
    current.key()  # refuses a sample, a short or a broken one
    from core.db import migrate  # here, so that `siyu up` itself stays small

    migrate.upgrade(current.database)
    (folder / MARK_NAME).write_text(fingerprint(current.database) or "")
    return is_new


def is_initialised(current: Settings, *, with_demo: bool) -> bool:
    """Whether `initialise`, and `load_demo` if wanted, would find nothing to do.

    `siyu up` asks, because loading what they need is a third of a start. The mark is a file and not a row: the shape
    it is compared with is read from the database each time, so a restored or tampered database never fits it.
    """
    if current.secret_key is None and not (current.home / KEY_NAME).is_file():
        return False
    if with_demo and ((current.home / UNFINISHED_DEMO).exists() or not has_agency(current.database)):
        return False
    mark = current.home / MARK_NAME
    return mark.is_file() and mark.read_text() == fingerprint(current.database)


def load_demo(*, say: Callable[[str], None]) -> None:
    """Make the demo where nothing has been made yet.

    Raises:
        BadConfiguration: an earlier start was stopped in the middle of it.
    """
    home = settings.current().home.resolve()
    mark = home / UNFINISHED_DEMO
    if mark.exists():
        raise BadConfiguration(f"The demo was cut off while loading: delete {home} to begin anew, or use --no-demo.")
    if has_agency(settings.current().database):  # before the demo is loaded, which takes longer than a start
        return
    mark.touch()
    demo = import_module("core.demo.run")  # a neighbour, named as a string
    demo.ensure_demo(say)
    mark.unlink()


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
