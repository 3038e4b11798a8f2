"""Who only met more, and what they had met."""

from core.attribution.further import Contacts, FurtherTouches
from core.attribution.grown import GrownPaths
from core.attribution.journeys import rows_of, starts_of
from core.attribution.lake_journeys import CelledTouches, LakeBucket
from core.attribution.tails import NEVER, Tails, borders_of
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
    tail = tails.at(contacts)
    grew = tail["latest"] < came.ts[begin]
    if was.lags is not None:
        # Intervals count who had any touch, and those before the last order are not in a tail.
        grew &= (tail["length"] > 0) | (tail["latest"] == NEVER)
    refused = contacts[~grew]
    if len(refused):
        contacts, tail, begin, end = contacts[grew], tail[grew], begin[grew], end[grew]
        came = take(came, rows_of(begin, end - begin))
    paths = GrownPaths(starts_of(tail["length"]), tails.channels_of(tail), starts_of(end - begin), came.channel)
    celled = CelledTouches(came, was.code, was.span.zone)
    return FurtherTouches(contacts, paths, celled, grouped=was.lags is not None), refused
