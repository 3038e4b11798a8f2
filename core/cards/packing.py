"""The columns of a packing list and what one row says of a card. Pure: no database.

A list names its cards, by serial or by the number that is printed on them; or it names none, and one card is made for
each row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from core.ingest.reasons import Refused
from core.ingest.sniff import NotReadable
from core.ingest.values import instant_of, text_of
from core.sdk.serials import read_serial

LONGEST_ORDER = 100
LONGEST_SKU = 60
LARGEST = 100_000_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "serial": ("serial", "card_serial", "code", "序列号", "卡片序列号", "卡密"),
    "number": ("number", "card_number", "card_no", "卡号", "卡片编号"),
    "order_no": ("order_no", "order_number", "order", "订单号", "订单编号", "主订单编号"),
    "sku": ("sku", "product", "商品编码", "商家编码", "货号"),
    "sequence": ("sequence", "seq", "packing_no", "拣货序号", "装箱序号", "序号"),
    "shipped_at": ("shipped_at", "shipped", "ship_time", "发货时间", "出库时间"),
}


@dataclass(frozen=True, slots=True)
class PackedCard:
    """One row. Without serial and number it asks for a card to be made."""

    line: int
    serial: str | None = None
    number: int | None = None
    order_no: str = ""
    sku: str = ""
    sequence: int | None = None
    shipped_at: datetime | None = None


def find_columns(header: Sequence[str]) -> dict[str, int]:
    """Where each of our fields stands.

    Raises:
        NotReadable: no column names cards, orders or products.
    """
    plain = [name.strip().casefold().replace(" ", "_") for name in header]
    found = {
        field: place
        for field, names in COLUMNS.items()
        if (place := next((plain.index(name) for name in names if name in plain), None)) is not None
    }
    if not found.keys() & {"serial", "number", "order_no", "sku"}:
        raise NotReadable(
            "columns",
            "表里要有“序列号”“卡号”“订单号”“SKU”之一。",
            "Give at least one of the columns serial, number, order_no, sku.",
        )
    return found


def names_cards(columns: Mapping[str, int]) -> bool:
    """Whether the list is about cards that exist."""
    return "serial" in columns or "number" in columns


def read_card(line: int, cells: Sequence[str], columns: Mapping[str, int], *, zone: tzinfo) -> PackedCard:
    """The row as a card. Raises `Refused` with what is wrong with it."""

    def cell(field: str) -> str:
        place = columns.get(field)
        return _plain(cells[place]) if place is not None and place < len(cells) else ""

    serial, number = _serial(cell("serial")), _whole(cell("number"), "number")
    if names_cards(columns) and serial is None and number is None:
        raise Refused("missing", column="serial" if "serial" in columns else "number")
    order_no, sku = cell("order_no"), cell("sku")
    if not names_cards(columns) and not order_no and not sku:
        raise Refused("missing", column="order_no" if "order_no" in columns else "sku")
    shipped = cell("shipped_at")
    return PackedCard(
        line=line,
        serial=serial,
        number=number,
        order_no=text_of(order_no, column="order_no", limit=LONGEST_ORDER),
        sku=text_of(sku, column="sku", limit=LONGEST_SKU),
        sequence=_whole(cell("sequence"), "sequence"),
        shipped_at=instant_of(shipped, zone=zone, column="shipped_at") if shipped else None,
    )


def _plain(cell: str) -> str:
    """Without what spreadsheets put around long numbers so as not to round them: ="123", '123, a tab."""
    bare = cell.strip().strip("\t")
    if bare.startswith('="') and bare.endswith('"'):
        bare = bare[2:-1]
    return bare.removeprefix("'").strip()


def _serial(text: str) -> str | None:
    if not text:
        return None
    serial = read_serial(text)
    if serial is None:
        raise Refused("mistyped_serial", column="serial")
    return serial


def _whole(text: str, column: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:12]) <= LARGEST:
        raise Refused("bad_number", column=column)
    return int(text)
