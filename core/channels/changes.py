"""Counts what changed about channels in this process, so that whoever remembers one knows that it is out of date."""

from itertools import count

from sqlalchemy.orm import Session

from core.db import on_commit

_numbers = count(1)
_last = 0


def changes_made() -> int:
    """The number of the last change."""
    return _last


def note_change(session: Session) -> None:
    """Count a change once it is committed."""
    on_commit(session, _count)


def _count() -> None:
    global _last
    _last = next(_numbers)
