"""What a Markov chain and a Shapley game look like, as Vega-Lite specs."""

from collections.abc import Sequence

from admin_ui.charts import PLAIN_AXIS, VALUE_AXIS, Spec, title_of

HUE = "#4492FA"
CELL = 44
LABEL = 130


def heat(cells: Sequence[tuple[str, str, float, int]], rows: Sequence[str], columns: Sequence[str], title: str) -> Spec:
    """From (rows) to (columns): the darker, the likelier; the chance is printed in each cell.

    Args:
        cells: from, to, chance, times.
    """
    values = [
        {"from": one, "to": other, "chance": chance, "times": times, "label": f"{chance:.0%}"}
        for one, other, chance, times in cells
    ]
    axis = {**PLAIN_AXIS, "labelLimit": LABEL}
    return {
        "title": title_of(title),
        "data": {"values": values},
        "height": {"step": CELL * 0.75},
        "encoding": {
            "y": {"field": "from", "type": "nominal", "sort": list(rows), "axis": axis},
            "x": {
                "field": "to",
                "type": "nominal",
                "sort": list(columns),
                "axis": {**axis, "orient": "top", "labelAngle": -40},
            },
            "tooltip": [
                {"field": "from", "type": "nominal", "title": "↳"},
                {"field": "to", "type": "nominal", "title": "→"},
                {"field": "chance", "type": "quantitative", "format": ".1%", "title": "%"},
                {"field": "times", "type": "quantitative", "format": ",", "title": "×"},
            ],
        },
        "layer": [
            {
                "mark": {"type": "rect", "color": HUE, "cornerRadius": 3, "aria": False},
                "encoding": {
                    "opacity": {
                        "field": "chance",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": [0.08, 0.75]},
                        "legend": None,
                    }
                },
            },
            {"mark": {"type": "text", "fontSize": 12}, "encoding": {"text": {"field": "label"}}},
        ],
    }


def ranked(rows: Sequence[tuple[str, float]], title: str, *, shown: str) -> Spec:
    """Bars of figures in the order given, with the figure at the end of each. shown: how a figure is written."""
    values = [{"name": name, "value": value} for name, value in rows]
    x = {"field": "value", "type": "quantitative", "axis": VALUE_AXIS, "scale": {"zero": True}}
    names = [name for name, _ in rows]
    return {
        "title": title_of(title),
        "data": {"values": values},
        "height": {"step": 28},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": names, "axis": {**PLAIN_AXIS, "labelLimit": 2 * LABEL}},
            "x": x,
        },
        "layer": [
            {"mark": {"type": "bar", "height": 16, "color": HUE}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "aria": False},
                "encoding": {"text": {"field": "value", "type": "quantitative", "format": shown}},
            },
        ],
    }
