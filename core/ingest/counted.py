"""Figures that platforms tell of placements, taken from a plugin's events."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.errors import Invalid
from core.ingest.origins import Places
from core.placements.figures import SPEND, Told, record_figures
from core.sdk.events import Figures
from core.tenants.currencies import to_minor
from core.tenants.service import tenant_now


def take_figures(session: Session, places: Places, events: Sequence[Figures]) -> dict[str, str]:
    """Keep them; returns why by event id for those that cannot be. What nobody put out here is passed over."""
    refused: dict[str, str] = {}
    told: list[Told] = []
    for event in events:
        number = places.of(event).placement_number
        if number is None:
            continue
        try:
            told += _read_figures(session, event, number)
        except Invalid as refusal:
            refused[event.event_id] = refusal.fields[0].code
    record_figures(session, told)
    return refused


def _read_figures(session: Session, event: Figures, number: int) -> list[Told]:
    told = [Told(number, name, count, event.at, event.day) for name, count in event.counts.items()]
    if event.spend is not None:
        tenant = tenant_now(session)
        minor = to_minor(str(event.spend), tenant.currency, field="spend")
        day = event.day or event.at.astimezone(ZoneInfo(tenant.timezone)).date()
        told.append(Told(number, SPEND, minor, event.at, day))
    return told
