"""The shipper: reads the click journals of this machine and puts the clicks into the database.

It may die at any moment. What it had not confirmed is read again, and a click that was stored already is not stored
twice. While the database is down the journals wait; a file is removed only when all of it is stored.
"""

import gc
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from core import settings
from core.channels.addresses import find_address
from core.db import Database, connect, platform_reading, reading, writing
from core.errors import Invalid
from core.ingest.click_facts import CARD_MARK, Origin, find_origins, store_clicks
from core.logs import logger, start_logging
from core.placements.clicks import Click
from core.placements.codes import LINK_CHARACTERS
from core.placements.front_door import journal_folder, journal_key
from core.placements.journal_reader import JournalReader, list_journals

log = logger(__name__)

IDLE_SECONDS = 0.2
GATHER_SECONDS = 0.05
"""After a short round: clicks that come meanwhile share the next commit, which costs the same for one as for many."""
BROKEN_SECONDS = 1.0
PAUSE_SECONDS = 0.01
BATCH = 1000
MOST_TAKEN = 8 * BATCH
REMEMBERED = 50_000

Place = tuple[int, Origin]


class Shipper:
    """The journals of one folder on their way into the database."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key
        self._readers: dict[Path, JournalReader] = {}
        self._places: OrderedDict[str, Place] = OrderedDict()

    def ship(self) -> int:
        """Store what is there now; returns how many clicks were read. Raises what the database raises."""
        count = last = self._ship_round()
        while last >= BATCH:  # a short round means that the writers were caught up with
            count += (last := self._ship_round())
        return count

    def close(self) -> None:
        """Let go of the files."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()

    def _open_new(self) -> None:
        for path in list_journals(self._folder):
            if path not in self._readers:
                self._readers[path] = JournalReader(path, self._key)

    def _ship_round(self) -> int:
        """Clicks of several journals share a transaction, the oldest first."""
        self._open_new()
        clicks: list[Click] = []
        taken: list[JournalReader] = []
        emptied: list[Path] = []
        for path, reader in self._readers.items():
            finished = reader.is_finished()  # asked first: a frame written after the last take is then never missed
            payloads = reader.take()
            clicks += map(Click.from_bytes, payloads)
            if payloads:
                taken.append(reader)
            elif finished:
                emptied.append(path)
            if len(clicks) >= MOST_TAKEN:
                break
        self._store(clicks)
        for reader in taken:
            reader.confirm()
        for path in emptied:
            self._retire(path)
        return len(clicks)

    def _retire(self, path: Path) -> None:
        if not self._readers.pop(path).retire():
            log.warning("a click journal was not readable to its end and is kept as %s.torn", path.stem)

    def _store(self, clicks: Sequence[Click]) -> None:
        by_tenant: dict[int, list[tuple[Click, Origin]]] = {}
        names = [_name(click) for click in clicks]
        places = self._find_places(set(names))
        for click, name in zip(clicks, names, strict=True):
            place = places.get(name)
            if place is not None:  # else nobody made this code; it was only journalled because the database was down
                by_tenant.setdefault(place[0], []).append((click, place[1]))
        for tenant, pairs in by_tenant.items():
            for start in range(0, len(pairs), BATCH):
                _store_batch(tenant, pairs[start : start + BATCH])
                time.sleep(PAUSE_SECONDS)  # let others write

    def _find_places(self, names: set[str]) -> dict[str, Place]:
        found = {name: self._places[name] for name in names if name in self._places}
        unknown = names - found.keys()
        if not unknown:
            return found
        addresses: dict[int, dict[uuid.UUID, str]] = {}
        with platform_reading() as session:
            for name in unknown:
                is_card = name.startswith(CARD_MARK)
                address = find_address(session, "card" if is_card else "link", name.removeprefix(CARD_MARK))
                if address is not None:
                    addresses.setdefault(address.tenant, {})[address.target] = name
        for tenant, targets in addresses.items():
            ids = list(targets)
            with reading(tenant) as session:
                for target, origin in find_origins(session, links=ids, cards=ids).items():
                    found[targets[target]] = self._places[targets[target]] = (tenant, origin)
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)
        return found


def main() -> None:
    """Ship until killed."""
    config = settings.current()
    start_logging(config.log_level)
    connect(Database(config.database))
    gc.freeze()  # what is loaded now stays for good; walking through it again and again costs a quarter of the work
    ship_forever(Shipper(journal_folder(config), journal_key(config)))


def ship_forever(shipper: Shipper) -> None:
    """One round after the other; a round that fails is tried again."""
    while True:
        try:
            time.sleep(GATHER_SECONDS if shipper.ship() else IDLE_SECONDS)
        except Exception as error:  # the loop guard: whatever a round met, the clicks wait in their files
            trace = None if isinstance(error, DBAPIError) else error  # a database that is down explains itself
            log.warning("clicks wait in the journal: %s", type(error).__name__, exc_info=trace)
            time.sleep(BROKEN_SECONDS)


def _store_batch(tenant: int, pairs: Sequence[tuple[Click, Origin]]) -> None:
    try:
        with writing(tenant) as session:
            store_clicks(session, [click for click, _ in pairs], [origin for _, origin in pairs])
    except Invalid as error:
        if len(pairs) == 1:
            log.error("a click cannot be stored and is left out: %s", error.message)
            return
        middle = len(pairs) // 2
        _store_batch(tenant, pairs[:middle])
        _store_batch(tenant, pairs[middle:])


def _name(click: Click) -> str:
    return click.code if click.code.startswith(CARD_MARK) else click.code[:LINK_CHARACTERS]
