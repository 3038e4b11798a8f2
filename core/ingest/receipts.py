"""What vendors say became of our messages: deliveries move forward, and a delivered message is a touch.

A receipt may overtake the answer that tells us the provider's id of its message: it waits until that id is known. One
that names nothing we ever send is forgotten in the end, and `lookup` asks again for what is still open.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.identities import BadIdentity, IdentityClaim
from core.contacts.keys import KeyRing
from core.contacts.lookup import holders, roots_of
from core.db import take_turn, vault_of
from core.deliveries import service as deliveries
from core.deliveries.service import Report
from core.deliveries.states import RANK
from core.ingest.early import Early, keep_early, release_early
from core.sdk.events import Receipt
from core.touchpoints.service import record

ABSENT = "absent"
Sent = dict[str, list[tuple[int, int]]]


def take_receipts(session: Session, channel: Channel, receipts: Sequence[Receipt]) -> None:
    """Move the deliveries that the receipts are about; told twice, or out of order, they move once."""
    if not receipts:
        return
    sent = _find_sent(session, channel.number, receipts)
    _apply(session, channel.number, receipts, sent)
    early = [one for one in receipts if one.provider_id and one.provider_id not in sent and one.state != ABSENT]
    unnamed = [one for one in early if not one.key or deliveries.number_of_key(session, one.key) is None]
    keep_early(session, channel.number, [_wait_for_id(one) for one in unnamed])


def take_early_receipts(session: Session, channel_number: int, provider_ids: Collection[str]) -> None:
    """Apply what was told of these messages before we knew their ids; call it where deliveries get them.

    Call `take_turn` before the ids are written, so that a receipt that comes at this moment sees them.
    """
    waiting = release_early(session, channel_number, {_subject(provider_id) for provider_id in provider_ids})
    receipts = [Receipt.model_validate(early.told) for early in waiting]
    if receipts:
        _apply(session, channel_number, receipts, _find_numbers(session, channel_number, receipts))


def _find_sent(session: Session, channel_number: int, receipts: Sequence[Receipt]) -> Sent:
    """The messages behind the provider's ids; asked once more in our turn where an id is not known."""
    sent = _find_numbers(session, channel_number, receipts)
    if any(one.provider_id and one.provider_id not in sent for one in receipts) and take_turn(session):
        sent = _find_numbers(session, channel_number, receipts)
    return sent


def _find_numbers(session: Session, channel_number: int, receipts: Sequence[Receipt]) -> Sent:
    return deliveries.find_numbers(session, channel_number, [one.provider_id for one in receipts if one.provider_id])


def _wait_for_id(receipt: Receipt) -> Early:
    told = receipt.model_dump(mode="json")
    return Early(_subject(receipt.provider_id or ""), receipt.event_id, receipt.at, told)


def _subject(provider_id: str) -> str:
    return f"sent:{provider_id[:200]}"


def _apply(session: Session, channel_number: int, receipts: Sequence[Receipt], sent: Sent) -> None:
    reports: list[Report] = []
    for one in receipts:
        number = deliveries.number_of_key(session, one.key) if one.key else None
        if number is None:
            number = _by_address(session, one, sent.get(one.provider_id or "", []))
        if number is not None and one.state == ABSENT:
            deliveries.put_back(session, number, one.reason[:200])
        elif number is not None:
            why = (one.code or one.reason)[:200] or None
            reports.append(Report(number, one.state, why, one.provider_id, one.parts, one.at))
    reports.sort(key=lambda report: RANK[report.state])  # of several about one delivery the furthest counts
    moved = deliveries.settle(session, channel_number, reports)
    record(session, deliveries.touches_of(moved, reports))


def _by_address(session: Session, receipt: Receipt, sent: Sequence[tuple[int, int]]) -> int | None:
    """Which of the messages sent under one id: the one to the person whose address the receipt names."""
    if len(sent) <= 1 or not receipt.who:
        return sent[0][0] if len(sent) == 1 else None
    ring = KeyRing(vault_of(session))
    try:
        keys = ring.keys(tuple(IdentityClaim(one.kind, one.value, one.app) for one in receipt.who))
    except BadIdentity:
        return None
    people = {holder.root for key, holder in holders(session, ring.values).items() if key in keys}
    roots = roots_of(session, [contact for _, contact in sent])
    return next((number for number, contact in sent if roots.get(contact) in people), None)
