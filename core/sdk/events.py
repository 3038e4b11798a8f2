"""What a plugin reports: facts with a key of their own, so that telling one twice changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from core.sdk.values import Frozen, IdentityClaim, Instant, Key, Prose, Scalar, Word

TouchKind = Literal[
    "impression",
    "click",
    "scan",
    "redeem",
    "visit",
    "lead",
    "joined",
    "reply",
    "comment",
    "message_sent",
    "message_delivered",
    "conversion",
]
"""The closed list. The last three but `conversion` come from us, all others from the person."""

FigureName = Literal["impressions", "views", "likes", "comments", "shares", "favourites", "followers", "clicks"]
"""What platforms count of something that is put out; `followers` are those it won."""

Detail = dict[Word, Scalar]
"""Facts beside the main ones, flat; shown to the operator as they are."""


class Fact(Frozen):
    """Base of all events.

    `event_id` is unique in the channel and made from the source's own ids (never from the clock or a random
    number): the host keeps the first and drops every repetition. `at` is when it happened at the source.
    `who` are the names of one person; an empty one is a fact about nobody known.
    """

    event_id: Key
    at: Instant
    who: tuple[IdentityClaim, ...] = ()


class Touch(Fact):
    """A meeting of a person with something put out.

    Which placement is found from `placement_id` (public id) or `code` (a tracked link's code or a serial), else by the
    `campaign` of `detail`, else by the channel's `placement_keys` in `detail`, else it stays open; with
    `needs_placement` it is then dropped, if nothing else leads it away from the reporting channel (a discount code may
    be anybody's). `reference` is what was handed out for one person to come back with (the state of a live code): the
    host knows who that was and where. A `visit` says in `detail["is_marked"]` whether its link carried a mark: one that
    did not is kept only when it starts a visit. `is_bot` keeps previews and crawlers out of sums.
    """

    type: Literal["touch"] = "touch"
    kind: TouchKind
    placement_id: Word | None = None
    code: Word | None = None
    reference: Word = ""
    needs_placement: bool = False
    is_bot: bool = False
    detail: Detail = {}


class OrderSeen(Fact):
    """An order as the source tells it now; the host keeps one row for an `order_no` and moves it by `state`.

    `amount` is the order's value in major units of `currency` (None: the brand's); with `refunded`, `refund` is
    what went back in all, or `refund_part` what this one refund gave back: parts are told apart by `event_id` and add
    up, in whatever order they come. The placement that sold it is found as a touch's is, by `code` or by `detail`.
    """

    type: Literal["order"] = "order"
    order_no: Key
    state: Literal["placed", "paid", "refunded", "cancelled"] = "paid"
    amount: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=6)
    refund: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=6)
    refund_part: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=6)
    currency: Word | None = None
    code: Word | None = None
    detail: Detail = {}


class IdentitySeen(Fact):
    """All names in `who` are one person (a login, an alias, a form); `traits` are what they told about them.

    `invited_by` names who brought them: an identity of the inviter (`kind:value`, or a bare customer id, phone or
    e-mail), or our own contact id. The first one known stands; an unknown one waits until that identity appears.
    """

    type: Literal["identity"] = "identity"
    traits: Detail = {}
    invited_by: Word = ""


class Lead(Fact):
    """A form that a person filled in at the vendor; `fields` are its answers by label.

    Its placement is found as a touch's is: by `placement_id`, `code`, or what `detail` says of its origin.
    """

    type: Literal["lead"] = "lead"
    placement_id: Word | None = None
    code: Word | None = None
    fields: dict[str, Prose] = {}
    detail: Detail = {}


class RelationSeen(Fact):
    """A person and an account of the brand's became connected (`begun`), or one of them ended that (`ended`).

    `account` is the brand's account as the vendor names it, `by` who ended it. The latest instant decides, whatever
    comes first; an end makes nobody a contact, and takes no touch away.
    """

    type: Literal["relation"] = "relation"
    state: Literal["begun", "ended"]
    account: Word
    by: Literal["person", "brand", ""] = ""


class Notice(Fact):
    """The vendor says only that something is there: `key` names it (a lead, an order) and `topic` says what it is.

    The host hands it to the channel's `fetch`, later and as often as it takes; it is no fact by itself.
    """

    type: Literal["notice"] = "notice"
    topic: Word
    key: Key
    detail: Detail = {}


class Figures(Fact):
    """What the platform counts of something put out; about nobody, so `who` stays empty.

    Without `day` the counts are running totals at `at`: the host makes days of them, whatever order they come in, also
    when a day is missed or the platform takes some back. With `day` they are that day's own. `spend` is what the
    platform charged for that day, in major units of the brand's currency, and becomes the placement's cost. Of two
    readings of one day the later one stands. The placement is found as a touch's is; figures of what nobody put out
    here are dropped.
    """

    type: Literal["figures"] = "figures"
    placement_id: Word | None = None
    code: Word | None = None
    counts: dict[FigureName, Annotated[int, Field(ge=0, lt=2**53)]] = {}
    day: date | None = None
    spend: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=6)
    detail: Detail = {}


class PlacementSeen(Fact):
    """Something that is put out at the vendor: it becomes a placement, or corrects the one that is meant.

    Meant is the placement of this `name`, else the one that the channel's `placement_keys` in `detail` lead to at
    `starts_at`. `detail` fits the plugin's `placement_detail`; what the operator filled in stays. `who` stays empty.
    """

    type: Literal["placement"] = "placement"
    name: Annotated[str, Field(min_length=1, max_length=200)]
    starts_at: Instant
    ends_at: Instant | None = None
    detail: Detail = {}


class ClaimAsked(Fact):
    """A person asked in public for what is offered, by a keyword in a comment: a touch of the kind `comment`.

    The host keeps a claim code for each such person and placement, for the operator to send or read out. Whoever
    claims with it and says who they are is joined with the one who asked. `shown_name` is what the platform shows.
    """

    type: Literal["claim"] = "claim"
    keyword: Word
    shown_name: Word = ""
    placement_id: Word | None = None
    code: Word | None = None
    detail: Detail = {}


class Receipt(Fact):
    """What became of one message we sent.

    Matched by `key` (the message's own, where the vendor gives it back), else by `provider_id` with the address
    in `who`. States only move forward by rank: accepted, then delivered or failed. `absent` is only said by a
    vendor that surely never got the message: it may then be sent again.
    """

    type: Literal["receipt"] = "receipt"
    state: Literal["accepted", "delivered", "failed", "absent"]
    key: Word | None = None
    provider_id: Word | None = None
    code: Word = ""
    reason: Prose = ""
    parts: int | None = Field(default=None, ge=0, le=1000)


class Reply(Fact):
    """A message from a person to us. An opt-out word in it is reported as an `OptOut` beside it.

    `is_proven` is False where nothing but the hook's secret address vouches for it (a vendor that signs nothing): the
    host then takes it only from somebody who got a message by this channel.
    """

    type: Literal["reply"] = "reply"
    medium: Word
    text: Prose
    extend: Word = ""
    is_proven: bool = True


class OptOut(Fact):
    """The person refuses further messages of `medium`; `word` is how they said it.

    One that is not `is_proven` (see `Reply`) is heeded, too, but makes nobody a contact who was none.
    """

    type: Literal["opt_out"] = "opt_out"
    medium: Word
    word: Word = ""
    is_proven: bool = True


class ConsentGiven(Fact):
    """The person allowed messages of `medium` for `purpose`; `wording` is the sentence they agreed to."""

    type: Literal["consent"] = "consent"
    medium: Word
    purpose: Word = "marketing"
    wording: Prose


Event = Annotated[
    Touch
    | OrderSeen
    | ClaimAsked
    | IdentitySeen
    | Lead
    | PlacementSeen
    | RelationSeen
    | Notice
    | Figures
    | Receipt
    | Reply
    | OptOut
    | ConsentGiven,
    Field(discriminator="type"),
]
"""Any of the facts above; told apart by `type`."""
