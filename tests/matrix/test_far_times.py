"""The first and the last day a calendar has are answered wherever a day or an instant is asked for, never by a 500."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.matrix.operations import Operation, operations_of, table_of
from tests.matrix.worlds import World, make_world

pytestmark = pytest.mark.slow

DAYS = ("0001-01-01", "9999-12-31")


@pytest.fixture
def world(db: object) -> World:
    return make_world()


def timed(shape: Mapping[str, Any]) -> str | None:
    """`date` or `date-time` when a value of this shape may be one."""
    choices = [shape, *shape.get("anyOf", [])]
    return next((one["format"] for one in choices if one.get("format") in ("date", "date-time")), None)


def far(kind: str, day: str) -> str:
    return day if kind == "date" else f"{day}T00:00:00{'+14:00' if day.startswith('0') else '-12:00'}"


def far_queries(shapes: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """Every time in a query at both ends at once, and each pair of them apart."""
    kinds = {name: kind for name, shape in shapes.items() if (kind := timed(shape))}
    for first in DAYS:
        for last in DAYS:
            ends = [first, *[last] * len(kinds)]
            yield {name: far(kind, day) for (name, kind), day in zip(sorted(kinds.items()), ends, strict=False)}
            # Two neighbouring days at an end of time make a window that is not empty.
            near = ("0001-01-02", "9999-12-30")[first != DAYS[0]]
            pair = sorted((first, near))
            yield {name: far(kind, pair[name != "from"]) for name, kind in kinds.items()}


def far_bodies(operation: Operation) -> Iterator[Any]:
    """The example with one of its times far away."""
    for name, part in operation.fields().items():
        kind = timed(part)
        for day in DAYS if kind else ():
            yield {**operation.example(), name: far(str(kind), day)}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_far_time_is_never_our_failure(world: World) -> None:
    client, broken, asked = world.client("agency_owner"), [], 0
    for operation in operations_of(world.app):
        ids = {part: world.mine.ids.get(table_of(part) or part, "x") for part in ("tenant", *operation.parts)}
        path = operation.path(ids)
        asks = [{"query_string": query} for query in far_queries(operation.queries) if query]
        asks += [{"json": body} for body in far_bodies(operation)]
        for ask in asks:
            asked += 1
            answer = client.open(operation.method, path, **ask)
            if answer.status_code >= 500:
                broken.append(f"{operation} {ask}: {answer.text[:200]}")
    assert asked > 100
    assert broken == []
