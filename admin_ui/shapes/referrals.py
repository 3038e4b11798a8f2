"""Who brought whom."""

from datetime import datetime

from admin_ui.shapes.contacts import Identity
from admin_ui.shapes.web import Shape


class ReferralFigures(Shape):
    """The figures over all."""

    invited: int = 0
    inviters: int = 0
    pending: int = 0
    refused: dict[str, int] = {}


class Brought(Shape):
    """One person of a tree; `brought`: how many they brought themselves."""

    id: str
    number: int = 0
    identities: list[Identity] = []
    joined_at: datetime | None = None
    brought: int = 0
    at: datetime | None = None


class Chain(Shape):
    """Everybody above a person, nearest first."""

    inviter: Brought | None = None
    chain: list[Brought] = []
    at: datetime | None = None
