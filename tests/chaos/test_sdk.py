"""A site's own SDK reports while the API is killed: every event is stored once, and becomes a touch once."""

from collections import Counter
from typing import Any

import pytest
import segment.analytics
import sqlalchemy as sa

from core.channels.service import channel_by_number, issue_write_key
from core.db import reading, writing
from core.ingest.models import Incoming
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.servers.siyu import Running, until

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.slow]

EVENTS, MARKED = 10_000, 500
PAGE = "https://shop.example.com/?utm_source=baidu"


@pytest.fixture
def sdk(platform: Running, brand: Tenant) -> Any:
    site = make_channel(brand, "Site", plugin="web")
    with writing(brand.number) as session:
        key = issue_write_key(session, channel_by_number(session, site.number))
    return segment.analytics.Client(
        key, host=platform.api, gzip=True, max_queue_size=EVENTS, upload_interval=0.05, max_retries=50
    )


def states(brand: Tenant) -> Counter[str]:
    with reading(brand.number) as session:
        query = sa.select(Incoming.state, sa.func.count()).group_by(Incoming.state)
        return Counter(dict(session.execute(query).all()))


def test_sdk_events_survive_dead_servers(platform: Running, brand: Tenant, sdk: Any) -> None:
    for number in range(EVENTS):
        if number < MARKED:
            told = {"page": {"url": PAGE}}
            sdk.page(anonymous_id=f"a{number}", context=told, message_id=f"m{number}")
        else:
            sdk.track(user_id=f"u{number % 700}", event="Product Viewed", message_id=f"m{number}")
    for part in (0.2, 0.6):
        until(lambda share=part: sum(states(brand).values()) >= EVENTS * share, seconds=240)  # type: ignore[misc]  # mypy cannot type a lambda's default
        platform.kill("api")
    sdk.flush()
    until(lambda: states(brand) == {"done": EVENTS}, seconds=240, otherwise="events are still unread")
    with reading(brand.number) as session:
        assert session.scalar(sa.select(sa.func.count(sa.distinct(Incoming.message_id)))) == EVENTS
        assert session.scalar(sa.select(sa.func.count()).select_from(Touchpoint)) == MARKED
