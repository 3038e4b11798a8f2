"""Tags: words that a brand puts on its contacts."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.lookup import family
from core.contacts.models import Contact, ContactTag
from core.db import among, insert_new
from core.errors import FieldError, Invalid

MAX_TAG = 60


def tag(session: Session, numbers: Collection[int], *, tags: Iterable[str]) -> int:
    """Put tags on contacts; returns how many were not there yet. Erased contacts stay without."""
    words = {clean_tag(word) for word in tags}
    now = clock.now()
    erased = sa.select(Contact.number).where(among(session, Contact.number, numbers), Contact.erased_at.is_not(None))
    numbers = set(numbers).difference(session.scalars(erased))
    rows = [
        {"contact_number": number, "tag": word, "created_at": now}
        for number in sorted(numbers)
        for word in sorted(words)
    ]
    return len(insert_new(session, ContactTag, rows, conflict=("tag", "contact_number")))


def untag(session: Session, numbers: Collection[int], *, tags: Iterable[str]) -> None:
    """Take tags off these people, whichever of their contacts wears them."""
    words = {clean_tag(word) for word in tags}
    members = family(session, numbers)
    session.execute(sa.delete(ContactTag).where(ContactTag.contact_number.in_(members), ContactTag.tag.in_(words)))


def tags_of(session: Session, roots: Collection[int]) -> dict[int, list[str]]:
    """The tags of these people, sorted."""
    person = family(session, roots)
    query = sa.select(ContactTag.contact_number, ContactTag.tag).where(ContactTag.contact_number.in_(person))
    found: dict[int, set[str]] = {root: set() for root in roots}
    for number, word in session.execute(query):
        found[person[number]].add(word)
    return {root: sorted(words) for root, words in found.items()}


def clean_tag(text: str) -> str:
    """A tag without spaces around it; raises `Invalid` where nothing, or too much, is left."""
    word = text.strip()
    if not 0 < len(word) <= MAX_TAG or not word.isprintable():
        raise Invalid(fields=[FieldError("tag", "length", f"a tag has 1 to {MAX_TAG} printable characters")])
    return word
