"""Models side by side as plain Vega-Lite: a model has the same colour and shape on every page."""

from collections.abc import Mapping, Sequence

from admin_ui.charts import (
    BLUE,
    DAY_AXIS,
    GREEN,
    GREY,
    OLIVE,
    ORANGE,
    PINK,
    PLAIN_AXIS,
    VALUE_AXIS,
    VIOLET,
    Spec,
    title_of,
)

MODEL_COLOURS = {
    "first": BLUE,
    "last": ORANGE,
    "last_non_direct": OLIVE,
    "linear": GREEN,
    "time_decay": PINK,
    "position": OLIVE,
    "w_shaped": GREEN,
    "markov": VIOLET,
    "shapley": BLUE,
    "upstream": ORANGE,
}
MODEL_SHAPES = {
    "first": "circle",
    "last": "square",
    "last_non_direct": "triangle-down",
    "linear": "diamond",
    "time_decay": "triangle-up",
    "position": "cross",
    "w_shaped": "triangle-right",
    "markov": "diamond",
    "shapley": "square",
    "upstream": "cross",
}
SLOPE_STEP, SLOPE_FRAME = 34, 90


def dots(
    points: Sequence[tuple[str, str, float]],
    labels: dict[str, str],
    order: Sequence[str],
    title: str,
    *,
    ranges: Mapping[tuple[str, str], tuple[float, float]] | None = None,
) -> Spec:
    """Models side by side: one row a channel, one mark a model, joined so that the spread is what one sees. ranges: the
    interval of a mark, by name and model; with them each model has a line of its own within the row."""
    rows = [{"name": name, "model": labels[model], "value": value} for name, model, value in points]
    models = list(labels)
    y = {"field": "name", "type": "nominal", "sort": list(order), "axis": {**PLAIN_AXIS, "labelLimit": 180}}
    if ranges:
        return _ranged(points, labels, ranges, y, title)
    return {
        "title": title_of(title),
        "data": {"values": rows},
        "height": {"step": 34},
        "encoding": {
            "y": y,
            "x": {
                "field": "value",
                "type": "quantitative",
                "axis": VALUE_AXIS,
                "scale": {"zero": True},
            },
        },
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1, "color": GREY}, "encoding": {"detail": {"field": "name"}}},
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "color": _by_model(models, labels, MODEL_COLOURS),
                    "shape": _by_model(models, labels, MODEL_SHAPES),
                    "tooltip": [
                        {"field": "name", "type": "nominal", "title": " "},
                        {"field": "model", "type": "nominal", "title": "·"},
                        {"field": "value", "type": "quantitative", "format": ",.2f", "title": title},
                    ],
                },
            },
        ],
    }


def lines_by_model(
    points: Sequence[tuple[str, str, float]], labels: dict[str, str], title: str, *, below: Sequence[Spec] = ()
) -> Spec:
    """Credit by day, one line a model; the unattributed rest has no day and is left to the table. below: layers that
    the lines stand on."""
    rows = [{"day": day, "model": labels[model], "value": value} for day, model, value in points if day[:4].isdigit()]
    lines: Spec = {
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "axis": DAY_AXIS},
            "y": {"field": "value", "type": "quantitative", "axis": VALUE_AXIS},
            "color": _by_model(list(labels), labels, MODEL_COLOURS),
        },
    }
    return {"title": title_of(title), "height": 260, "layer": [*below, lines]}


def _ranged(
    points: Sequence[tuple[str, str, float]],
    labels: dict[str, str],
    ranges: Mapping[tuple[str, str], tuple[float, float]],
    y: Spec,
    title: str,
) -> Spec:
    rows = []
    for name, model, value in points:
        low, high = ranges.get((name, model), (value, value))
        rows.append({"name": name, "model": labels[model], "value": value, "low": low, "high": high})
    models = list(labels)
    x = {"type": "quantitative", "axis": VALUE_AXIS, "scale": {"zero": True}}
    figure = {"type": "quantitative", "format": ",.2~f"}
    tooltip = [
        {"field": "name", "type": "nominal", "title": " "},
        {"field": "model", "type": "nominal", "title": " "},
        {"field": "value", **figure, "title": title},
        {"field": "low", **figure, "title": "≥"},
        {"field": "high", **figure, "title": "≤"},
    ]
    colour = _by_model(models, labels, MODEL_COLOURS)
    return {
        "title": title_of(title),
        "data": {"values": rows},
        "height": {"step": 14 + 14 * len(models), "for": "position"},
        "encoding": {
            "y": y,
            "yOffset": {"field": "model", "type": "nominal", "sort": [labels[model] for model in models]},
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "strokeOpacity": 0.55, "aria": False},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {
                    "x": {**x, "field": "value"},
                    "color": colour,
                    "shape": _by_model(models, labels, MODEL_SHAPES),
                    "tooltip": tooltip,
                },
            },
        ],
    }


def _by_model(models: Sequence[str], labels: dict[str, str], range_of: dict[str, str]) -> Spec:
    default = next(iter(range_of.values()))
    return {
        "field": "model",
        "type": "nominal",
        "scale": {"domain": [labels[m] for m in models], "range": [range_of.get(m, default) for m in models]},
        "legend": {"title": None, "orient": "top"},
    }


def slope(rows: Sequence[tuple[str, float, float]], ends: tuple[str, str], title: str) -> Spec:
    """Two models as two posts; the two channels that move most are coloured and named, the rest stays grey."""
    movers = [name for name, left, right in sorted(rows, key=lambda r: -abs(r[2] - r[1]))[:2]]
    points = [
        {"name": name, "side": side, "value": value, "mover": name in movers}
        for name, left, right in rows
        for side, value in zip(ends, (left, right), strict=True)
    ]
    right_labels = _spread([(name, right) for name, _, right in rows])
    labels = [{"name": name, "side": ends[1], "value": at, "mover": name in movers} for name, at in right_labels]
    colour = {
        "condition": {"test": "datum.mover", "value": ORANGE},
        "value": GREY,
    }
    x = {
        "field": "side",
        "type": "ordinal",
        "sort": list(ends),
        "axis": {"title": None, "labelAngle": 0, "domain": False, "ticks": False, "orient": "top"},
        "scale": {"padding": 0.15, "rangeMax": {"expr": "width - 110"}},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": VALUE_AXIS,
    }
    return {
        "title": title_of(title),
        "height": SLOPE_FRAME + SLOPE_STEP * len(rows),
        "layer": [
            {
                "data": {"values": points},
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 50}},
                "encoding": {"x": x, "y": y, "detail": {"field": "name"}, "color": colour},
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "limit": 105},
                "encoding": {"x": x, "y": y, "text": {"field": "name"}, "color": colour},
            },
        ],
    }


def _spread(ends: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Moves labels apart so that none covers another; the order stays."""
    ordered = sorted(ends, key=lambda pair: pair[1])
    if not ordered:
        return []
    span = max(abs(ordered[-1][1]), abs(ordered[0][1]), 1e-9)
    # The scale reaches a little beyond the largest value, and a line of text needs some 18 pixels.
    gap, placed = span * 22 / (SLOPE_STEP * len(ordered) + 40), list[tuple[str, float]]()
    for name, at in ordered:
        placed.append((name, max(at, placed[-1][1] + gap) if placed else at))
    return placed
