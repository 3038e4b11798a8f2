"""A campaign goes out once to whom it may, whatever dies on the way."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.campaigns import sending, service
from core.campaigns.preview import preview
from core.consent.service import suppress
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.deliveries.service import Report, settle
from core.errors import Conflict
from core.jobs.runner import run_pending
from core.jobs.running import SLICE
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
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


def test_everybody_allowed_gets_it_once(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 3)
    provider, campaign = scripted(accept), make_campaign(tenant, target_url="https://tea.example/")
    start(tenant, campaign)
    run_pending()
    assert (len(provider.sent), len(set(provider.sent)), state(tenant, campaign)) == (3, 3, "done")
    with reading(tenant.number) as session:
        kinds = session.scalars(sa.select(Touchpoint.kind)).all()
    assert kinds == ["message_sent"] * 3


def test_refusal_is_heard_at_the_last_moment(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 3)
    make_people(tenant, 5, consent=False)
    provider, campaign = scripted(accept), make_campaign(tenant)
    start(tenant, campaign)
    with writing(tenant.number) as session:
        suppress(session, "phone", "13900000020")
    run_pending()
    assert (len(provider.sent), states(tenant, campaign)) == (2, {"accepted": 2, "skipped": 3})


def test_cap_counts_earlier_campaigns(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 2)
    provider = scripted(accept)
    for name in ("one", "two", "three"):
        start(tenant, make_campaign(tenant, name, cap=2))
        run_pending()
    assert len(provider.sent) == 4


def test_night_waits_for_the_morning(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 1)
    provider, campaign = scripted(accept), make_campaign(tenant)
    with clock.set_to(NOON.replace(hour=17)):  # 01:00 in Shanghai
        start(tenant, campaign)
        run_pending()
    assert not provider.sent
    with clock.set_to(NOON + timedelta(hours=20)):
        run_pending()
    assert (len(provider.sent), state(tenant, campaign)) == (1, "done")


def test_doubt_is_never_sent_again(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 2)
    campaign = make_campaign(tenant)
    provider = scripted(lambda ms: [failed(m.key, Failure(kind="unknown", code="timeout")) for m in ms])
    start(tenant, campaign)
    run_pending()
    assert (states(tenant, campaign), len(provider.sent)) == ({"unknown": 2}, 2)


def test_process_death_in_the_call_leaves_unknown(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    def die(messages: Sequence[Message]) -> list[Outcome]:
        raise SystemExit

    make_people(tenant, 2)
    provider, campaign = scripted(die), make_campaign(tenant)
    start(tenant, campaign)
    with pytest.raises(SystemExit):
        run_pending()
    provider.script = accept
    with clock.set_to(NOON + timedelta(minutes=5)):
        run_pending(strict=False)
    assert (states(tenant, campaign), len(provider.sent)) == ({"unknown": 2}, 2)
    with writing(tenant.number) as session:
        rows = session.scalars(sa.select(Delivery)).all()
        settle(session, campaign.channel_number, [Report(row.number, "delivered") for row in rows])
    assert states(tenant, campaign) == {"delivered": 2}


def test_pause_and_resume_make_no_doubles(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 4)
    campaign = make_campaign(tenant)

    def pause_meanwhile(messages: Sequence[Message]) -> list[Outcome]:
        with writing(tenant.number) as session:
            service.pause(session, service.find_campaign(session, campaign.id))
        return accept(messages)

    provider = scripted(pause_meanwhile)
    start(tenant, campaign)
    sending.BATCH, batch = 3, sending.BATCH
    run_pending()
    assert states(tenant, campaign) == {"accepted": 3, "planned": 1}
    provider.script = accept
    with writing(tenant.number) as session:
        service.resume(session, service.find_campaign(session, campaign.id))
    run_pending()
    sending.BATCH = batch
    assert (len(provider.sent), len(set(provider.sent)), state(tenant, campaign)) == (4, 4, "done")


def test_started_campaign_cannot_start_again(tenant: Tenant) -> None:
    campaign = make_campaign(tenant)
    start(tenant, campaign)
    with pytest.raises(Conflict):
        start(tenant, campaign)


def test_preview_names_who_is_left_out(tenant: Tenant) -> None:
    make_people(tenant, 2)
    make_people(tenant, 5, consent=False)
    campaign = make_campaign(tenant)
    with reading(tenant.number) as session:
        told = preview(session, campaign)
    assert (told["audience"], told["would_send"], told["left_out"]) == (5, 2, {"no_consent": 3})


def test_other_brand_goes_on_beside_a_long_campaign(
    tenant: Tenant, other_tenant: Tenant, scripted: Callable[[Script], ScriptedHost], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(tenant, 60)
    monkeypatch.setattr(sending, "BATCH", 10)
    other, told = make_campaign(other_tenant, "Other"), list[tuple[int, str]]()
    moment = [NOON]

    def slowly(messages: Sequence[Message]) -> list[Outcome]:
        if not told:
            start(other_tenant, other)  # while the first batch is on its way
        moment[0] += SLICE
        told.append((len(provider.sent), state(other_tenant, other)))
        return accept(messages)

    provider = scripted(slowly)
    with clock.set_to(lambda: moment[0]):
        start(tenant, make_campaign(tenant))
        run_pending()
    assert told == [(10, "running"), *((10 * n, "done") for n in range(2, 7))]
    assert (len(provider.sent), len(set(provider.sent))) == (60, 60)
