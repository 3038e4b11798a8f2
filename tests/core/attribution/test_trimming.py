"""Which touches take part: each choice against a naive twin, and in runs, receipts and on plain files alike."""

import csv
import itertools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.commands import attribute
from core.attribution.counting import count_journeys
from core.attribution.engine import rule_cells
from core.attribution.journeys import starts_of
from core.attribution.trimming import DirectTouches, Trimming, kind_weights
from core.channels.service import direct_channel
from core.contacts.models import Contact
from core.db import reading, writing
from core.lake.facts import KIND_CODES, TouchFacts
from core.orders.models import Order
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.core.attribution.made_journeys import made_part, path_files
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.attribution.test_engine import File
from tests.core.lake.made_facts import at
from tests.factories.touchpoints import new_touch

journey_lists = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=7), max_size=6)


def naively_kept(journey: Sequence[int], *, collapse: bool, last_resort: bool) -> list[int]:
    """Places of the touches that stay; channel 0 is the direct one."""
    places = list(range(len(journey)))
    if last_resort and any(channel != 0 for channel in journey):
        places = [place for place in places if journey[place] != 0]
    if not collapse:
        return places
    pairs = zip(places, [*places[1:], None], strict=True)
    return [one for one, other in pairs if other is None or journey[one] != journey[other]]


@given(journeys=journey_lists, collapse=st.booleans(), last_resort=st.booleans())
def test_kept_touches_equal_naive_ones(journeys: list[list[int]], collapse: bool, last_resort: bool) -> None:
    direct = DirectTouches.LAST_RESORT if last_resort else DirectTouches.KEEP
    starts = starts_of(np.array([len(one) for one in journeys], np.int64))
    channel = np.array([channel for one in journeys for channel in one], np.int32)
    keep = Trimming(collapse, direct, direct_channel=0).kept(starts, channel)
    found = [np.flatnonzero(keep[low:high]).tolist() for low, high in itertools.pairwise(starts)]
    assert found == [naively_kept(one, collapse=collapse, last_resort=last_resort) for one in journeys]


@given(file=path_files)
def test_trimmed_part_is_that_of_trimmed_paths(file: File) -> None:
    shorter = [tuple("abcd"[c] for c in _kept_channels(path)) for path, _ in file]
    outcomes = [outcome for _, outcome in file]
    trimming = Trimming(collapse=True, direct=DirectTouches.LAST_RESORT, direct_channel=0)
    found = trimming.trim(made_part([path for path, _ in file], outcomes))
    expected = made_part(shorter, outcomes)
    for name in ("starts", "channel"):
        np.testing.assert_array_equal(getattr(found.paths, name), getattr(expected.paths, name))
        np.testing.assert_array_equal(getattr(found.journeys, name), getattr(expected.journeys, name))
    np.testing.assert_array_equal(found.cells(), expected.cells())
    np.testing.assert_array_equal(found.journeys.value, expected.journeys.value)


def _kept_channels(path: tuple[str, ...]) -> list[int]:
    journey = ["abcd".index(letter) for letter in path]
    return [journey[place] for place in naively_kept(journey, collapse=True, last_resort=True)]


def test_kinds_weigh_what_is_said() -> None:
    weights = kind_weights({"click": 3.0, "visit": 0.5, "message_delivered": 1.0, "scan": 0.0})
    assert weights is not None
    kind = np.array([KIND_CODES[name] for name in ("click", "visit", "message_sent", "message_delivered", "scan")])
    none = np.zeros(5, np.int64)
    facts = TouchFacts(none, none, none, none, kind, none)  # type: ignore[arg-type]  # widths do not matter here
    assert Trimming(weights=weights).admits(facts).tolist() == [True, True, False, True, False]
    part = made_part([("a", "b", "c")], [(1, 0, 90.0)])
    part = Trimming(weights=weights).trim(part, kind=kind[[0, 1, 3]])
    models = choose_models(register_models(built_in_models()), names=["first", "linear", "position"])
    cells = rule_cells(count_journeys(part, models=models, channels=3))
    assert cells["first"].value.tolist() == pytest.approx([90.0, 0.0, 0.0])
    assert cells["linear"].value.tolist() == pytest.approx([90 * w / 4.5 for w in (3.0, 0.5, 1.0)])
    raw = [0.4 * 3.0, 0.2 * 0.5, 0.4 * 1.0]
    assert cells["position"].value.tolist() == pytest.approx([90 * w / sum(raw) for w in raw])


CHOICES: list[tuple[dict[str, Any], list[str]]] = [
    ({"collapse": True}, ["--collapse"]),
    ({"direct_touches": "drop"}, ["--direct-touches", "drop"]),
    ({"direct_touches": "last_resort", "collapse": True}, ["--direct-touches", "last_resort", "--collapse"]),
    ({"kind_weights": {"scan": 0.0, "click": 2.5}}, ["--kind-weight", "scan=0", "--kind-weight", "click=2.5"]),
]


