"""Callbacks that come all at once, some doubled, some forged, over real connections: each counts once or not."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from pydantic import JsonValue
from werkzeug.serving import make_server

from core.channels.service import change_channel, channel_by_number, issue_hook
from core.contacts.models import Contact
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.simulator.vendors.twilio import Twilio
from core.simulator.wire import News
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel

COUNT = 60


@pytest.fixture
def port(app: OpenAPI) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


def open_channel(tenant: Tenant, port: int) -> str:
    form: dict[str, JsonValue] = {"signature": "Bench", "provider": {"kind": "twilio", **Twilio.account}}
    channel = make_channel(tenant, "Texts", plugin="sms", settings=form)
    with writing(tenant.number) as session:
        row = channel_by_number(session, channel.number)
        hook = f"http://127.0.0.1:{port}/hooks/{issue_hook(session, row)}"
        form["provider"] = {"kind": "twilio", **Twilio.account, "callback_url": hook}
        change_channel(session, row, name="Texts", settings=form)
    return hook


def test_callbacks_in_haste_count_once(tenant: Tenant, port: int) -> None:
    vendor = Twilio()
    vendor.hooks[""] = open_channel(tenant, port)
    simulator = Simulator(only=[vendor])
    for number in range(COUNT):
        news = vendor.reply(f"+8613900{number:06d}", f"hello {number}", number)
        moods = Moods(doubled=0.2, shuffled=1, wrong=0.2)
        simulator.queue.plan(vendor, moods, News(news.what, news.content, after=0))
    simulator.queue.start(8)
    simulator.queue.advance(60)
    assert simulator.queue.wait_until_idle(60)
    simulator.queue.stop()
    counts = simulator.queue.counts
    assert counts.taken > COUNT
    assert counts.taken + counts.refused == counts.sent
    assert counts.refused > 0
    run_pending()
    with reading(tenant.number) as session:
        touches = session.execute(sa.select(Touchpoint.kind, sa.func.count()).group_by(Touchpoint.kind)).all()
        assert [(row[0], row[1]) for row in touches] == [("reply", COUNT)]
        assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == COUNT
