"""All that a plugin may import: `from core.sdk import Channel, Touch, hookimpl, ...`."""

from core.sdk.attribution import (
    AttributionModel,
    ChannelModel,
    ChannelShares,
    Journeys,
    KeySums,
    Paths,
    RunSettings,
    Shares,
)
from core.sdk.channel import Channel
from core.sdk.events import (
    ClaimAsked,
    ConsentGiven,
    Detail,
    Event,
    FigureName,
    Figures,
    IdentitySeen,
    Lead,
    Notice,
    OptOut,
    OrderSeen,
    PlacementSeen,
    Receipt,
    Reply,
    Touch,
    TouchKind,
)
from core.sdk.facts import Fact
from core.sdk.failures import BadSettings, ChannelFailure, Failure, Refused, Throttled, Unknown, Unreachable
from core.sdk.hookspecs import hookimpl
from core.sdk.http import HttpClient, HttpReply
from core.sdk.manifest import Limit, Manifest
from core.sdk.messages import Message, Outcome, Payout, Preview, Sought, failed
from core.sdk.moments import local_instant, now
from core.sdk.placements import Artifact, Code, Landing, LandingField, Placement, PlacementDetail
from core.sdk.requests import Answer, BadRow, Pulled, Request, SourceFile
from core.sdk.serials import new_serial, printed_serial, read_serial
from core.sdk.settings import (
    ChannelSettings,
    Label,
    ProviderSettings,
    Section,
    form_schema,
    masked_form,
    merged_form,
    plain_form,
)
from core.sdk.streams import Stream, open_stream
from core.sdk.tables import read_rows
from core.sdk.traffic import Traffic, read_traffic
from core.sdk.values import Frozen, IdentityClaim, IdentityKind, Instant, Text
from core.sdk.version import SDK_VERSION

__all__ = [
    "SDK_VERSION",
    "Answer",
    "Artifact",
    "AttributionModel",
    "BadRow",
    "BadSettings",
    "Channel",
    "ChannelFailure",
    "ChannelModel",
    "ChannelSettings",
    "ChannelShares",
    "ClaimAsked",
    "Code",
    "ConsentGiven",
    "Detail",
    "Event",
    "Fact",
    "Failure",
    "FigureName",
    "Figures",
    "Frozen",
    "HttpClient",
    "HttpReply",
    "IdentityClaim",
    "IdentityKind",
    "IdentitySeen",
    "Instant",
    "Journeys",
    "KeySums",
    "Label",
    "Landing",
    "LandingField",
    "Lead",
    "Limit",
    "Manifest",
    "Message",
    "Notice",
    "OptOut",
    "OrderSeen",
    "Outcome",
    "Paths",
    "Payout",
    "Placement",
    "PlacementDetail",
    "PlacementSeen",
    "Preview",
    "ProviderSettings",
    "Pulled",
    "Receipt",
    "Refused",
    "Reply",
    "Request",
    "RunSettings",
    "Section",
    "Shares",
    "Sought",
    "SourceFile",
    "Stream",
    "Text",
    "Throttled",
    "Touch",
    "TouchKind",
    "Traffic",
    "Unknown",
    "Unreachable",
    "failed",
    "form_schema",
    "hookimpl",
    "local_instant",
    "masked_form",
    "merged_form",
    "new_serial",
    "now",
    "open_stream",
    "plain_form",
    "printed_serial",
    "read_rows",
    "read_serial",
    "read_traffic",
]
