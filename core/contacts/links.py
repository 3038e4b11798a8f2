"""Telling the slices above that a visitor turned out to be somebody, or that an identity is new here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.contacts.joining import Key


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


Greeter = Callable[[Session, Mapping[Key, int]], None]
_greeters: list[Greeter] = []


def when_named(act: Greeter) -> Greeter:
    """Decorator: call `act(session, {new identity: contact number})` in the transaction that stores them."""
    if act not in _greeters:
        _greeters.append(act)
    return act


def announce_names(session: Session, named: Mapping[Key, int]) -> None:
    """Tell all who asked."""
    for act in _greeters if named else ():
        act(session, named)
