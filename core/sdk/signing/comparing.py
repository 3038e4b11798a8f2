"""Comparing signatures without telling by the time how much of one was right."""

import hmac


def is_same(given: str, expected: str) -> bool:
    """Whether two signatures are equal; any text may be given, an empty `expected` equals nothing."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
