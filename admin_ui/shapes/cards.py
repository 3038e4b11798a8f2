"""A placement's printed cards: their states, and what was done to many at once."""

from datetime import datetime

from admin_ui.shapes.web import Name, Shape


class Problem(Name):
    """A row of a packing list that was refused."""

    line: int = 0


class Move(Shape):
    """Cards that were moved together."""

    id: str
    job_id: str | None = None
    deed: str = ""
    first: int = 0
    last: int = 0
    file_name: str = ""
    undoes: str | None = None
    state: str = ""
    moved: int = 0
    made: int = 0
    tied: int = 0
    refused: int = 0
    problems: list[Problem] = []
    created_at: datetime | None = None


class Cards(Shape):
    """The cards of a placement."""

    states: dict[str, int] = {}
    only_after_shipping: bool = False
    moves: list[Move] = []
