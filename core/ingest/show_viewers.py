"""How many watched a show, minute by minute: no vendor's published interface tells it, its console's export does.

The columns are proposed by their headers and chosen by a person. A minute is written as a number (the first is 1, or 0
where the file begins so), as a time of the day, or as a whole instant. Of the rows of one minute the highest counts.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import insert_new
from core.errors import FieldError, Invalid
from core.ingest.reasons import Refused
from core.ingest.values import instant_of
from core.placements.models import Placement, ShowMinute
from core.sdk.failures import ChannelFailure
from core.sdk.tables import read_rows

MOST_MINUTES, MOST_ROWS, MOST_VIEWERS = 1_440, 20_000, 1_000_000_000
MINUTE_NAMES = ("minute", "time", "分钟", "时间", "时刻", "第几分钟", "直播时间")
VIEWER_NAMES = ("viewers", "online", "watching", "在线人数", "实时在线人数", "观看人数", "同时在线", "人数")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?", re.ASCII)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds the minute, which the viewers; empty ones are proposed."""

    minute: str = ""
    viewers: str = ""


@dataclass(slots=True)
class Curve:
    """A table as it was understood: minutes with their viewers, and lines that could not be."""

    header: list[str]
    columns: Columns
    sample: list[list[str]] = field(default_factory=list)
    minutes: dict[int, int] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)


def read_curve(table: str, columns: Columns, *, begin: datetime, zone: tzinfo) -> Curve:
    """The curve that a CSV tells of a show that began at `begin`.

    Raises:
        Invalid: it is no table, or has no such column. Where none is named and no header is known, the curve is empty.
    """
    rows = _rows_of(table)
    header = list(rows[0]) if rows else []
    chosen = Columns(
        _choose(columns.minute, header, MINUTE_NAMES, "minute_column"),
        _choose(columns.viewers, header, VIEWER_NAMES, "viewers_column"),
    )
    curve = Curve(header, chosen, sample=[list(row.values()) for row in rows[:5]])
    if not (chosen.minute and chosen.viewers):
        return curve
    shift = int(any(row[chosen.minute] == "0" for row in rows))
    for line, row in enumerate(rows, 2):
        minute = _minute_of(row[chosen.minute], begin, zone, shift)
        viewers = _count_of(row[chosen.viewers])
        if minute is None or viewers is None:
            curve.refused.append(line)
        else:
            curve.minutes[minute] = max(viewers, curve.minutes.get(minute, 0))
    return curve


def keep_curve(session: Session, placement: Placement, minutes: Mapping[int, int]) -> None:
    """The show's curve, in place of the one before.

    Raises:
        Invalid: there is not a single minute in it.
    """
    if not minutes:
        raise _refuse("minute_column", "No row tells a minute and its viewers: choose the columns that do.")
    session.execute(sa.delete(ShowMinute).where(ShowMinute.placement_number == placement.number))
    rows = [
        {"placement_number": placement.number, "minute": minute, "viewers": viewers}
        for minute, viewers in sorted(minutes.items())
    ]
    insert_new(session, ShowMinute, rows, conflict=("placement_number", "minute"))


def curve_of(session: Session, placement: Placement) -> list[ShowMinute]:
    """What is kept, minute by minute."""
    query = sa.select(ShowMinute).where(ShowMinute.placement_number == placement.number)
    return list(session.scalars(query.order_by(ShowMinute.minute)))


def _rows_of(table: str) -> list[dict[str, str]]:
    try:
        rows = []
        for row in read_rows(io.BytesIO(table.encode())):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise _refuse("table", f"At most {MOST_ROWS} rows.")
    except ChannelFailure as failure:
        raise _refuse("table", failure.message) from None
    if not rows:
        raise _refuse("table", "The table has no rows below its header.")
    return rows


def _choose(wanted: str, header: list[str], names: Iterable[str], path: str) -> str:
    if wanted and wanted not in header:
        raise _refuse(path, f"Choose one of the columns: {', '.join(header)[:300]}.")
    plain = {column.strip().lower(): column for column in header}
    return wanted or next((plain[name] for name in names if name in plain), "")


def _minute_of(cell: str, begin: datetime, zone: tzinfo, shift: int) -> int | None:
    text = cell.strip()
    if text.isascii() and text.isdigit() and len(text) <= 4:
        minute = int(text) + shift
    else:
        at = _instant_of(text, begin, zone)
        if at is None:
            return None
        minute = (at - begin.replace(second=0, microsecond=0)) // _MINUTE + 1
    return minute if 1 <= minute <= MOST_MINUTES else None


def _instant_of(text: str, begin: datetime, zone: tzinfo) -> datetime | None:
    """A time of the day is the first such one since the show began."""
    if (clock := _CLOCK.fullmatch(text)) is None:
        try:
            return instant_of(text, zone=zone, column="minute")
        except Refused:
            return None
    hour, minute = int(clock[1]), int(clock[2])
    if hour > 23 or minute > 59:
        return None
    local = begin.astimezone(zone).replace(second=0, microsecond=0)
    at = local.replace(hour=hour, minute=minute)
    return at if at >= local else at + timedelta(days=1)


def _count_of(cell: str) -> int | None:
    digits = cell.strip().replace(",", "").replace("，", "")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 10
    return int(digits) if is_number and int(digits) <= MOST_VIEWERS else None


def _refuse(path: str, message: str) -> Invalid:
    return Invalid(message, fields=[FieldError(path, "unreadable", message)])
