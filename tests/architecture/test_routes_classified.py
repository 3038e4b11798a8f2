"""A route that nobody classified is a route that nobody checks for leaks."""

import re

import pytest

from core.access.roles import ALL_SCOPES
from core.app import create_app
from core.web.gate import PUBLIC as PUBLIC_LABEL
from core.web.gate import label_of
from tests.architecture.route_classes import AGENCY, PARTS, PUBLIC

TENANT = "/v1/tenants/<tenant>"
GENERATED = "/openapi/"


@pytest.fixture(scope="module")
def labels() -> list[tuple[str, str | None]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIYU_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        app = create_app()
        rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(GENERATED)]
        return [(rule.rule, label_of(app, rule.endpoint)) for rule in rules]


def test_every_route_names_its_scope(labels: list[tuple[str, str | None]]) -> None:
    unknown = [rule for rule, label in labels if label != PUBLIC_LABEL and label not in ALL_SCOPES]
    assert not unknown, f"label these with @needs(a scope of core.access.roles) or @public: {unknown}"


def test_every_public_route_is_reviewed(labels: list[tuple[str, str | None]]) -> None:
    found = {rule for rule, label in labels if label == PUBLIC_LABEL}
    assert not found - set(PUBLIC), f"say in route_classes.PUBLIC why anybody may call: {found - set(PUBLIC)}"


def test_every_agency_route_is_reviewed(labels: list[tuple[str, str | None]]) -> None:
    found = {rule for rule, label in labels if label != PUBLIC_LABEL and not rule.startswith(TENANT)}
    assert not found - set(AGENCY), f"say in route_classes.AGENCY how these are narrowed: {found - set(AGENCY)}"


def test_every_part_of_path_is_known(labels: list[tuple[str, str | None]]) -> None:
    parts = {part for rule, _ in labels for part in re.findall(r"<(?:\w+:)?(\w+)>", rule)}
    assert not parts - set(PARTS), f"say in route_classes.PARTS which table's ids these are: {parts - set(PARTS)}"
