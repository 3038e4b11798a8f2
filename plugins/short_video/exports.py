"""An exported file: what it is about is told by its columns, which shops and platforms reorder and rename."""

from collections.abc import Iterator
from itertools import chain

from core.sdk import BadRow, Event, Refused, SourceFile, read_rows
from plugins.short_video.exported.columns import find_columns
from plugins.short_video.exported.figures import read_figures
from plugins.short_video.exported.orders import read_orders
from plugins.short_video.settings import VideoSettings

Row = dict[str, str]


def read_export(file: SourceFile, settings: VideoSettings) -> Iterator[Event | BadRow]:
    """The events of the file, row by row. Raises `Refused` for one that is neither of the two, saying what it lacks."""
    with file.path.open("rb") as stream:
        rows = enumerate(read_rows(stream), start=2)
        first = next(rows, None)
        if first is None:
            raise Refused("the file holds no rows", code="empty")
        columns = find_columns(list(first[1]), settings.export_columns)
        named = (
            (line, {name: row.get(column, "") for name, column in columns.items()})
            for line, row in chain([first], rows)
        )
        if "主订单编号" in columns:
            yield from read_orders(named, columns, settings)
        else:
            yield from read_figures(named, columns, file.name)
