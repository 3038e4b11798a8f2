"""The forest has the same edges as reading person by person, whatever was merged; on both databases."""

import random
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from core.contacts.models import MergeLog
from core.contacts.service import IdentityClaim, merge, roots_of, undo_merge
from core.db import writing
from core.referrals.edges import edges_of
from core.referrals.forest import load_forest
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.models import Tenant
from tests.factories.contacts import make_contacts

AT = datetime(2026, 5, 1, tzinfo=UTC)


def test_forest_is_what_readers_see(tenant: Tenant) -> None:
    dice = random.Random(7)
    with writing(tenant.number) as session:
        assert load_forest(session).invitee.tolist() == []
        numbers = make_contacts(session, [[IdentityClaim("customer_id", f"u{n}")] for n in range(60)], at=AT)
        pairs = [(dice.choice(numbers), f"u{dice.randrange(60)}") for _ in range(80)]
        claim_inviters(session, [InviterTold(invitee, text, AT, "import") for invitee, text in pairs])
        visitors = make_contacts(session, [[IdentityClaim("anonymous_id", f"v{n}")] for n in range(12)], at=AT)
        told = [InviterTold(number, f"u{number % 60}", AT, "identify") for number in visitors]
        claim_inviters(session, told)
        linked = [[IdentityClaim("anonymous_id", f"v{n}"), IdentityClaim("customer_id", f"u{n}")] for n in range(8)]
        make_contacts(session, linked[:4], at=AT + timedelta(days=1))
        make_contacts(session, linked[4:], at=AT + timedelta(days=60))
        numbers += visitors
        for _ in range(25):
            roots = sorted(set(roots_of(session, numbers).values()))
            loser, into = dice.sample(roots, 2)
            merge(session, loser=loser, into=into)
        for entry in session.scalars(sa.select(MergeLog.id).order_by(MergeLog.id).limit(8)).all():
            undo_merge(session, entry)
        forest = load_forest(session)
        people = set(roots_of(session, numbers).values()) | set(numbers)
        seen = {edge.invitee: edge.inviter for edge in edges_of(session, people).values()}
        assert dict(zip(forest.invitee.tolist(), forest.inviter.tolist(), strict=True)) == seen
        assert len(seen) > 20
