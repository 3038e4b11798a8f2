"""The fake API's answers for who brought whom, and for experiments."""

from typing import Any

Json = dict[str, Any]
AT = "2026-11-20T06:30:00Z"

PERSON: Json = {
    "id": "n1", "number": 7, "identities": [{"kind": "phone", "masked": "138****5678"}], "joined_at": AT,
    "brought": 31, "at": AT,
}  # fmt: skip
ARM: Json = {"people": 9000, "converted": 720, "rate": 0.08, "value": 6.4}
LIFT: Json = {
    "difference": 0.03, "low": 0.0138, "high": 0.0432, "total": 270.0, "total_low": 124.0, "total_high": 389.0
}  # fmt: skip
EXPERIMENT: Json = {
    "id": "e1", "name": "十一短信 [对照]", "placement_id": "p1", "placement": "十月第一批", "share": 0.1,
    "window_days": 14, "state": "running", "started_at": AT, "treated": ARM,
    "held_out": {**ARM, "people": 1000, "converted": 50, "rate": 0.05}, "unripe": 40, "mixed": 1, "days_left": 3,
    "lift": LIFT, "value_lift": LIFT, "power": {"detectable": 0.02, "needed": 9000}, "currency": "CNY",
    "verdict": {"code": "works", "zh": "有效：每 100 人多 3.00 人下单。", "en": "It works: 3.00 more buyers in 100."},
}  # fmt: skip
YOUNG: Json = {
    **EXPERIMENT, "id": "e2", "name": "Young", "lift": None, "value_lift": None, "mixed": 0,
    "power": {"detectable": None, "needed": None}, "verdict": {"code": "nobody_yet", "zh": "还没有。", "en": "Nobody."},
}  # fmt: skip
ENDED: Json = {
    **EXPERIMENT, "id": "e3", "state": "ended", "unripe": 0,
    "verdict": {"code": "unclear", "zh": "看不出差别。", "en": "No difference seen."},
}  # fmt: skip

ANNA: Json = {
    "placement_id": "p7", "name": "Anna A017", "place": "staff", "store": "SH01", "state": "active", "contacts": 12,
    "checked_in": 47, "orders": 31, "revenue": "4820.50", "cost": "120.00", "cost_per_contact": 10.0,
}  # fmt: skip
STORE: Json = {
    **ANNA, "placement_id": "p8", "name": "Jing'an", "place": "store", "contacts": 0, "cost_per_contact": None,
}  # fmt: skip
BOARD: Json = {"currency": "CNY", "staff": [ANNA], "places": [STORE], "stores": [STORE]}

PAYOUT: Json = {
    "id": "w1", "channel_id": "c1", "placement_id": "p1", "kind": "transfer", "amount": "1.88", "state": "unknown",
    "reason": "process_died", "bill": "SY23ABCD", "provider_id": None, "may_be_retried": False, "sent_at": AT,
    "created_at": AT,
}  # fmt: skip
HELD: Json = {**PAYOUT, "id": "w2", "state": "held", "reason": "budget", "bill": "SYHELD", "may_be_retried": True}
TAKEN: Json = {**PAYOUT, "id": "w3", "state": "waiting", "reason": None, "bill": "SYWAIT", "provider_id": "1330"}
RULE: Json = {
    "channel_id": "c1", "placement_id": None, "kind": "transfer", "low": "0.50", "high": "3.00", "daily": "200.00",
    "per_person": 3, "spent_today": "12.00",
}  # fmt: skip
SUMMARY: Json = {
    "states": {"succeeded": {"count": 40, "amount": "75.20"}, "unknown": {"count": 1, "amount": "1.88"}},
    "currency": "CNY",
}  # fmt: skip

FULL: list[tuple[str, Any]] = [
    (r"rewards/summary", SUMMARY),
    (r"rewards/rules", {"items": [RULE], "next": None}),
    (r"rewards/payouts", {"items": [PAYOUT, HELD, TAKEN], "next": None}),
    (r"stores/board", BOARD),
    (r"placements/[^/]+/clerk_page", {"url": "http://localhost/s/Ab12Cd34abcdefghijklmnopqrstuvwx"}),
    (r"referrals", {"invited": 420, "inviters": 31, "pending": 2, "refused": {"taken": 3, "circle": 1}}),
    (r"referrals/inviters", {"items": [PERSON], "next": None}),
    (r"contacts/[^/]+/inviter", {"inviter": PERSON, "chain": [PERSON], "at": AT}),
    (r"contacts/[^/]+/invitees", {"items": [PERSON], "next": "more"}),
    (r"experiments", {"items": [EXPERIMENT, YOUNG, ENDED], "next": "more"}),
]
EMPTY: list[tuple[str, Any]] = [
    (r"rewards/summary", {"states": {}, "currency": "CNY"}),
    (r"rewards/(rules|payouts)", {"items": [], "next": None}),
    (r"stores/board", {"currency": "CNY", "staff": [], "places": [], "stores": []}),
    (r"referrals", {"invited": 0, "inviters": 0, "pending": 0, "refused": {}}),
    (r"experiments", {"items": [], "next": None}),
]
MADE: list[tuple[str, Json]] = [
    (r"/rewards/rules", RULE),
    (r"/rewards/payouts/", PAYOUT),
    (r"/experiments", EXPERIMENT),
]
