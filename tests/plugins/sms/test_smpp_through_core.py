"""What a message centre holds is pulled by a job: an opt-out counts, and it is acknowledged by the next one."""

import pytest
from pydantic import JsonValue

from core.channels.models import Channel
from core.consent.service import is_suppressed
from core.db import reading
from core.ingest.polling import submit_pull
from core.jobs.runner import run_pending
from core.simulator.stage import Simulator
from core.simulator.vendors.smsc import MessageCentre
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.simulators import simulator as simulator

PHONE = "+8613912345678"


@pytest.fixture
def channel(tenant: Tenant, simulator: Simulator) -> Channel:
    form: dict[str, JsonValue] = {"signature": "思域好物", "provider": {"kind": "smpp", **MessageCentre.account}}
    return make_channel(tenant, "Texts", plugin="sms", settings=form)


def test_opt_out_is_stored_then_acknowledged(tenant: Tenant, channel: Channel, simulator: Simulator) -> None:
    centre = simulator.vendors["smsc"]
    assert isinstance(centre, MessageCentre)
    simulator.tell("smsc", "reply", {"phone": PHONE, "text": "R"})
    left = []
    for _ in range(2):
        submit_pull(tenant.number, channel)
        run_pending(queues=("quick",))
        with reading(tenant.number) as session:
            assert is_suppressed(session, "phone", PHONE)
        left.append(len(centre.pending) + len(centre.again))
    assert left == [1, 0]
