"""A campaign goes out once to whom it may, whatever dies on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock
from core.campaigns import sending, service
from core.campaigns.models import Campaign
from core.campaigns.preview import preview
from core.consent.service import consents_of, grant, is_suppressed, suppress
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.deliveries.service import MOST_TRIES, Report, count_states, settle
from core.errors import Conflict
from core.jobs.runner import run_pending
from core.jobs.running import SLICE
from core.plugin_host import host
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
Script = Callable[[Sequence[Message]], list[Outcome]]


class ScriptedHost:
    """The real host, but for what `deliver` answers."""

    def __init__(self, script: Script) -> None:
        self.script, self.manifests, self.sent = script, host().manifests, list[str]()

    def call(self, key: str, verb: str, messages: Sequence[Message], settings: Mapping[str, object]) -> list[Outcome]:
        self.sent += [message.key for message in messages]
        return self.script(messages)


def accept(messages: Sequence[Message]) -> list[Outcome]:
    return [Outcome(key=m.key, state="accepted", provider_id=f"p-{m.key}", parts=1) for m in messages]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], ScriptedHost]:
    def install(script: Script) -> ScriptedHost:
        scripted = ScriptedHost(script)
        monkeypatch.setattr(sending, "host", lambda: scripted)
        return scripted

    return install


def make_people(tenant: Tenant, count: int, *, consent: bool = True) -> list[int]:
    with writing(tenant.number) as session:
        numbers = [make_contact(session, phone(f"1390000{n:04d}"), at=NOON) for n in range(20, 20 + count)]
        for number in numbers if consent else ():
            grant(session, number, medium="sms", source="test")
        return numbers


def make_campaign(tenant: Tenant, name: str = "Spring", **options: Any) -> Campaign:
    channel = make_channel(tenant, f"SMS {name}", plugin="sms", settings={"signature": "山野茶事"})
    with writing(tenant.number) as session:
        draft = service.Draft(name=name, message="新茶到了，拒收请回复R", audience=Everybody(), **options)
        return service.create_campaign(session, channel, draft)


def start(tenant: Tenant, campaign: Campaign) -> None:
    with writing(tenant.number) as session:
        service.start(session, service.find_campaign(session, campaign.id))


def states(tenant: Tenant, campaign: Campaign) -> dict[str, int]:
    with reading(tenant.number) as session:
        return count_states(session, campaign.number)


def state(tenant: Tenant, campaign: Campaign) -> str:
    with reading(tenant.number) as session:
        return service.find_campaign(session, campaign.id).state


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
