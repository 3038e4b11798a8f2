"""Stores, as people use them: a poster hangs, people leave their number, tills and shops tell what they bought.

Each simulated vendor once promptly, once doubled and shuffled, once a month late: the brands end equal, and equal again
to what a pull or an imported file tells.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from pydantic import JsonValue
from werkzeug.test import Client

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, issue_hook
from core.contacts.lookup import roots_of
from core.contacts.models import Contact
from core.contacts.opening import identities_of
from core.db import reading, writing
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.placements.models import Placement
from core.simulator.day import Person
from core.simulator.shops import ShopVendor
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.stores import code_of, make_place, make_stores
from tests.factories.tenants import make_tenant
from tests.simulators import Postbox
from tests.simulators import simulator as simulator

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
MONTH = timedelta(days=30)
VENDORS = ("shopify", "woocommerce", "youzan", "douyin_life", "till")
STORES = {"youzan": "1600", "douyin_life": "66001", "till": "SH01"}
ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
PEOPLE = [f"1390000000{number}" for number in range(1, 6)]


@dataclass
class Brand:
    """A brand with one store, one clerk and a hook."""

    tenant: Tenant
    channel: Channel
    store: Placement
    hook: str


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def open_brand(app: OpenAPI, simulator: Simulator, key: str) -> Brand:
    """The placements are made, the poster hangs, five people scan it and leave their number."""
    simulator.reset()
    vendor = simulator.vendors[key]
    tenant = make_tenant(name="Tea")
    form: dict[str, JsonValue] = dict(vendor.account)
    channel = make_stores(tenant, form)
    store = make_place(tenant, channel, "Jing'an", cost_minor=50_000, place="store", number=STORES.get(key, "none"))
    make_place(tenant, channel, "Anna", cost_minor=10_000, place="staff", code="A017", belongs_to="SH01")
    with writing(tenant.number) as session:
        hook = f"/hooks/{issue_hook(session, channel_by_number(session, channel.number))}"
    visitor, code = Client(app), code_of(tenant, store)
    for phone in PEOPLE:
        visitor.delete_cookie("siyu_a")
        assert visitor.get(f"/t/{code}?q").status_code == 302
        assert visitor.post(f"/l/{code}", data={"phone": phone}).status_code == 200
    return Brand(tenant, channel, store, hook)


def sell(vendor: Any) -> None:
    """Four orders: one by the clerk's code, one partly refunded, one cancelled, one of somebody new."""
    assert isinstance(vendor, ShopVendor)
    orders = ((PEOPLE[0], 12_000, "A017"), (PEOPLE[1], 8_800, ""), (PEOPLE[2], 5_000, ""), ("17000000009", 9_900, ""))
    for phone, cents, code in orders:
        vendor.sell(Person("", f"+86{phone}"), cents=cents, code=code)
    first = vendor.first_number
    vendor.later(vendor.give_back(first + 1, 3_000))
    vendor.later(vendor.cancel(first + 2))


def live(app: OpenAPI, simulator: Simulator, brand: Brand, key: str, how: str) -> None:
    """The vendor tells what was sold, promptly, messily or late; jobs read it."""
    vendor = simulator.vendors[key]
    vendor.hooks[""] = f"http://127.0.0.1{brand.hook}"
    with vendor.lock:
        sell(vendor)
    simulator.flush()
    moment = NOON + MONTH if how == "late" else NOON
    with clock.set_to(moment):
        box = Postbox(app)
        simulator.queue.post = Postbox(body=b'{"code":0,"msg":"success"}') if how == "messy" else box
        simulator.queue.advance(60)
        if how == "messy":
            told = simulator.queue.post.postings * 3
            random.Random(key).shuffle(told)
            for posting in told:
                box(posting, 5)
        assert {ack.status for ack in box.acks} == {200}
        run_pending()


@dataclass(frozen=True)
class State:
    """All that may differ between brands, in words they share: who, by their names, and which place."""

    orders: list[tuple[Any, ...]]
    touches: list[tuple[Any, ...]]
    origins: list[tuple[Any, ...]]


def state(brand: Brand) -> State:
    with reading(brand.tenant.number) as session:
        places = {row.number: row.name for row in session.scalars(sa.select(Placement))}
        orders = list(session.scalars(sa.select(Order)))
        touches = list(session.scalars(sa.select(Touchpoint).where(Touchpoint.kind.not_in(("scan", "click")))))
        roots = roots_of(session, [*(one.contact_number for one in orders), *(one.contact_number for one in touches)])
        named = identities_of(session, set(roots.values()))
        people = session.scalars(sa.select(Contact).where(Contact.number.in_(set(roots.values()))))

        def who(number: int) -> str:
            return " ".join(sorted(one.value for one in named[roots.get(number, number)] if one.kind != "cookie"))

        def where(number: int | None) -> str:
            return places.get(number or 0, "")

        return State(
            orders=sorted(
                (one.order_no, who(one.contact_number), one.net_minor, one.state, one.placed_at,
                 where(one.placement_number))
                for one in orders
            ),
            touches=sorted(
                (one.event_id.partition("-")[0], one.kind, who(one.contact_number), where(one.placement_number))
                for one in touches
            ),
            origins=sorted((who(one.number), where(one.origin_placement_number)) for one in people),
        )  # fmt: skip


