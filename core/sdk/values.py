"""What every argument and result of a plugin is made of: frozen values that survive JSON."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


def _refuse_unstorable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("contains NUL or half of a surrogate pair, which no database keeps")
    return text


def _to_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""An aware instant, always held in UTC. A vendor's local string is converted by the plugin, at the edge."""

Word = Annotated[str, StringConstraints(max_length=500), AfterValidator(_refuse_unstorable)]
"""A short text of at most 500 characters: a name, a key, a code."""

Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_refuse_unstorable)]
"""A longer text, of at most 20,000 characters."""

Key = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_refuse_unstorable)]
"""A key that is never empty: an event id, a message key, an order number."""

Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""An integer that every database keeps."""

Scalar = Prose | Whole | float | bool | None
"""What a detail may hold: no nesting, so that it can be shown in one column."""

IdentityKind = Literal[
    "phone",
    "email",
    "wecom_external_id",
    "unionid",
    "openid",
    "platform_openid",
    "customer_id",
    "anonymous_id",
    "cookie",
    "device",
]
"""Strong kinds first; the last three are weak: they name a browser or a device, not a person."""


class Frozen(BaseModel):
    """Base of all values that cross the border between the host and a plugin.

    Fields cannot be assigned, unknown fields are refused, numbers are finite, bytes travel as base64, and
    `Model.model_validate_json(value.model_dump_json()) == value` holds for every value. An error never repeats
    the input, which may be a person's.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )


class Text(Frozen):
    """One text in the two languages that every reader may choose from."""

    zh: Prose
    en: Prose


class IdentityClaim(Frozen):
    """A claim that somebody is known by `value`, as far as the source says.

    `phone` is E.164 where the source allows it (`+8613900000001`); `openid` and `platform_openid` need `app`,
    the id of the app or platform they are valid in.
    """

    kind: IdentityKind
    value: Key
    app: Word | None = None
