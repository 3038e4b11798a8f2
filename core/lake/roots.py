"""Who a fact belongs to now: the contact it was born with, or the one that was merged into."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.db import tenant_of
from core.lake.columns import Arrays, read_columns
from core.lake.facts import OrderFacts, TouchFacts, sequence_of_words

ASKED_BY_NUMBER = 5_000
"""More contacts than this, and all merged ones are read at once."""


def touches_of_rows(session: Session, rows: Arrays) -> TouchFacts:
    """Rows as facts of the people they belong to; those that do not count (bots) are left out."""
    kept = rows["counts"] == 1
    ts = rows["ts"][kept]
    return TouchFacts(
        _resolve(session, rows["contact"][kept], ts),
        ts,
        rows["channel"][kept].astype(np.int16),
        rows["placement"][kept].astype(np.int32),
        rows["kind"][kept].astype(np.int8),
        sequence_of_words(rows["id"][kept]),
    )


def orders_of_rows(session: Session, rows: Arrays) -> OrderFacts:
    """Rows as facts of the people they belong to; a cancelled order counts as never placed."""
    kept = rows["counts"] == 1
    ts = rows["ts"][kept]
    return OrderFacts(
        _resolve(session, rows["contact"][kept], ts),
        ts,
        rows["value"][kept],
        rows["channel"][kept].astype(np.int16),
        sequence_of_words(rows["id"][kept]),
    )


def _resolve(session: Session, contact: NDArray[np.int64], ts: NDArray[np.int64]) -> NDArray[np.int32]:
    """int32[n]: a linked visitor's facts before `facts_since` stay the visitor's own."""
    some = np.unique(contact)
    merged = _merged(session, some.tolist() if len(some) <= ASKED_BY_NUMBER else None)
    number = merged["number"]
    if not len(number):
        return contact.astype(np.int32)
    place = np.minimum(np.searchsorted(number, contact), len(number) - 1)
    moved = (number[place] == contact) & (ts >= merged["since"][place])
    return np.where(moved, merged["root"][place], contact).astype(np.int32)


def _merged(session: Session, contacts: Sequence[int] | None) -> Arrays:
    """Those of the contacts (None: of all) that are part of another, by number."""
    query = sa.select(
        Contact.number.label("number"),
        Contact.merged_into.label("root"),
        sa.func.coalesce(sa.type_coerce(Contact.facts_since, sa.BigInteger), 0).label("since"),
    ).where(Contact.tenant_id == tenant_of(session), Contact.merged_into.is_not(None))
    if contacts is not None:
        query = query.where(Contact.number.in_(contacts))
    found = read_columns(session, query)
    order = np.argsort(found["number"])
    return {name: column[order] for name, column in found.items()}
