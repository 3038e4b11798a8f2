"""Who only met more, and what they had met."""

from core.attribution.further import Contacts, FurtherTouches
from core.attribution.grown import GrownPaths
from core.attribution.journeys import rows_of, starts_of
from core.attribution.lake_journeys import CelledTouches, LakeBucket
from core.attribution.tails import NEVER, SECOND_US, Tails, borders_of
from core.lake.facts import TouchFacts, take


def find_further(was: LakeBucket, tails: Tails, touches: TouchFacts) -> tuple[FurtherTouches, Contacts]:
    """What grew, and int32[r] the contacts of `touches` to whom more happened than that.

    Args:
        was: any bucket of the earlier snapshot, with the run's options.
        touches: what came since to people for whom nothing else did, in order (`lake.changes.further_touches`).
    """
    came = was.span.touches_of(touches)
    begin, end = borders_of(came.contact)
    contacts = came.contact[begin]
    stood = tails.at(contacts)
    grew = came.ts[begin] > stood.latest * SECOND_US
    if was.lags is not None:
        # Intervals count who had any touch, and those before the last order are not in a tail.
        grew &= (stood.lengths > 0) | (stood.latest == NEVER)
    refused = contacts[~grew]
    if len(refused):
        contacts, begin, end = contacts[grew], begin[grew], end[grew]
        came, stood = take(came, rows_of(begin, end - begin)), tails.at(contacts)
    paths = GrownPaths(tails.channel, stood.low, stood.lengths, starts_of(end - begin), came.channel, stood.met)
    celled = CelledTouches(came, was.code, was.span.zone)
    return FurtherTouches(contacts, paths, celled, grouped=was.lags is not None), refused
