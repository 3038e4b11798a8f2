"""What Markov and Shapley were solved from: the figures of the worked example, and a run's own over HTTP."""

import pytest

from core.attribution.catalog import built_in_models, register_models
from core.attribution.counting import count_journeys
from core.attribution.insides import CONVERSION, NULL, START, inside_of
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_journeys import made_part
from tests.core.attribution.made_orders import make_brand, run_all_time

MODELS = register_models(built_in_models())
# Search a, Cards b, Live c: the four paths of docs/attribution.md.
EXAMPLE = made_part(
    [("a", "b"), ("b",), ("a",), ("b", "c", "b")], [(2, 3, 300.0), (1, 1, 80.0), (0, 2, 0.0), (1, 0, 120.0)]
)
SEARCH, CARDS, LIVE = range(3)


def test_chain_is_that_of_the_example() -> None:
    tally = count_journeys(EXAMPLE, models=MODELS, channels=3)
    found = inside_of(MODELS["markov"], tally, channels=3)
    places = {tuple(state): place for place, state in enumerate(found["states"])}
    search, cards, live = (places[(channel,)] for channel in (SEARCH, CARDS, LIVE))
    assert {(one, other): (times, chance) for one, other, times, chance in found["steps"]} == {
        (START, search): (7, 0.7),
        (START, cards): (3, 0.3),
        (search, cards): (5, 5 / 7),
        (search, NULL): (2, 2 / 7),
        (cards, live): (1, 1 / 9),
        (cards, CONVERSION): (4, 4 / 9),
        (cards, NULL): (4, 4 / 9),
        (live, cards): (1, 1.0),
    }
    assert found["left_out"] == 0


def test_repeats_are_no_steps() -> None:
    tally = count_journeys(made_part([("a", "a", "b")], [(1, 1, 9.0)]), models=MODELS, channels=3)
    found = inside_of(MODELS["markov"], tally, channels=3)
    assert [step[:3] for step in found["steps"] if step[0] >= 0 and step[1] >= 0] == [[0, 1, 2]]


def test_longer_states_keep_their_order() -> None:
    tally = count_journeys(EXAMPLE, models=MODELS, channels=3)
    states = inside_of(MODELS["markov_2"], tally, channels=3)["states"]
    assert [CARDS, LIVE] in states
    assert [LIVE, CARDS] in states
    assert [SEARCH] in states  # a journey shorter than two


def test_coalitions_are_those_of_the_example() -> None:
    tally = count_journeys(EXAMPLE, models=MODELS, channels=3)
    found = inside_of(MODELS["shapley"], tally, channels=3)
    assert found == {
        "coalitions": [
            [[SEARCH, CARDS], 2, 5, 300.0],
            [[CARDS], 1, 2, 80.0],
            [[CARDS, LIVE], 1, 1, 120.0],
            [[SEARCH], 0, 2, 0.0],
        ],
        "left_out": 0,
    }
    assert inside_of(MODELS["linear"], tally, channels=3) == {}


def test_run_shows_its_chain_and_coalitions(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    chain = client.get(f"/attribution/runs/{run['id']}/chain").json
    game = client.get(f"/attribution/runs/{run['id']}/coalitions").json
    assert chain is not None
    assert game is not None
    leaving: dict[tuple[str, ...], float] = {}
    for step in chain["steps"]:
        source = step["source_kind"], *step["source"]
        leaving[source] = leaving.get(source, 0.0) + step["chance"]
    assert list(leaving.values()) == pytest.approx([1.0] * 4)
    assert {one["channel"] for one in chain["effects"]} == {"Search", "Cards", "Live"}
    assert sum(one["journeys"] for one in game["coalitions"]) == run["journeys"]
    assert sum(one["raw"] for one in game["values"]) == pytest.approx(
        sum(one["orders"] for one in game["coalitions"]) / run["journeys"]
    )


def test_model_without_insides_is_not_found(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, models=["linear"])
    for what in ("chain", "coalitions?model=linear"):
        answer = client.get(f"/attribution/runs/{run['id']}/{what}")
        assert answer.status_code == 404
        assert "linear" in answer.json["detail"]  # type: ignore[index]  # a problem
