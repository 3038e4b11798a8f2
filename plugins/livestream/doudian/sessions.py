"""The export of live sessions: each becomes a placement, or gives a planned one its real begin and end."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from core.sdk import BadRow, Detail, Event, PlacementSeen
from core.sdk.moments import CHINA
from plugins.livestream.doudian.times import read_instant

SHORTEST = timedelta(minutes=1)


def is_of_sessions(columns: Mapping[str, str]) -> bool:
    """Whether a file with these columns lists sessions."""
    return {"主播昵称", "直播开始时间"} <= set(columns) and "主订单编号" not in columns


def read_sessions(rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[Event | BadRow]:
    """A placement a row."""
    for line, row in rows:
        try:
            yield _read_session(row)
        except ValueError as error:
            yield BadRow(line=line, reason=str(error))


def _read_session(row: dict[str, str]) -> PlacementSeen:
    host, begins = row["主播昵称"].strip()[:100], read_instant(row, "直播开始时间")
    if not host:
        raise ValueError("主播昵称 is empty")
    ends = _end(row, begins)
    detail: Detail = {"platform": "douyin", "host": host, "host_id": row.get("主播抖音号", "").strip()[:100]}
    return PlacementSeen(
        event_id=f"session-{host}-{int(begins.timestamp())}"[:200],
        at=begins,
        name=f"{host} {begins.astimezone(CHINA):%Y-%m-%d %H:%M}",
        starts_at=begins,
        ends_at=ends,
        detail={name: value for name, value in detail.items() if value},
    )


def _end(row: dict[str, str], begins: datetime) -> datetime | None:
    """The end, or the begin and the minutes that it lasted; None while it is on."""
    if row.get("直播结束时间"):
        ends = read_instant(row, "直播结束时间")
    elif (minutes := row.get("直播时长(分钟)", "").strip()) and minutes.replace(".", "", 1).isdecimal():
        ends = begins + timedelta(minutes=min(float(minutes), 10_000))
    else:
        return None
    if ends < begins:
        raise ValueError("直播结束时间 is before 直播开始时间")
    return max(ends, begins + SHORTEST)
