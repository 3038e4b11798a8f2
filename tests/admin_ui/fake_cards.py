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
FULL: list[tuple[str, Any]] = [(r"placements/[^/]+/cards", CARDS)]
