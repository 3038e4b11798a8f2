"""Who comes when and buys what, drawn from a seed. Pure: nothing here knows a database or a clock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from core.demo.brands import DAYS, Brand

SOURCES = {"card": 0.42, "paid": 0.035, "organic": 0.12}
"""How likely somebody who came by each source buys at all, sooner or later."""

REPEATS = {"card": 0.46, "paid": 0.12, "organic": 0.3}


@dataclass(frozen=True)
class Person:
    """Somebody of the story. `cookie` is the browser's anonymous id; the phone is told when they join."""

    key: str
    phone: str
    cookie: str
    source: str


@dataclass(frozen=True)
class Visit:
    """A visit of the shop, marked with where it came from (`source` "" is an unmarked one); or only a sign-in."""

    person: Person
    at: timedelta
    source: str
    tells_phone: bool = False
    is_seen: bool = True


@dataclass(frozen=True)
class Scan:
    """A card from a parcel, scanned and redeemed."""

    person: Person
    at: timedelta
    is_curious: bool


@dataclass(frozen=True)
class Purchase:
    """An order in the shop."""

    person: Person
    at: timedelta
    number: str
    amount: str
    is_refunded: bool


@dataclass
class Day:
    """Everything that happens on one day, by time of day."""

    visits: list[Visit] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)


def tell(brand: Brand) -> list[Day]:
    """The ninety days of a brand; the same seed tells the same story."""
    rng = np.random.default_rng(brand.seed)
    days: dict[int, Day] = defaultdict(Day)
    count = 0
    for day in range(DAYS):
        weekend = 1.35 if day % 7 in (5, 6) else 1.0
        for source, rate in (("card", brand.scans), ("paid", brand.paid_visits), ("organic", brand.organic_visits)):
            for _ in range(rng.poisson(rate * weekend * (0.7 + 0.6 * day / DAYS))):
                count += 1
                _live(rng, brand, days, _person(brand, count, source), day)
    return [days[day] for day in range(DAYS)]


def _person(brand: Brand, count: int, source: str) -> Person:
    # 170-171 are numbers of virtual operators; these are made up and of no account here.
    prefix = {"tea": "170", "skin": "171"}[brand.key]
    key = f"{brand.key}-{count:05d}"
    return Person(key, f"+86{prefix}{count:08d}", f"anon-{key}", source)


def _live(rng: np.random.Generator, brand: Brand, days: dict[int, Day], person: Person, day: int) -> None:
    """One person's whole stay: how they arrive, whether they join, what they buy, when they come back."""
    at = _moment(rng, day)
    buys = rng.random() < SOURCES[person.source]
    if person.source == "card":
        days[day].scans.append(Scan(person, at, is_curious=rng.random() < 0.1))
    else:
        days[day].visits.append(
            Visit(person, at, "feed" if person.source == "paid" else "", buys or rng.random() < 0.05)
        )
    for _ in range(rng.poisson(0.6)):
        later = at + timedelta(days=float(rng.exponential(9)))
        if later.days < DAYS:
            days[later.days].visits.append(Visit(person, later, "feed" if rng.random() < 0.2 else "", False))
    bought = at + timedelta(minutes=20) + timedelta(days=float(rng.exponential(6)))
    turn = 0
    while buys and bought.days < DAYS:
        turn += 1
        in_app = rng.random() < 0.6  # they buy where the shop's pages are not seen: only the sign-in is
        days[bought.days].visits.append(Visit(person, bought - timedelta(minutes=8), "", True, is_seen=not in_app))
        days[bought.days].purchases.append(_purchase(rng, brand, person, bought, turn))
        bought += timedelta(days=5) + timedelta(days=float(rng.exponential(brand.repeat_days)))
        buys = rng.random() < REPEATS[person.source]


def _purchase(rng: np.random.Generator, brand: Brand, person: Person, at: timedelta, turn: int) -> Purchase:
    amount = brand.basket * float(rng.lognormal(-0.08, 0.4))
    return Purchase(person, at, f"{person.key}-{turn}", f"{amount:.2f}", is_refunded=rng.random() < 0.03)


def _moment(rng: np.random.Generator, day: int) -> timedelta:
    """A time of day as people keep them: little at night, most in the evening."""
    hour = float(np.clip(rng.normal(20 if rng.random() < 0.6 else 12, 2.6), 0.2, 23.7))
    return timedelta(days=day, hours=hour)
