"""What the rows of a table are called: a channel, a placement, a local day, a batch or an SKU of cards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.days import day_text
from core.attribution.journeys import Ints
from core.channels.service import list_channels
from core.insights.cube import PLACEMENT_SPAN, UNATTRIBUTED
from core.placements.models import Placement

Dimension = Literal["channel", "placement", "day", "batch", "sku"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """code: from channel, placement and day (int64[n] each) to the code of a row; name: a code's public key and name,
    both empty for what belongs nowhere."""

    code: Callable[[Ints, Ints, Ints], Ints]
    name: Callable[[int], tuple[str, str]]


def group_by(session: Session, by: Dimension) -> Grouping:
    """How rows are made and named."""
    if by == "day":
        return Grouping(lambda channel, placement, day: day, lambda day: (day_text(day), day_text(day)))
    if by in ("batch", "sku"):
        return _by_detail(session, by)
    channels = {channel.number: (str(channel.id), channel.name) for channel in list_channels(session)}
    if by == "channel":
        return Grouping(lambda channel, placement, day: channel, lambda number: channels.get(number, ("", "")))
    rows = session.execute(sa.select(Placement.number, Placement.id, Placement.name))
    placements = {number: (str(key), name) for number, key, name in rows}

    def name_of(code: int) -> tuple[str, str]:
        channel, placement = divmod(code, PLACEMENT_SPAN)
        if placement in placements or channel == UNATTRIBUTED:
            return placements.get(placement, ("", ""))
        key, name = channels.get(channel, ("", ""))
        return f"channel:{key}", f"{name} · –"

    return Grouping(lambda channel, placement, day: channel * PLACEMENT_SPAN + placement, name_of)


def _by_detail(session: Session, field: str) -> Grouping:
    """By what the placements say of themselves; those that do not say it, and what has no placement, are code 0."""
    rows = session.execute(sa.select(Placement.number, Placement.detail))
    said = {number: str(detail[field]) for number, detail in rows if detail.get(field)}
    names = ["", *sorted(set(said.values()))]
    codes = np.zeros(max(said, default=0) + 1, np.int64)
    for number, text in said.items():
        codes[number] = names.index(text)

    def code_of(channel: Ints, placement: Ints, day: Ints) -> Ints:
        known = placement < len(codes)
        code: Ints = np.where(known, codes[np.where(known, placement, 0)], 0)
        return code

    return Grouping(code_of, lambda code: (names[code], names[code]))
