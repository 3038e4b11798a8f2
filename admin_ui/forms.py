"""A form drawn from a plugin's JSON schema: its own words in both languages, secrets that never leave the server."""

from contextlib import nullcontext
from dataclasses import dataclass

import streamlit as st
from pydantic import JsonValue

from admin_ui.words import language, plain, t

Schema = dict[str, JsonValue]
Values = dict[str, JsonValue]


@dataclass(frozen=True)
class Field:
    """One property of a schema, with references and null resolved."""

    name: str
    schema: Schema
    required: bool

    @property
    def label(self) -> str:
        """The plugin's word for it, with a mark when it must be filled."""
        word = str(self.schema.get(f"x-title-{language()}") or self.schema.get("title") or self.name)
        return plain(word) + ("" if not self.required else " *")

    @property
    def section(self) -> str:
        """The heading it stands under, if any."""
        return plain(str(self.schema.get(f"x-section-{language()}") or ""))

    @property
    def help(self) -> str | None:
        """The plugin's explanation."""
        text = self.schema.get(f"x-help-{language()}") or self.schema.get("description")
        return str(text) if text else None


def fields_of(schema: Schema, root: Schema) -> list[Field]:
    """The properties of an object schema, in their order; constants are left out, since nobody chooses them."""
    required = _list(schema.get("required"))
    found = []
    for name, part in _dict(schema.get("properties")).items():
        resolved = _resolved(_dict(part), root)
        if "const" not in resolved:
            found.append(Field(name, resolved, name in required))
    return found


def draw(schema: Schema, present: Values, *, key: str, root: Schema | None = None) -> Values:
    """Draw every field with its present value and return what the form says now; an untouched secret is absent."""
    root = root or schema
    values: Values = {}
    sections: dict[str, list[Field]] = {}
    for field in fields_of(schema, root):
        sections.setdefault(field.section, []).append(field)
    for section, fields in sorted(sections.items(), key=lambda item: item[0] != ""):
        with st.expander(section, key=f"{key}.{section}") if section else nullcontext():
            for field in fields:
                value = _draw_field(field, present.get(field.name), f"{key}.{field.name}", root)
                if value is not None:
                    values[field.name] = value
    return values


def _draw_field(field: Field, present: JsonValue, key: str, root: Schema) -> JsonValue:
    schema = field.schema
    if "oneOf" in schema:
        return _draw_choice(field, _dict(present), key, root)
    if schema.get("writeOnly") or schema.get("format") == "password":
        return _draw_secret(field, _dict(present), key)
    if present is None:
        present = schema.get("default")
    if "enum" in schema:
        options = [str(option) for option in _list(schema["enum"])]
        index = options.index(str(present)) if str(present) in options else 0
        named = _dict(schema.get(f"x-options-{language()}"))
        return st.selectbox(
            field.label, options, index, key=key, help=field.help, placeholder=t("parts.choose"),
            format_func=lambda option: str(named.get(option) or option),
        )  # fmt: skip
    match schema.get("type"):
        case "boolean":
            return st.toggle(field.label, bool(present), key=key, help=field.help)
        case "integer":
            return st.number_input(field.label, value=_int(present), step=1, key=key, help=field.help)
        case "array":
            words = [str(word) for word in _list(present)]
            picked = st.multiselect(
                field.label, words, words, key=key, help=field.help, accept_new_options=True,
                placeholder=t("forms.add_words"),
            )  # fmt: skip
            return list[JsonValue](picked)
    return _draw_text(field, "" if present is None else str(present), key)


def _draw_text(field: Field, present: str, key: str) -> JsonValue:
    if field.schema.get("x-long"):
        typed = st.text_area(field.label, present, key=key, help=field.help)
    else:
        typed = st.text_input(field.label, present, key=key, help=field.help)
    return typed.strip() or None


def _draw_secret(field: Field, present: Values, key: str) -> JsonValue:
    """Always empty; what is set is only hinted at, and an empty box keeps it."""
    hint = t("forms.unchanged", hint=f"••••{present.get('hint') or ''}") if present.get("set") else None
    typed = st.text_input(
        field.label, type="password", key=key, help=field.help, placeholder=hint, autocomplete="new-password"
    )
    return typed or None


def _draw_choice(field: Field, present: Values, key: str, root: Schema) -> JsonValue:
    """A union told apart by `kind`: first which, then the fields of that one."""
    choices = {_kind_of(part, root): _resolved(part, root) for part in map(_dict, _list(field.schema["oneOf"]))}
    kinds = list(choices)
    present_kind = str(present.get("kind", ""))
    index = kinds.index(present_kind) if present_kind in kinds else 0
    kind = st.selectbox(
        field.label, kinds, index, key=f"{key}.kind", format_func=lambda code: _title(choices[code], code),
        help=field.help, placeholder=t("parts.choose"),
    )  # fmt: skip
    kept = present if kind == present_kind else {}
    if not fields_of(choices[kind], root):
        return {"kind": kind}
    with st.container(border=True):
        return {"kind": kind, **draw(choices[kind], kept, key=f"{key}.{kind}", root=root)}


def _kind_of(schema: Schema, root: Schema) -> str:
    kind = _dict(_dict(_resolved(schema, root).get("properties")).get("kind"))
    return str(kind.get("const") or kind.get("default") or "")


def _title(schema: Schema, code: str) -> str:
    """The plugin's word for a choice; without one its code, since pydantic's own title is a class name."""
    return str(schema.get(f"x-title-{language()}") or code.capitalize())


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follows `$ref`, and takes the one real branch of an `anyOf` with null; words beside the branch win."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target: JsonValue = root
        for step in reference.removeprefix("#/").split("/"):
            target = _dict(target).get(step)
        return {**_resolved(_dict(target), root), **{k: v for k, v in schema.items() if k != "$ref"}}
    branches = [_dict(part) for part in _list(schema.get("anyOf"))]
    real = [part for part in branches if part.get("type") != "null"]
    if real:
        # A decimal arrives as number or string: as text it keeps every digit.
        branch = next((part for part in real if part.get("type") == "string"), real[0])
        return {**_resolved(branch, root), **{k: v for k, v in schema.items() if k != "anyOf"}}
    return schema


def _dict(value: JsonValue) -> Values:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _int(value: JsonValue) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None
