"""The demo drives the application: two brands, every plugin, figures that add up."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import Database, across_tenants
from core.deliveries.models import Delivery
from core.demo import brands, gifts, run, shows, stall
from core.errors import Conflict
from core.experiments.models import Experiment
from core.ingest.models import Claim
from core.orders.models import Order
from core.placements.models import PlacementCost, PlacementFigure
from core.referrals.models import Referral
from core.rewards.models import RewardJoin, RewardPayout
from core.touchpoints.models import Touchpoint


@pytest.mark.slow
def test_demo_makes_two_living_brands(db: Database, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (brands, run, stall, gifts):
        monkeypatch.setattr(module, "DAYS", 4)
    monkeypatch.setattr(shows, "DAYS", (1,))
    short = [brand.__class__(**{**vars(brand), "blasts": (3,), "members": 30}) for brand in brands.BRANDS]
    monkeypatch.setattr(run, "BRANDS", short)
    run.make_demo(lambda line: None)
    with across_tenants() as session:
        kinds = set(session.scalars(sa.select(Touchpoint.kind)))
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
            for model in (Contact, Order, Delivery, PlacementCost, PlacementFigure, Claim, Referral, Experiment)
        ]
        paid = session.scalars(sa.select(RewardPayout.state)).all()
        joined = session.scalars(sa.select(RewardJoin.state)).all()
        brands_seen = set(session.scalars(sa.select(Touchpoint.tenant_id)))
    assert {"redeem", "visit", "scan", "comment", "message_sent", "message_delivered"} <= kinds
    assert (paid.count("succeeded"), joined.count("joined")) == (gifts.TAKERS, gifts.JOINERS)
    assert all(counts) and brands_seen == {1, 2}
    assert (home / "demo-logins.txt").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict):
        run.make_demo(lambda line: None)


def test_demo_is_made_beside_no_reader(db: Database, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_connections: list[int] = []
    monkeypatch.setattr(run, "connect", lambda database: None)
    monkeypatch.setattr(run, "make_demo", lambda say: open_connections.append(_checked_out(db)))
    run.ensure_demo()
    assert open_connections == [0]


def _checked_out(db: Database) -> int:
    pool = db.engine.pool
    assert isinstance(pool, sa.QueuePool)
    return pool.checkedout()
