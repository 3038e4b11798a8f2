"""The hosting service's export of plays, a row an episode and day: 节目编号, 日期, 播放量, 新增订阅, 推广费."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from core.sdk import Event, Figures, Refused, SourceFile, local_instant, read_rows
from core.sdk.requests import BadRow

COLUMNS = ("节目编号", "日期", "播放量", "新增订阅", "推广费")


def read_plays(file: SourceFile) -> Iterator[Event | BadRow]:
    """The figures of each episode and day; the same row again is the same figures."""
    with file.path.open("rb") as stream:
        for line, row in enumerate(read_rows(stream), 2):
            if missing := [name for name in COLUMNS if name not in row]:
                raise Refused(f"the export has no column {missing[0]}; choose 按天导出 at the service", code="columns")
            try:
                yield _read_row(row)
            except (ValueError, InvalidOperation):
                yield BadRow(line=line, reason="a date or number in this row cannot be read")


def _read_row(row: dict[str, str]) -> Figures:
    episode, day = row["节目编号"], date.fromisoformat(row["日期"])
    return Figures(
        event_id=f"plays-{episode}-{day}",
        at=local_instant(f"{day} 23:59:59"),
        day=day,
        counts={"views": int(row["播放量"]), "followers": int(row["新增订阅"])},
        spend=Decimal(row["推广费"] or "0"),
        detail={"episode_id": episode},
    )
