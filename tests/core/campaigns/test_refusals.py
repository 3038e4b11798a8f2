"""What a provider refuses, and for whose sake: the account's, the person's, or only for now."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from core import clock
from core.campaigns import service
from core.consent.service import consents_of, is_suppressed
from core.db import reading, writing
from core.deliveries.service import MOST_TRIES
from core.jobs.runner import run_pending
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.tenants.models import Tenant
from tests.core.campaigns.sends import (
    NOON,
    Script,
    ScriptedHost,
    accept,
    make_campaign,
    make_people,
    start,
    state,
    states,
)

pytestmark = pytest.mark.usefixtures("noon")


def test_throttled_ones_are_tried_again_later(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 2)
    campaign = make_campaign(tenant)
    busy = Failure(kind="throttled", retry_after=120)
    provider = scripted(lambda ms: [*accept(ms[:1]), *(failed(m.key, busy) for m in ms[1:])])
    start(tenant, campaign)
    run_pending()
    assert states(tenant, campaign) == {"accepted": 1, "planned": 1}
    provider.script = accept
    with clock.set_to(NOON + timedelta(minutes=3)):
        run_pending()
    assert states(tenant, campaign) == {"accepted": 2}


def test_bad_settings_stop_for_a_human(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 2)
    campaign = make_campaign(tenant)
    empty = Failure(kind="bad_settings", message="the account is empty")
    provider = scripted(lambda ms: [failed(m.key, empty) for m in ms])
    start(tenant, campaign)
    run_pending()
    assert state(tenant, campaign) == "paused"
    provider.script = accept
    with writing(tenant.number) as session:
        found = service.find_campaign(session, campaign.id)
        assert found.stopped_by == "the account is empty"
        service.resume(session, found)
    run_pending()
    assert (states(tenant, campaign), state(tenant, campaign)) == ({"accepted": 2}, "done")


def test_account_mended_late_loses_nobody(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 1)
    campaign = make_campaign(tenant)
    empty = Failure(kind="bad_settings", message="the account is empty")
    provider = scripted(lambda ms: [failed(m.key, empty) for m in ms])
    start(tenant, campaign)
    for _ in range(MOST_TRIES + 1):
        run_pending()
        with writing(tenant.number) as session:
            service.resume(session, service.find_campaign(session, campaign.id))
    provider.script = accept
    run_pending()
    assert states(tenant, campaign) == {"accepted": 1}


def test_cancelled_meanwhile_stays_cancelled(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 2)
    campaign = make_campaign(tenant)

    def cancel_meanwhile(messages: Sequence[Message]) -> list[Outcome]:
        with writing(tenant.number) as session:
            service.cancel(session, service.find_campaign(session, campaign.id))
        return [failed(m.key, Failure(kind="bad_settings", message="no")) for m in messages]

    scripted(cancel_meanwhile)
    start(tenant, campaign)
    run_pending()
    assert state(tenant, campaign) == "cancelled"


def test_provider_s_opt_out_reaches_us(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    numbers = make_people(tenant, 2)
    stop = Failure(kind="refused", code="21610", message="the person opted out", opted_out=True)
    provider = scripted(lambda ms: [failed(ms[0].key, stop), *accept(ms[1:])])
    first = make_campaign(tenant)
    start(tenant, first)
    run_pending()
    provider.script = accept
    start(tenant, make_campaign(tenant, "Summer"))
    run_pending()
    assert (states(tenant, first), len(provider.sent)) == ({"failed": 1, "accepted": 1}, 3)
    with reading(tenant.number) as session:
        said = [(one.source, one.granted) for one in consents_of(session, numbers)]
        assert is_suppressed(session, "phone", "13900000020")
    assert said.count(("provider", False)) == 1
