"""The fake API's answers for funnel, lag, ripeness, retention and waves."""

from typing import Any

Json = dict[str, Any]

STEPS: Json = {
    "key": "c1", "name": "包裹卡", "joined": 1200, "first_order": 300, "repeat": 90, "first_share": 0.25,
    "repeat_share": 0.075, "days_to_first": 3.5, "days_to_repeat": 21.0,
}  # fmt: skip
WAVE: Json = {
    "key": "launch", "from_day": "2026-11-01", "to_day": "2026-11-02", "orders": 40, "buyers": 38, "first_orders": 30,
    "revenue": "4000.00", "triggers": [{"kind": "click", "channel_id": "c1", "channel": "短信", "orders": 25}],
    "days": [{"day": 0, "orders": 40, "revenue": "4000.00"}],
}  # fmt: skip
FULL: list[tuple[str, Any]] = [
    (r"insights/funnel", {"total": STEPS, "rows": [STEPS, {**STEPS, "key": "", "name": "x", "days_to_repeat": None}]}),
    (
        r"insights/lag",
        {
            "joined": 1200,
            "orders": 300,
            "median_days": 3.5,
            "days": [
                {"day": 0, "orders": 100, "share": 0.33, "ripe_share": 0.2},
                {"day": 1, "orders": 200, "share": 1.0, "ripe_share": None},
            ],
        },
    ),
    (
        r"insights/maturation",
        {
            "ripe_from": 0.8,
            "ripe_shares": [0.5, 0.9],
            "cohorts": [
                {"week": "2026-10-05", "joined": 600, "first_orders": [90, 150], "ripe_share": 0.9, "expected": 166.7},
                {"week": "2026-10-12", "joined": 0, "first_orders": [0], "ripe_share": None, "expected": None,
                 "is_too_early": True},
            ],
        },
    ),
    (
        r"insights/retention",
        {
            "currency": "CNY",
            "cohorts": [
                {
                    "month": "2026-09-01",
                    "buyers": 200,
                    "repeat_share": 0.3,
                    "months": [
                        {"age": 0, "buyers": 200, "share": 1.0},
                        {"age": 1, "buyers": 60, "share": 0.3, "is_over": False},
                    ],
                }
            ],
        },
    ),
    (r"insights/waves", {"currency": "CNY", "waves": [WAVE, {**WAVE, "key": "sharing", "triggers": []}]}),
]  # fmt: skip
EMPTY: list[tuple[str, Any]] = [
    (r"insights/funnel", {"total": {**STEPS, "joined": 0}, "rows": []}),
    (r"insights/lag", {"joined": 0, "orders": 0, "median_days": None, "days": []}),
    (r"insights/(maturation|retention)", {"cohorts": []}),
    (r"insights/waves", {"waves": []}),
]
