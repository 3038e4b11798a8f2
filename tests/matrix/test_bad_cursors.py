"""A cursor that no answer of ours held is refused by every list, and never fails it."""

from base64 import urlsafe_b64encode

import pytest

from tests.matrix.operations import operations_of, table_of
from tests.matrix.worlds import World, make_world

pytestmark = pytest.mark.slow

INNERS = (
    "",
    "x",
    "-1",
    "9" * 40,
    "１２",
    "x_y",
    "9223372036854775807_x",
    "1_" + "0" * 32,
    "\0",
    "0198c0de-0000-7000-8000",
)
CURSORS = ("x", "é", "=", "AA==", *(urlsafe_b64encode(inner.encode()).decode() for inner in INNERS))


@pytest.fixture
def world(db: object) -> World:
    return make_world()


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_strange_cursor_is_never_our_failure(world: World) -> None:
    client, broken, lists = world.client("agency_owner"), [], 0
    for operation in operations_of(world.app):
        if "cursor" not in operation.queries:
            continue
        lists += 1
        ids = {part: world.mine.ids.get(table_of(part) or part, "x") for part in ("tenant", *operation.parts)}
        for cursor in CURSORS:
            answer = client.open(operation.method, operation.path(ids), query_string={"cursor": cursor})
            if answer.status_code >= 500:
                broken.append(f"{operation} {cursor}: {answer.text[:200]}")
    assert lists > 10
    assert broken == []
