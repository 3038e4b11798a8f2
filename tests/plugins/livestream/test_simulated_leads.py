"""Leads of live rooms are fetched as Oceanengine wants to be asked: those of local businesses by POST."""

import pytest

from core.sdk import Lead
from core.simulator.stage import Simulator
from core.simulator.vendors.oceanengine import LOCAL, TOKEN
from plugins.livestream.plugin import LiveChannel
from plugins.livestream.settings import LiveSettings
from tests.simulators import simulator as simulator


@pytest.fixture
def settings() -> LiveSettings:
    return LiveSettings.model_validate({"ocean_token": TOKEN, "ocean_accounts": (LOCAL,)})


def test_only_leads_of_live_rooms_come(simulator: Simulator, settings: LiveSettings) -> None:
    simulator.tell("oceanengine", "live_lead", {"phone": "+8617000000001", "name": "王伟"})
    simulator.tell("oceanengine", "video_lead", {"phone": "+8617000000002", "name": "李敏"})
    events = LiveChannel().pull(None, settings).events
    phones = [claim.value for event in events if isinstance(event, Lead) for claim in event.who]
    assert phones == ["+8617000000001"]
    (asked,) = [entry for entry in simulator.conversation.entries(vendor="oceanengine") if entry.kind == "call"]
    assert asked.status == 200
