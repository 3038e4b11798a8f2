"""An export of Douyin's shop: orders, one row a sub-order, with their traffic; or the list of live sessions."""

from collections.abc import Iterator
from contextlib import closing
from itertools import groupby

from core.sdk import BadRow, Event, Refused, SourceFile, read_rows
from plugins.livestream.doudian.columns import find_columns, need_columns
from plugins.livestream.doudian.orders import OrderRow, read_row, rows_to_order
from plugins.livestream.doudian.sessions import is_of_sessions, read_sessions
from plugins.livestream.hook.fields import read_pairs
from plugins.livestream.settings import LiveSettings

Row = dict[str, str]


def read_export(file: SourceFile, settings: LiveSettings) -> Iterator[Event | BadRow]:
    """The orders of the file. The sub-orders of one order stand together in it and become one order."""
    with file.path.open("rb") as stream, closing(read_rows(stream)) as table:
        rows = enumerate(table, start=2)
        first = next(rows, None)
        if first is None:
            raise Refused("the file holds no rows", code="empty")
        columns = find_columns(list(first[1]), read_pairs(settings.export_columns))
        if is_of_sessions(columns):
            yield from read_sessions(_named(columns, _again(first, rows)))
            return
        need_columns(columns, "主订单编号", "订单应付金额", "订单提交时间", "订单状态")
        for order_no, group in groupby(_named(columns, _again(first, rows)), key=lambda pair: pair[1]["主订单编号"]):
            yield from _read_order(order_no, list(group), settings)


def _read_order(order_no: str, group: list[tuple[int, Row]], settings: LiveSettings) -> Iterator[Event | BadRow]:
    if settings.export_formats and group[0][1].get("流量体裁") not in (None, *settings.export_formats):
        return
    read: list[OrderRow] = []
    for line, row in group:
        try:
            read.append(read_row(row))
        except ValueError as error:
            yield BadRow(line=line, reason=str(error))
    if not read:
        return
    if not order_no or len(read) < len(group):
        if not order_no:
            yield BadRow(line=group[0][0], reason="主订单编号 is empty")
        return  # an order of which a part cannot be read would be stored with a wrong sum
    yield from rows_to_order(order_no, read).events()


def _named(columns: dict[str, str], rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows by standard names, with the columns that the file has."""
    for line, row in rows:
        yield line, {name: row.get(column, "") for name, column in columns.items()}


def _again(first: tuple[int, Row], rest: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    yield first
    yield from rest
