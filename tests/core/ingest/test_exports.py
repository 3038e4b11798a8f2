"""A vendor's export goes in by its channel's plugin: once, in batches, bad rows told, and over a crash."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock, settings
from core.channels.models import Channel
from core.db import platform_writing, reading
from core.errors import SiyuError
from core.ingest import exports
from core.ingest.facts import take
from core.jobs.models import Job
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.plugin_host import Host, host
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.plugins import write_plugin

READS = """
def read_file(self, file, settings):
    for number, line in enumerate(file.path.read_text().splitlines(), start=1):
        if line == "garbage":
            raise sdk.Refused(f"line {number}: no table", code="csv")
        order_no, _, amount = line.partition(",")
        if not amount:
            yield sdk.BadRow(line=number, reason="no amount")
            continue
        who = (sdk.IdentityClaim(kind="customer_id", value=f"c-{order_no}"),)
        at = sdk.local_instant("2026-11-21 10:00:00")
        yield sdk.OrderSeen(event_id=f"o-{order_no}", at=at, who=who, order_no=order_no, amount=amount)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tenant: Tenant) -> Iterator[Channel]:
    found = write_plugin(tmp_path, monkeypatch, verbs=READS, capabilities=["read_file"])
    loaded = Host.load([found])
    assert not loaded.problems
    monkeypatch.setattr(host(), "channels", host().channels | loaded.channels)
    monkeypatch.setattr(host(), "manifests", host().manifests | loaded.manifests)
    yield make_channel(tenant, "Shop", plugin="shop")


def upload(client: RoleClient, channel: Channel, text: str) -> str:
    path = f"/channels/{channel.id}/exports?name=orders.csv"
    answer = client.post(path, data=text.encode(), content_type="application/octet-stream")
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return str(answer.get_json()["job_id"])


def result_of(tenant: Tenant) -> dict[str, object]:
    with reading(tenant.number) as session:
        job = session.scalars(sa.select(Job).where(Job.kind == "ingest.export").order_by(Job.id.desc())).first()
        assert job is not None
        return dict(job.result or {})


def count_orders(tenant: Tenant) -> int:
    with reading(tenant.number) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Order)) or 0


def test_export_becomes_orders_once(client: RoleClient, tenant: Tenant, shop: Channel) -> None:
    text = "\n".join(f"A{n},12.50" for n in range(1200)) + "\nB1"
    upload(client, shop, text)
    run_pending(queues=("slow",))
    assert count_orders(tenant) == 1200
    told = result_of(tenant)
    assert (told["rows"], told["orders"], told["refused"], told["reasons"]) == (1201, 1200, 1, "1201: no amount")
    upload(client, shop, text)
    run_pending(queues=("slow",))
    assert count_orders(tenant) == 1200
    assert result_of(tenant)["duplicates"] == 1200


def test_killed_reading_goes_on(
    client: RoleClient, tenant: Tenant, shop: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client, shop, "\n".join(f"A{n},1" for n in range(1200)))
    real, calls = take, []

    def broken(*args: Any) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("power cut")
        return real(*args)

    monkeypatch.setattr(exports, "take", broken)
    with clock.set_to(clock.now()):  # however slow the machine, the retry is not due yet
        run_pending(strict=False, queues=("slow",))
    assert count_orders(tenant) == 500
    with platform_writing() as session:
        session.execute(sa.update(Job).where(Job.state == "ready").values(not_before=clock.now()))
    run_pending(queues=("slow",))
    assert (count_orders(tenant), result_of(tenant)["orders"], result_of(tenant)["duplicates"]) == (1200, 1200, 0)


def test_unreadable_file_is_refused_once(client: RoleClient, tenant: Tenant, shop: Channel) -> None:
    upload(client, shop, "A1,5\ngarbage")
    with pytest.raises(SiyuError, match="line 2: no table"):
        run_pending(queues=("slow",))


def test_nothing_is_left_unsealed(client: RoleClient, tenant: Tenant, shop: Channel) -> None:
    upload(client, shop, "A1,5")
    run_pending(queues=("slow",))
    assert list((settings.current().home / "unsealed").iterdir()) == []


def test_plugin_without_reader_takes_none(client: RoleClient, tenant: Tenant) -> None:
    channel = make_channel(tenant, "Ads")
    path = f"/channels/{channel.id}/exports"
    assert client.post(path, data=b"x", content_type="application/octet-stream").status_code == 409
    folder = settings.current().home / "files" / str(tenant.number)
    assert not folder.exists() or list(folder.iterdir()) == []
