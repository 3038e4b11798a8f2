"""One row of a file -> what it says: a touch, an order, a contact, a cost, or several of them. No database here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from core.contacts.identities import IdentityClaim
from core.ingest import fields, money, values
from core.ingest.fields import IDENTITIES, ImportKind
from core.ingest.mapping import Mapping
from core.ingest.reasons import Refused

Who = IdentityClaim
"""One value by which somebody is known."""


@dataclass(frozen=True, slots=True)
class OrderPart:
    order_no: str | None
    amount_minor: int
    currency: str
    state: str


@dataclass(frozen=True, slots=True)
class CostPart:
    day: date
    amount_minor: int
    currency: str
    note: str


class Record(NamedTuple):
    """All that one row says. `touch` is its kind; `order` and `cost` are there when the row speaks of one."""

    channel: str | None
    placement: str | None
    at: datetime | None
    event_id: str | None
    who: tuple[Who, ...] = ()
    touch: str | None = None
    order: OrderPart | None = None
    cost: CostPart | None = None
    tags: tuple[str, ...] = ()
    invited_by: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rows do not say themselves."""

    kind: ImportKind
    mapping: Mapping
    zone: tzinfo
    currency: str


def build_reader(setting: Setting, *, header: list[str]) -> Callable[[list[str]], Record]:
    """A function from cells to Record; it raises Refused for a row that cannot be taken."""
    reader = _Reader(setting, header)
    by_kind: dict[ImportKind, Callable[[list[str]], Record]] = {
        "touchpoints": reader.touchpoint,
        "orders": reader.order,
        "contacts": reader.contact,
        "costs": reader.cost,
    }
    return by_kind[setting.kind]


class _Reader:
    def __init__(self, setting: Setting, header: list[str]) -> None:
        self._setting = setting
        self._width = len(header)
        self._columns = setting.mapping.columns
        self._index = {key: header.index(column) for key, column in self._columns.items()}
        self._who = [(kind, self._index[kind]) for kind in IDENTITIES if kind in self._index]
        self._currency = setting.mapping.currency or setting.currency
        self._required = fields.required_of(setting.kind)

    def touchpoint(self, cells: list[str]) -> Record:
        self._check_width(cells)
        touch = self._touch_kind(cells)
        order = self._order_part(cells) if self._is_order(cells, touch) else None
        return self._record(cells, who=self._read_who(cells), touch=touch, order=order)

    def order(self, cells: list[str]) -> Record:
        self._check_width(cells)
        return self._record(cells, who=self._read_who(cells), order=self._order_part(cells))

    def contact(self, cells: list[str]) -> Record:
        self._check_width(cells)
        separators = str.maketrans("，、;；|", ",,,,,")
        words = self._text(cells, "tags", limit=1000) or ""
        tags = tuple(dict.fromkeys(tag.strip() for tag in words.translate(separators).split(",") if tag.strip()))
        record = self._record(cells, who=self._read_who(cells), tags=tags)
        return record._replace(invited_by=self._text(cells, "invited_by"))

    def cost(self, cells: list[str]) -> Record:
        self._check_width(cells)
        at = self._instant(cells)
        if at is None:
            raise Refused("missing", column=self._columns["at"])
        part = CostPart(
            day=at.astimezone(self._setting.zone).date(),
            amount_minor=self._amount(cells, "cost", self._row_currency(cells)),
            currency=self._row_currency(cells),
            note=self._text(cells, "note") or "",
        )
        return self._record(cells, cost=part)

    def _record(
        self,
        cells: list[str],
        *,
        who: tuple[Who, ...] = (),
        touch: str | None = None,
        order: OrderPart | None = None,
        cost: CostPart | None = None,
        tags: tuple[str, ...] = (),
    ) -> Record:
        at, channel = self._instant(cells), self._name(cells, "channel", limit=100) or self._setting.mapping.channel
        if at is None and "at" in self._required:
            raise Refused("missing", column=self._columns["at"])
        if channel is None and "channel" in self._required:
            raise Refused("missing", column=self._columns["channel"])
        placement = self._name(cells, "placement", limit=200)
        return Record(channel, placement, at, self._text(cells, "event_id"), who, touch, order, cost, tags)

    def _name(self, cells: list[str], key: str, *, limit: int) -> str | None:
        """A text that many rows repeat."""
        index = self._index.get(key)
        return None if index is None else _read_name(cells[index], self._columns[key], limit)

    def _check_width(self, cells: list[str]) -> None:
        if len(cells) != self._width:
            raise Refused("cell_count", found=len(cells), expected=self._width)

    def _text(self, cells: list[str], key: str, *, limit: int = values.LONGEST_TEXT) -> str | None:
        index = self._index.get(key)
        if index is None:
            return None
        return values.text_of(cells[index], column=self._columns[key], limit=limit) or None

    def _instant(self, cells: list[str]) -> datetime | None:
        index = self._index.get("at")
        if index is None or not cells[index].strip():
            return None
        return values.instant_of(cells[index], zone=self._setting.zone, column=self._columns["at"])

    def _read_who(self, cells: list[str]) -> tuple[Who, ...]:
        app = self._text(cells, "app_id")
        found = []
        for kind, index in self._who:
            value = values.text_of(cells[index], column=self._columns[kind])
            if value:
                found.append(Who(kind, value, app if kind == "openid" else None))
        if not found:
            raise Refused("no_identity")
        return tuple(found)

    def _touch_kind(self, cells: list[str]) -> str:
        index = self._index.get("kind")
        if index is None:
            return self._setting.mapping.touch_kind or "visit"
        return values.kind_of(cells[index], column=self._columns["kind"])

    def _is_order(self, cells: list[str], touch: str) -> bool:
        """The row's own flag decides; without one, a conversion that has an amount or a number is an order."""
        if "is_order" in self._index:
            return values.flag_of(cells[self._index["is_order"]], column=self._columns["is_order"])
        return touch == "conversion" and ("amount" in self._index or "order_no" in self._index)

    def _order_part(self, cells: list[str]) -> OrderPart:
        currency = self._row_currency(cells)
        state = (
            values.state_of(cells[self._index["state"]], column=self._columns["state"])
            if "state" in self._index
            else "placed"
        )
        amount = self._amount(cells, "amount", currency) if "amount" in self._index else 0
        return OrderPart(self._text(cells, "order_no", limit=100), amount, currency, state)

    def _row_currency(self, cells: list[str]) -> str:
        written = self._text(cells, "currency")
        if written is None:
            return self._currency
        code = money.currency_of(written, column=self._columns["currency"])
        if code != self._setting.currency:
            raise Refused("other_currency", value=code, currency=self._setting.currency)
        return code

    def _amount(self, cells: list[str], key: str, currency: str) -> int:
        text, column = cells[self._index[key]], self._columns[key]
        if not text.strip():
            raise Refused("missing", column=column)
        return money.to_minor(text, currency=currency, column=column)


@lru_cache(maxsize=4096)
def _read_name(cell: str, column: str, limit: int) -> str | None:
    return values.text_of(cell, column=column, limit=limit) or None
