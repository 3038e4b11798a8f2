"""Whose journeys those of plain files are: the random groups of contacts that intervals are made of."""

from dataclasses import replace

import numpy as np

from core.attribution.group_counts import CONTACTS, count_contacts
from core.attribution.groups import group_of
from core.attribution.journeys import SmallInts
from core.attribution.matching import Matched
from core.attribution.parts import Groups, Part


def in_groups(part: Part, *, touch_contact: SmallInts, order_contact: SmallInts, matched: Matched) -> Part:
    """The part with its groups. Contacts are numbered in the order of their names, so that the groups do not depend on
    the order of rows.

    Args:
        part: of `matched`, trimmed or not.
        touch_contact: whole numbers[touches], ascending; order_contact: whole numbers[orders].
    """
    groups = Groups(group_of(touch_contact[matched.begin]), group_of(order_contact[matched.order]))
    met = touch_contact[np.flatnonzero(np.diff(touch_contact, prepend=-1))]
    return replace(part, groups=groups, besides={**part.besides, CONTACTS: count_contacts(group_of(met))})
