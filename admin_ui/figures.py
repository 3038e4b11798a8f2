"""How numbers, money and dates are written, in the language of the page rather than of the browser."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_compact_decimal

from admin_ui.words import language

NONE = "—"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥"}
Number = int | float | Decimal


def count(value: Number | None) -> str:
    """1,838"""
    return NONE if value is None else f"{value:,.0f}"


def credit(value: float | None) -> str:
    """Credited conversions, to four places as everywhere in Siyu; whole ones stay whole."""
    if value is None:
        return NONE
    return f"{value:,.0f}" if abs(value - round(value)) < 5e-5 else f"{value:,.4f}"


def symbol(currency: str) -> str:
    """The sign before an amount."""
    return SYMBOLS.get(currency, f"{currency} ")


def money(value: Number | None, currency: str) -> str:
    """¥48,230.50"""
    if value is None:
        return NONE
    return f"{'-' if value < 0 else ''}{symbol(currency)}{abs(value):,.2f}"


def compact(value: Number | None) -> str:
    """1,838, then 4.8万 or 48.2K."""
    if value is None:
        return NONE
    if abs(float(value)) < 10_000:
        return f"{value:,.0f}"
    places = 2 if abs(float(value)) < 1_000_000 else 1
    return str(format_compact_decimal(value, locale=language(), fraction_digits=places))


def compact_money(value: Number | None, currency: str) -> str:
    """Money for a tile: to the cent while it is small."""
    if value is None:
        return NONE
    if abs(float(value)) < 1_000:
        return money(value, currency)
    return f"{symbol(currency)}{compact(value)}"


def ratio(value: Number | None) -> str:
    """Two decimals, no unit (ROAS)."""
    return NONE if value is None else f"{value:,.2f}"


def percent(value: Number | None) -> str:
    """19.3%, and <0.1% for what is not nothing."""
    if value is None:
        return NONE
    return "<0.1%" if 0 < value < 0.001 else f"{value * 100:.1f}%"


def signed_percent(value: float | None) -> str | None:
    """+12.3% for a change, without decimals once it has doubled; nothing when there is nothing to compare."""
    return None if value is None else f"{value * 100:+,.{0 if abs(value) >= 1 else 1}f}%"


def local(instant: datetime, timezone: str) -> datetime:
    """An instant in the brand's time zone."""
    return instant.astimezone(ZoneInfo(timezone))


def moment(instant: datetime | None, timezone: str) -> str:
    """2026-10-01 14:05, in the brand's time zone."""
    return NONE if instant is None else f"{local(instant, timezone):%Y-%m-%d %H:%M}"


def day(value: date | None) -> str:
    """2026年10月1日 or Oct 1, 2026."""
    if value is None:
        return NONE
    return str(format_date(value, "long" if language() == "zh" else "medium", locale=language()))


def order_no(number: str) -> str:
    """An order number; one that is a long key shows its ends, the whole stands in the export."""
    return number if len(number) <= 24 else f"{number[:8]}…{number[-4:]}"


def ago(seconds: float | None) -> str:
    """An age in its largest unit."""
    if seconds is None:
        return NONE
    units = (
        (("天", "d"), 86_400),
        (("小时", "h"), 3_600),
        (("分钟", "min"), 60),
        (("秒", "s"), 1),
    )
    for (zh, en), size in units:
        if seconds >= size:
            return f"{int(seconds // size)} {zh if language() == 'zh' else en}"
    return f"0 {'秒' if language() == 'zh' else 's'}"
