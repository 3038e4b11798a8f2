"""A choice whose values have words has one for each value, in both languages."""

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


def choices_of(model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    schema: dict[str, Any] = form_schema(model)
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from (field for field in part.get("properties", {}).values() if "x-options-en" in field)


def test_every_value_has_its_words() -> None:
    for model in shipped_models():
        for field in choices_of(model):
            assert {*field["x-options-en"]} == {*field["enum"]} == {*field["x-options-zh"]}


def test_formats_of_cards_have_words() -> None:
    assert len(list(choices_of(CardBatch))) == 2
