"""The shell does with cards what the page does."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cards.commands import cards
from core.errors import NotFound
from core.tenants.models import Tenant
from tests.factories.cards import Batch, make_cards


@pytest.fixture
def batch(tenant: Tenant, db: object, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.setattr("core.cards.commands.connect", lambda database: None)
    return make_cards(tenant, 3, detail={"only_after_shipping": True})


def test_cards_are_moved_from_a_shell(batch: Batch) -> None:
    said = CliRunner().invoke(cards, ["move", "activate", "--tenant", "Mine", "--placement", "Batch 1", "--last", "2"])
    assert said.output == "done: 2 moved, 0 made, 0 tied to orders, 0 rows refused\n"


def test_lists_are_taken_in_from_a_shell(batch: Batch, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("number,order_no\n1,88001\n9,88002\n")
    said = CliRunner().invoke(cards, ["list", str(file), "--tenant", "Mine", "--placement", str(batch.placement.id)])
    assert "done: 1 moved, 0 made, 1 tied to orders, 1 rows refused" in said.output
    assert "line 3:" in said.output


def test_absent_placements_are_told(batch: Batch) -> None:
    said = CliRunner().invoke(cards, ["move", "void", "--tenant", "Mine", "--placement", "Nowhere"])
    assert isinstance(said.exception, NotFound)
