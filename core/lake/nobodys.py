"""The orders of erased people, which the lake keeps under nobody's number: they are told apart in the database alone.

Whose order is refunded or cancelled after an erasure, or who is erased twice, has rows among nobody's that no longer
count, and nothing in the lake says which. So all of nobody's rows are dropped then, and read again.
"""

from collections.abc import Iterable, Set

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.lake.facts import OrderFacts, join, take
from core.lake.roots import NOBODY


def erased_contacts(session: Session) -> Set[int]:
    """Everybody who was erased."""
    return set(session.scalars(sa.select(Contact.number).where(Contact.erased_at.is_not(None))))


def of_nobody(parts: Iterable[OrderFacts]) -> OrderFacts:
    """Those of the orders that are nobody's."""
    found = join(list(parts))
    return take(found, np.flatnonzero(found.contact == NOBODY))


def of_somebody(orders: OrderFacts) -> OrderFacts:
    """The others."""
    return take(orders, np.flatnonzero(orders.contact != NOBODY))
