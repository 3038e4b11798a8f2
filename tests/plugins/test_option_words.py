"""Every choice of every form names each of its values, in both languages."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pydantic import BaseModel

import plugins
from core.sdk import form_schema
from plugins.package_card.settings import CardBatch


def shipped_models() -> Iterator[type[BaseModel]]:
    for found in iter_modules(plugins.__path__):
        for channel in import_module(f"plugins.{found.name}.plugin").siyu_register_channels():
            yield from (channel.settings_model, channel.placement_detail)


def choices_of(model: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fields with several values to choose from, those of providers included."""
    schema: dict[str, Any] = form_schema(model)
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from ((name, field) for name, field in part.get("properties", {}).items() if "enum" in field)


def test_every_choice_has_words() -> None:
    for model in shipped_models():
        for name, field in choices_of(model):
            values = {*field["enum"]}
            assert values == {*field.get("x-options-en", ())} == {*field.get("x-options-zh", ())}, (model, name)


def test_formats_of_cards_have_words() -> None:
    assert len(list(choices_of(CardBatch))) == 2
