"""Work on a lake in a process of its own, which dies at a named moment or is killed at any. Forked from a clean server,
as RQ forks its horses."""

import multiprocessing
import os
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

from core import clock, settings
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.db import Database, connect, database, reading, writing
from core.db.slices import load_models
from core.db.vaults import forget_vaults
from core.erasure.service import erase_contact
from core.lake import faults, growth
from core.lake.compaction import compact_lake
from core.lake.facts import KIND_CODES
from core.lake.flush import flush_lake, rebuild_lake
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.core.lake.made_facts import Row

DIED = 9
SMALL = {"WHOLE": 40, "FULL": 80, "DELTAS": 1, "WEIGHT": 0}
"""A lake of few rows that has buckets, shared files and folds, and is never heavy."""

load_models()  # once in the server, and not again in every child
configure_mappers()
import_module("pandas")  # pyarrow looks for it

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.core.lake.crashing", "tests.core.attribution.crashing_runs"])


def make_small() -> None:
    for name, value in SMALL.items():
        setattr(growth, name, value)


def all_work(tenant: int) -> None:
    """Everything that writes the lake, in a time when what was retired before may be swept."""
    with clock.set_to(clock.now() + timedelta(hours=6)):
        flush_lake(tenant)
        compact_lake(tenant, everything=True)
        rebuild_lake(tenant)
        flush_lake(tenant)


def change_people(tenant: int) -> None:
    """Merge one, have another forgotten, cancel an order, and do all of the lake's work."""
    with writing(tenant) as session:
        mine = sa.select(Contact).where(Contact.merged_into.is_(None), Contact.erased_at.is_(None))
        loser, winner, gone = session.scalars(mine.order_by(Contact.number.desc()).limit(3))
        contacts.merge(session, loser=loser.number, into=winner.number)
        number = session.scalars(sa.select(Order.order_no).where(Order.state != "cancelled").limit(1)).one()
        orders.cancel(session, channel_number=1, order_no=number, event_id=f"c{number}", at=clock.now())
    with writing(tenant) as session:
        erase_contact(session, str(gone.id))
    all_work(tenant)


def start_work(
    tenant: Tenant, *, point: str = "", turn: int = 1, work: Callable[[int], None] = all_work
) -> multiprocessing.process.BaseProcess:
    """Do the work elsewhere; die when `point` is reached for the `turn`-th time."""
    environment = {name: value for name, value in os.environ.items() if name.startswith("SIYU_")}
    url = database().engine.url.render_as_string(hide_password=False)
    process = _processes.Process(target=_work, args=(url, environment, tenant.number, point, turn, work), daemon=True)
    process.start()
    return process


def sql_rows(tenant: Tenant) -> tuple[list[Row], list[Row]]:
    """What the lake should hold, by another way than the lake's own."""
    with reading(tenant.number) as session:
        people = list(session.scalars(sa.select(Contact)))
        root = {c.number: c.root for c in people}
        erased = {c.number for c in people if c.erased_at is not None}
        buyer = {number: 0 if number in erased else root[number] for number in root}
        touches = [
            (root[t.contact_number], clock.to_us(t.at), t.channel_number, t.placement_number or 0, KIND_CODES[t.kind])
            for t in session.scalars(sa.select(Touchpoint).where(~Touchpoint.is_bot))
            if t.contact_number not in erased
        ]
        bought = [
            (buyer[o.contact_number], clock.to_us(o.placed_at), o.net_minor, o.channel_number)
            for o in session.scalars(sa.select(Order).where(Order.state != "cancelled"))
        ]
    return sorted(touches), sorted(bought)


def _work(
    url: str, environment: dict[str, str], tenant: int, point: str, turn: int, work: Callable[[int], None]
) -> None:
    os.environ.update(environment)
    settings.current.cache_clear()
    forget_vaults()
    make_small()
    connect(Database(url))
    faults.listen(_dying(point, turn))
    work(tenant)


def _dying(point: str, turn: int) -> Callable[[str], None]:
    seen: list[str] = []

    def act(passed: str) -> None:
        seen.append(passed)
        if seen.count(point) == turn:
            os._exit(DIED)

    return act
