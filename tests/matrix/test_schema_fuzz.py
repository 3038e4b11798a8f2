"""Whatever the served OpenAPI document allows, and a little that it does not, is answered and never with a 500."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.core.result import Ok

from tests.matrix.operations import table_of
from tests.matrix.worlds import World, make_world

pytestmark = pytest.mark.slow
EXAMPLES = 4


@pytest.fixture
def world(db: object) -> World:
    return make_world()


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("caller", ["agency_owner"])
def test_no_request_of_schema_breaks_us(world: World, caller: str) -> None:
    client, ids, broken = world.client(caller), world.mine.ids, []
    schema = schemathesis.openapi.from_wsgi("/openapi/openapi.json", world.app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), str(found.err())
        operation = found.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def probe(case: schemathesis.Case[Any]) -> None:
            for part in case.path_parameters or {}:
                table = table_of(part)
                if table is not None and table in ids:
                    case.path_parameters[part] = ids[table]
            answer = case.call(headers=client.headers)
            if answer.status_code >= 500 and b"broken_seal" not in answer.content:
                broken.append(f"{case.method} {case.path}: {answer.status_code} {answer.text[:200]} {case.body!r}")

        probe()
    assert broken == []
