"""The filter language: a tree of allow-listed questions, read from JSON. No column name ever comes from outside."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from core.web import Body

MOST_PARTS = 20
Word = Annotated[str, Field(min_length=1, max_length=120)]
PublicId = Annotated[str, Field(min_length=1, max_length=64)]


class Everybody(Body):
    """Every contact that has joined."""

    type: Literal["everybody"] = "everybody"


class HasTag(Body):
    """Contacts with this tag."""

    type: Literal["tag"] = "tag"
    tag: Word


class CameFrom(Body):
    """Contacts that joined by this channel, or by this placement of it."""

    type: Literal["source"] = "source"
    channel_id: PublicId | None = None
    placement_id: PublicId | None = None


class Joined(Body):
    """Contacts that joined in [since, until)."""

    type: Literal["joined"] = "joined"
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Ordered(Body):
    """Contacts with at least (or at most) so many orders, counted since an instant."""

    type: Literal["ordered"] = "ordered"
    at_least: int | None = Field(None, ge=1, le=100_000)
    at_most: int | None = Field(None, ge=0, le=100_000)
    since: AwareDatetime | None = None


class Reachable(Body):
    """Contacts with an identity of this kind, such as a phone number."""

    type: Literal["reachable"] = "reachable"
    kind: Literal["phone", "email", "wecom_external_id", "unionid", "openid"]


class AllOf(Body):
    """Contacts that every part finds."""

    type: Literal["all"] = "all"
    of: list["Filter"] = Field(min_length=1, max_length=MOST_PARTS)


class AnyOf(Body):
    """Contacts that some part finds."""

    type: Literal["any"] = "any"
    of: list["Filter"] = Field(min_length=1, max_length=MOST_PARTS)


class Not(Body):
    """Contacts that the part does not find."""

    type: Literal["not"] = "not"
    of: "Filter"


Filter = Annotated[
    Everybody | HasTag | CameFrom | Joined | Ordered | Reachable | AllOf | AnyOf | Not, Field(discriminator="type")
]
"""Any of the questions above; `type` tells them apart."""

Since = datetime | None

for _tree in (AllOf, AnyOf, Not):
    _tree.model_rebuild()
