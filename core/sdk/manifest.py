"""manifest.json: who a plugin is and what it can do, readable without running it."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.sdk.values import Frozen, IdentityKind, Text, Word

Verb = Literal[
    "check",
    "answer",
    "parse",
    "fetch",
    "pull",
    "measure",
    "read_file",
    "publish",
    "landing",
    "preview",
    "deliver",
    "lookup",
    "payee",
    "reward",
    "cancel",
    "join_codes",
    "drop_codes",
    "start_show",
]
"""The verbs of a `Channel`; a manifest's `capabilities` lists those that the plugin answers."""


class Limit(Frozen):
    """A rule of the platform as dated data, because such rules change: `value` `unit` per `per`, `since` a day.

    `text` says it to the operator; without one the channel's page puts the data in a row.
    """

    name: Word
    value: float
    unit: Word
    per: Word = ""
    since: date
    source: Word = ""
    text: Text | None = None


class Manifest(Frozen):
    """What is known of a plugin before it is loaded.

    `key` is the name of its folder; `sdk` the contract it was written for. `idempotency` says what the vendor does
    with a message key sent twice: `key` drops the second, `query` can be asked (`lookup` is then required), `none`
    can do neither. `medium` is what its messages travel by (for consent and quiet hours), empty when it sends none.
    With `own_page`, a placement that is put out without a target gets a link to the page that `landing` describes.
    `identity_kinds` are the names it learns, `pii_fields` the personal fields it touches.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: Text
    summary: Text
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    sdk: Word
    capabilities: tuple[Verb, ...]
    medium: Word = ""
    own_page: bool = False
    idempotency: Literal["key", "query", "none"] = "none"
    identity_kinds: tuple[IdentityKind, ...] = ()
    pii_fields: tuple[Word, ...] = ()
    limits: tuple[Limit, ...] = ()
