"""The fake API's answers for the pages of daily work: channels, placements, people, imports, jobs."""

from typing import Any

Json = dict[str, Any]
AT = "2026-11-20T06:30:00Z"

SETTINGS_SCHEMA: Json = {
    "type": "object",
    "required": ["signature", "provider"],
    "$defs": {
        "Sandbox": {"type": "object", "title": "Sandbox", "properties": {"kind": {"const": "sandbox"}}},
        "Aliyun": {
            "type": "object",
            "title": "Aliyun",
            "required": ["key_id", "secret"],
            "properties": {
                "kind": {"const": "aliyun"},
                "key_id": {"type": "string", "title": "Key id", "x-title-zh": "密钥编号"},
                "secret": {"type": "string", "format": "password", "writeOnly": True, "x-title-zh": "密钥"},
            },
        },
    },
    "properties": {
        "signature": {"type": "string", "title": "Signature", "x-title-zh": "签名", "x-help-zh": "不含【】"},
        "daily_cap": {"type": "integer", "title": "Daily cap", "default": 3},
        "words": {"type": "array", "items": {"type": "string"}, "title": "Opt-out words", "default": ["T", "TD"]},
        "quiet": {"type": "boolean", "title": "Quiet hours", "default": True},
        "mode": {"type": "string", "enum": ["a", "b"], "title": "Mode", "x-options-zh": {"a": "甲"}},
        "price": {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}], "title": "Price"},
        "provider": {"oneOf": [{"$ref": "#/$defs/Sandbox"}, {"$ref": "#/$defs/Aliyun"}], "title": "Provider"},
    },
}
PLUGINS: Json = {
    "items": [
        {
            "key": "sms", "name": {"zh": "短信", "en": "SMS"}, "summary": {"zh": "发短信", "en": "Sends SMS"},
            "version": "1", "capabilities": ["deliver", "check"], "medium": "sms",
            "settings_schema": SETTINGS_SCHEMA, "placement_schema": {"type": "object", "properties": {}},
        },
        {
            "key": "package_card", "name": {"zh": "包裹卡", "en": "Package card"},
            "summary": {"zh": "印卡", "en": "Cards"},
            "version": "1", "capabilities": ["publish", "landing"], "medium": None,
            "settings_schema": {"type": "object", "properties": {}},
            "placement_schema": {"type": "object", "properties": {"sku": {"type": "string", "x-title-zh": "商品"}}},
        },
    ],
    "problems": [{"plugin": "broken", "reason": "manifest.json is missing"}],
}  # fmt: skip
CHANNEL: Json = {
    "id": "c2", "number": 2, "plugin": "sms", "name": "短信 [主]", "state": "active", "last_event_at": AT,
    "settings": {
        "signature": "花间", "provider": {"kind": "aliyun", "key_id": "k", "secret": {"set": True, "hint": "...3f9"}},
    },
}  # fmt: skip
CARDS: Json = {**CHANNEL, "id": "c1", "number": 1, "plugin": "package_card", "name": "包裹卡", "settings": {}}
DIRECT: Json = {**CHANNEL, "id": "c0", "number": 9, "plugin": "direct", "name": "direct", "last_event_at": None}
PLACEMENT: Json = {
    "id": "p1", "number": 1, "channel_id": "c1", "name": "十月第一批", "state": "active", "starts_at": AT,
    "ends_at": None, "cost": "350.00", "currency": "CNY", "detail": {"sku": "T-1"}, "codes": 500,
    "stats": {"clicks": 12, "scans": 230, "redeemed": 88, "contacts": 80, "cost": "350.00", "cost_per_contact": 4.375},
}  # fmt: skip
LINK: Json = {"id": "l1", "code": "abc", "url": "http://x/t/abc", "target_url": "https://shop", "state": "active"}
FIGURES: Json = {
    "currency": "CNY", "totals": {"views": 900, "followers": 12}, "cost_per": {"view": "0.11", "follower": "8.33"},
    "days": [{"day": f"2026-11-2{n}", "counts": {"views": 450}, "spend": "50.00"} for n in range(2)],
    "links": [{"code": "Ab12Cd34", "label": "bio", "clicks": 12, "people": 9, "contacts": 3}],
}  # fmt: skip
ARTIFACT: Json = {"id": "f1", "file_id": "file1", "name": "cards.pdf", "title": {"zh": "包裹卡", "en": "Cards"}}
JOB: Json = {
    "id": "j1", "kind": "import.run", "state": "dead", "queue": "slow", "attempt": 3, "age_seconds": 4000,
    "progress": {"done": 3000, "total": 9000}, "error": "line 3,001: disk full", "created_at": AT, "finished_at": None,
}  # fmt: skip
RUNNING: Json = {**JOB, "id": "j2", "state": "running", "error": None}
IMPORT: Json = {
    "id": "i1", "kind": "touchpoints", "name": "十月.csv", "state": "done", "rows": 62483, "skipped": 0,
    "accepted": 62480, "duplicates": 2, "rejected": 1, "touchpoints": 62480, "orders": 1838, "created_at": AT,
    "job": {**JOB, "state": "done"}, "encoding": "utf-8", "delimiter": ",", "rows_sampled": 3,
    "columns": [{"name": "time", "samples": ["2018-07-22"]}, {"name": "channel", "samples": ["Online Display"]}],
    "fields": [
        {"key": "at", "zh": "时间", "en": "Time", "required": True},
        {"key": "channel", "zh": "渠道", "en": "Channel", "required": True},
        {"key": "phone", "zh": "手机号", "en": "Phone", "required": False},
    ],
    "mapping": {"at": "time", "channel": "channel"},
    "defaults": {"channel": None, "touch_kind": None, "currency": None},
    "row_filter": [{"column": "channel", "op": "ne", "value": "x"}], "create_channels": False,
}  # fmt: skip
PREVIEW: Json = {
    "rows": [
        {
            "line": 2, "at": AT, "channel": "Online Display", "placement": None, "touchpoint": "impression",
            "order": {"order_no": "1", "amount": "6.21", "currency": "CNY", "state": "placed"}, "cost": None,
            "who": [{"kind": "customer_id", "masked": "A0***00"}],
        },
    ],
    "rejected": [{"line": 9, "code": "bad_time", "zh": "时间看不懂", "en": "no time"}], "rejected_count": 1,
    "unknown_channels": [{"name": "Online Display", "rows": 3}], "problems": [], "rows_read": 100, "rows_taken": 99,
}  # fmt: skip
ORDER: Json = {
    "id": "o1",
    "order_no": "SO-1001",
    "placed_at": AT,
    "amount": "128.00",
    "currency": "CNY",
    "state": "placed",
}
SHARES = [{"model": "first", "amount": "64.00"}, {"model": "linear", "amount": "64.00"}]
RECEIPT: Json = {
    "order": ORDER, "models": ["first", "linear"], "counted": True,
    "outside": [{"at": AT, "channel": "短信", "kind": "message_sent", "reason": "outgoing"}],
    "touches": [
        {"at": "2026-11-10T06:30:00Z", "channel": "包裹卡", "placement": "十月", "kind": "scan", "shares": SHARES},
        {"at": "2026-11-19T06:30:00Z", "channel": "短信", "placement": None, "kind": "click", "shares": SHARES},
    ],
}  # fmt: skip
MERGE: Json = {
    "id": "m1", "state": "parked", "reason": "shared", "at": AT, "winner": {"id": "n1", "number": 1},
    "loser": {"id": "n2", "number": 2, "identities": [{"kind": "email", "masked": "a***@example.com"}]},
}  # fmt: skip
CONTACT: Json = {
    "id": "n1", "number": 17, "identities": [{"kind": "phone", "masked": "138****0001"}], "tags": ["老客"],
    "joined_at": AT, "touchpoints": [{"at": AT, "kind": "scan", "channel": "包裹卡", "placement": "十月"}],
    "relations": [{"at": AT, "state": "ended", "by": "person", "account": "zhang", "channel": "包裹卡"}],
    "orders": [ORDER], "consent": [{"purpose": "marketing", "medium": "sms", "granted": True, "at": AT}],
    "merges": [{**MERGE, "state": "merged"}],
}  # fmt: skip
CAMPAIGN: Json = {
    "id": "g1", "name": "双十一", "state": "draft", "channel_id": "c2", "message": "你好",
    "audience": {"type": "everybody"},
    "cap": 2, "cap_days": 7, "counts": {"delivered": 80, "skipped": 3}, "reasons": {"opted_out": 3}, "created_at": AT,
}  # fmt: skip
OTHER: Json = {
    **CONTACT, "id": "n2", "number": 18, "identities": [{"kind": "email", "masked": "a***@example.com"}], "merges": [],
}  # fmt: skip
DELIVERY: Json = {
    "id": "d1", "number": 1, "contact_number": 17, "contact_id": "n1", "key": "1-1", "provider_id": None,
    "state": "unknown", "reason": "timeout",
}  # fmt: skip
SEGMENTS: list[Json] = [
    {"id": "s1", "name": "老客", "filter": {"type": "tag", "tag": "老客"}, "created_at": AT},
    {
        "id": "s2", "name": "Deep", "created_at": AT,
        "filter": {"type": "all", "of": [{"type": "any", "of": [{"type": "everybody"}]}]},
    },
]  # fmt: skip
PERSON: Json = {
    "id": "u2", "name": "阿青", "email": "qing@example.com", "state": "active", "role": None,
    "memberships": [{"tenant_id": "t1", "tenant_name": "花间", "role": "brand_operator"}], "last_login_at": AT,
}  # fmt: skip
KEY: Json = {
    "id": "k1", "name": "网站", "starts_with": "siyu_ab_", "tenant_id": "t1", "scopes": ["ingest:write"],
    "made_by": "林", "state": "active", "created_at": AT, "expires_at": None, "last_used_at": None,
}  # fmt: skip
AUDIT: Json = {
    "id": "a1", "actor": "user:u1", "actor_name": "林", "action": "channel.created", "subject": "channel:c2",
    "detail": {"name": "SMS"}, "at": AT, "request_id": "r",
}  # fmt: skip


