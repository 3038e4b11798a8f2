"""Makes a demo of a few days in the settings' home, and prints a session's token: `python -m tests.servers.short_demo`.

The brands are the demo's own, with fewer members and an early message, so that a test need not wait for ninety days.
"""

import sys

import pytest
import sqlalchemy as sa

from core.access import sessions
from core.access.models import User
from core.db import platform_writing
from core.demo import brands, run, shows, stall
from core.ops.init import initialise

DAYS, BLAST, SHOWS = 12, 8, (4, 9)


def main() -> None:
    """Make it."""
    initialise()
    with pytest.MonkeyPatch.context() as patch:
        for module in (brands, run, stall):
            patch.setattr(module, "DAYS", DAYS)
        patch.setattr(shows, "LIVED", DAYS)
        patch.setattr(shows, "DAYS", SHOWS)
        short = [type(one)(**{**vars(one), "blasts": (BLAST,), "members": 80}) for one in brands.BRANDS]
        patch.setattr(run, "BRANDS", short)
        run.ensure_demo(lambda line: None)
    with platform_writing() as session:
        owner = session.scalars(sa.select(User).where(User.email == "owner@demo.example")).one()
        sys.stdout.write(sessions.begin(session, owner))


if __name__ == "__main__":
    main()
