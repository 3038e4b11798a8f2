"""What a version of the contract promised stays within its major, and what came later says with which version."""

import json
from pathlib import Path
from typing import get_args

import pytest

from core import sdk
from core.sdk.channel import Channel
from core.sdk.manifest import Manifest, Verb
from core.sdk.version import CAME_WITH, SDK_VERSION

PROMISED: dict[str, dict[str, list[str]]] = json.loads((Path(__file__).parent / "promised.json").read_text())
"""What each version added. A name that goes away needs a new major; one that comes, a new minor and its own entry."""


@pytest.mark.parametrize("version", PROMISED)
def test_what_was_promised_is_there(version: str) -> None:
    told = PROMISED[version]
    assert not set(told["names"]) - set(sdk.__all__)
    assert not set(told["verbs"]) - set(get_args(Verb))
    assert not [name for name in (*told["verbs"], *told["attributes"]) if not _has(name)]
    assert not set(told["manifest"]) - set(Manifest.model_fields)


def test_every_verb_names_its_version() -> None:
    came = {verb: version for version, told in PROMISED.items() for verb in told["verbs"]}
    assert came.keys() == set(get_args(Verb))
    assert {verb: version for verb, version in came.items() if version != "1.0"} == CAME_WITH


def test_newest_promise_is_the_version() -> None:
    assert SDK_VERSION.rpartition(".")[0] == max(PROMISED, key=lambda one: tuple(map(int, one.split("."))))


def _has(name: str) -> bool:
    return hasattr(Channel, name) or name in Channel.__annotations__
