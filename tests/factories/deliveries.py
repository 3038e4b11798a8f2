"""Messages that have left, for tests."""

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import writing
from core.deliveries import service as deliveries
from core.placements.service import create_placement
from core.tenants.models import Tenant
from tests.factories.contacts import make_contact, phone


def make_deliveries(tenant: Tenant, channel: Channel, *numbers: str, provider_id: str = "B1") -> list[str]:
    """One accepted message to each number, all under one id of the provider; returns their keys."""
    with writing(tenant.number) as session:
        placement = create_placement(session, channel=channel_by_number(session, channel.number), name="Blast")
        people = [make_contact(session, phone(number)) for number in numbers]
        deliveries.plan(session, campaign=1, channel=channel.number, placement=placement.number, contacts=people)
        rows = deliveries.planned_batch(session, 1, 100)
        deliveries.intend(rows)
        session.flush()
        told = [deliveries.Report(row.number, "accepted", None, provider_id) for row in rows]
        deliveries.settle(session, channel.number, told)
        return [deliveries.message_key(session, row.number) for row in rows]
