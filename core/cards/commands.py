"""`siyu cards`: activate, void or list a placement's cards from a shell, as the page does."""

from collections.abc import Iterator
from pathlib import Path

import click
import sqlalchemy as sa

from core import settings
from core.cards.lists import receive_list
from core.cards.models import CardMove
from core.cards.moving import ask_move
from core.db import Database, connect, find, reading, writing
from core.errors import NotFound
from core.ingest.commands import find_tenant
from core.jobs.runner import run_now
from core.placements.card_states import DEEDS, Deed
from core.placements.models import Placement

_CHUNK = 1 << 20


@click.group("cards")
def cards() -> None:
    """Printed cards: activate, void, or take in a packing list."""


@cards.command("move")
@click.argument("deed", type=click.Choice(DEEDS))
@click.option("--tenant", required=True, help="Brand: its id or its name.")
@click.option("--placement", required=True, help="Placement: its id or its name.")
@click.option("--first", type=int, help="From this card on; without it, from the first.")
@click.option("--last", type=int, help="Up to this card; without it, to the last.")
def move_command(deed: Deed, tenant: str, placement: str, first: int | None, last: int | None) -> None:
    """Activate, deactivate, void or restore cards."""
    connect(Database(settings.current().database))
    number = find_tenant(tenant)
    placement_id = _find_placement(number, placement)
    with writing(number) as session:
        move = ask_move(session, find(session, Placement, placement_id), deed, first=first, last=last)
        session.expunge(move)
    _work(number, move)


@cards.command("list")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="Brand: its id or its name.")
@click.option("--placement", required=True, help="Placement: its id or its name.")
def list_command(file: Path, tenant: str, placement: str) -> None:
    """Take in a packing list: it names cards, or has one made for each row."""
    connect(Database(settings.current().database))
    number = find_tenant(tenant)
    _work(number, receive_list(number, _find_placement(number, placement), _read_chunks(file), name=file.name))


def _find_placement(tenant_number: int, named: str) -> str:
    """The id of the placement with this id or name. Raises `NotFound`, also where several have the name."""
    with reading(tenant_number) as session:
        by_name = list(session.scalars(sa.select(Placement.id).where(Placement.name == named)))
        if len(by_name) > 1:
            raise NotFound(f"{len(by_name)} placements are named {named}; give the id.")
        try:
            return str(by_name[0] if by_name else find(session, Placement, named).id)
        except NotFound:
            raise NotFound(f"There is no placement {named}.") from None


def _work(tenant_number: int, move: CardMove) -> None:
    """Work the job here, unless the platform's worker has it, and tell what became of it."""
    assert move.job_id is not None
    run_now(move.job_id)
    with reading(tenant_number) as session:
        done = find(session, CardMove, move.id)
        told = f"{done.moved} moved, {done.made} made, {done.tied} tied to orders, {done.refused} rows refused"
        for problem in done.problems:
            click.echo(f"line {problem['line']}: {problem['en']}", err=True)
        click.echo(f"{done.state}: {told}")


def _read_chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
