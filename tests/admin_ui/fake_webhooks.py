"""The fake API's answers for outgoing webhooks: one that is well, one that we disabled."""

from typing import Any

Json = dict[str, Any]
AT = "2026-11-20T06:30:00Z"

ENDPOINT: Json = {
    "id": "w1", "name": "CRM [新]", "url": "https://crm.example.com/siyu", "fact_types": ["order.placed"],
    "state": "active", "created_at": AT, "last_success_at": AT, "failing_since": None, "quiet_until": None,
    "last_error": None, "old_secret_until": None, "messages": {"delivered": 1204, "waiting": 2}, "secret": None,
}  # fmt: skip
DISABLED: Json = {
    **ENDPOINT, "id": "w2", "name": "Old", "url": "https://old.example.com/", "state": "disabled",
    "failing_since": AT, "last_error": "410: the receiver wants no more", "messages": {"failed": 12},
}  # fmt: skip
MESSAGE: Json = {
    "id": "m1", "state": "waiting", "facts": 2, "attempts": 1, "next_at": AT, "last_error": "500", "created_at": AT,
    "delivered_at": None, "body": '{"type":"facts.recorded","data":{"facts":[]}}',
}  # fmt: skip

FULL: list[tuple[str, Any]] = [
    (r"webhooks", {"items": [ENDPOINT, DISABLED], "next": None}),
    (r"webhooks/w1", ENDPOINT),
    (r"webhooks/w2", DISABLED),
    (r"webhooks/[^/]+/messages", {"items": [MESSAGE], "next": None}),
]
EMPTY: list[tuple[str, Any]] = [(r"webhooks", {"items": [], "next": None})]
MADE: list[tuple[str, Json]] = [
    (r"/webhooks$", {**ENDPOINT, "secret": "whsec_c2hvd24gb25jZQ=="}),
    (r"/webhooks/[^/]+/test$", {"taken": False, "error": "500: the receiver did not take it"}),
    (r"/webhooks/[^/]+/secret$", {**ENDPOINT, "secret": "whsec_YW5vdGhlcg=="}),
    (r"/webhooks/[^/]+/\w+$", ENDPOINT),
]
