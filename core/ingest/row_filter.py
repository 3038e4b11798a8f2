"""Which rows of a file are taken: a list of simple conditions, all of which must hold."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Operator = Literal["eq", "ne", "in", "contains", "empty", "not_empty", "gt", "lt"]
Test = Callable[[list[str]], bool]


class Condition(BaseModel):
    """`column op value`; `in` takes its values separated by commas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(min_length=1, max_length=100)
    op: Operator = "eq"
    value: str = Field(default="", max_length=1000)


def read_condition(text: str) -> Condition:
    """`interaction=conversion`, `amount>0`, `channel!=direct`, `tags~vip` as typed on a command line."""
    for sign, op in _SIGNS:
        column, found, value = text.partition(sign)
        if found and column.strip():
            return Condition(column=column.strip(), op=op, value=value.strip())
    raise ValueError(
        f"{text!r} is not a condition; write column=value, column!=value, column~part, column>1 or column<1"
    )


_SIGNS: tuple[tuple[str, Operator], ...] = (("!=", "ne"), ("=", "eq"), ("~", "contains"), (">", "gt"), ("<", "lt"))


def build_filter(conditions: list[Condition], *, header: list[str]) -> Test:
    """One test for a row's cells; columns are looked up once."""
    tests = [_test_of(condition, header.index(condition.column)) for condition in conditions]
    return lambda cells: all(test(cells) for test in tests)


def _test_of(condition: Condition, index: int) -> Test:
    value = condition.value.strip()
    choices = {part.strip() for part in value.split(",")}
    by_operator: dict[Operator, Callable[[str], bool]] = {
        "eq": lambda cell: cell == value,
        "ne": lambda cell: cell != value,
        "in": lambda cell: cell in choices,
        "contains": lambda cell: value in cell,
        "empty": lambda cell: not cell,
        "not_empty": bool,
        "gt": lambda cell: _compare(cell, value) > 0,
        "lt": lambda cell: _compare(cell, value) < 0,
    }
    accepts = by_operator[condition.op]
    return lambda cells: accepts(cells[index].strip())


def _compare(cell: str, value: str) -> int:
    """By number where both are numbers, else by text; an empty cell is neither more nor less."""
    if not cell:
        return 0
    try:
        left, right = Decimal(cell), Decimal(value)
        return int(left.compare(right)) if left.is_finite() and right.is_finite() else 0
    except InvalidOperation:
        return (cell > value) - (cell < value)
