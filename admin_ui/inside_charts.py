"""What a Markov chain and a Shapley game look like, as Vega-Lite specs."""

from collections.abc import Sequence

from admin_ui.charts import PLAIN_AXIS, Spec, title_of

HUE, WRITING = "#4492FA", "#6E7A8A"
SHADES = ["#E3EDFB", "#1F4E9C"]
"""Opaque, with writing that fits each: the same on light and on dark pages."""
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
                "axis": {**axis, "orient": "top", "labelAngle": -40, "labelOverlap": False},
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
                "mark": {"type": "rect", "cornerRadius": 3, "aria": False},
                "encoding": {
                    "color": {
                        "field": "chance",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": SHADES},
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "text": {"field": "label"},
                    "color": {"condition": {"test": "datum.chance > 0.5", "value": "#FFFFFF"}, "value": "#1B2430"},
                },
            },
        ],
    }


def ranked(rows: Sequence[tuple[str, float]], title: str, *, shown: str) -> Spec:
    """Bars of figures in the order given, with the figure at the end of each. shown: how a figure is written."""
    values = [{"name": name, "value": value, "end": max(value, 0.0)} for name, value in rows]
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}}
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
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": WRITING, "aria": False},
                # Beside the bar, also of a figure below zero.
                "encoding": {
                    "x": {"field": "end", "type": "quantitative"},
                    "text": {"field": "value", "type": "quantitative", "format": shown},
                },
            },
        ],
    }
