"""Who a fact belongs to now: the contact it was born with, the one that was merged into, or nobody any more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.db import tenant_of
from core.lake.columns import Arrays, read_columns
from core.lake.facts import OrderFacts, TouchFacts, sequence_of_words

ASKED_BY_NUMBER = 5_000
"""More contacts than this, and all merged and erased ones are read at once."""
NOBODY = 0
"""The contact of erased people's orders: revenue stays, and no touch can be credited with it."""


@dataclass(frozen=True, slots=True)
class Owners:
    """contact: int32[n]; erased: bool[n], facts of people who asked to be forgotten."""

    contact: NDArray[np.int32]
    erased: NDArray[np.bool_]


def touches_of_rows(session: Session, rows: Arrays) -> TouchFacts:
    """Rows as facts of the people they belong to; those that do not count (bots) and erased ones are left out."""
    owners = _resolve(session, rows["contact"], rows["ts"])
    kept = (rows["counts"] == 1) & ~owners.erased
    return TouchFacts(
        owners.contact[kept],
        rows["ts"][kept],
        rows["channel"][kept].astype(np.int16),
        rows["placement"][kept].astype(np.int32),
        rows["kind"][kept].astype(np.int8),
        sequence_of_words(rows["id"][kept]),
    )


def orders_of_rows(session: Session, rows: Arrays) -> OrderFacts:
    """Rows as facts of the people they belong to; a cancelled order counts as never placed."""
    owners = _resolve(session, rows["contact"], rows["ts"])
    kept = rows["counts"] == 1
    return OrderFacts(
        np.where(owners.erased, np.int32(NOBODY), owners.contact)[kept],
        rows["ts"][kept],
        rows["value"][kept],
        rows["channel"][kept].astype(np.int16),
        sequence_of_words(rows["id"][kept]),
    )


def _resolve(session: Session, contact: NDArray[np.int64], ts: NDArray[np.int64]) -> Owners:
    """A linked visitor's facts before `facts_since` stay the visitor's own; an erasure takes what was before it."""
    some = np.unique(contact)
    changed = _changed(session, some.tolist() if len(some) <= ASKED_BY_NUMBER else None)
    number = changed["number"]
    if not len(number):
        return Owners(contact.astype(np.int32), np.zeros(len(contact), np.bool_))
    place = np.minimum(np.searchsorted(number, contact), len(number) - 1)
    named = number[place] == contact
    moved = named & (ts >= changed["since"][place])
    return Owners(
        np.where(moved, changed["root"][place], contact).astype(np.int32), named & (ts <= changed["erased"][place])
    )


def _changed(session: Session, contacts: Sequence[int] | None) -> Arrays:
    """Those of the contacts (None: of all) that are part of another, or erased, by number."""
    query = sa.select(
        Contact.number.label("number"),
        sa.func.coalesce(Contact.merged_into, Contact.number).label("root"),
        sa.func.coalesce(sa.type_coerce(Contact.facts_since, sa.BigInteger), 0).label("since"),
        sa.func.coalesce(sa.type_coerce(Contact.erased_at, sa.BigInteger), -1).label("erased"),
    ).where(
        Contact.tenant_id == tenant_of(session),
        sa.or_(Contact.merged_into.is_not(None), Contact.erased_at.is_not(None)),
    )
    if contacts is not None:
        query = query.where(Contact.number.in_(contacts))
    found = read_columns(session, query)
    order = np.argsort(found["number"])
    return {name: column[order] for name, column in found.items()}
