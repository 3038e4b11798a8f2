"""What holds for every plugin in `plugins/`, whatever it does."""

import ast
from pathlib import Path

import pytest
from pydantic import JsonValue

from core.plugin_host import Host
from core.plugin_host.catalogue import list_cards
from core.plugin_host.discovery import find_plugins
from core.plugin_kit import check_plugin
from core.plugin_kit.subject import Subject
from core.sdk import SDK_VERSION, masked_form, merged_form, plain_form
from tests.factories.fixtures import form_of, samples_of

ROOT = Path(__file__).resolve().parents[2]
HOST = Host.load(find_plugins())
KEYS = sorted(HOST.channels)
every_plugin = pytest.mark.parametrize("key", KEYS)


def test_all_plugins_are_loaded() -> None:
    assert not HOST.problems
    assert {"offline_store", "other", "package_card", "sms", "web"} <= set(KEYS)


@pytest.mark.slow
@every_plugin
def test_every_rule_is_kept(key: str) -> None:
    report = check_plugin(key)
    assert report.is_good, report.text()


@every_plugin
def test_manifest_names_present_contract(key: str) -> None:
    manifest = HOST.manifests[key]
    assert SDK_VERSION.startswith(manifest.sdk)
    assert manifest.name.zh != manifest.name.en


@every_plugin
def test_readme_speaks_both_languages(key: str) -> None:
    text = (ROOT / "plugins" / key / "README.md").read_text()
    assert any("\u4e00" <= char <= "\u9fff" for char in text)
    assert sum(char.isascii() and char.isalpha() for char in text) > 400


@every_plugin
def test_only_the_sdk_is_imported(key: str) -> None:
    names: set[str] = set()
    for path in (ROOT / "plugins" / key).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    ours = {name for name in names if name.split(".")[0] in ("core", "plugins", "workers", "admin_ui", "tests")}
    assert not [name for name in ours if not f"{name}.".startswith(("core.sdk.", f"plugins.{key}."))]
    assert not names & {"os", "subprocess", "sqlite3", "sqlalchemy", "flask", "random", "time"}


@every_plugin
def test_every_field_is_labelled_twice(key: str) -> None:
    card = next(card for card in list_cards(HOST) if card.key == key)
    for schema in (card.settings_schema, card.placement_schema):
        for definition in [schema, *_definitions(schema)]:
            for name, field in _fields(definition).items():
                assert name == "kind" or (field.get("x-title-zh") and field.get("x-title-en")), name


@every_plugin
def test_settings_survive_sealing_and_masking(key: str) -> None:
    settings = HOST.settings(key, form_of(key))
    secrets = Subject(key, HOST, ROOT / "plugins" / key, samples_of(key)).secrets
    model, kept, shown = type(settings), plain_form(settings), masked_form(settings)
    assert model.model_validate(kept) == settings
    assert model.model_validate(merged_form(model, shown, kept)) == settings
    assert not [secret for secret in secrets if secret in f"{shown} {settings!r}"]


@every_plugin
def test_unknown_settings_are_refused(key: str) -> None:
    with pytest.raises(Exception, match="settings of"):
        HOST.settings(key, form_of(key, no_such_field=1))


def _definitions(schema: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    found = schema.get("$defs", {})
    return [part for part in found.values() if isinstance(part, dict)] if isinstance(found, dict) else []


def _fields(schema: dict[str, JsonValue]) -> dict[str, dict[str, JsonValue]]:
    found = schema.get("properties", {})
    return {name: part for name, part in found.items() if isinstance(part, dict)} if isinstance(found, dict) else {}