@pytest.mark.parametrize(("options", "flags"), CHOICES)
def test_choices_do_the_same_everywhere(
    tenant: Tenant, client: RoleClient, tmp_path: Path, options: dict[str, Any], flags: list[str]
) -> None:
    make_brand(tenant)
    _add_direct(tenant)
    models = ["first", "linear", "time_decay", "markov_2", "shapley"]
    run = run_all_time(client, models=models, **options)
    usual = credits(client, run_all_time(client, models=models))
    table = credits(client, run)
    assert [row["value"] for row in table["rows"]] != [row["value"] for row in usual["rows"]]
    _export(tenant, tmp_path)
    files = ["--touchpoints", f"{tmp_path}/t.csv", "--orders", f"{tmp_path}/o.csv", "--direct", "direct"]
    result = CliRunner().invoke(attribute, [*files, *flags, *(part for model in models for part in ("--model", model))])
    assert result.exit_code == 0, result.output
    plain = {(row["model"], row["channel"]): row for row in csv.DictReader(result.stdout.splitlines())}
    for row in table["rows"]:
        expected = plain[row["model"], row["name"]]
        assert row["conversions"] == pytest.approx(float(expected["conversions"]), rel=1e-9, abs=1e-12)
        assert row["value"] == pytest.approx(float(expected["value"]), rel=1e-9, abs=1e-12)
    _check_receipts(tenant, client, run, table)


def _check_receipts(tenant: Tenant, client: RoleClient, run: dict[str, Any], table: dict[str, Any]) -> None:
    """All orders' receipts together are the run's credits."""
    with reading(tenant.number) as session:
        ids = [str(order) for order in session.scalars(select(Order.id))]
    given: dict[tuple[str, str], float] = {}
    reasons = set()
    for order in ids:
        receipt: Any = client.get(f"/orders/{order}/receipt", query_string={"run": run["id"]}).json
        net = float(receipt["order"]["net"])
        for touch in receipt["touches"]:
            for share in touch["shares"]:
                key = share["model"], touch["channel"]
                given[key] = given.get(key, 0.0) + share["share"] * net
        reasons |= {touch["reason"] for touch in receipt["outside"]}
    for row in table["rows"]:
        if row["model"] in ("first", "linear", "time_decay"):
            assert given.get((row["model"], row["name"]), 0.0) == pytest.approx(row["value"], rel=1e-9, abs=1e-9)
    assert reasons & {"direct", "repeated", "weightless"}


def _add_direct(tenant: Tenant) -> None:
    """Direct visits, and touches of two kinds, of people who are there."""
    random = np.random.default_rng(3)
    with writing(tenant.number) as session:
        contacts = list(
            session.scalars(select(Touchpoint.contact_number).distinct().order_by(Touchpoint.contact_number))
        )
        direct = direct_channel(session).number
        rows = [
            new_touch(
                contacts[int(random.integers(0, len(contacts)))],
                at=at(int(random.integers(0, 60 * 24 * 60))),
                channel_number=direct,
                kind=("click", "scan")[place % 2],
            )
            for place in range(120)
        ]
        touchpoints.record(session, rows)


def _export(tenant: Tenant, folder: Path) -> None:
    with reading(tenant.number) as session:
        from core.channels.service import list_channels

        names = {channel.number: channel.name for channel in list_channels(session)}
        touches = session.scalars(select(Touchpoint).order_by(Touchpoint.id)).all()
        orders = session.scalars(select(Order).order_by(Order.id)).all()
        lines = [f"{t.contact_number},{t.at.isoformat()},{names[t.channel_number]},{t.kind}" for t in touches]
        (folder / "t.csv").write_text("contact,time,channel,kind\n" + "\n".join(lines))
        rows = [f"{o.contact_number},{o.placed_at.isoformat()},{Decimal(o.net_minor) / 100}" for o in orders]
        (folder / "o.csv").write_text("contact,time,value\n" + "\n".join(rows))


def test_visitors_may_be_left_out(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    with writing(tenant.number) as session:
        buyer = session.scalars(select(Order.contact_number).order_by(Order.id)).first()
        person = session.scalars(select(Contact).where(Contact.number == buyer)).one()
        touched = session.scalar(select(Touchpoint.id).where(Touchpoint.contact_number == buyer))
        for contact in session.scalars(select(Contact)):
            contact.joined_at = None if contact is person else at(0)
        order = session.scalars(select(Order).where(Order.contact_number == buyer)).first()
        assert order is not None
        assert touched is not None
        key, mine = str(order.id), len(session.scalars(select(Order.id).where(Order.contact_number == buyer)).all())
    run = run_all_time(client, visitors="leave_out")
    usual, left = (credits(client, one)["unattributed"][0] for one in (run_all_time(client), run))
    assert left["conversions"] == usual["conversions"] + mine
    receipt: Any = client.get(f"/orders/{key}/receipt", query_string={"run": run["id"]}).json
    assert not receipt["touches"]
    assert "visitor" in {touch["reason"] for touch in receipt["outside"]}


def test_credits_split_by_new_and_repeat_orders(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    table = credits(client, run, by="order", models="linear,markov")
    found = {(row["model"], row["key"]): row["value"] for row in table["rows"]}
    with reading(tenant.number) as session:
        rows = session.scalars(select(Order).order_by(Order.placed_at, Order.id)).all()
        seen: set[int] = set()
        expected = {"new": 0, "repeat": 0}
        for order in rows:
            receipt: Any = client.get(f"/orders/{order.id}/receipt", query_string={"run": run["id"]}).json
            if receipt["touches"]:
                expected["repeat" if order.contact_number in seen else "new"] += order.net_minor
            seen.add(order.contact_number)
    assert expected["repeat"] > 0
    for kind, minor in expected.items():
        assert found["linear", kind] == pytest.approx(minor / 100)
    assert sum(value for (model, _), value in found.items() if model == "markov") == pytest.approx(
        sum(expected.values()) / 100
    )


@pytest.mark.parametrize("weights", [{"clik": 1.0}, {"click": -1.0}, {"click": 101.0}])
def test_wrong_weights_are_refused(tenant: Tenant, client: RoleClient, weights: dict[str, float]) -> None:
    asked = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01", "kind_weights": weights})
    assert asked.status_code == 422
    assert "kind_weights" in str(asked.json)
