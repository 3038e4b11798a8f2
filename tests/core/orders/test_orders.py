"""Orders are recorded once, refunded in place, cancelled as if never placed; both databases."""

import pytest
import sqlalchemy as sa

from core.db import reading, writing
from core.errors import Conflict, Invalid, NotFound
from core.orders.models import Order, OrderChange
from core.orders.service import cancel, orders_of, record, refund
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact
from tests.factories.orders import NOON, new_order


def test_same_order_is_stored_once(tenant: Tenant) -> None:
    street = make_channel(tenant, "Street").number
    with writing(tenant.number) as session:
        one = make_contact(session)
        first = record(
            session, [new_order(one, event_id="a", order_no="N1"), new_order(one, event_id="b", order_no="N1")]
        )
        again = record(
            session,
            [
                new_order(one, event_id="a", order_no="N1"),
                new_order(one, event_id="c", order_no=" N1 "),
                new_order(one, event_id="a", order_no="N2"),
                new_order(one, event_id="d", order_no="N1", channel_number=street),
            ],
        )
        assert (len(first.new), first.duplicates) == (1, 1)
        assert (len(again.new), again.duplicates) == (1, 3)


@pytest.mark.parametrize("bad", [{"amount_minor": -1}, {"amount_minor": 10**18}, {"state": "lost"}, {"order_no": " "}])
def test_bad_order_is_refused(tenant: Tenant, bad: dict[str, object]) -> None:
    with writing(tenant.number) as session, pytest.raises(Invalid):
        record(session, [new_order(make_contact(session), **bad)])  # type: ignore[arg-type]  # that is the point


def test_refund_lowers_the_net_value(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_order(make_contact(session), order_no="N1", amount_minor=10_000)])
        for event, amount in (("r1", 3_000), ("r1", 3_000), ("r2", 7_000)):
            order = refund(session, channel_number=1, order_no="N1", amount_minor=amount, event_id=event, at=NOON)
        assert (order.net_minor, order.state) == (0, "refunded")
        assert session.scalars(sa.select(OrderChange.amount_minor).order_by(OrderChange.id)).all() == [3_000, 7_000]


def test_refund_never_exceeds_the_rest(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_order(make_contact(session), order_no="N1", amount_minor=10_000)])
        with pytest.raises(Invalid):
            refund(session, channel_number=1, order_no="N1", amount_minor=10_001, event_id="r1", at=NOON)


def test_cancelled_order_is_worth_nothing(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_order(make_contact(session), order_no="N1")])
        for event in ("c1", "c2"):
            order = cancel(session, channel_number=1, order_no="N1", event_id=event, at=NOON)
        assert (order.state, order.net_minor) == ("cancelled", 0)
        assert len(session.scalars(sa.select(OrderChange)).all()) == 1
        with pytest.raises(Conflict):
            refund(session, channel_number=1, order_no="N1", amount_minor=1, event_id="r1", at=NOON)


def test_other_tenants_order_is_absent(tenant: Tenant, other_tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_order(make_contact(session), order_no="N1")])
    with writing(other_tenant.number) as session, pytest.raises(NotFound):
        cancel(session, channel_number=1, order_no="N1", event_id="c1", at=NOON)
    with reading(other_tenant.number) as session:
        assert orders_of(session, [1]) == []
        assert session.scalars(sa.select(Order)).all() == []
