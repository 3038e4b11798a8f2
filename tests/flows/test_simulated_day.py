"""The demo lives on: a simulated day brings clicks, cards, replies and orders by the real addresses."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from core import settings
from core.app import create_app
from core.db import Database, across_tenants
from core.deliveries.models import Delivery
from core.demo import brands, gifts, run, stall
from core.ingest.shipper import Shipper
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.placements.front_door import journal_folder, journal_key
from core.simulator.day import Day, live_a_day
from core.simulator.stage import Simulator
from core.simulator.state import STATE
from core.simulator.texts import SmsVendor
from core.touchpoints.models import Touchpoint
from tests.servers.siyu import free_port
from tests.simulators import reachable


@pytest.mark.slow
def test_day_moves_clicks_cards_replies_and_orders(db: Database, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_API_PORT", str(free_port()))
    settings.current.cache_clear()
    _make_short_demo(monkeypatch)
    before = _count()
    simulator = Simulator()
    simulator.load(home / STATE)
    texts = simulator.vendors["aliyun"]
    assert isinstance(texts, SmsVendor)
    simulator.tell("aliyun", "reply", {"phone": texts.sent[0].phone, "text": "还有货吗"})
    with reachable(simulator):
        day = _live_through(simulator)
    after = _count()
    greeted = [line for line in day.noted if ": a campaign" in line]
    assert len(greeted) == len(brands.BRANDS)  # the operators of each
    assert all(line.endswith(", 200") for line in day.noted if line not in greeted and " / " not in line)
    assert after["orders"] - before["orders"] == day.orders > 0
    for kind in ("click", "redeem", "visit", "reply", "lead"):
        assert after.get(kind, 0) > before.get(kind, 0), kind
    assert simulator.queue.counts.given_up == 0
    assert "delivered" in _delivery_states()


def _live_through(simulator: Simulator) -> Day:
    """A day at all vendors, and the work that it leaves."""
    server = make_server("127.0.0.1", settings.current().api_port, create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        day = live_a_day(simulator, seed=7)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    shipper = Shipper(journal_folder(settings.current()), journal_key(settings.current()))
    while shipper.ship():
        pass
    shipper.close()
    run_pending()
    return day


def _make_short_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (brands, run, stall, gifts):
        monkeypatch.setattr(module, "DAYS", 6)
    short = [brand.__class__(**{**vars(brand), "blasts": (5,), "members": 10}) for brand in brands.BRANDS]
    monkeypatch.setattr(run, "BRANDS", short)
    run.make_demo(lambda line: None)


def _count() -> dict[str, int]:
    with across_tenants() as session:
        kinds = session.execute(sa.select(Touchpoint.kind, sa.func.count()).group_by(Touchpoint.kind)).all()
        orders = session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0
    return dict([*((row[0], row[1]) for row in kinds), ("orders", orders)])


def _delivery_states() -> set[str]:
    with across_tenants() as session:
        return set(session.scalars(sa.select(Delivery.state)))
