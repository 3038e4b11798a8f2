"""The callbacks on their way: when each is due, how it fares, and when it comes again."""

import heapq
import threading
from dataclasses import dataclass, field

from core import clock
from core.simulator.conversation import Conversation, Entry, State, readable
from core.simulator.moods import Fate, Moods
from core.simulator.posting import Post
from core.simulator.vendor import Vendor
from core.simulator.wire import Ack, News, Posting


@dataclass(order=True)
class Errand:
    """One callback to be sent at `due`, seconds since 1970."""

    due: float
    number: int
    vendor: Vendor = field(compare=False)
    news: News = field(compare=False)
    attempt: int = field(default=0, compare=False)
    is_forged: bool = field(default=False, compare=False)


@dataclass
class Counts:
    """How many callbacks were planned, sent, taken, refused as forged ones should be, lost and given up; and those of
    vendors that were told no address of ours."""

    planned: int = 0
    sent: int = 0
    taken: int = 0
    refused: int = 0
    lost: int = 0
    given_up: int = 0
    unheard: int = 0


class Queue:
    """Delivers callbacks: by threads of its own once started, else whenever `deliver_due` is called."""

    def __init__(self, conversation: Conversation, post: Post) -> None:
        self.counts = Counts()
        self._conversation, self.post = conversation, post
        self._waiting: list[Errand] = []
        self._changed = threading.Condition()
        self._busy = self._number = 0
        self._skipped = 0.0
        self._is_open = True
        self._threads: list[threading.Thread] = []

    def plan(self, vendor: Vendor, moods: Moods, news: News) -> None:
        """Plan news as the vendor's mood has it."""
        with self._changed:
            self.counts.planned += 1
            fate = Fate(moods, f"{vendor.key}:{self.counts.planned}")
            if not (news.url or _hook_of(vendor, news)):
                self.counts.unheard += 1
                note(self._conversation, vendor, news, "unheard", remark="no hook is entered")
                return
            if fate.is_lost:
                self.counts.lost += 1
                note(self._conversation, vendor, news, "lost")
                return
            due = self._now() + news.after + fate.delay
            if fate.is_forged_too:
                self._push(Errand(due, 0, vendor, news, is_forged=True))
            self._push(Errand(due, 0, vendor, news))
            if fate.is_doubled:
                self._push(Errand(due + 0.2, 0, vendor, news))
            self._changed.notify_all()

    def start(self, threads: int = 4) -> None:
        """Deliver by threads from now on."""
        for _ in range(threads):
            thread = threading.Thread(target=self._run, daemon=True, name="simulator-callbacks")
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let the threads end."""
        with self._changed:
            self._is_open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def advance(self, seconds: float) -> None:
        """Let so much time pass for what waits here; signatures still carry the true time."""
        with self._changed:
            self._skipped += seconds
            self._changed.notify_all()
        if not self._threads:
            self.deliver_due()

    def deliver_due(self) -> int:
        """Send what is due now, in this thread; how many were sent."""
        count = 0
        while errand := self._take():
            self._deliver(errand)
            count += 1
        return count

    def wait_until_idle(self, timeout: float = 30.0) -> bool:
        """Wait until nothing is due and nothing is being sent. False when it took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._is_due(), timeout)

    def waiting(self) -> list[tuple[str, str, float]]:
        """What waits: vendor, what, and in how many seconds it is due."""
        with self._changed:
            now = self._now()
            return [(one.vendor.key, one.news.what, one.due - now) for one in sorted(self._waiting)]

    def clear(self) -> None:
        """Forget what waits, and the counts."""
        with self._changed:
            self._waiting.clear()
            self.counts = Counts()
            self._changed.notify_all()

    def _now(self) -> float:
        return clock.now().timestamp() + self._skipped

    def _is_due(self) -> bool:
        return bool(self._waiting) and self._waiting[0].due <= self._now()

    def _push(self, errand: Errand) -> None:
        self._number += 1
        errand.number = self._number
        heapq.heappush(self._waiting, errand)

    def _take(self) -> Errand | None:
        with self._changed:
            if not self._is_due():
                return None
            self._busy += 1
            return heapq.heappop(self._waiting)

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._is_open and not self._is_due():
                    left = self._waiting[0].due - self._now() if self._waiting else 1.0
                    self._changed.wait(min(max(left, 0.001), 1.0))
                if not self._is_open:
                    return
            if errand := self._take():
                self._deliver(errand)

    def _deliver(self, errand: Errand) -> None:
        try:
            self._send(errand)
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _send(self, errand: Errand) -> None:
        vendor, news = errand.vendor, errand.news
        with vendor.lock:
            posting = vendor.pack(news, news.url or _hook_of(vendor, news), clock.now())
            if errand.is_forged:
                posting = vendor.forge(posting)
        ack = self.post(posting, vendor.ack_within)
        with self._changed:
            self.counts.sent += 1
            state = self._settle(errand, is_taken=vendor.is_taken(ack))
        remark = "forged" if errand.is_forged else f"attempt {errand.attempt + 1}" if errand.attempt else ""
        note(self._conversation, vendor, news, state, posting=posting, ack=ack, remark=remark)

    def _settle(self, errand: Errand, *, is_taken: bool) -> State:
        if is_taken:
            self.counts.taken += 1
            return "taken"
        if errand.is_forged:
            self.counts.refused += 1
            return "refused"
        retries = errand.vendor.retries
        if errand.attempt >= len(retries):
            self.counts.given_up += 1
            return "given_up"
        due = self._now() + retries[errand.attempt]
        self._push(Errand(due, 0, errand.vendor, errand.news, errand.attempt + 1))
        return "waiting"


def note(
    conversation: Conversation,
    vendor: Vendor,
    news: News,
    state: State,
    *,
    posting: Posting | None = None,
    ack: Ack | None = None,
    remark: str = "",
) -> None:
    """Write a callback into the conversation."""
    conversation.note(
        lambda number: Entry(
            number,
            clock.now(),
            vendor.key,
            "callback",
            news.what,
            f"{posting.method} {posting.url}" if posting else "",
            readable(posting.body if posting else news.content),
            state,
            ack.status if ack else 0,
            (readable(ack.body) or ack.trouble) if ack else "",
            ack.took if ack else 0.0,
            remark,
        )
    )


def _hook_of(vendor: Vendor, news: News) -> str:
    return vendor.hooks.get(news.label) or vendor.hooks.get("", "")
