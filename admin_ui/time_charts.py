"""How things ripen, as Vega-Lite specs: curves over days since joining, cells by cohort and age, bars of a launch."""

from collections.abc import Mapping, Sequence

from admin_ui.charts import BLUE as HUE
from admin_ui.charts import GREY, ORANGE, PLAIN_AXIS, VALUE_AXIS, Spec, title_of

STEP = 26


def ripening(seen: Sequence[float], ripe: Sequence[float | None], labels: tuple[str, str], title: str) -> Spec:
    """Shares by day since joining: of the first orders there are, and of those there will be."""
    rows = [{"day": day, "what": labels[0], "share": share} for day, share in enumerate(seen)]
    rows += [{"day": day, "what": labels[1], "share": share} for day, share in enumerate(ripe) if share is not None]
    return {
        "title": title_of(title),
        "data": {"values": rows},
        "height": 260,
        "mark": {"type": "line", "strokeWidth": 2, "interpolate": "step-after"},
        "encoding": {
            "x": {"field": "day", "type": "quantitative", "axis": {**PLAIN_AXIS, "tickCount": 8, "format": "d"}},
            "y": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {**VALUE_AXIS, "format": ".0%"},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": list(labels), "range": [HUE, ORANGE]},
                "legend": {"title": None, "orient": "top", "labelLimit": 320},
            },
            "tooltip": [
                {"field": "day", "type": "quantitative", "title": "d"},
                {"field": "what", "type": "nominal", "title": " "},
                {"field": "share", "type": "quantitative", "format": ".1%", "title": "%"},
            ],
        },
    }


def cells(
    found: Sequence[tuple[str, int, float, bool]],
    rows: Sequence[str],
    title: str,
    *,
    early: Mapping[str, str] | None = None,
) -> Spec:
    """Cohorts (rows) by age (columns): the darker, the more; the share is printed in each cell, pale while not over.

    Args:
        found: cohort, age, share, whether its time is over.
        early: cohorts of which it is too early to judge, and what is said of each: their rows are shaded.
    """
    values = [
        {"cohort": cohort, "age": age, "share": share, "over": over, "label": f"{share:.0%}"}
        for cohort, age, share, over in found
    ]
    top = max((share for _, _, share, _ in found), default=0.0) or 1.0
    colour = {"field": "share", "type": "quantitative", "scale": {"domain": [0, top], "range": [0.06, 0.75]}}
    return {
        "title": title_of(title),
        "data": {"values": values},
        "height": {"step": STEP},
        "encoding": {
            "y": {"field": "cohort", "type": "nominal", "sort": list(rows), "axis": PLAIN_AXIS},
            "x": {"field": "age", "type": "ordinal", "axis": {**PLAIN_AXIS, "orient": "top", "labelAngle": 0}},
            "tooltip": [
                {"field": "cohort", "type": "nominal", "title": " "},
                {"field": "age", "type": "ordinal", "title": "+"},
                {"field": "share", "type": "quantitative", "format": ".1%", "title": "%"},
            ],
        },
        "layer": [
            *([_shaded_rows(early)] if early else []),
            {
                "mark": {"type": "rect", "color": HUE, "cornerRadius": 3, "aria": False},
                "encoding": {"opacity": {**colour, "legend": None}},
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {"field": "label"},
                    "opacity": {"condition": {"test": "datum.over", "value": 1}, "value": 0.55},
                },
            },
        ],
    }


def _shaded_rows(early: Mapping[str, str]) -> Spec:
    """Grey over the whole width of these rows."""
    return {
        "data": {"values": [{"cohort": cohort, "said": said} for cohort, said in early.items()]},
        "mark": {"type": "rect", "color": GREY, "opacity": 0.18, "aria": False},
        "encoding": {
            "x": {"value": 0},
            "x2": {"value": "width"},
            "tooltip": [
                {"field": "cohort", "type": "nominal", "title": " "},
                {"field": "said", "type": "nominal", "title": "◔"},
            ],
        },
    }


def launch(days: Sequence[tuple[int, str, int]], waves: Sequence[str], title: str) -> Spec:
    """Orders by day since a launch, coloured by wave.

    Args:
        days: day, wave, orders.
    """
    rows = [{"day": day, "wave": wave, "orders": orders} for day, wave, orders in days]
    return {
        "title": title_of(title),
        "data": {"values": rows},
        "height": 220,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "axis": {**PLAIN_AXIS, "labelAngle": 0, "labelOverlap": "greedy"}},
            "y": {"field": "orders", "type": "quantitative", "axis": VALUE_AXIS},
            "color": {
                "field": "wave",
                "type": "nominal",
                "scale": {"domain": list(waves), "range": [HUE, ORANGE, "#226F58", "#B57DA4", "#909965"]},
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [
                {"field": "day", "type": "ordinal", "title": "+"},
                {"field": "wave", "type": "nominal", "title": " "},
                {"field": "orders", "type": "quantitative", "title": "n"},
            ],
        },
    }
