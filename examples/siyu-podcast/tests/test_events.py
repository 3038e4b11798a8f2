"""What a webhook becomes."""

from pathlib import Path

from siyu_podcast.events import read_hook

from core.plugin_kit.samples import read_samples
from core.sdk import Lead, OrderSeen

SAMPLES = read_samples(Path(__file__).resolve().parents[1] / "siyu_podcast").requests


def test_joined_member_is_a_lead() -> None:
    (lead,) = read_hook(SAMPLES["joined"].request())
    assert isinstance(lead, Lead)
    assert (lead.event_id, lead.detail) == ("ev-1", {"spoken_word": "春茶"})


def test_paid_order_keeps_its_amount() -> None:
    (order,) = read_hook(SAMPLES["paid"].request())
    assert isinstance(order, OrderSeen)
    assert (order.order_no, str(order.amount), order.currency) == ("N1001", "99.00", "CNY")
