"""A channel's day over HTTP: the platform's limits with their dates, what was used, and when it will be used up."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core.channels.api import CHANNELS, ChannelPath
from core.channels.service import find_channel
from core.db import reading
from core.insights.channel_use import Use, read_use
from core.sdk.manifest import Limit
from core.web import answer, bound_tenant, needs

api = APIBlueprint("channel_use", __name__)


class UseShown(BaseModel):
    """used: today; planned: until midnight, at most; daily: the quota, null when nobody entered it; used_up_at: when
    the quota will be reached at this pace, null when it will not, or is not known."""

    used: int
    planned: int
    daily: int | None
    used_up_at: datetime | None


class HostShown(BaseModel):
    """Requests of one verb to one host of a vendor."""

    host: str
    verb: str
    used: int
    planned: int


class ChannelUseShown(BaseModel):
    """`until` is the brand's midnight; `messages` and `requests` are null for a channel that sends none."""

    limits: list[Limit]
    until: datetime
    messages: UseShown | None
    requests: UseShown | None
    hosts: list[HostShown]


@api.get(f"{CHANNELS}/<channel>/usage")
@needs("channels:read")
def get_usage(path: ChannelPath) -> Response:
    """What the channel's account has used of its day, and what the day's plan will still use."""
    with reading(bound_tenant()) as session:
        use = read_use(session, find_channel(session, path.channel))
        return answer(
            ChannelUseShown(
                limits=list(use.limits),
                until=use.until,
                messages=_show(use.messages),
                requests=_show(use.requests),
                hosts=[HostShown(host=h.host, verb=h.verb, used=h.used, planned=h.planned) for h in use.hosts],
            )
        )


def _show(use: Use | None) -> UseShown | None:
    if use is None:
        return None
    return UseShown(used=use.used, planned=use.planned, daily=use.daily, used_up_at=use.used_up_at)
