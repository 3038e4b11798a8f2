"""A plugin's settings: one pydantic model gives the form, the validation, the sealing and the masking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, JsonValue, SecretStr
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Form = dict[str, JsonValue]
"""Settings as they are sealed, sent and shown: JSON."""

HINT_LENGTH = 3
LONG_ENOUGH_FOR_A_HINT = 12


class ProviderSettings(BaseModel):
    """Base of one choice in the one discriminated union `provider`; each has its own `kind: Literal[...]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class ChannelSettings(ProviderSettings):
    """Base of a plugin's settings.

    Fields are flat: str, int, bool, Decimal, a Literal, a tuple of str, or SecretStr for what must be sealed; at
    most one field, `provider`, is a union of `ProviderSettings` told apart by `kind`. Unknown fields are refused
    and errors do not repeat what was typed. Every field carries a `Label`. A field `daily_quota` (int, 0 when unknown)
    is read by core: how many messages a day the account may send; so is `daily_calls`: how many requests.
    """


@dataclass(frozen=True)
class Section:
    """A heading under which a long form keeps fields that belong together (one vendor's account)."""

    zh: str
    en: str


@dataclass(frozen=True)
class Label:
    """The words of one field in the form: `Annotated[str, Label("签名", "Signature", "……", "...")]`.

    They arrive in the JSON schema as `x-title-zh`, `x-help-zh`, `title` and `description`. `is_long` asks for a box of
    several lines. `options` names the values of a Literal, each as (value, zh, en). Fields with the same `section` that
    follow each other are shown under it, folded away.
    """

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    is_long: bool = False
    section: Section | None = None
    options: tuple[tuple[str, str, str], ...] = ()

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Called by pydantic when it draws the schema."""
        schema = handler(core)
        schema |= {"title": self.en, "x-title-zh": self.zh, "x-title-en": self.en}
        if self.help_en or self.help_zh:
            schema |= {"description": self.help_en, "x-help-zh": self.help_zh, "x-help-en": self.help_en}
        if self.is_long:
            schema["x-long"] = True
        if self.options:
            schema["x-options-zh"] = {value: zh for value, zh, _ in self.options}
            schema["x-options-en"] = {value: en for value, _, en in self.options}
        if self.section:
            schema |= {"x-section-zh": self.section.zh, "x-section-en": self.section.en}
        return schema


def form_schema(model: type[BaseModel]) -> Form:
    """The JSON schema that a form is drawn from: texts in both languages, secrets as `writeOnly` passwords."""
    return cast("Form", model.model_json_schema())


def plain_form(settings: BaseModel) -> Form:
    """The settings with their secrets in clear: only for sealing, never for showing or logging."""
    return cast("Form", {name: _plain(value) for name, value in settings})


def masked_form(settings: BaseModel) -> Form:
    """The settings as they may be shown: a secret becomes `{"set": true, "hint": "...3f9"}`.

    A secret too short to show a part of has an empty hint; one that is not set has `"set": false`.
    """
    return cast("Form", {name: _masked(value) for name, value in settings})


def merged_form(model: type[BaseModel], new: Mapping[str, JsonValue], old: Mapping[str, JsonValue]) -> Form:
    """What to validate after a PUT of `new` over the sealed `old`.

    A secret that is absent, null, or still in its masked shape in `new` keeps its old value; everything else is
    taken from `new` alone. When another provider kind is chosen, nothing of the old provider is kept.
    """
    form = {name: value for name, value in new.items() if not _is_mask(value)}
    for name, value in old.items():
        field = model.model_fields.get(name)
        if field is None:
            continue
        fresh = form.get(name)
        if isinstance(value, dict) and isinstance(fresh, dict):
            chosen = _choice(model, name, str(fresh.get("kind")))
            if chosen is not None and value.get("kind") == fresh.get("kind"):
                form[name] = merged_form(chosen, fresh, value)
        elif fresh is None and _holds_secret(field.annotation):
            form[name] = value
    return {name: _without_masks(value) for name, value in form.items()}


def secret_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The names of the sealed fields of one model (not those inside its provider)."""
    return tuple(name for name, field in model.model_fields.items() if _holds_secret(field.annotation))


def provider_choices(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The provider models by `kind`; empty when the plugin has no `provider` field."""
    field = model.model_fields.get("provider")
    if field is None:
        return {}
    choices = [part for part in _members(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)]
    return {str(choice.model_fields["kind"].default): choice for choice in choices}


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return plain_form(value)
    return _jsonable(value)


def _masked(value: object) -> object:
    if isinstance(value, SecretStr):
        secret = value.get_secret_value()
        hint = "..." + secret[-HINT_LENGTH:] if len(secret) >= LONG_ENOUGH_FOR_A_HINT else ""
        return {"set": bool(secret), "hint": hint}
    if isinstance(value, BaseModel):
        return masked_form(value)
    return _jsonable(value)


def _jsonable(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _is_mask(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"set", "hint"}


def _without_masks(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: part for name, part in value.items() if not _is_mask(part)}
    return value


def _choice(model: type[BaseModel], name: str, kind: str) -> type[BaseModel] | None:
    return provider_choices(model).get(kind) if name == "provider" else None


def _holds_secret(annotation: object) -> bool:
    return SecretStr in _members(annotation)


def _members(annotation: object) -> tuple[Any, ...]:  # a type may be any object; callers test what they get
    found = getattr(annotation, "__args__", None)
    return tuple(found) if found else (annotation,)
