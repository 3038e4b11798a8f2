"""Telling the slices above that a visitor turned out to be somebody, so that they can carry over what they know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class VisitorLink:
    """From `since` on, what `visitor` did belongs to `contact`."""

    visitor: int
    contact: int
    since: datetime


Listener = Callable[[Session, Sequence[VisitorLink]], None]
_listeners: list[Listener] = []


def when_linked(act: Listener) -> Listener:
    """Decorator: call `act(session, links)` in the transaction that links visitors."""
    if act not in _listeners:
        _listeners.append(act)
    return act


def announce_links(session: Session, links: Sequence[VisitorLink]) -> None:
    """Tell all who asked."""
    for act in _listeners if links else ():
        act(session, links)
