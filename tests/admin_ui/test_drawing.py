"""Charts, figures and addresses: pure functions with known answers."""

import itertools
import math
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import admin_ui
from admin_ui import charts, figures, fonts, model_charts, period
from admin_ui.credits import lines_of, total_of
from admin_ui.parts import as_csv
from admin_ui.settings import Settings
from admin_ui.shapes.attribution import Credits
from admin_ui.views import sureness
from admin_ui.views.run_form import read_weights
from tests.admin_ui.fake_data import CREDITS

CONFIG = tomllib.loads((Path(admin_ui.__file__).parent / ".streamlit" / "config.toml").read_text())


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "language", lambda: "en")


def test_unattributed_stands_last_and_always() -> None:
    lines = lines_of(Credits.model_validate(CREDITS), ["first", "markov"])
    assert lines[-1].name == ""
    assert lines[-1].amount("first", "conversions") == 12.0


def test_totals_are_those_of_api() -> None:
    assert total_of(Credits.model_validate(CREDITS), "markov").value == 11423.5


def test_unfinished_day_is_dotted() -> None:
    spec = charts.line_by_day(["2026-10-01", "2026-10-02"], [1.0, 2.0], "x", unfinished=True)
    assert len(spec["layer"]) == 2
    assert spec["layer"][1]["mark"]["strokeDash"]


def test_intervals_stand_beside_their_marks() -> None:
    labels = {"markov": "Markov", "last": "Last"}
    points = [("a", "markov", 2.0), ("a", "last", 1.0)]
    spec = model_charts.dots(points, labels, ["a"], "x", ranges={("a", "markov"): (1.5, 2.5)})
    rows = {row["model"]: (row["low"], row["high"]) for row in spec["data"]["values"]}
    assert rows == {"Markov": (1.5, 2.5), "Last": (1.0, 1.0)}


def test_model_keeps_colour_whatever_stands_beside() -> None:
    labels = {"markov": "Markov", "last": "Last"}
    scale = model_charts.dots([("a", "markov", 1.0)], labels, ["a"], "x")["layer"][1]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["Last"] == model_charts.MODEL_COLOURS["last"]


