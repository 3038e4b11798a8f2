"""A day of life: each vendor brings its people, they come by the real addresses, and the shops sell to them."""

from dataclasses import dataclass, field
from random import Random

import httpx
from pydantic import JsonValue

from core import clock
from core.simulator.posting import is_loopback
from core.simulator.stage import Simulator
from core.simulator.vendor import DAYTIMES

BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Mobile Safari/537.36",
    "Accept-Language": "zh-CN",
}
SURNAMES, GIVEN = "李王张刘陈杨赵黄周吴", "晓伟敏静磊洋艳勇杰娟"


@dataclass(frozen=True)
class Person:
    """Somebody made up. 170 are numbers of virtual operators; these belong to nobody.

    `label` is the brand whose guest it is, where a vendor serves several; see `News.label`.
    """

    name: str
    phone: str
    label: str = ""


@dataclass
class Day:
    """What vendors use to make people live. `visitors` came today, in order."""

    rng: Random
    visitors: list[Person] = field(default_factory=list)
    waits: bool = False
    """Whether somebody works on what is started in the meantime, so that waiting for it makes sense."""
    opened: int = 0
    orders: int = 0
    noted: list[str] = field(default_factory=list)

    def person(self, label: str = "") -> Person:
        """Somebody new."""
        name = self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)
        return Person(name, f"+86170{self.rng.randrange(10**8):08}", label)

    def visit(self, url: str, person: Person, form: dict[str, str] | None = None) -> int:
        """Open one of our addresses on a phone, or send its form; the status, 0 when nobody answers."""
        if not is_loopback(url):
            return 0
        self.opened += 1
        try:
            with httpx.Client(headers=BROWSER, timeout=10, trust_env=False) as browser:
                said = browser.get(url) if form is None else browser.post(url, data=form)
        except httpx.HTTPError:
            return 0
        if said.status_code < 400:
            self.visitors.append(person)
        return said.status_code

    def redeem(self, url: str, person: Person) -> int:
        """Open a card, send its form, and claim what it earned, as far as a browser goes; the form's status."""
        if not is_loopback(url):
            return 0
        self.opened += 1
        try:
            with httpx.Client(headers=BROWSER, timeout=10, trust_env=False, follow_redirects=True) as browser:
                browser.get(url)
                said = browser.post(url, data={"phone": person.phone, "consent": "1"})
                if said.url.path.startswith("/r/"):
                    browser.post(said.url)
        except httpx.HTTPError:
            return 0
        if said.status_code < 400:
            self.visitors.append(person)
        return said.status_code

    def send(self, url: str, body: JsonValue, *, user: str) -> int:
        """Send JSON as a shop's own server does, with a write key as the user; the status, 0 when nobody answers."""
        if not is_loopback(url):
            return 0
        try:
            return httpx.post(url, json=body, auth=(user, ""), timeout=30, trust_env=False).status_code
        except httpx.HTTPError:
            return 0

    def call(self, method: str, url: str, body: JsonValue, *, key: str) -> dict[str, JsonValue] | None:
        """Ask a brand's own API with an API key, as its people do; None when it says no or nobody answers."""
        if not is_loopback(url):
            return None
        try:
            headers = {"Authorization": f"Bearer {key}"}
            said = httpx.request(method, url, json=body, headers=headers, timeout=30, trust_env=False)
            shown = said.json() if said.status_code < 400 else None
        except (httpx.HTTPError, ValueError):
            return None
        return shown if isinstance(shown, dict) else None

    def note(self, line: str) -> None:
        """Say on the page what happened."""
        self.noted.append(line)


def live_a_day(simulator: Simulator, *, seed: int | None = None, waits: bool = False) -> Day:
    """Let a day pass at every vendor: the brands' messages go out, people come, then the shops sell; late callbacks
    come in. With `waits`, messages are on phones before anybody reads one."""
    day = Day(Random(clock.now().isoformat() if seed is None else seed), waits=waits)
    for vendor in sorted(simulator.vendors.values(), key=lambda one: DAYTIMES.index(one.daytime)):
        with vendor.lock:
            vendor.a_day(day)
        simulator.flush()
    simulator.queue.advance(86_400)
    return day