@pytest.mark.parametrize("key", VENDORS)
@ON_SQLITE
def test_brands_end_equal_however_they_are_told(app: OpenAPI, simulator: Simulator, key: str) -> None:
    brands = {}
    for how in ("prompt", "messy", "late"):
        brands[how] = open_brand(app, simulator, key)
        live(app, simulator, brands[how], key, how)
    states = {how: state(brand) for how, brand in brands.items()}
    assert states["messy"] == states["prompt"]
    assert states["late"] == states["prompt"]
    nets = sorted(one[2] for one in states["prompt"].orders)
    assert nets == [0, 5_800, 9_900, 12_000]


@pytest.mark.parametrize("key", ["till", "shopify"])
@ON_SQLITE
def test_store_has_its_row_with_cost_and_cac(app: OpenAPI, simulator: Simulator, key: str) -> None:
    brand = open_brand(app, simulator, key)
    live(app, simulator, brand, key, "prompt")
    client = RoleClient(app, brand.tenant)
    client.post("/attribution/runs", json={"from": "2026-11-01", "to": "2026-12-01"})
    run_pending()
    rows = client.get("/insights/costs?from=2026-11-01&to=2026-12-01&by=placement").get_json()["rows"]
    row = next(row for row in rows if row["name"] == "Jing'an")
    # Who bought at the till without having scanned came by the store, too; who bought online did not.
    assert (row["cost"], row["contacts"]) == ("500.00", 6 if key == "till" else 5)
    assert row["cac"] is not None
    board = client.get("/stores/board?from=2026-11-01&to=2026-12-01").get_json()
    assert [(one["name"], one["orders"], one["revenue"]) for one in board["staff"]] == [("Anna", 1, "120.00")]


@pytest.mark.parametrize("key", ["shopify", "woocommerce"])
@ON_SQLITE
def test_pull_tells_what_webhooks_lost(app: OpenAPI, simulator: Simulator, key: str) -> None:
    heard, pulled = open_brand(app, simulator, key), None
    live(app, simulator, heard, key, "prompt")
    pulled = open_brand(app, simulator, key)
    with simulator.vendors[key].lock:
        sell(simulator.vendors[key])
    simulator.queue.clear()
    simulator.vendors[key].outbox.clear()
    submit_due_polls()
    run_pending()
    assert state(pulled) == state(heard)


def test_receipt_joins_its_order_before_or_after(app: OpenAPI, simulator: Simulator) -> None:
    early, late = open_brand(app, simulator, "till"), open_brand(app, simulator, "till")
    for brand, claims_first in ((early, True), (late, False)):
        simulator.reset()
        till: Any = simulator.vendors["till"]
        till.hooks[""] = f"http://127.0.0.1{brand.hook}"
        simulator.queue.post = Postbox(app)
        receipt = "SH01-20261121-1001"
        claim = {"phone": PEOPLE[0], "receipt": receipt}
        if claims_first:
            Client(app).post(f"/l/{code_of(brand.tenant, brand.store)}", data=claim)
        with till.lock:
            assert till.receipt_of(till.sell(Person("", ""), cents=6_600)) == receipt
        simulator.flush()
        simulator.queue.advance(60)
        run_pending()
        if not claims_first:
            Client(app).post(f"/l/{code_of(brand.tenant, brand.store)}", data=claim)
    assert state(early) == state(late)
    (order,) = state(early).orders
    assert (order[0], f"+86{PEOPLE[0]}" in order[1]) == (receipt, True)


@ON_SQLITE
def test_file_tells_what_the_till_told(app: OpenAPI, simulator: Simulator) -> None:
    heard, read = open_brand(app, simulator, "till"), open_brand(app, simulator, "till")
    rows = ["流水号,门店编号,交易时间,实收金额,手机号,员工号"]
    till: Any = simulator.vendors["till"]
    till.hooks[""] = f"http://127.0.0.1{heard.hook}"
    simulator.queue.post = Postbox(app)
    with till.lock:
        for phone, cents, code in ((PEOPLE[0], 4_500, "A017"), ("", 2_000, "")):
            one = till.sell(Person("", phone), cents=cents, code=code)
            rows.append(f"{till.receipt_of(one)},SH01,2026-11-21 12:00:00,{one.amount},{phone},{code}")
    simulator.flush()
    simulator.queue.advance(60)
    client = RoleClient(app, read.tenant)
    path, raw = f"/channels/{read.channel.id}/exports?name=till.csv", "\n".join(rows).encode("gb18030")
    sent = client.post(path, data=raw, content_type="text/csv")
    assert sent.status_code < 300, sent.get_data(as_text=True)
    run_pending()
    assert state(read) == state(heard)
