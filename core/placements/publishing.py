"""What a plugin needs to print a placement, and keeping what it printed."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core.channels.service import channel_by_number, settings_of
from core.db import tenant_of, vault_of
from core.errors import Conflict
from core.files.models import StoredFile
from core.files.service import remove
from core.jobs.models import Job
from core.jobs.service import submit
from core.placements.art import artwork_of
from core.placements.card_orders import packing_label
from core.placements.cards import count_codes, serials_of
from core.placements.codes import PREFIX, SCANNED
from core.placements.links import list_links
from core.placements.models import CardCode, Placement, PlacementArtifact
from core.plugin_host import host
from core.sdk.placements import Artifact, Code
from core.sdk.placements import Placement as PlacementFacts
from core.tenants.service import tenant_now

CARD_PREFIX = "/c/"
SAMPLE_SERIAL = "0" * 18
SAMPLES = 10
SAMPLE_LABEL = "#12  …105001  SKU"


@dataclass(frozen=True)
class Printing:
    """Everything one call of a plugin's `publish` takes."""

    plugin_key: str
    settings: dict[str, JsonValue]
    placement: PlacementFacts
    codes: tuple[Code, ...]


def ask_to_publish(session: Session, placement: Placement, *, base: str) -> Job:
    """Have the placement's artefacts made by a job. `base` is printed: scheme and host of links and cards.

    Raises:
        Conflict: its plugin prints nothing, or there is nothing to print yet.
    """
    key = channel_by_number(session, placement.channel_number).plugin_key
    _refuse_silent(key)
    if not count_codes(session, placement) and not list_links(session, placement):
        raise Conflict("Make codes or a link first: there is nothing to print.")
    args = {"placement": str(placement.id), "base": base}
    return submit(session, "placements.publish", args, tenant_id=tenant_of(session), coalesce=f"{placement.id}:{base}")


def prepare_printing(session: Session, placement: Placement, *, base: str) -> Printing:
    """Gather what `publish` takes: the cards' serials if there are any, else the links."""
    channel = channel_by_number(session, placement.channel_number)
    return Printing(
        plugin_key=channel.plugin_key,
        settings=settings_of(session, channel),
        placement=facts_of(session, placement).model_copy(update={"art": artwork_of(session, placement)}),
        codes=tuple(_codes(session, placement, base)),
    )


def prepare_sample(session: Session, placement: Placement, *, base: str) -> Printing:
    """The same with a code that no card has, as often as fills a sheet, for looking at it.

    Raises:
        Conflict: the plugin prints nothing.
    """
    channel = channel_by_number(session, placement.channel_number)
    _refuse_silent(channel.plugin_key)
    sample = card_code_of(SAMPLE_SERIAL, base).model_copy(update={"label": SAMPLE_LABEL})
    return Printing(
        plugin_key=channel.plugin_key,
        settings=settings_of(session, channel),
        placement=facts_of(session, placement).model_copy(update={"art": artwork_of(session, placement)}),
        codes=tuple(sample.model_copy(update={"number": number}) for number in range(1, SAMPLES + 1)),
    )


def _refuse_silent(plugin_key: str) -> None:
    manifest = host().manifests.get(plugin_key)
    if manifest is None or "publish" not in manifest.capabilities:
        raise Conflict(f"The plugin {plugin_key} prints nothing.")


def facts_of(session: Session, placement: Placement) -> PlacementFacts:
    """The placement as a plugin sees it."""
    return PlacementFacts(
        id=str(placement.id),
        name=placement.name,
        brand=tenant_now(session).name,
        starts_at=placement.starts_at,
        ends_at=placement.ends_at,
        detail=placement.detail,
    )


def card_code_of(serial: str, base: str) -> Code:
    """A serial with the address that its QR code opens."""
    return Code(serial=serial, url=f"{base}{CARD_PREFIX}{serial}")


def keep_artifact(session: Session, placement: Placement, artifact: Artifact, stored: StoredFile) -> None:
    """Show the file with the placement, in place of an older one of the same name."""
    old = session.scalars(
        sa.select(PlacementArtifact).where(
            PlacementArtifact.placement_number == placement.number, PlacementArtifact.name == artifact.name
        )
    ).all()
    for row in old:
        file = session.scalar(sa.select(StoredFile).where(StoredFile.id == row.file_id))
        if file is not None:
            remove(session, file)
        session.delete(row)
    session.add(
        PlacementArtifact(
            placement_number=placement.number,
            file_id=stored.id,
            name=artifact.name,
            media_type=artifact.media_type,
            title=artifact.title.model_dump(),
        )
    )
    session.flush()


def list_artifacts(session: Session, placement: Placement) -> list[PlacementArtifact]:
    """What was printed for the placement, newest first."""
    query = sa.select(PlacementArtifact).where(PlacementArtifact.placement_number == placement.number)
    return list(session.scalars(query.order_by(PlacementArtifact.id.desc())))


def _codes(session: Session, placement: Placement, base: str) -> Sequence[Code]:
    if count_codes(session, placement):
        return _cards(session, placement, base)
    active = [link for link in list_links(session, placement) if link.state == "active"]
    return [Code(serial=link.code, url=f"{base}{PREFIX}{link.code}?{SCANNED}", label=link.label) for link in active]


def _cards(session: Session, placement: Placement, base: str) -> list[Code]:
    """The cards to print, in their order; those that are void are not printed again."""
    query = sa.select(CardCode).where(CardCode.placement_number == placement.number, CardCode.state != "void")
    rows, vault = session.scalars(query.order_by(CardCode.number)).all(), vault_of(session)
    serials = serials_of(session, placement, [row.number for row in rows])
    return [
        card_code_of(serial, base).model_copy(update={"number": row.number, "label": packing_label(vault, row)})
        for serial, row in zip(serials, rows, strict=True)
    ]
