"""The API's server. Its parent process loads the application, and the workers are forked with it ready to answer."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.errors import FatalError
from granian.log import LogLevels

from core.app import load_slices
from core.loading import loading
from core.settings import Settings

TARGET = "core.app:serve"
"""Called in every worker, so that each opens the database and its journal itself."""


def run_server(settings: Settings) -> None:
    """Serve until told to stop."""
    with loading():
        load_slices()
    server = Granian(
        TARGET,
        factory=True,
        interface=Interfaces.WSGI,
        websockets=False,
        address=settings.bind,
        port=settings.api_port,
        workers=settings.api_workers,
        blocking_threads=8,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    except FatalError:
        sys.exit(1)
