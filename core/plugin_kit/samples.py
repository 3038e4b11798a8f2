"""What a plugin brings to be tried with: `fixtures/` beside its manifest, real in shape, invented in content.

fixtures/settings.json          a form that the settings model takes
fixtures/accounts/<name>.json   what differs with another account or provider: the rules of sending hold for each
fixtures/requests/<name>.json   a webhook as it came, and what is to become of it
fixtures/files/<name>           an export; files.json says how many events and bad rows it holds
"""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from core.sdk.requests import Request

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""A morning in China. Plugins are examined then, and requests without a time of their own came then."""
Proof = Literal["signature", "token", "none"]


class Recorded(BaseModel):
    """One recorded request.

    The body is `json`, `text` or `base64`. `proof` says what makes it genuine: a `signature` over the whole body, a
    `token` in it, its headers or its query (a signature over a part of it is one), or nothing. `expires_after`: seconds
    after which the vendor's own rule makes it stale. `accepted` and `events` are what is expected; a form of a landing
    sets `form` and `code`. `settings` are those that differ from settings.json, such as another provider.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str = "POST"
    headers: dict[str, str] = {}
    query: tuple[tuple[str, str], ...] = ()
    json_body: JsonValue = Field(None, alias="json")
    text: str | None = None
    base64: str | None = None
    form: dict[str, str] = {}
    code: str | None = None
    received_at: datetime = AT
    proof: Proof = "signature"
    expires_after: int | None = Field(None, gt=0)
    accepted: bool = True
    events: int | None = None
    settings: dict[str, JsonValue] = {}

    def request(self, *, name: str = "r1") -> Request:
        """The request as the host would store it."""
        return Request(
            id=name,
            received_at=self.received_at,
            method=self.method,
            query=self.query,
            headers={key.lower(): value for key, value in self.headers.items()},
            body=self.body(),
            form=self.form,
            code=self.code,
            placement_id="p1" if self.code else None,
        )

    def body(self) -> bytes:
        """The raw bytes. `json` is written compactly; a signature made by a vendor needs `text` or `base64`."""
        if self.base64 is not None:
            return base64.b64decode(self.base64)
        if self.text is not None:
            return self.text.encode()
        return b"" if self.json_body is None else json.dumps(self.json_body, separators=(",", ":")).encode()


class Expected(BaseModel):
    """What is in an export."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: int
    bad_rows: int = 0


class Samples(BaseModel):
    """All fixtures of a plugin."""

    model_config = ConfigDict(frozen=True)

    settings: dict[str, JsonValue] = {}
    accounts: dict[str, dict[str, JsonValue]] = {}
    requests: dict[str, Recorded] = {}
    files: dict[str, Expected] = {}
    folder: Path


class BadFixture(Exception):
    """A fixture cannot be read; the message names it."""


def read_samples(folder: Path) -> Samples:
    """The fixtures beside a manifest; none is no mistake here. Raises `BadFixture`."""
    fixtures = folder / "fixtures"
    requests = {path.stem: _read(Recorded, path) for path in sorted((fixtures / "requests").glob("*.json"))}
    settings = fixtures / "settings.json"
    files = fixtures / "files" / "files.json"
    return Samples(
        settings=_load(settings) if settings.is_file() else {},
        accounts={path.stem: _load(path) for path in sorted((fixtures / "accounts").glob("*.json"))},
        requests=requests,
        files={name: Expected.model_validate(told) for name, told in _load(files).items()} if files.is_file() else {},
        folder=fixtures,
    )


def _read(model: type[Recorded], path: Path) -> Recorded:
    try:
        return model.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadFixture(f"{path.name}: {error.errors()[0]['loc']} {error.errors()[0]['msg']}") from None


def _load(path: Path) -> dict[str, JsonValue]:
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise BadFixture(f"{path.name}: {error}") from None
    if not isinstance(found, dict):
        raise BadFixture(f"{path.name}: is no JSON object")
    return found
