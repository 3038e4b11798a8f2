"""Small charts as plain Vega-Lite: pure functions, no colour that depends on the theme."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

Spec = dict[str, Any]

# Told apart by normal, deutan, protan and tritan sight on light and on dark pages alike.
BLUE, ORANGE, OLIVE, GREEN, PINK, VIOLET = COLOURS = (
    "#4492FA",
    "#D17A20",
    "#909965",
    "#226F58",
    "#B57DA4",
    "#675DAE",
)
GREY = "#8A94A3"
PLAIN_AXIS = {"grid": False, "domain": False, "ticks": False, "title": None}
DAY_AXIS = {**PLAIN_AXIS, "format": "%m-%d", "tickCount": 8, "labelOverlap": "greedy", "labelSeparation": 12}
VALUE_AXIS = {"title": None, "tickCount": 4, "domain": False}


def title_of(text: str) -> Spec:
    """Measure and unit above the picture, where they are read first and never turned sideways."""
    return {"text": text, "anchor": "start", "fontSize": 13, "fontWeight": "normal", "offset": 8}


def shaded_days(ranges: Sequence[tuple[str, str]], label: str) -> list[Spec]:
    """Layers below a picture over days: spans, the first and the last day of each, that are not to be judged yet."""
    values = [
        {"from": first, "to": (date.fromisoformat(last) + timedelta(days=1)).isoformat(), "label": label}
        for first, last in ranges
    ]
    x = {"field": "from", "type": "temporal", "axis": DAY_AXIS}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rect", "color": GREY, "opacity": 0.18, "aria": False},
            "encoding": {"x": x, "x2": {"field": "to"}},
        },
        {
            "data": {"values": values[-1:]},
            "mark": {"type": "text", "align": "right", "baseline": "top", "dx": -4, "y": 4, "fontSize": 11},
            "encoding": {"x": {**x, "field": "to"}, "text": {"field": "label"}, "color": {"value": GREY}},
        },
    ]


def spans_of(days: Sequence[str], chosen: Collection[str]) -> list[tuple[str, str]]:
    """The first and last day of each run of chosen ones among `days`, which ascend."""
    found: list[tuple[str, str]] = []
    before = ""
    for day in days:
        if day in chosen:
            found = [*found[:-1], (found[-1][0], day)] if found and found[-1][1] == before else [*found, (day, day)]
        before = day
    return found


def line_by_day(days: Sequence[str], values: Sequence[float | None], title: str, *, unfinished: bool) -> Spec:
    """One line over days; the last step is dotted while its day is not over."""
    rows = [{"day": day, "value": value} for day, value in zip(days, values, strict=True)]
    finished = rows[:-1] if unfinished and len(rows) > 1 else rows
    encoding = {
        "x": {
            "field": "day",
            "type": "temporal",
            "axis": DAY_AXIS,
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "axis": VALUE_AXIS,
            "scale": {"zero": True},
        },
        "tooltip": [
            {"field": "day", "type": "temporal", "format": "%Y-%m-%d", "title": " "},
            {"field": "value", "type": "quantitative", "format": ",.2~f", "title": title},
        ],
    }
    layers: list[Spec] = [
        {"data": {"values": finished}, "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 18}}}
    ]
    if len(finished) < len(rows):
        layers.append(
            {
                "data": {"values": rows[-2:]},
                "mark": {
                    "type": "line",
                    "strokeWidth": 2,
                    "strokeDash": [2, 4],
                    "point": {"size": 18, "filled": False},
                },
            }
        )
    return {"title": title_of(title), "layer": layers, "encoding": encoding, "height": 220}


def bars(names: Sequence[str], values: Sequence[float | None], title: str) -> Spec:
    """Horizontal bars from zero, in the order given (by size, with what belongs to nobody last)."""
    rows = [{"name": name, "value": value} for name, value in zip(names, values, strict=True) if value is not None]
    return {
        "title": title_of(title),
        "data": {"values": rows},
        "height": {"step": 28},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": list(names), "axis": {**PLAIN_AXIS, "labelLimit": 180}},
            "x": {
                "field": "value",
                "type": "quantitative",
                "axis": VALUE_AXIS,
                "scale": {"zero": True},
            },
            "tooltip": [
                {"field": "name", "type": "nominal", "title": " "},
                {"field": "value", "type": "quantitative", "format": ",.2~f", "title": title},
            ],
        },
        "mark": {"type": "bar", "height": 16},
    }


def by_minute(rows: Sequence[tuple[int, str, int]], title: str, axis: str, *, wide: int = 1) -> Spec:
    """What happened in a show: (minute, kind, how many), the kinds on top of each other. wide: minutes of a bar, which
    begins with its own; minutes without anything keep their place."""
    kinds = list(dict.fromkeys(kind for _, kind, _ in rows))
    values = [{"minute": minute, "until": minute + wide, "kind": kind, "count": count} for minute, kind, count in rows]
    return {
        "title": title_of(title),
        "data": {"values": values},
        "height": 280,
        "encoding": {
            "x": {"field": "minute", "bin": {"binned": True, "step": wide}, "axis": {**PLAIN_AXIS, "title": axis}},
            "x2": {"field": "until"},
            "y": {"field": "count", "type": "quantitative", "axis": {**VALUE_AXIS, "format": ",d", "tickMinStep": 1}},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": kinds, "range": [COLOURS[n % len(COLOURS)] for n in range(len(kinds))]},
                "legend": {"title": None, "orient": "top"} if len(kinds) > 1 else None,
            },
            "tooltip": [
                {"field": "minute", "type": "quantitative", "title": axis},
                {"field": "kind", "type": "nominal", "title": " "},
                {"field": "count", "type": "quantitative", "title": title},
            ],
        },
        "mark": {"type": "bar"},
    }


def watched(rows: Sequence[tuple[int, int, int]], title: str, names: tuple[str, str, str]) -> Spec:
    """A show's (minute, viewers, orders): the viewers as a curve; orders, if any, as bars on a scale at the right."""
    viewers, orders, axis = names
    tooltip = [
        {"field": name, "type": "quantitative", "title": word}
        for name, word in (("minute", axis), ("viewers", viewers), ("orders", orders))
    ]
    layers: list[tuple[str, str, Spec, str]] = [("viewers", viewers, {"type": "line", "color": BLUE}, "left")]
    if any(sold for _, _, sold in rows):
        layers.append(("orders", orders, {"type": "bar", "opacity": 0.5, "color": ORANGE}, "right"))
    return {
        "title": title_of(title),
        "data": {"values": [{"minute": m, "viewers": v, "orders": o} for m, v, o in rows]},
        "height": 220,
        "encoding": {
            "x": {"field": "minute", "type": "quantitative", "axis": {**PLAIN_AXIS, "title": axis}},
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": mark,
                "encoding": {
                    "y": {
                        "field": name,
                        "type": "quantitative",
                        "axis": {**VALUE_AXIS, "title": word, "orient": side, "format": ",d", "tickMinStep": 1},
                    }
                },
            }
            for name, word, mark, side in layers
        ],
        "resolve": {"scale": {"y": "independent"}},
    }


def interval(value: float, low: float, high: float, title: str) -> Spec:
    """A difference with its interval on a line through zero, which is always in the picture."""
    scale = {"domain": [min(low, 0.0), max(high, 0.0)], "nice": True}
    axis = {"type": "quantitative", "axis": VALUE_AXIS, "scale": scale}
    hidden = {"type": "rule", "aria": False}
    tooltip = [
        {"field": name, "type": "quantitative", "format": ",.2f", "title": mark}
        for name, mark in (("value", title), ("low", "≥"), ("high", "≤"))
    ]
    return {
        "title": title_of(title),
        "data": {"values": [{"value": value, "low": low, "high": high, "zero": 0}]},
        "height": 100,
        "layer": [
            {
                "mark": {**hidden, "strokeDash": [3, 3], "color": OLIVE},
                "encoding": {"x": {**axis, "field": "zero"}},
            },
            {
                "mark": {**hidden, "strokeWidth": 3, "color": BLUE},
                "encoding": {"x": {**axis, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": BLUE},
                "encoding": {"x": {**axis, "field": "value"}, "tooltip": tooltip},
            },
        ],
    }
