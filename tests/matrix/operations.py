"""The app's routes as operations that can be asked: path, body by its schema, and the places where ids go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask_openapi3 import OpenAPI

from core.web.gate import PUBLIC, label_of
from tests.architecture.route_classes import PARTS

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Operation:
    """One method of one route."""

    method: str
    rule: str
    scope: str
    body: Mapping[str, Any] | None = None
    queries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    schemas: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names in the path, `tenant` left out."""
        return tuple(part for part in _PART.findall(self.rule) if part != "tenant")

    def path(self, ids: Mapping[str, str]) -> str:
        """The path with these ids, by part."""
        return _PART.sub(lambda match: quote(ids[match[1]], safe=""), self.rule)

    def example(self) -> Any:
        """A body that its schema takes."""
        return None if self.body is None else _example(self.body, self.schemas)

    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """The fields of the body and their shapes."""
        shape = {} if self.body is None else _resolved(self.body, self.schemas)
        return dict(shape.get("properties", {}))

    def id_fields(self) -> tuple[str, ...]:
        """Fields of the body that name a row."""
        return tuple(name for name in self.fields() if table_of(name))

    def id_queries(self) -> tuple[str, ...]:
        """Parameters of the query that name a row."""
        return tuple(name for name in self.queries if table_of(name))


def table_of(name: str) -> str | None:
    """Whose ids a part, field or parameter of this name holds; None when it names no row."""
    return PARTS.get(name) or PARTS.get(name.removesuffix("_id"))


def operations_of(app: OpenAPI) -> list[Operation]:
    """Every operation that is not public."""
    document = app.api_doc
    schemas = document.get("components", {}).get("schemas", {})
    found = []
    for rule in app.url_map.iter_rules():
        scope = label_of(app, rule.endpoint)
        if scope in (None, PUBLIC):
            continue
        described = document["paths"].get(_PART.sub(r"{\1}", rule.rule), {})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            told = described.get(method.lower(), {})
            content = told.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            queries = {p["name"]: p["schema"] for p in told.get("parameters", []) if p["in"] == "query"}
            found.append(Operation(method, rule.rule, str(scope), body, queries, schemas))
    return sorted(found, key=str)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    schema = _resolved(schema, schemas)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _example(schema[choice][0], schemas)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next(iter(schema.get("enum", [None]))))
    match schema.get("type"):
        case "object":
            shapes = schema.get("properties", {})
            # What tells the members of a union apart has a default, and yet a union needs it.
            needed = {*schema.get("required", []), *(name for name, shape in shapes.items() if "const" in shape)}
            return {name: _example(shapes[name], schemas) for name in sorted(needed)}
        case "array":
            return [_example(schema["items"], schemas)] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return True
    return _example_text(schema)


def _example_text(schema: Mapping[str, Any]) -> str:
    known = {"date-time": "2026-03-01T00:00:00Z", "date": "2026-03-01", "uri": "https://brand.example/"}
    text = known.get(schema.get("format", ""), "example")
    return text.ljust(schema.get("minLength", 0), "x")
