"""The fake API's answers about printed cards."""

from typing import Any

Json = dict[str, Any]
AT = "2026-11-20T06:30:00Z"
MOVE: Json = {
    "id": "v1", "job_id": "j9", "deed": "list", "first": 0, "last": 0, "file_name": "发货 [一].csv", "undoes": None,
    "state": "done", "moved": 40, "made": 0, "tied": 42, "refused": 1, "created_at": AT,
    "problems": [{"line": 7, "zh": "这个投放没有“number”写的卡", "en": "the placement has no card as it says"}],
}  # fmt: skip
BACK: Json = {
    **MOVE, "id": "v0", "deed": "restore", "first": 1, "last": 9, "file_name": "", "undoes": "v9", "problems": [],
}  # fmt: skip
CARDS: Json = {
    "states": {"printed": 372, "active": 40, "redeemed": 88, "void": 0},
    "only_after_shipping": True,
    "moves": [MOVE, BACK],
}
SIGNS: list[Json] = [
    {"id": "g1", "kind": "many_devices", "card": 12, "count": 7, "first_at": AT, "last_at": AT, "settled_at": None},
    {"id": "g2", "kind": "burst", "card": None, "count": 31, "first_at": AT, "last_at": AT, "settled_at": AT},
]
REFUSED: list[Json] = [
    {
        "id": "r1", "card": 9, "reason": "person_limit", "times": 2, "at": AT, "last_at": AT, "state": "refused",
        "can_accept": True,
    },
]  # fmt: skip
RATES: Json = {
    "key": "A-1", "name": "A-1", "printed": 500, "out": 460, "scanned": 230, "redeemed": 88, "contacts": 80,
    "first_orders": 31, "scan_rate": 0.5, "redeem_rate": 0.38, "cost": "350.00", "cost_per_contact": "4.3750",
}  # fmt: skip
ART: Json = {"side": "front", "file_id": "file2", "media_type": "image/png", "width": 1134, "height": 709}
FULL: list[tuple[str, Any]] = [
    (r"placements/[^/]+/art", {"items": [ART], "next": None}),
    (r"insights/cards", {"currency": "CNY", "by": "sku", "total": {**RATES, "key": ""}, "rows": [RATES]}),
    (r"placements/[^/]+/cards", CARDS),
    (r"placements/[^/]+/cards/signs", {"items": SIGNS, "next": None}),
    (r"placements/[^/]+/cards/refused", {"items": REFUSED, "next": None}),
]
