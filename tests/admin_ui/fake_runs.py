"""Two runs side by side, as the fake API tells of them."""

from typing import Any

Json = dict[str, Any]


def earlier(run: Json) -> Json:
    """A run before it, with another lookback."""
    made = {"created_at": "2026-11-20T03:00:00Z", "finished_at": "2026-11-20T03:00:09Z", "seconds": 9.1}
    return {**run, "id": "run-87654321", "preset": None, "lookback_days": 30, "generation": 4, "version": "3", **made}


def compared(run: Json, models: list[str], channels: list[tuple[str, str]]) -> Json:
    """A comparison whose lines sum to its totals."""
    rows = [
        {**_pair(model, 1000.0 + 10 * place, 1000.5 + 40 * place), "key": key, "name": name}
        for model in models
        for place, (key, name) in enumerate(channels)
    ]
    count = len(channels)
    whole = [sum(row[side]["value"] for row in rows[:count]) for side in ("run", "with")]
    other = {**run, "generation": 5, "version": "4", "seconds": 1.5, "timezone": "Asia/Shanghai"}
    return {
        "run": earlier(run),
        "with": other,
        "currency": "CNY",
        "by": "channel",
        "models": models,
        "differs": [
            {"code": "lookback_days", "run": 30, "with": 90},
            {"code": "direct_touches", "run": "keep", "with": "drop"},
            {"code": "kind_weights", "run": {}, "with": {"click": 2.0}},
            {"code": "collapse", "run": False, "with": True},
            {"code": "version", "run": "3", "with": "4"},
        ],
        "rows": rows,
        "unattributed": [_pair(model, 80.0, 60.0) for model in models],
        "calibration": [],
        "totals": [_pair(model, whole[0] + 80, whole[1] + 60) for model in models],
        "revenue": [_step("placed", 1841, "11500.00"), _step("waiting", 0, "0.00"), _step("counted", 1838, "11423.50")],
        "cautions": [{"code": "other_code", "zh": "程序版本不同。", "en": "Other versions of the code."}],
    }


def _pair(model: str, left: float, right: float) -> Json:
    return {
        "model": model,
        "run": _side(left),
        "with": _side(right),
        "conversions_difference": (right - left) / 10,
        "value_difference": right - left,
        "amount_difference": f"{right - left:.2f}",
        "share_difference": (right - left) / 10_000,
    }


def _side(value: float) -> Json:
    ends = {"low": value * 0.9, "high": value * 1.1}
    money = {"conversions": value / 10, "value": value, "amount": f"{value:.2f}", "share": value / 10_000}
    return {
        **money,
        "too_early": value > 1100,
        "value_interval": ends,
        "conversions_interval": {"low": value / 11, "high": value / 9},
    }


def _step(code: str, orders: int, amount: str) -> Json:
    side = {"orders": orders, "amount": amount}
    return {"code": code, "run": side, "with": side, "orders_difference": 0, "amount_difference": "0.00"}
