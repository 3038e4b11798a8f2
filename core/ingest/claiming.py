"""What a form on a placement's own page means beyond the plugin's reading: a claim code, a spoken code, a place."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.ingest.claims import claim_by_digits, use_claim
from core.ingest.models import Claim
from core.ingest.origins import find_places
from core.ingest.vendor_ids import keys_of
from core.sdk.events import Event, Lead, Touch
from core.sdk.values import IdentityClaim

Refusal = Literal["used", "unknown"]


class ClaimRefused(Exception):
    """The form names a code that was used, or something that nobody put out."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


def settle_form(
    session: Session,
    channel: Channel,
    events: Sequence[Event],
    *,
    placement_number: int,
    placement_id: str,
    answers: Mapping[str, str],
    claim: Claim | None = None,
) -> list[Event]:
    """The events of a posted form, ready to be taken: who asked is beside who claims, and each touch has its place.

    `claim` is the one whose link was opened; else six digits among the answers may name one. What a viewer typed leads
    to the placement of its time, as `placement_keys` say; all else belongs to the page's own placement.

    Raises:
        ClaimRefused: the code was used before, or what was typed names nothing.
    """
    claim = claim or _read_out(session, placement_number, answers)
    names: tuple[IdentityClaim, ...] = ()
    if claim is not None:
        used = use_claim(session, claim, at=clock.now())
        if used is None:
            raise ClaimRefused("used")
        names = used
    named = [event.model_copy(update={"who": (*event.who, *names)}) for event in events]
    places, keys = find_places(session, channel, named), keys_of(channel).names
    settled: list[Event] = []
    for event in named:
        if isinstance(event, (Touch, Lead)) and places.of(event).placement_number is None:
            if claim is None and any(event.detail.get(name) for name in keys):
                raise ClaimRefused("unknown")
            event = event.model_copy(update={"placement_id": placement_id})
        settled.append(event)
    return settled


def _read_out(session: Session, placement_number: int, answers: Mapping[str, str]) -> Claim | None:
    for said in answers.values():
        found = claim_by_digits(session, placement_number, said.strip(), at=clock.now())
        if found is not None:
            return found
    return None
