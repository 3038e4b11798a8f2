"""The definitions once more, slowly and by themselves: plain Python over lists, nothing shared with the kernels."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations

Path = tuple[str, ...]


@dataclass(frozen=True)
class Touch:
    """One touch of one contact."""

    contact: int
    ts: int
    channel: str


@dataclass(frozen=True)
class Order:
    """One order of one contact."""

    contact: int
    ts: int
    value: float


def slow_match(
    touches: list[Touch], orders: list[Order], *, lookback: int, cut: bool
) -> tuple[list[tuple[list[int], int]], list[list[int]], list[int]]:
    """Journeys of orders as (touch indices, order index), null journeys, and orders without a touch."""
    journeys, lonely = [], []
    for place, order in enumerate(orders):
        earlier = [o.ts for i, o in enumerate(orders) if o.contact == order.contact and (o.ts, i) < (order.ts, place)]
        mine = [
            i
            for i, touch in enumerate(touches)
            if touch.contact == order.contact
            and order.ts - lookback <= touch.ts <= order.ts
            and not (cut and earlier and touch.ts <= max(earlier))
        ]
        mine.sort(key=lambda i: (touches[i].ts, i))
        if mine:
            journeys.append((mine, place))
        else:
            lonely.append(place)
    nulls = []
    for contact in sorted({touch.contact for touch in touches}):
        ends = [order.ts for order in orders if order.contact == contact]
        rest = [i for i, t in enumerate(touches) if t.contact == contact and (not ends or t.ts > max(ends))]
        rest.sort(key=lambda i: (touches[i].ts, i))
        if rest:
            nulls.append(rest)
    return journeys, nulls, lonely


def slow_weights(model: str, path: Path, ages: list[int], *, half_life: int, direct: str) -> list[float]:
    """Weights over one journey's touches."""
    n = len(path)
    if model == "first":
        return [float(i == 0) for i in range(n)]
    if model == "last":
        return [float(i == n - 1) for i in range(n)]
    if model == "last_non_direct":
        kept = [i for i in range(n) if path[i] != direct] or [n - 1]
        return [float(i == kept[-1]) for i in range(n)]
    if model == "linear":
        return [1 / n] * n
    if model == "time_decay":
        raw = [2.0 ** (-age / half_life) for age in ages]
        return [weight / sum(raw) for weight in raw]
    if n <= 2:
        return [1 / n] * n
    if model == "position":
        return [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4]
    if n == 3:
        return [1 / 3] * 3
    weights = [0.1 / (n - 3)] * n
    weights[0] = weights[n // 2] = weights[-1] = 0.3
    return weights


def slow_removal_effects(
    paths: list[Path], outcomes: list[tuple[int, int, float]], *, order: int, by_value: bool
) -> dict[str, float]:
    """Removal effects from exact fractions; outcomes: conversions, nulls and summed value of each path."""
    steps: dict[Path | str, dict[Path | str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    worth: dict[Path | str, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for path, (conversions, nulls, value) in zip(paths, outcomes, strict=True):
        grams = [path[i : i + order] for i in range(max(1, len(path) - order + 1))]
        states = [gram for i, gram in enumerate(grams) if i == 0 or gram != grams[i - 1]]
        walk: list[Path | str] = ["START", *states]
        for here, there in pairwise(walk):
            steps[here][there] += conversions + nulls
        steps[states[-1]]["CONV"] += conversions
        steps[states[-1]]["NULL"] += nulls
        worth[states[-1]][0] += conversions
        worth[states[-1]][1] += Fraction(value)
    whole = _gain(steps, worth, None, by_value)
    channels = sorted({channel for path in paths for channel in path})
    return {c: float(1 - _gain(steps, worth, c, by_value) / whole) if whole else 0.0 for c in channels}


def _gain(
    steps: dict[Path | str, dict[Path | str, Fraction]],
    worth: dict[Path | str, list[Fraction]],
    removed: str | None,
    by_value: bool,
) -> Fraction:
    """Expected conversions or value from START: Gaussian elimination, states with `removed` worth nothing."""
    states = [s for s in steps if removed is None or s == "START" or removed not in s]
    place = {state: i for i, state in enumerate(states)}
    rows = []
    for state in states:
        total = sum(steps[state].values())
        row = [Fraction(0)] * (len(states) + 1)
        row[place[state]] += 1
        for there, times in steps[state].items():
            if there in place:
                row[place[there]] -= times / total
            elif there == "CONV" and times:
                row[-1] += times / total * (worth[state][1] / worth[state][0] if by_value else 1)
        rows.append(row)
    for i in range(len(rows)):
        pivot = next(j for j in range(i, len(rows)) if rows[j][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [cell / rows[i][i] for cell in rows[i]]
        for j in range(len(rows)):
            if j != i and rows[j][i]:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return rows[place["START"]][-1]


def slow_shapley(paths: list[Path], outcomes: list[tuple[int, int, float]], *, by_value: bool) -> dict[str, float]:
    """Mean marginal worth over all orders in which the channels may join."""
    channels = sorted({channel for path in paths for channel in path})

    def worth(members: set[str]) -> Fraction:
        inside = [o for path, o in zip(paths, outcomes, strict=True) if set(path) <= members]
        journeys = sum(conversions + nulls for conversions, nulls, _ in inside)
        gained = sum((Fraction(value) if by_value else Fraction(c) for c, _, value in inside), Fraction(0))
        return gained / journeys if journeys else Fraction(0)

    total = dict.fromkeys(channels, Fraction(0))
    lines = list(permutations(channels))
    for line in lines:
        for place, channel in enumerate(line):
            total[channel] += worth(set(line[: place + 1])) - worth(set(line[:place]))
    return {channel: float(value / len(lines)) for channel, value in total.items()}
