"""Cards are activated and voided by range, and what was done is taken back exactly."""

from typing import Any

import pytest

from core.jobs.runner import run_pending
from core.placements.card_states import OPPOSITE
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards

FORM = {"phone": "139 0000 0001"}


@pytest.fixture
def batch(tenant: Tenant) -> Batch:
    return make_cards(tenant, 5, detail={"only_after_shipping": True})


def cards(client: RoleClient, batch: Batch) -> Any:
    return client.get(f"/placements/{batch.placement.id}/cards").get_json()


def move(client: RoleClient, batch: Batch, deed: str, **numbers: int) -> Any:
    answer = client.post(f"/placements/{batch.placement.id}/cards/moves", json={"deed": deed, **numbers})
    assert answer.status_code == 202, answer.text
    run_pending()
    return next(one for one in cards(client, batch)["moves"] if one["id"] == answer.get_json()["id"])


def undo(client: RoleClient, batch: Batch, move_id: object) -> None:
    assert client.post(f"/placements/{batch.placement.id}/cards/moves/{move_id}/undo").status_code == 202
    run_pending()


def test_new_cards_are_only_printed(client: RoleClient, batch: Batch) -> None:
    told = cards(client, batch)
    assert told["only_after_shipping"] is True
    assert told["states"] == {"printed": 5, "active": 0, "redeemed": 0, "void": 0}


def test_range_is_activated_and_taken_back(client: RoleClient, batch: Batch) -> None:
    done = move(client, batch, "activate", first=2, last=4)
    assert (done["state"], done["moved"]) == ("done", 3)
    assert [client.get(f"/c/{serial}").status_code for serial in batch.serials] == [409, 200, 200, 200, 409]
    undo(client, batch, done["id"])
    assert cards(client, batch)["states"]["printed"] == 5


def test_undo_leaves_what_was_active_before(client: RoleClient, batch: Batch) -> None:
    move(client, batch, "activate", first=1, last=2)
    whole = move(client, batch, "activate")
    assert whole["moved"] == 3
    undo(client, batch, whole["id"])
    assert cards(client, batch)["states"] == {"printed": 3, "active": 2, "redeemed": 0, "void": 0}


def test_redeemed_cards_are_never_moved(client: RoleClient, batch: Batch) -> None:
    active = move(client, batch, "activate")
    assert client.post(f"/c/{batch.serials[0]}", data=FORM).status_code == 200
    move(client, batch, "void")
    assert cards(client, batch)["states"] == {"printed": 0, "active": 0, "redeemed": 1, "void": 4}
    undo(client, batch, active["id"])
    assert cards(client, batch)["states"] == {"printed": 0, "active": 0, "redeemed": 1, "void": 4}
    assert move(client, batch, "restore")["moved"] == 4
    assert cards(client, batch)["states"]["active"] == 4


def test_undo_works_only_once(client: RoleClient, batch: Batch) -> None:
    done = move(client, batch, "void", first=1, last=1)
    undo(client, batch, done["id"])
    again = client.post(f"/placements/{batch.placement.id}/cards/moves/{done['id']}/undo")
    assert again.status_code == 409


@pytest.mark.parametrize("numbers", [{"first": 0}, {"first": 6}, {"first": 3, "last": 2}, {"last": 6}, {"last": 2**40}])
def test_absent_cards_are_refused(client: RoleClient, batch: Batch, numbers: dict[str, int]) -> None:
    answer = client.post(f"/placements/{batch.placement.id}/cards/moves", json={"deed": "void", **numbers})
    assert answer.status_code == 422


def test_moves_of_another_placement_are_absent(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    done = move(client, batch, "activate")
    other = make_cards(tenant, 1, name="Other")
    assert client.post(f"/placements/{other.placement.id}/cards/moves/{done['id']}/undo").status_code == 404


def test_many_cards_move_in_steps(client: RoleClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cards.moving.STEP", 2)
    batch = make_cards(tenant, 5, name="Steps")
    assert move(client, batch, "activate")["moved"] == 5


def test_every_deed_has_its_opposite() -> None:
    assert all(OPPOSITE[OPPOSITE[deed]] == deed for deed in OPPOSITE)