def test_slope_labels_never_cover_each_other() -> None:
    rows = [(f"c{n}", 1.0, 1.0) for n in range(5)]
    labels = model_charts.slope(rows, ("a", "b"), "x")["layer"][1]["data"]["values"]
    ends = sorted(label["value"] for label in labels)
    assert all(later - earlier > 0.05 for earlier, later in itertools.pairwise(ends))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_palette_stands_out_from_page(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    ground = theme["backgroundColor"]
    assert all(contrast(colour, ground) >= 3 for colour in theme["chartCategoricalColors"])
    assert contrast(theme["textColor"], ground) >= 7
    assert contrast(theme["grayTextColor"], ground) >= 4.5


@pytest.mark.parametrize("colour", sorted(set(model_charts.MODEL_COLOURS.values())))
def test_model_colours_stand_out_in_both_modes(colour: str) -> None:
    grounds = [CONFIG["theme"][mode]["backgroundColor"] for mode in ("light", "dark")]
    assert all(contrast(colour, ground) >= 2.8 for ground in grounds)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else math.pow((c + 0.055) / 1.055, 2.4) for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_is_fetched_from_outside() -> None:
    for path in Path(admin_ui.__file__).parent.rglob("*"):
        if path.suffix in (".css", ".js", ".html", ".toml"):
            assert not re.search(r"https?://\w", path.read_text()), path


def test_agents_cannot_drive_the_app() -> None:
    assert CONFIG["server"]["enableAgentApi"] is False
    assert CONFIG["client"]["disableDataExport"] is True


def test_tenant_data_is_never_cached_globally() -> None:
    code = "".join(path.read_text() for path in Path(admin_ui.__file__).parent.rglob("*.py"))
    assert "cache_data" not in code
    assert "cache_resource" not in code


def test_figures_are_written_so() -> None:
    assert figures.money(Decimal("48230.5"), "CNY") == "¥48,230.50"
    assert figures.money(None, "CNY") == "—"
    assert figures.compact(48230) == "48.23K"
    assert figures.credit(460.12346) == "460.1235"
    assert figures.credit(1838.0) == "1,838"
    assert figures.percent(0.0004) == "<0.1%"
    assert figures.signed_percent(0.123) == "+12.3%"
    assert figures.day(date(2026, 10, 1)) == "Oct 1, 2026"


def test_preset_ends_with_today() -> None:
    week = period.of("7", date(2026, 11, 22))
    assert (week.start, week.end) == (date(2026, 11, 16), date(2026, 11, 23))


def test_csv_defuses_formulas() -> None:
    body = as_csv([{"a": "=1+1", "b": "茶"}], {"a": "A", "b": "B"})
    assert body.decode("utf-8-sig").splitlines() == ["a,b", "'=1+1,茶"]


def test_font_holds_what_pages_say() -> None:
    texts = "".join(path.read_text() for path in (Path(admin_ui.__file__).parent / "i18n").glob("*.toml"))
    assert {ord(sign) for sign in texts if sign not in "\n\t"} <= fonts.characters()


@pytest.mark.parametrize(
    ("public", "page", "expected"),
    [
        ("", "http://localhost:8401/overview", "http://localhost:8400"),
        ("", "http://[::1]:8401/", "http://[::1]:8400"),
        ("https://siyu.example.com", "https://siyu.example.com/x", "https://siyu.example.com"),
        ("", "", "http://127.0.0.1:8400"),
    ],
)
def test_links_use_the_browsers_host(public: str, page: str, expected: str) -> None:
    assert Settings("http://127.0.0.1:8400", public, "127.0.0.1", 8401).browser_api(page) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("click=2，visit = 0.5", {"click": 2.0, "visit": 0.5}),
        ("click", None),
        ("click=x", None),
        ("=2", None),
    ],
)
def test_weights_are_read_from_one_line(text: str, found: dict[str, float] | None) -> None:
    assert read_weights(text) == found


def test_unripe_days_are_spans() -> None:
    days = ["2026-10-01", "2026-10-03", "2026-10-04", "2026-10-05"]
    assert charts.spans_of(days, {"2026-10-01", "2026-10-04", "2026-10-05"}) == [
        ("2026-10-01", "2026-10-01"),
        ("2026-10-04", "2026-10-05"),
    ]
    shade, said = charts.shaded_days([("2026-10-04", "2026-10-31")], "early")
    assert shade["data"]["values"] == [{"from": "2026-10-04", "to": "2026-11-01", "label": "early"}]
    assert said["encoding"]["text"] == {"field": "label"}


def test_unripe_days_are_shaded() -> None:
    rows = [
        {"model": "last", "key": f"2026-10-0{day}", "name": f"2026-10-0{day}", "value": 1.0, "cautions": cautions}
        for day, cautions in ((1, []), (2, [{"code": "too_early", "zh": "早", "en": "early"}]))
    ]
    lines = lines_of(Credits.model_validate({**CREDITS, "rows": rows}), ["last"])
    spec = model_charts.lines_by_model([], {"last": "Last"}, "x", below=sureness.shade(lines, ["last"]))
    assert spec["layer"][0]["data"]["values"][0]["from"] == "2026-10-02"
    assert sureness.shade(lines[:1], ["last"]) == []


@pytest.mark.parametrize(("sold", "layers"), [(0, ["viewers"]), (2, ["viewers", "orders"])])
def test_scale_of_orders_needs_orders(sold: int, layers: list[str]) -> None:
    drawn = charts.watched([(1, 120, 0), (2, 130, sold)], "Viewers", ("Viewers", "Orders", "Minute"))
    assert [one["encoding"]["y"]["field"] for one in drawn["layer"]] == layers
