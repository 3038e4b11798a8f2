"""What vendors say became of our messages: deliveries move forward, and a delivered message is a touch.

A receipt that names nothing we sent is passed over: it moves nothing, and `lookup` asks again for what is still open.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.identities import BadIdentity, IdentityClaim
from core.contacts.keys import KeyRing
from core.contacts.lookup import holders, roots_of
from core.db import vault_of
from core.deliveries import service as deliveries
from core.deliveries.service import Report
from core.deliveries.states import RANK
from core.sdk.events import Receipt
from core.touchpoints.service import record

ABSENT = "absent"


def take_receipts(session: Session, channel: Channel, receipts: Sequence[Receipt]) -> None:
    """Move the deliveries that the receipts are about; told twice, or out of order, they move once."""
    if not receipts:
        return
    sent = deliveries.find_numbers(session, channel.number, [one.provider_id for one in receipts if one.provider_id])
    reports: list[Report] = []
    for one in receipts:
        number = deliveries.number_of_key(session, one.key) if one.key else None
        if number is None:
            number = _by_address(session, one, sent.get(one.provider_id or "", []))
        if number is not None and one.state == ABSENT:
            deliveries.put_back(session, number, one.reason[:200])
        elif number is not None:
            why = (one.code or one.reason)[:200] or None
            reports.append(Report(number, one.state, why, one.provider_id, one.parts))
    reports.sort(key=lambda report: RANK[report.state])  # of several about one delivery the furthest counts
    moved = deliveries.settle(session, channel.number, reports)
    record(session, deliveries.touches_of(moved))


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
