"""Figures of videos: a row a video and day, or a row a video with its running totals."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from core.sdk import BadRow, Event, FigureName, Figures, Refused, local_instant
from core.sdk.moments import CHINA
from plugins.short_video.exported.columns import need_columns

COUNTS: dict[str, FigureName] = {
    "曝光量": "impressions",
    "播放量": "views",
    "点赞量": "likes",
    "评论量": "comments",
    "分享量": "shares",
    "收藏量": "favourites",
    "涨粉量": "followers",
    "点击量": "clicks",
}
UNITS = {"万": 10_000, "w": 10_000, "亿": 100_000_000, "k": 1_000}
_NAMED_DAY = re.compile(r"(20\d{2})[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])")
Row = Mapping[str, str]


def read_figures(rows: Iterable[tuple[int, Row]], columns: Row, file_name: str) -> Iterator[Event | BadRow]:
    """The figures of each row.

    Running totals need to be dated: by a column, else by a day in the file's name. The id, else the title, names the
    video. Raises `Refused` when the file names no video, counts nothing, or cannot be dated.
    """
    if "视频ID" not in columns:
        need_columns(columns, ["标题"])
    if not any(name in columns for name in (*COUNTS, "消耗")):
        need_columns(columns, ["播放量"])
    named = _named_day(file_name)
    if not named and "日期" not in columns and "导出时间" not in columns:
        raise Refused(
            "the file has no 日期 column: put the day of the export into its name, as in 20261121", code="day"
        )
    for line, row in rows:
        try:
            yield _read_row(row, named)
        except (ValueError, InvalidOperation, OverflowError) as error:
            yield BadRow(line=line, reason=str(error)[:200] or "cannot be read")


def _read_row(row: Row, named: date | None) -> Figures:
    item_id, title = row.get("视频ID", "").strip(), row.get("标题", "").strip()
    if not item_id and not title:
        raise ValueError("names no video")
    counts = {name: _count(row[column], column) for column, name in COUNTS.items() if row.get(column, "").strip(" -")}
    day = _day(row["日期"]) if row.get("日期", "").strip() else None
    spend = _money(row.get("消耗", ""))
    at = _end(day) if day else _read_at(row, named)
    if spend is not None and day is None:
        raise ValueError("消耗 needs a 日期: only a day's spend can be booked")
    which = item_id or title
    event_id = f"figures-{which[:100]}-{day or at.strftime('%Y%m%d%H%M%S')}"
    detail = {name: text[:200] for name, text in (("item_id", item_id), ("campaign", title)) if text}
    return Figures(event_id=event_id, at=at, day=day, counts=counts, spend=spend, detail=dict(detail))


def _count(cell: str, column: str) -> int:
    """1,234 or 1.2万: platforms round large counts in their own way."""
    text = cell.replace(",", "").replace("，", "").replace("+", "").strip().casefold()
    unit = UNITS.get(text[-1:], 1)
    number = Decimal(text[:-1] if unit > 1 else text)
    if not number.is_finite() or not 0 <= number * unit < 2**53:
        raise ValueError(f"{column} is no count: {cell[:20]}")
    return int(number * unit)


def _money(cell: str) -> Decimal | None:
    text = cell.replace(",", "").replace("，", "").lstrip("¥￥$").strip(" -")
    return Decimal(text) if text else None


def _day(cell: str) -> date:
    return date.fromisoformat(cell.strip()[:10].replace("/", "-").replace(".", "-"))


def _read_at(row: Row, named: date | None) -> datetime:
    """When totals were read. A named day is over: the export is made after it."""
    if written := row.get("导出时间", "").strip():
        for layout in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
            try:
                return local_instant(written.replace("/", "-"), layout=layout)
            except ValueError:
                continue
        return _end(_day(written))
    if named is None:
        raise ValueError("has no day")
    return _end(named)


def _end(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA) + timedelta(days=1, seconds=-1)


def _named_day(file_name: str) -> date | None:
    found = _NAMED_DAY.search(file_name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
