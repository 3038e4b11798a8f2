"""Replies and opt-outs that nothing but a hook's secret address vouches for: heeded as far as they can do no harm.

Some vendors sign nothing. Whoever learns such an address must not be able to fill a brand with people and replies, so
a reply counts only from somebody who got a message by this channel, and an opt-out makes nobody a contact.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.consent import service as consent
from core.contacts.identities import BadIdentity, IdentityClaim
from core.contacts.keys import KeyRing
from core.contacts.lookup import family, holders
from core.db import vault_of
from core.deliveries.service import contacts_reached
from core.sdk.events import Event, OptOut, Reply

ADDRESSES = ("phone", "email")
STRANGER = "not proven, and no recipient"


def set_strangers_aside(session: Session, channel: Channel, events: Sequence[Event]) -> tuple[list[Event], set[str]]:
    """The events that may be taken, and the ids of those left out. A stranger's opt-out still shuts their address."""
    unproven = [event for event in events if isinstance(event, (Reply, OptOut)) and not event.is_proven]
    if not unproven:
        return list(events), set()
    people = _people(session, unproven)
    recipients = _recipients(session, channel, set(people.values()))
    left_out: set[str] = set()
    for event in unproven:
        person = people.get(event.event_id)
        if isinstance(event, OptOut) and person is None:
            _shut_addresses(session, event)
            left_out.add(event.event_id)
        elif isinstance(event, Reply) and person not in recipients:
            left_out.add(event.event_id)
    return [event for event in events if event.event_id not in left_out], left_out


def _people(session: Session, events: Sequence[Reply | OptOut]) -> dict[str, int]:
    """Whose event it is, by its id; those of nobody we know are missing."""
    ring = KeyRing(vault_of(session))
    keys = {}
    for event in events:
        try:
            keys[event.event_id] = ring.keys(tuple(IdentityClaim(one.kind, one.value, one.app) for one in event.who))
        except BadIdentity:
            continue
    held = holders(session, ring.values)
    return {name: held[key].root for name, own in keys.items() for key in own if key in held}


def _recipients(session: Session, channel: Channel, people: set[int]) -> set[int]:
    parts = family(session, people)
    return {parts[contact] for contact in contacts_reached(session, channel.number, list(parts))}


def _shut_addresses(session: Session, event: OptOut) -> None:
    for one in event.who:
        try:
            if one.kind in ADDRESSES:
                consent.suppress(session, one.kind, one.value, reason=event.word or "asked")
        except BadIdentity:
            continue
