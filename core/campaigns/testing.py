"""A campaign's message to oneself: to one address that an operator types, outside of every count.

No contact, delivery or touchpoint comes of it. Its link leads where the others lead, and a click on it is marked as no
customer's. The address is kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.audit.service import count_deeds
from core.campaigns.models import Campaign
from core.campaigns.service import link_of
from core.channels.service import channel_by_number, settings_of
from core.consent.service import is_suppressed
from core.contacts.identities import IdentityClaim as Claim
from core.contacts.identities import normalise
from core.db import new_id
from core.deliveries.addressing import REACHED_BY
from core.errors import Conflict
from core.placements.service import TEST_RECIPIENT, recipient_codes
from core.plugin_host import host
from core.sdk import IdentityClaim, Message, Outcome

TESTED = "campaign.tested"
MOST_A_DAY = 20


@dataclass(frozen=True)
class Test:
    """What goes to the provider, outside of any transaction."""

    plugin_key: str
    settings: Mapping[str, JsonValue]
    message: Message


def write_test(session: Session, campaign: Campaign, address: str) -> Test:
    """The message as this address would get it.

    Raises:
        Invalid: this is no address that the channel's medium reaches.
        Conflict: the channel is archived or sends nothing any more; the address is on the suppression list; there were
            enough tests for today.
    """
    channel = channel_by_number(session, campaign.channel_number)
    manifest = host().manifests.get(channel.plugin_key)
    kind = REACHED_BY.get(manifest.medium) if manifest and "deliver" in manifest.capabilities else None
    if manifest is None or kind is None or channel.state == "archived":
        raise Conflict(f"The channel {channel.name} sends no messages.")
    to = normalise(Claim(kind, address))
    if is_suppressed(session, to.kind, to.value):
        raise Conflict("This address is on the suppression list: nobody may write to it.")
    day_ago = clock.now() - timedelta(days=1)
    if count_deeds(session, TESTED, f"campaign:{campaign.id}", since=day_ago) >= MOST_A_DAY:
        raise Conflict(f"A campaign is tested at most {MOST_A_DAY} times a day.")
    link = link_of(session, campaign)
    message = Message(
        key=f"test-{new_id().hex}",
        to=IdentityClaim(kind=kind, value=to.value),
        group=f"test-{campaign.number}",
        text=campaign.message,
        variables={"code": recipient_codes(session, link, [TEST_RECIPIENT])[0]} if link else {},
        purpose="marketing" if campaign.purpose == "marketing" else "notice",
    )
    return Test(channel.plugin_key, settings_of(session, channel), message)


def send_test(test: Test) -> Outcome:
    """Hand it to the provider, once; what went wrong is told and not tried again."""
    return host().call(test.plugin_key, "deliver", [test.message], test.settings)[0]
