"""The answers of the fake API, as lists of (pattern of the path below the brand, body)."""

from typing import Any

from tests.admin_ui import fake_flows, fake_lift, fake_webhooks

Json = dict[str, Any]

NOUNS = [
    "tenants", "people", "keys", "audit", "plugins", "channels", "placements", "contacts", "imports", "jobs",
    "attribution", "insights", "campaigns", "files", "ingest",
]  # fmt: skip
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><rect width='20' height='20'/></svg>"
BRANDS = [
    {"id": "t1", "name": "花间 [茶]", "currency": "CNY", "timezone": "Asia/Shanghai"},
    {"id": "t2", "name": "Nordlys Skin", "currency": "USD", "timezone": "Europe/London"},
]

MEASURES: Json = {
    "contacts": 1838, "touchpoints": 62483, "orders": 1838, "revenue": "295347.42", "cost": "48230.50",
    "cac": "26.24", "cost_per_contact": "0.35", "roas": "6.12",
}  # fmt: skip
CHANNELS = [("c1", "包裹卡"), ("c2", "短信"), ("c3", "直播"), ("c4", "Paid ads"), ("c5", "官网")]
OVERVIEW: Json = {
    "tiles": {name: {"value": value, "previous": "1200"} for name, value in MEASURES.items()},
    "by_channel": [
        {**MEASURES, "key": key, "name": name, "revenue": str(90000 - 12000 * i), "roas": None}
        for i, (key, name) in enumerate(CHANNELS)
    ],
    "by_day": [{**MEASURES, "day": f"2026-10-{d:02}", "contacts": 40 + (d * 7) % 23} for d in range(1, 31)],
}
NO_TILES: Json = {"tiles": {name: {"value": None, "previous": None} for name in MEASURES}}

MODELS = ["first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov"]
RUN: Json = {
    "id": "run-12345678", "state": "done", "preset": "all", "from": "2015-01-01", "to": "2026-11-22",
    "lookback_days": 90, "half_life_days": 7, "cut": "previous_order", "models": MODELS,
    "created_at": "2026-11-21T03:00:00Z",
    "finished_at": "2026-11-21T03:00:05Z", "progress": {"done": 5, "total": 5}, "orders": 1838,
}  # fmt: skip
CREDITS: Json = {
    "run": RUN,
    "models": MODELS,
    "rows": [
        {"model": model, "key": key, "name": name, "conversions": 300.5 + 40 * n, "value": 2000.25 + 300 * n}
        for m, model in enumerate(MODELS)
        for i, (key, name) in enumerate(CHANNELS)
        for n in [(i * 3 + m) % 5]
    ],
    "totals": [{"model": model, "conversions": 1838.0, "value": 11423.5} for model in MODELS],
    "unattributed": [{"model": model, "conversions": 12.0, "value": 80.0} for model in MODELS],
}  # fmt: skip

FULL: list[tuple[str, Any]] = [
    (r"overview", OVERVIEW),
    (r"agency/overview", {"items": [{**MEASURES, **brand} for brand in BRANDS]}),
    (r"attribution/runs", {"items": [RUN], "next": None}),
    (r"attribution/runs/[^/]+", RUN),
    (r"attribution/credits", CREDITS),
    *fake_lift.FULL,
    *fake_webhooks.FULL,
    *fake_flows.FULL,
]  # fmt: skip

EMPTY: list[tuple[str, Any]] = [
    (r"overview", NO_TILES),
    (r"agency/overview", {"items": []}),
    (r"attribution/runs", {"items": [], "next": None}),
    *fake_lift.EMPTY,
    *fake_webhooks.EMPTY,
    *fake_flows.EMPTY,
]

MADE: list[tuple[str, Json]] = [
    (r"/v1/tenants$", {**BRANDS[0], "id": "t3", "name": "New"}),
    *fake_lift.MADE,
    *fake_webhooks.MADE,
    *fake_flows.MADE,
]
