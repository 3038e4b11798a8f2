"""Packing lists tie cards to parcels: rows that are wrong are told, and a list taken in twice is taken in once."""

from typing import Any

import pytest
import sqlalchemy as sa

from core.db import reading, vault_of
from core.jobs.runner import run_pending
from core.placements.card_orders import order_of, packing_label
from core.placements.models import CardCode
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards


@pytest.fixture
def batch(tenant: Tenant) -> Batch:
    return make_cards(tenant, 3, detail={"only_after_shipping": True})


def send(client: RoleClient, batch: Batch, text: str, *, encoding: str = "utf-8") -> Any:
    path = f"/placements/{batch.placement.id}/cards"
    answer = client.post(f"{path}/lists?name=list.csv", data=text.encode(encoding))
    assert answer.status_code == 202, answer.text
    run_pending()
    return client.get(path).get_json()["moves"][0]


def rows(tenant: Tenant) -> list[CardCode]:
    with reading(tenant.number) as session:
        found = list(session.scalars(sa.select(CardCode).order_by(CardCode.number)))
        session.expunge_all()
        return found


def test_list_activates_what_was_shipped(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    text = f"序列号,订单号,SKU,发货时间\n{batch.serials[0]},88001,A-1,2026-11-05 10:00\n{batch.serials[1]},88002,A-2,\n"
    done = send(client, batch, text, encoding="gb18030")
    assert (done["state"], done["moved"], done["tied"], done["refused"]) == ("done", 1, 2, 0)
    assert [(row.state, row.sku) for row in rows(tenant)] == [("active", "A-1"), ("printed", "A-2"), ("printed", "")]
    with reading(tenant.number) as session:
        card = session.scalars(sa.select(CardCode).where(CardCode.number == 2)).one()
        assert order_of(vault_of(session), card) == "88002"
        assert b"88002" not in (card.order_sealed or b"")


def test_cards_are_named_by_number_too(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    assert send(client, batch, "card_number\n1\n3\n")["moved"] == 2
    assert [row.state for row in rows(tenant)] == ["active", "printed", "active"]


def test_bad_rows_are_told_with_their_lines(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    foreign = make_cards(tenant, 1, name="Elsewhere").serials[0]
    text = f"serial,order_no\n{batch.serials[0]},1\nnonsense,2\n{foreign},3\n,4\n"
    done = send(client, batch, text)
    assert (done["moved"], done["refused"]) == (1, 3)
    problems = {one["line"]: one["en"] for one in done["problems"]}
    assert sorted(problems) == [3, 4, 5]
    assert "typing mistake" in problems[3]
    assert foreign not in str(done)


def test_first_shipping_is_the_one_that_counts(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    for day in (5, 9):
        send(client, batch, f"number,shipped_at\n1,2026-11-0{day} 10:00\n")
    (first, *_) = rows(tenant)
    assert first.shipped_at is not None
    assert (first.shipped_at.day, first.state) == (5, "active")


def test_redeemed_card_is_not_made_good_again(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    send(client, batch, "number\n1\n")
    assert client.raw.post(f"/c/{batch.serials[0]}", data={"phone": "13900000001"}).status_code < 400
    assert send(client, batch, "number,order_no\n1,88001\n")["moved"] == 0
    assert rows(tenant)[0].state == "redeemed"


def test_void_cards_are_told(client: RoleClient, batch: Batch) -> None:
    client.post(f"/placements/{batch.placement.id}/cards/moves", json={"deed": "void", "first": 1, "last": 1})
    run_pending()
    assert send(client, batch, "number\n1\n2\n")["refused"] == 1


def test_list_without_cards_makes_them(client: RoleClient, tenant: Tenant) -> None:
    empty = make_cards(tenant, 0, name="Made", detail={"only_after_shipping": True})
    text = "order_no,sku,sequence\nTB20261105001,A-1,1\nTB20261105001,A-1,2\nTB20261105002,B-2,3\n"
    done = send(client, empty, text)
    assert (done["made"], done["tied"], done["moved"], done["first"], done["last"]) == (3, 3, 0, 1, 3)
    with reading(tenant.number) as session:
        labels = [
            packing_label(vault_of(session), row)
            for row in session.scalars(sa.select(CardCode).order_by(CardCode.number))
        ]
    assert labels == ["#1  …105001  A-1", "#2  …105001  A-1", "#3  …105002  B-2"]


def test_same_list_makes_no_card_twice(client: RoleClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cards.lists.STEP", 1)
    empty = make_cards(tenant, 0, name="Made")
    text = "order_no,sku\n1,A\n1,A\n2,B\n"
    assert send(client, empty, text)["made"] == 3
    assert send(client, empty, text)["made"] == 0
    assert send(client, empty, text + "3,C\n")["made"] == 1


def test_list_is_taken_back(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    done = send(client, batch, "number\n1\n2\n")
    client.post(f"/placements/{batch.placement.id}/cards/moves/{done['id']}/undo")
    run_pending()
    assert [row.state for row in rows(tenant)] == ["printed"] * 3


@pytest.mark.parametrize(
    "raw", [b"", b"name,age\n1,2\n", b"PK\x03\x04rest", b"\xff\xfea\x00", b"\x00" * 200, b"serial" + b"x" * 70_000]
)
def test_other_files_are_refused(client: RoleClient, batch: Batch, raw: bytes) -> None:
    answer = client.post(f"/placements/{batch.placement.id}/cards/lists?name=x.csv", data=raw)
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["path"] == "file"
