"""Every route x method x role x foreign id answers as if the row were absent, and tells and changes nothing."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.access.roles import Role
from core.db import Database
from tests.factories.access import SignedClient
from tests.matrix.operations import Operation, operations_of, table_of
from tests.matrix.worlds import (
    ANONYMOUS,
    CALLERS,
    Brand,
    World,
    fingerprint,
    make_world,
    scopes_of_caller,
)

pytestmark = pytest.mark.slow

ABSENT = "0198c0de-0000-7000-8000-00000000dead"
FOUND_OTHERWISE = {
    "GET /v1/tenants/<tenant>/files/<file>",  # a file's bytes lie beside the database
    "GET /v1/tenants/<tenant>/orders/<order>/receipt",  # and a receipt beside a finished run
    "GET /v1/tenants/<tenant>/attribution/runs/<run>/chain",  # as do the insides of its models
    "GET /v1/tenants/<tenant>/attribution/runs/<run>/coalitions",
}
MALFORMED = ("1", "' OR 1=1 --", "../../etc/passwd", "%00", "\0", "${7*7}", "null", ABSENT + "x")


@pytest.fixture
def world(db: Database) -> World:
    return make_world()


class Asking:
    """One caller asks operations for rows of a stranger, and judges the answers."""

    def __init__(self, world: World, caller: str) -> None:
        self.world, self.caller = world, caller
        self.client: SignedClient = world.client(caller)
        self.scopes = scopes_of_caller(caller)
        # Who may do everything tries every malformed id; below, a view does with them what it did for the owner.
        self.malformed = MALFORMED if caller == Role.AGENCY_OWNER else ()
        self.faults: list[str] = []

    def tenant(self, operation: Operation, stranger: Brand) -> None:
        """The stranger's tenant in the path, and its rows below it."""
        if "<tenant>" not in operation.rule:
            return
        ids = self._ids(operation, stranger.ids)
        expected = 401 if self.caller == ANONYMOUS else 404
        absent = self._ask(operation, ids | {"tenant": ABSENT}, stranger, expected)
        foreign = self._ask(operation, ids | {"tenant": stranger.ids["tenant"]}, stranger, expected)
        self._same(operation, "tenant", foreign, absent)
        for text in self.malformed:
            self._same(operation, text, self._ask(operation, ids | {"tenant": text}, stranger, expected), absent)

    def part(self, operation: Operation, part: str, stranger: Brand) -> None:
        """The stranger's row below our own tenant."""
        ids = self._ids(operation, self.world.mine.ids)
        expected = 401 if self.caller == ANONYMOUS else 404 if operation.scope in self.scopes else 403
        absent = self._ask(operation, ids | {part: ABSENT}, stranger, expected)
        table = table_of(part)
        if table is not None:
            foreign = self._ask(operation, ids | {part: stranger.ids[table]}, stranger, expected)
            self._same(operation, part, foreign, absent)
        for text in self.malformed:
            self._same(operation, text, self._ask(operation, ids | {part: text}, stranger, expected), absent)

    def field(self, operation: Operation, name: str, stranger: Brand) -> None:
        """The stranger's row named in the body or query of a request on our own."""
        table = table_of(name)
        assert table is not None
        ids = self._ids(operation, self.world.mine.ids)
        foreign = self._ask(operation, ids, stranger, None, {name: stranger.ids[table]})
        absent = self._ask(operation, ids, stranger, None, {name: ABSENT})
        self._same(operation, name, foreign, absent)
        for text in self.malformed:
            self._ask(operation, ids, stranger, None, {name: text})

    def own(self, operation: Operation) -> None:
        """Our own rows, which may tell of nobody else."""
        ids = self._ids(operation, self.world.mine.ids)
        for stranger in self.world.strangers(self.caller):
            self._ask(operation, ids, stranger, None)
        # Rows made from the models alone cannot know under which name a slice seals a column.
        self.faults = [fault for fault in self.faults if "broken_seal" not in fault]

    def _ids(self, operation: Operation, ids: Mapping[str, str]) -> dict[str, str]:
        return {part: ids.get(table_of(part) or "", "none") for part in ("tenant", *operation.parts)}

    def _ask(
        self,
        operation: Operation,
        ids: Mapping[str, str],
        stranger: Brand,
        expected: int | None,
        named: Mapping[str, str] | None = None,
    ) -> TestResponse:
        options: dict[str, Any] = {}
        body = operation.example()
        if isinstance(body, dict):
            fields = {name: self.world.mine.ids[str(table_of(name))] for name in operation.id_fields() if name in body}
            body |= fields | {name: text for name, text in (named or {}).items() if name in operation.id_fields()}
        if body is not None:
            options["json"] = body
        options["query_string"] = {n: t for n, t in (named or {}).items() if n in operation.id_queries()}
        answer = self.client.open(operation.method, operation.path(ids), **options)
        self._judge(operation, ids, stranger, answer, expected)
        return answer

    def _judge(
        self, operation: Operation, ids: Mapping[str, str], stranger: Brand, answer: TestResponse, expected: int | None
    ) -> None:
        told = answer.text + str(answer.headers)
        if stranger.canary in told:
            self.faults.append(f"{operation} {dict(ids)} tells of {stranger.canary}")
        if answer.status_code >= 500:
            self.faults.append(f"{operation} {dict(ids)} answers {answer.status_code}: {answer.text[:300]}")
        slashed = any("/" in text for text in ids.values())
        if (
            expected is not None
            and answer.status_code != expected
            and not (slashed and answer.status_code in (404, 405))
        ):
            self.faults.append(
                f"{operation} {dict(ids)} answers {answer.status_code}, not {expected}: {answer.text[:300]}"
            )

    def _same(self, operation: Operation, what: str, answer: TestResponse, absent: TestResponse) -> None:
        if "/" not in what and _plain(answer) != _plain(absent):
            self.faults.append(f"{operation} answers otherwise for {what} than for an absent row: {answer.text[:300]}")


@pytest.mark.parametrize("caller", CALLERS)
def test_foreign_row_answers_like_absent(
    db: Database, world: World, caller: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    strangers = world.strangers(caller)
    before = [fingerprint(db, brand) for brand in strangers]
    asking = Asking(world, caller)
    for operation in operations_of(world.app):
        for stranger in strangers:
            asking.tenant(operation, stranger)
            for part in operation.parts:
                asking.part(operation, part, stranger)
            for name in (*operation.id_fields(), *operation.id_queries()):
                asking.field(operation, name, stranger)
    assert asking.faults == []
    assert [fingerprint(db, brand) for brand in strangers] == before
    assert not [brand.canary for brand in strangers if brand.canary in caplog.text]


@pytest.mark.parametrize("caller", CALLERS)
def test_own_answers_tell_of_nobody_else(world: World, caller: str) -> None:
    asking = Asking(world, caller)
    for operation in operations_of(world.app):
        if operation.method == "GET":
            asking.own(operation)
    assert asking.faults == []


def test_own_rows_are_really_reached(world: World) -> None:
    client, ids = world.client("agency_owner"), world.mine.ids
    missed = []
    for operation in operations_of(world.app):
        if operation.method == "GET" and operation.parts:
            path = operation.path(
                {part: ids.get(table_of(part) or "", "none") for part in ("tenant", *operation.parts)}
            )
            answer = client.get(path)
            if answer.status_code == 404:
                missed.append(str(operation))
    assert set(missed) <= FOUND_OTHERWISE, "rows that nobody finds prove nothing"


def _plain(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(answer.headers["X-Request-Id"], "")
