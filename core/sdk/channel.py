"""The Channel: one typed object with the verbs that a plugin may answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Generic, NoReturn, TypeVar

from core.sdk.events import Event, Notice
from core.sdk.messages import Message, Outcome, Payout, Preview, Sought
from core.sdk.placements import Artifact, Code, JoinAsked, JoinCode, Landing, Placement, PlacementDetail
from core.sdk.requests import Answer, BadRow, Pulled, Request, SourceFile
from core.sdk.settings import ChannelSettings
from core.sdk.values import IdentityClaim, Text

S = TypeVar("S", bound=ChannelSettings)


class Channel(Generic[S]):
    """Base of every channel; override the verbs that the manifest declares, and no others.

    A channel keeps no state between calls and touches no database, no environment and no other plugin: all it
    needs comes with the call. Any verb may raise one of the five failures; anything else it raises is a fault of
    the plugin, which the host contains, logs by the plugin's name and reports as `Unknown` where something may
    have left the house. Calls come from several threads and processes at once.
    """

    key: ClassVar[str]
    """The same as the manifest's."""

    settings_model: type[S]
    """What the form is drawn from; every verb gets a valid instance of it."""

    placement_detail: ClassVar[type[PlacementDetail]] = PlacementDetail
    """The plugin's own fields on a placement; none unless overridden."""

    placement_keys: ClassVar[tuple[str, ...]] = ()
    """Fields of `placement_detail` that name the placement at the vendor (a video's id, an ad's), the surest first.

    An event whose `detail` has such a field with the same value belongs to that placement. A placement may name
    several, separated by commas or spaces.
    """

    pull_seconds: ClassVar[int] = 60
    """How long the host waits after a good `pull` before the next one."""

    placement_spans: ClassVar[Mapping[str, timedelta]] = {}
    """Those of `placement_keys` whose values come again (a host, a spoken code), with how long after its end a
    placement is still meant. The time of the event decides: what runs then, else what ended last within the span.
    """

    tells_minute: ClassVar[bool] = False
    """Whether a placement is a show: a touch during it gets `minute` in its detail, the show's first being 1."""

    page_grace: ClassVar[timedelta] = timedelta()
    """How long after its end a placement's own page still takes forms."""

    def check(self, settings: S) -> tuple[Text, ...]:
        """Try the settings with the vendor, before they are saved. Called once for each press of the button.

        Returns remarks for the operator (a balance, an expiry), none when all is well. Raises `BadSettings`
        saying which field is wrong, or `Unreachable`. May use the network, 15 seconds. Must change nothing.
        """
        self._lacks("check")

    def answer(self, request: Request, settings: S) -> Answer:
        """Decide whether a webhook is genuine and make the vendor's reply, before the acknowledgement.

        CPU only: the whole call is watched at 300 ms, and on overrun the host replies 200 by itself once the raw
        body is stored. Garbage must be answered with `accepted=False`, not raised. Same request, same answer.
        """
        self._lacks("answer")

    def parse(self, request: Request, settings: S) -> list[Event]:
        """Turn a stored request into events, later, in a worker. May be called again for the same request.

        The same request gives the same events with the same ids. What is not understood is left out; a body that
        is garbage altogether raises `Refused`. No network.
        """
        self._lacks("parse")

    def fetch(self, notices: Sequence[Notice], settings: S) -> list[Event]:
        """Get what a webhook only named: the events behind at most 20 notices. 60 seconds, network.

        Called in a worker until it succeeds, for some hours; told again, the same notice gives events of the same ids.
        What is gone at the vendor gives nothing. Required of a channel whose `parse` tells a `Notice`.
        """
        self._lacks("fetch")

    def pull(self, cursor: str | None, settings: S) -> Pulled:
        """Fetch one page from the vendor since `cursor` (None the first time). Called on a schedule, 60 seconds.

        The cursor returned is kept in the transaction that stores the events; a page may be asked for again.
        """
        self._lacks("pull")

    def measure(self, placements: Sequence[Placement], settings: S) -> list[Event]:
        """Ask the vendor how these placements do, and tell their `Figures`. 60 seconds, network.

        Called a few times a day with at most 20 placements that are active or were put out in the last 60 days.
        Nothing is said of one that the vendor does not know. A failure concerns all of them: return what is known
        instead of raising when a single one fails.
        """
        self._lacks("measure")

    def read_file(self, file: SourceFile, settings: S) -> Iterator[Event | BadRow]:
        """Read the vendor's export, row by row, never the whole file at once.

        A row that cannot be taken is a `BadRow`, and the rest goes on; a file that cannot be read at all raises
        `Refused`. The same file gives the same events with the same ids.
        """
        self._lacks("read_file")

    def publish(self, placement: Placement, codes: Sequence[Code], settings: S) -> Iterator[Artifact]:
        """Make what is printed or posted: sheets, posters, texts; each artefact small enough to open.

        Same arguments, same bytes. Called in a worker, 10 minutes; `codes` may be tens of thousands.
        """
        self._lacks("publish")

    def landing(self, placement: Placement, code: Code, settings: S) -> Landing:
        """Say what the page behind a scanned code shows. Called at every scan: CPU only.

        After 2 seconds core shows a plain page instead. `code` is a card's serial or, with the manifest's `own_page`,
        a shared link of the placement. When the form is posted, core redeems a serial once, and then hands the form to
        `parse` as a request.
        """
        self._lacks("landing")

    def preview(self, message: Message, settings: S) -> Preview:
        """Show `message` as the person will read it and in how many parts it is charged. CPU only.

        A message that `deliver` would refuse for its text is described in `problems`, not raised.
        """
        self._lacks("preview")

    def deliver(self, messages: Sequence[Message], settings: S) -> Iterator[Outcome]:
        """Send the messages and yield one outcome for each, as soon as it is known, in any order.

        An exception concerns only the messages without an outcome yet. After a failure in which a message may
        have left, yield `unknown`; never send it again. At most 500 messages a call, 2 minutes.
        """
        self._lacks("deliver")

    def lookup(self, keys: Sequence[Sought], settings: S) -> list[Event]:
        """Ask the vendor what became of messages: receipts (and replies) like those of a webhook, by the same ids.

        Nothing is said about a message the vendor does not know for certain. Required by `idempotency: query`.
        """
        self._lacks("lookup")

    def payee(self, request: Request, settings: S) -> IdentityClaim:
        """Say who came back from the `sign_in` of the landing: the name by which `reward` pays. 15 seconds, network.

        `request.query` is what the vendor added to our address. Called once for each coming back, in a worker. Raises
        `Refused` when the vendor knows nothing of it, and the person is asked to sign in again.
        """
        self._lacks("payee")

    def reward(self, payouts: Sequence[Payout], settings: S) -> Iterator[Outcome]:
        """Pay the rewards and yield one outcome for each; the rules of `deliver` hold, with more at stake.

        `accepted` means that the person has yet to take it, with what `hand_over` says. What became of it is told by
        a `Receipt` of the payout's key: from `parse`, and from `lookup`, which also asks about what is unknown. A
        payout that was taken back, or that nobody took in time, is `failed` with the code `CANCELLED`.
        """
        self._lacks("reward")

    def cancel(self, keys: Sequence[Sought], settings: S) -> list[Event]:
        """Take back payouts that nobody has taken, and tell their receipts as `lookup` does. 60 seconds, network.

        Nothing is said of one that cannot be taken back any more.
        """
        self._lacks("cancel")

    def join_codes(self, asked: Sequence[JoinAsked], settings: S) -> list[JoinCode]:
        """Make codes by which people join an account or a group, at most 20 a call. 60 seconds, network.

        The reference comes back as `Touch.reference` of the touch that tells of the joining. One that could not be
        made is left out and asked for again; asked twice, two codes with the same reference do no harm.
        """
        self._lacks("join_codes")

    def drop_codes(self, vendor_ids: Sequence[str], settings: S) -> list[str]:
        """Delete codes that `join_codes` made and nobody needs any more, at most 20 a call. 60 seconds, network.

        Returned are those that are gone at the vendor, now or before; the others are asked for again another time.
        """
        self._lacks("drop_codes")

    def start_show(self, placement: Placement, settings: S) -> tuple[Text, ...]:
        """A placement's period has begun: have the vendor push what happens in it. 60 seconds, network.

        Called once for each show, and once more when its detail or begin was changed meanwhile; again after a failure
        that may pass. Doing it twice must do no harm. Returned are remarks for the operator.
        """
        self._lacks("start_show")

    def _lacks(self, verb: str) -> NoReturn:
        raise NotImplementedError(f"{self.key} does not answer {verb}")
