"""How many decimals a currency has (ISO 4217), and money between text and minor units."""

from decimal import Decimal, InvalidOperation

from core.errors import FieldError, Invalid

_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_TWO = (
    "AED AFN ALL AMD AOA ARS AUD AZN BAM BBD BDT BGN BND BOB BRL BWP BYN BZD CAD CDF CHF CNY COP CRC CZK DKK DOP DZD"
    " EGP ERN ETB EUR FJD GBP GEL GHS GTQ HKD HNL HUF IDR ILS INR IRR JMD KES KGS KHR KZT LAK LBP LKR MAD MDL MKD MMK"
    " MNT MOP MUR MVR MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TJS"
    " TMT TRY TTD TWD TZS UAH USD UYU UZS YER ZAR ZMW"
)
MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_ZERO.split(), 0),
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_THREE.split(), 3),
}
LARGEST_MINOR = 2**53


def to_minor(text: str, currency: str, *, field: str = "amount") -> int:
    """Exact minor units of a decimal text.

    Raises:
        Invalid: no number, not finite, too large, or more decimals than the currency has.
    """
    digits = MINOR_DIGITS[currency]
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise Invalid(fields=[FieldError(field, "not_a_number", f"{text[:40]!r} is not an amount.")]) from None
    if not amount.is_finite() or amount.adjusted() > 16:
        raise Invalid(fields=[FieldError(field, "out_of_range", "The amount is too large.")])
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise Invalid(
            fields=[
                FieldError(field, "too_many_decimals", f"{text[:40]} has more than {currency}'s {digits} decimals.")
            ]
        )
    if abs(minor) > LARGEST_MINOR:
        raise Invalid(fields=[FieldError(field, "out_of_range", "The amount is too large.")])
    return int(minor)


def from_minor(minor: int, currency: str) -> str:
    """The amount as decimal text with the currency's decimals: 1142350 CNY -> 11423.50."""
    digits = MINOR_DIGITS[currency]
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def to_major(minor: float, currency: str) -> float:
    """Minor units (also fractions of them) as a float of major units."""
    return float(minor / 10 ** MINOR_DIGITS[currency])
