"""What a webhook's address leads to, kept for a moment: a vendor in haste calls the same address again and again.

Looking it up is three questions to the database, a third of what a callback costs. A change made in this process counts
at once, one made in another after two seconds: an address that was withdrawn is believed no longer than that.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from core import clock
from core.channels import service as channels
from core.channels.changes import changes_made
from core.channels.models import Channel
from core.db import platform_reading, reading
from core.errors import NotFound
from core.secrets import fingerprint

FRESH = timedelta(seconds=2)
SIZE = 500


@dataclass(frozen=True)
class Door:
    """The channel behind an address, with its settings in clear. Never show or log them."""

    tenant: int
    channel: Channel
    settings: dict[str, JsonValue]


class HookDoors:
    """The doors of one application."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[datetime, int, Door]] = OrderedDict()
        self._changing = threading.Lock()

    def find(self, secret: str) -> Door:
        """Where this address leads. Raises `NotFound`."""
        key, now, made = fingerprint(secret), clock.now(), changes_made()
        with self._changing:
            known = self._known.get(key)
        if known is not None and known[1] == made and timedelta() <= now - known[0] < FRESH:
            return known[2]
        door = _look_up(secret)
        with self._changing:
            self._known[key] = (now, made, door)
            self._known.move_to_end(key)
            while len(self._known) > SIZE:
                self._known.popitem(last=False)
        return door


def _look_up(secret: str) -> Door:
    with platform_reading() as session:
        found = channels.channel_by_hook(session, secret)
    if found is None:
        raise NotFound
    with reading(found.tenant) as session:
        channel = channels.find_channel(session, found.target)
        return Door(found.tenant, channel, channels.settings_of(session, channel))
