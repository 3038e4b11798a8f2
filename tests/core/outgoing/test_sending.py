"""What is recorded reaches the endpoint, signed; a receiver that fails gets it again, nothing lost or doubled."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from core import clock
from core.contacts.lookup import public_ids
from core.contacts.service import IdentityClaim
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.outgoing import service
from core.outgoing.models import WebhookMessage
from core.outgoing.retrying import DEAD_AFTER, WAITS
from core.outgoing.shapes import ALL_TYPES
from core.sdk.signing.standard_webhooks import is_standard_webhook
from core.tenants.models import Tenant
from core.touchpoints.service import record
from tests.core.outgoing.conftest import NOON, Receiver
from tests.factories.contacts import make_contact, phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

URL = "https://crm.example.com/siyu"


def set_up(tenant: Tenant, *, url: str = URL, types: Iterable[str] = ALL_TYPES) -> tuple[str, str]:
    with writing(tenant.number) as session:
        made, secret = service.create_endpoint(session, name="CRM", url=url, fact_types=list(types))
        return str(made.id), secret


def touch(tenant: Tenant, count: int = 1) -> int:
    with writing(tenant.number) as session:
        contact = make_contact(session)
        record(session, [new_touch(contact) for _ in range(count)])
        return contact


def facts_in(requests: Iterable[httpx.Request]) -> list[dict[str, Any]]:
    return [fact for request in requests for fact in json.loads(request.content)["data"]["facts"]]


def messages(tenant: Tenant) -> list[WebhookMessage]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(WebhookMessage).order_by(WebhookMessage.id)))


def endpoint_state(tenant: Tenant, endpoint: str) -> str:
    with reading(tenant.number) as session:
        return service.find_endpoint(session, endpoint).state


def test_message_is_signed_and_names_nobody(tenant: Tenant, receiver: Receiver) -> None:
    _, secret = set_up(tenant)
    with writing(tenant.number) as session:
        contact = make_contact(session, phone("13900000001"))
        record(session, [new_touch(contact, note="call 13900000001")])
    run_pending()
    [request] = receiver.taken
    assert is_standard_webhook(
        secret,
        message_id=request.headers["webhook-id"],
        timestamp=request.headers["webhook-timestamp"],
        signatures=request.headers["webhook-signature"],
        body=request.content,
        at=NOON,
    )
    [fact] = facts_in([request])
    assert (fact["type"], fact["data"]["kind"]) == ("touchpoint.recorded", "click")
    assert b"13900000001" not in request.content


def test_every_kind_of_fact_is_told_once(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant)
    with writing(tenant.number) as session:
        first = make_contact(session, phone("13900000001"))
        make_contact(session, IdentityClaim("email", "a@example.com"))
        record(session, [new_touch(first)])
        orders.record(session, [new_order(first, order_no=name) for name in ("A", "B")])
        orders.refund(session, channel_number=1, order_no="A", event_id="r1", at=NOON, amount_minor=2_500)
        orders.cancel(session, channel_number=1, order_no="B", event_id="c1", at=NOON)
        make_contact(session, phone("13900000001"), IdentityClaim("email", "a@example.com"))
    run_pending()
    found = [fact["type"] for fact in facts_in(receiver.taken)]
    wanted = [
        "contact.merged",
        "order.cancelled",
        "order.placed",
        "order.placed",
        "order.refunded",
        "touchpoint.recorded",
    ]
    assert sorted(found) == wanted
    amounts = {f["type"]: f["data"]["amount"] for f in facts_in(receiver.taken) if "amount" in f["data"]}
    assert amounts == {"order.placed": "100.00", "order.refunded": "25.00", "order.cancelled": "100.00"}
    run_pending()
    assert len(facts_in(receiver.taken)) == 6


def test_erased_person_is_told_to_forget(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant, types=["contact.erased"])
    contact = touch(tenant)
    with writing(tenant.number) as session:
        contact_id = public_ids(session, [contact])[contact]
        erase_contact(session, contact_id)
    run_pending()
    assert [fact["data"] for fact in facts_in(receiver.taken)] == [{"contact_id": contact_id}]


def test_only_wanted_facts_are_sent(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant, types=["order.placed"])
    contact = touch(tenant)
    with writing(tenant.number) as session:
        orders.record(session, [new_order(contact)])
    run_pending()
    assert [fact["type"] for fact in facts_in(receiver.taken)] == ["order.placed"]


def test_bots_are_not_told(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant)
    with writing(tenant.number) as session:
        contact = make_contact(session)
        record(session, [new_touch(contact, is_bot=True)])
    run_pending()
    assert receiver.taken == []


def test_past_before_the_endpoint_stays_untold(tenant: Tenant, receiver: Receiver) -> None:
    touch(tenant)
    run_pending()
    set_up(tenant)
    touch(tenant)
    run_pending()
    assert len(facts_in(receiver.taken)) == 1


def test_thousand_facts_come_in_hundreds(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant)
    touch(tenant, 1_030)
    run_pending()
    found = facts_in(receiver.taken)
    assert len(found) == len({fact["id"] for fact in found}) == 1_030
    assert max(len(facts_in([request])) for request in receiver.taken) == 100


@pytest.mark.parametrize("trouble", [httpx.Response(500), httpx.Response(302), httpx.ConnectError("no")])
def test_failed_message_comes_again_unchanged(
    tenant: Tenant, receiver: Receiver, trouble: httpx.Response | Exception
) -> None:
    set_up(tenant)
    receiver.answers = [trouble]
    touch(tenant)
    run_pending()
    assert [(m.state, m.attempts) for m in messages(tenant)] == [("waiting", 1)]
    with clock.set_to(NOON + timedelta(minutes=2)):
        run_pending()
    first, second = receiver.taken
    assert first.content == second.content
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [(m.state, m.attempts) for m in messages(tenant)] == [("delivered", 2)]


def test_receiver_that_is_down_gets_one_try(tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant)
    receiver.answers = [httpx.Response(503, headers={"retry-after": "120"})]
    touch(tenant, 300)
    run_pending()
    assert len(receiver.taken) == 1
    with clock.set_to(NOON + timedelta(seconds=119)):
        run_pending()
        assert len(receiver.taken) == 1
    with clock.set_to(NOON + timedelta(seconds=121)):
        run_pending()
    assert len(receiver.taken) == 4
    assert {m.state for m in messages(tenant)} == {"delivered"}


def test_message_is_given_up_after_ten_attempts(tenant: Tenant, receiver: Receiver) -> None:
    endpoint, _ = set_up(tenant)
    receiver.answers = [httpx.Response(500)] * 10
    touch(tenant)
    now = NOON
    for wait in (0, *WAITS):
        now += timedelta(seconds=1.1 * wait)
        with clock.set_to(now):
            run_pending()
    assert [(m.state, m.attempts) for m in messages(tenant)] == [("failed", 10)]
    receiver.taken.clear()
    with writing(tenant.number) as session, clock.set_to(now):
        service.send_again(session, service.find_endpoint(session, endpoint))
    with clock.set_to(now):
        run_pending()
    assert [m.state for m in messages(tenant)] == ["delivered"]


def test_dead_endpoint_is_disabled_and_revived(tenant: Tenant, receiver: Receiver) -> None:
    endpoint, _ = set_up(tenant)
    receiver.answers = [httpx.Response(500)] * 2
    touch(tenant)
    run_pending()
    with clock.set_to(NOON + DEAD_AFTER):
        run_pending()
        assert endpoint_state(tenant, endpoint) == "disabled"
        touch(tenant)
        run_pending()
        assert len(receiver.taken) == 2
        with writing(tenant.number) as session:
            service.set_state(session, service.find_endpoint(session, endpoint), "active")
    with clock.set_to(NOON + DEAD_AFTER + timedelta(hours=1)):
        run_pending()
    assert [m.state for m in messages(tenant)] == ["delivered"]


def test_gone_receiver_is_left_alone(tenant: Tenant, receiver: Receiver) -> None:
    endpoint, _ = set_up(tenant)
    receiver.answers = [httpx.Response(410)]
    touch(tenant)
    run_pending()
    assert endpoint_state(tenant, endpoint) == "disabled"


def test_paused_endpoint_gets_it_later(tenant: Tenant, receiver: Receiver) -> None:
    endpoint, _ = set_up(tenant)
    with writing(tenant.number) as session:
        service.set_state(session, service.find_endpoint(session, endpoint), "paused")
    touch(tenant)
    run_pending()
    assert receiver.taken == []
    with writing(tenant.number) as session:
        service.set_state(session, service.find_endpoint(session, endpoint), "active")
    run_pending()
    assert len(facts_in(receiver.taken)) == 1


def test_old_secret_signs_for_a_day(tenant: Tenant, receiver: Receiver) -> None:
    endpoint, old = set_up(tenant)
    with writing(tenant.number) as session:
        new = service.change_secret(session, service.find_endpoint(session, endpoint))
    touch(tenant)
    run_pending()
    with clock.set_to(NOON + timedelta(hours=25)):
        touch(tenant)
        run_pending()
    checked = [[_is_from(secret, request) for secret in (old, new)] for request in receiver.taken]
    assert checked == [[True, True], [False, True]]


def _is_from(secret: str, request: httpx.Request) -> bool:
    headers = request.headers
    stamp = headers["webhook-timestamp"]
    return is_standard_webhook(
        secret,
        message_id=headers["webhook-id"],
        timestamp=stamp,
        signatures=headers["webhook-signature"],
        body=request.content,
        at=clock.from_us(int(stamp) * 1_000_000),
    )


def test_private_address_is_refused(tenant: Tenant) -> None:
    set_up(tenant, url="https://127.0.0.1:9/x")
    touch(tenant)
    run_pending()
    [message] = messages(tenant)
    assert message.state == "waiting"
    assert "not a public address" in str(message.last_error)


def test_other_brand_hears_nothing(tenant: Tenant, other_tenant: Tenant, receiver: Receiver) -> None:
    set_up(tenant)
    touch(other_tenant)
    run_pending()
    assert receiver.taken == []
