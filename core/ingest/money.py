"""Amounts as people write them, made whole minor units exactly or refused by name: never rounded."""

import re
from decimal import Decimal

from core.ingest.reasons import Refused, shorten

# ISO 4217 currencies whose minor unit is not a hundredth.
_DECIMALS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
_PLAIN = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{0,30})?", re.ASCII)
_SIGNS = "¥￥$€£元 \u00a0"
_LARGEST = 9_000_000_000_000_000  # below 2**53, so that every reader of JSON or Parquet keeps it exact


def decimals_of(currency: str) -> int:
    return _DECIMALS.get(currency, 2)


def to_minor(text: str, *, currency: str, column: str) -> int:
    """`"1,234.50"` of CNY -> 123450."""
    plain = text.strip().strip(_SIGNS)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise Refused("bad_amount", column=column, value=shorten(text))
    decimals = decimals_of(currency)
    minor = Decimal(plain).scaleb(decimals)
    if minor != minor.to_integral_value():
        raise Refused("too_many_decimals", column=column, currency=currency, decimals=decimals, value=shorten(text))
    if not 0 <= minor <= _LARGEST:
        raise Refused("amount_out_of_range", column=column, value=shorten(text))
    return int(minor)


def currency_of(text: str, *, column: str) -> str:
    code = text.strip().upper()
    code = {"人民币": "CNY", "元": "CNY", "RMB": "CNY", "¥": "CNY"}.get(code, code)
    if not re.fullmatch("[A-Z]{3}", code):
        raise Refused("bad_currency", column=column, value=shorten(text))
    return code
