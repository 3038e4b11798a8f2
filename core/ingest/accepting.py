"""Putting a refused redemption back: the operator's word counts more than a limit, but a card still works only once."""

from core import audit
from core.db import reading, writing
from core.ingest.redemptions import Attempt, card_of, landing_of, read_events, redeem_in
from core.placements.cards import card_code, serials_of
from core.placements.refused import decide, find_refused, form_of
from core.placements.service import find_placement


def accept_refused(tenant_id: int, placement_id: str, refused_id: str) -> None:
    """Redeem the card for whoever was refused, as of the moment they tried; told in the audit log, or not done.

    Raises:
        NotFound: the placement has no such refusal.
        Conflict: it was decided already, what was typed is forgotten, or the card is used or not active.
    """
    with reading(tenant_id) as session:
        placement = find_placement(session, placement_id)
        row = find_refused(session, placement, refused_id)
        (answers, visitor), at, code = form_of(session, row), row.at, card_code(session, row.code_id)
        (serial,) = serials_of(session, placement, [code.number])
        card = card_of(session, tenant_id, code, serial, base="")
    events, welcome = read_events(card, answers, at=at), landing_of(card).welcome
    with writing(tenant_id) as session:
        row = find_refused(session, find_placement(session, placement_id), refused_id)
        redeem_in(session, card, events, Attempt(answers, visitor, row.device, row.address, at, welcome))
        decide(session, row, "accepted")
        audit.record(session, "placement.refusal_accepted", f"placement:{placement_id}", {"refusal": refused_id})
