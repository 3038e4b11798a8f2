"""The answers of the fake API, as lists of (pattern of the path below the brand, body)."""

import base64
from typing import Any

from tests.admin_ui import fake_cards, fake_flows, fake_lift, fake_runs, fake_time, fake_webhooks

Json = dict[str, Any]

BRAND_CREDITS: Json = {
    "run": "r1", "orders": 40, "value": 8000.0, "unattributed_value": 400.0,
    "channels": [{"name": "包裹卡", "conversions": 30.0, "value": 6000.0}, {"name": "短信", "value": 1600.0}],
}  # fmt: skip
NOUNS = [
    "tenants", "people", "keys", "audit", "plugins", "channels", "placements", "contacts", "imports", "jobs",
    "attribution", "insights", "campaigns", "files", "ingest", "rewards",
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

MODELS = ["first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov", "shapley"]
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
        {"model": model, "key": key, "name": name, "conversions": 300.5 + 40 * n, "value": 2000.25 + 300 * n,
         "value_interval": {"low": 1500.0, "high": 2600.0 + 300 * n}, "ripeness": 0.5 + 0.1 * n,
         "conversions_interval": {"low": 200.0, "high": 400.0 + 40 * n},
         "cautions": [{"code": code, "zh": "还早", "en": "early"} for code in ("wide_interval", "too_early")[:n]]}
        for m, model in enumerate(MODELS)
        for i, (key, name) in enumerate(CHANNELS)
        for n in [(i * 3 + m) % 5]
    ],
    "totals": [{"model": model, "conversions": 1838.0, "value": 11423.5} for model in MODELS],
    "unattributed": [{"model": model, "conversions": 12.0, "value": 80.0} for model in MODELS],
    "cautions": [{"code": code, "zh": "请谨慎", "en": "Take care"} for code in ("few_contacts", "no_interval")],
    "revenue": [{"code": "placed", "orders": 1841, "amount": "11500.00"},
                {"code": "cancelled", "orders": 3, "amount": "60.00"},
                {"code": "refunded", "orders": 1, "amount": "16.50"},
                {"code": "waiting", "orders": 0, "amount": "0.00"},
                {"code": "counted", "orders": 1838, "amount": "11423.50"},
                {"code": "unattributed", "orders": 12, "amount": "80.00"},
                {"code": "credited", "orders": 1826, "amount": "11343.50"}],
}  # fmt: skip
CHAIN: Json = {
    "model": "markov", "left_out": 2,
    "effects": [{"channel": name, "removal_effect": 0.3} for _, name in CHANNELS],
    "steps": [{"source_kind": "start", "source": [], "target_kind": "channels", "target": [CHANNELS[0][1]],
               "times": 7, "chance": 1.0},
              {"source_kind": "channels", "source": [CHANNELS[0][1]], "target_kind": "null", "target": [],
               "times": 7, "chance": 1.0}],
}  # fmt: skip
GAME: Json = {
    "model": "shapley", "left_out": 1,
    "values": [{"channel": name, "raw": 0.1} for _, name in CHANNELS],
    "coalitions": [{"channels": [CHANNELS[0][1], CHANNELS[1][1]], "orders": 3, "journeys": 9, "rate": 0.33,
                    "value": 90.0}],
}  # fmt: skip

FULL: list[tuple[str, Any]] = [
    (r"overview", OVERVIEW),
    (r"agency/overview", {"items": [{**MEASURES, **brand} for brand in BRANDS]}),
    (r"agency/attribution", {"items": [{**BRAND_CREDITS, **brand} for brand in BRANDS]}),
    (r"attribution/runs", {"items": [RUN, fake_runs.earlier(RUN)], "next": None}),
    (r"attribution/compare", fake_runs.compared(RUN, MODELS, CHANNELS)),
    (r"attribution/runs/[^/]+", RUN),
    (r"attribution/runs/[^/]+/chain", CHAIN),
    (r"attribution/runs/[^/]+/coalitions", GAME),
    (r"attribution/credits", CREDITS),
    *fake_cards.FULL,
    *fake_lift.FULL,
    *fake_time.FULL,
    *fake_webhooks.FULL,
    *fake_flows.FULL,
]  # fmt: skip

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")

EMPTY: list[tuple[str, Any]] = [
    (r"overview", NO_TILES),
    (r"agency/overview", {"items": []}),
    (r"agency/attribution", {"items": []}),
    (r"attribution/runs", {"items": [], "next": None}),
    *fake_lift.EMPTY,
    *fake_time.EMPTY,
    *fake_webhooks.EMPTY,
    *fake_flows.EMPTY,
]

MADE: list[tuple[str, Json]] = [
    (r"/v1/tenants$", {**BRANDS[0], "id": "t3", "name": "New"}),
    *fake_lift.MADE,
    *fake_webhooks.MADE,
    *fake_flows.MADE,
]
