"""What a campaign would do if it were started now; nothing is written."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.campaigns.models import Campaign
from core.campaigns.quota import forecast
from core.channels.service import channel_by_number, settings_of
from core.consent.service import may_send
from core.deliveries.addressing import addresses
from core.deliveries.service import sent_since
from core.experiments.models import HELD_OUT
from core.experiments.service import draw_arms
from core.plugin_host import host
from core.sdk import IdentityClaim, Message
from core.sdk.failures import ChannelFailure
from core.segments.service import count_people, filter_of, walk_people

SAMPLE = 2_000
EXAMPLE = IdentityClaim(kind="phone", value="+8613800000000")


def preview(session: Session, campaign: Campaign) -> dict[str, object]:
    """The audience's size, how a sample of it fares (reasons by count), what the account's quota of a day lets through,
    and the message as it reads."""
    audience = filter_of(campaign.audience)
    sample = walk_people(session, audience, limit=SAMPLE)
    channel = channel_by_number(session, campaign.channel_number)
    medium = host().manifests[channel.plugin_key].medium
    verdicts = may_send(session, sample, purpose=campaign.purpose, medium=medium)
    known = addresses(session, sample, medium)
    sent = sent_since(session, sample, clock.now() - timedelta(days=campaign.cap_days))
    arms = draw_arms(session, campaign.placement_number, sample)
    fates = Counter(
        "no_address"
        if number not in known
        else verdicts[number].reason
        if not verdicts[number].allowed
        else "cap"
        if sent[number] >= campaign.cap
        else "holdout"
        if arms.get(number) == HELD_OUT
        else "would_send"
        for number in sample
    )
    settings = settings_of(session, channel)
    everybody, would_send = count_people(session, audience), fates.pop("would_send", 0)
    expected = round(would_send * everybody / len(sample)) if sample else 0
    return {
        "audience": everybody,
        "sampled": len(sample),
        "would_send": would_send,
        "left_out": dict(fates),
        "quota": forecast(session, channel.number, settings, expected),
        "message": _as_read(channel.plugin_key, campaign, settings),
    }


def _as_read(plugin_key: str, campaign: Campaign, settings: Mapping[str, JsonValue]) -> dict[str, object] | None:
    if "preview" not in host().manifests[plugin_key].capabilities:
        return None
    code = f"{campaign.link_code}aB3xY9" if campaign.link_code else ""
    message = Message(key="preview", to=EXAMPLE, text=campaign.message, variables={"code": code} if code else {})
    try:
        return host().call(plugin_key, "preview", message, settings).model_dump(mode="json")
    except ChannelFailure as failure:
        return {"text": campaign.message, "parts": 1, "problems": [{"zh": failure.message, "en": failure.message}]}
