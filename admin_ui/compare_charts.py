"""Two runs side by side as plain Vega-Lite."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_ui.charts import BLUE, DAY_AXIS, GREY, ORANGE, PLAIN_AXIS, VALUE_AXIS, Spec, title_of

RANGE = tuple[float, float]


@dataclass(frozen=True)
class Ends:
    """What both runs say of one line, with their intervals where they have them."""

    name: str
    run: float
    other: float
    run_range: RANGE | None = None
    other_range: RANGE | None = None

    def sides(self, names: tuple[str, str]) -> list[dict[str, object]]:
        """A row for each side."""
        pairs = ((names[0], self.run, self.run_range), (names[1], self.other, self.other_range))
        return [
            {"name": self.name, "side": side, "value": value, "low": low, "high": high}
            for side, value, found in pairs
            for low, high in [found or (value, value)]
        ]


def dumbbell(lines: Sequence[Ends], names: tuple[str, str], title: str) -> Spec:
    """A row a line: a mark for each run, joined so that what moved is what one sees; intervals as thin bars, a line of
    their own for each side."""
    x = {"type": "quantitative", "axis": VALUE_AXIS, "scale": {"zero": True}}
    figure = {"type": "quantitative", "format": ",.2~f"}
    side = _by_side(names)
    return {
        "title": title_of(title),
        "data": {"values": [row for line in lines for row in line.sides(names)]},
        "height": {"step": 22, "for": "position"},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": [line.name for line in lines],
                "axis": {**PLAIN_AXIS, "labelLimit": 180},
            },
            "yOffset": {"field": "side", "type": "nominal", "sort": list(names)},
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "strokeOpacity": 0.45, "aria": False},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": side},
            },
            {
                "mark": {"type": "line", "strokeWidth": 1, "color": GREY, "aria": False},
                "encoding": {"x": {**x, "field": "value"}, "detail": {"field": "name"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "x": {**x, "field": "value"},
                    "color": side,
                    "shape": {**_by_side(names), "scale": {"domain": list(names), "range": ["circle", "diamond"]}},
                    "tooltip": [
                        {"field": "name", "type": "nominal", "title": " "},
                        {"field": "side", "type": "nominal", "title": " "},
                        {"field": "value", **figure, "title": title},
                        {"field": "low", **figure, "title": "≥"},
                        {"field": "high", **figure, "title": "≤"},
                    ],
                },
            },
        ],
    }


def both_by_day(lines: Sequence[Ends], names: tuple[str, str], title: str, *, below: Sequence[Spec] = ()) -> Spec:
    """A line for each run over days; below: layers that they stand on."""
    dashes = {**_by_side(names), "scale": {"domain": list(names), "range": [[1, 0], [5, 3]]}}
    both: Spec = {
        "data": {"values": [row for line in lines for row in line.sides(names)]},
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": {"field": "name", "type": "temporal", "axis": DAY_AXIS},
            "y": {"field": "value", "type": "quantitative", "axis": VALUE_AXIS},
            "color": _by_side(names),
            "strokeDash": dashes,
        },
    }
    return {"title": title_of(title), "height": 260, "layer": [*below, both]}


def _by_side(names: tuple[str, str]) -> Spec:
    return {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(names), "range": [BLUE, ORANGE]},
        "legend": {"title": None, "orient": "top"},
    }