def _page(*items: Json) -> Json:
    return {"items": list(items), "next": None}


USAGE: Json = {
    "limits": [{"name": "Aliyun: recipients", "value": 100, "unit": "messages", "per": "call of SendBatchSms",
                "since": "2026-11-21", "source": "help.aliyun.com SendBatchSms",
                "text": {"zh": "阿里云：每次最多 100 条", "en": "Aliyun: at most 100 messages a call"}}],
    "until": AT,
    "messages": {"used": 970, "planned": 90, "daily": 1000, "used_up_at": AT},
    "requests": {"used": 42, "planned": 240, "daily": None, "used_up_at": None},
    "hosts": [{"host": "api.weixin.qq.com", "verb": "pull", "used": 42, "planned": 240}],
}  # fmt: skip


FULL: list[tuple[str, Any]] = [
    (r"plugins", PLUGINS),
    (r"channels", _page(CHANNEL, CARDS, DIRECT)),
    (r"channels/[^/]+/usage", USAGE),
    (r"channels/[^/]+", CHANNEL),
    (r"placements", _page(PLACEMENT)),
    (r"placements/[^/]+", PLACEMENT),
    (r"placements/[^/]+/links", _page(LINK)),
    (r"placements/[^/]+/figures", FIGURES),
    (r"placements/[^/]+/artifacts", _page(ARTIFACT)),
    (r"jobs/summary", {"states": {"done": 12, "dead": 1}}),
    (r"jobs", _page(JOB, RUNNING)),
    (r"jobs/(dead|j1)", JOB),
    (r"jobs/(busy|j2)", RUNNING),
    (r"jobs/(waiting|j3)", {**JOB, "id": "j3", "state": "ready", "next_try_at": AT}),
    (r"jobs/[^/]+", {**JOB, "state": "done", "result": {"rows": 9000}}),
    (r"imports", _page(IMPORT)),
    (r"imports/draft", {**IMPORT, "id": "draft", "state": "draft", "job": None}),
    (r"imports/busy", {**IMPORT, "id": "busy", "state": "running"}),
    (r"imports/[^/]+/preview", PREVIEW),
    (r"imports/[^/]+", IMPORT),
    (r"orders", _page(ORDER)),
    (r"orders/[^/]+/receipt", RECEIPT),
    (r"contacts", _page(CONTACT, OTHER)),
    (r"contacts/n2", OTHER),
    (r"contacts/n9", {**CONTACT, "erased_at": "2026-10-02T03:00:00Z"}),
    (r"contacts/[^/]+", CONTACT),
    (r"merges", _page(MERGE)),
    (r"campaigns", _page(CAMPAIGN)),
    (
        r"campaigns/sent",
        {**CAMPAIGN, "id": "sent", "state": "running", "stopped_by": "cap", "counts": {"planned": 40, "unknown": 1}},
    ),
    (r"campaigns/[^/]+", CAMPAIGN),
    (r"campaigns/[^/]+/deliveries", _page(DELIVERY)),
    (r"segments", _page(*SEGMENTS)),
    (r"people", _page(PERSON, {**PERSON, "id": "u1", "role": "agency_owner"})),
    (r"keys", _page(KEY)),
    (r"audit", _page(AUDIT)),
]
NOTHING = ("placements", "imports", "orders", "contacts", "merges", "campaigns", "segments", "people", "keys", "audit")
EMPTY: list[tuple[str, Any]] = [
    (r"plugins", {"items": [], "problems": []}),
    (r"channels", _page(DIRECT)),
    (r"jobs/summary", {"states": {}}),
    *[(name, _page()) for name in (*NOTHING, "jobs")],
]
MADE: list[tuple[str, Json]] = [
    (r"/v1/people$", {**PERSON, "link": "http://x/invite/abc"}),
    (r"/v1/keys$", {**KEY, "secret": "siyu_ab_cdef"}),
    (r"/channels$", {**CHANNEL, "hook_url": "http://x/hooks/abc"}),
    (r"/placements$", PLACEMENT),
    (r"/campaigns/[^/]+/test$", {"state": "accepted"}),
    (
        r"/campaigns/[^/]+/preview$",
        {
            "audience": 100,
            "sampled": 100,
            "would_send": 90,
            "message": {"text": "hi", "parts": 2},
            "left_out": {"opted_out": 10},
            "quota": {"daily": 1000, "used": 970, "expected": 90, "can_go": 30, "days": 2},
        },
    ),
    (r"/campaigns$", CAMPAIGN),
    (r"/segments/preview$", {"count": 100}),
    (r"/deliveries/settle$", {"settled": 1}),
    (r"/segments(/[^/]+)?$", SEGMENTS[0]),
    (r"/publish$", {"job_id": "j1"}),
]
