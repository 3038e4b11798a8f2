"""How much a card earns: fixed, or drawn once between two bounds, and never more than what the budget still has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import randbelow


@dataclass(frozen=True)
class Purse:
    """One budget: the most of a day (None: no limit) and what was spent of it, or may yet be."""

    limit_minor: int | None
    spent_minor: int

    @property
    def left_minor(self) -> int | None:
        """What is left; None where there is no limit."""
        return None if self.limit_minor is None else max(0, self.limit_minor - self.spent_minor)


def draw_amount(low: int, high: int, purses: Sequence[Purse], *, below: Callable[[int], int] = randbelow) -> int | None:
    """An amount between the bounds that fits into every purse; None where not even the lowest one does.

    Near the end of a budget the upper bound sinks to what is left, so that the last cards of a day get something.
    """
    left = [purse.left_minor for purse in purses if purse.left_minor is not None]
    most = min([high, *left])
    return low + below(most - low + 1) if most >= low else None
