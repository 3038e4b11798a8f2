"""Settings that each built-in plugin accepts, with a secret where it has one, and a request it understands."""

import json

from pydantic import JsonValue

from core.sdk import Code, IdentityClaim, Message, Placement

FORMS: dict[str, dict[str, JsonValue]] = {
    "offline_store": {
        "shopify_domain": "tea.myshopify.com",
        "shopify_secret": "canary-111111111111",
        "woo_secret": "canary-222222222222",
        "youzan_client_id": "cid",
        "youzan_client_secret": "canary-333333333333",
        "douyin_client_secret": "canary-444444444444",
        "pos_secret": "canary-555555555555",
    },
    "other": {"hook_secret": "canary-000000000003", "hook_mapping": "phone = /phone"},
    "package_card": {},
    "short_video": {"red_token": "canary-000000000001", "hook_mapping": "phone = /phone", "hook_secret": "canary-02"},
    "web": {"own_hosts": ["shop.example.com"]},
    "livestream": {
        "douyin_live_secret": "canary-000000000001",
        "hook_secret": "canary-000000000002",
        "hook_style": "hmac_sha256",
        "claim_words": ["领福利"],
    },
    "sms": {
        "signature": "思域好物",
        "template": "点 ${link} 查看 拒收请回复R",
        "link_prefix": "https://go.example.com/t/",
        "provider": {
            "kind": "aliyun",
            "access_key_id": "LTAI00000000",
            "access_key_secret": "canary-000000000000",
            "template_code": "SMS_1",
        },
    },
}
SANDBOXED: dict[str, dict[str, JsonValue]] = {key: form for key, form in FORMS.items() if key != "sms"} | {
    "sms": FORMS["sms"] | {"provider": {"kind": "sandbox"}}
}
BODIES: dict[str, bytes] = {
    "offline_store": json.dumps({"order_no": "SH01-0001", "paid_at": "2026-11-21 10:00:00", "amount": "9.90"}).encode(),
    "other": json.dumps({"phone": "13900000001"}).encode(),
    "short_video": json.dumps({"phone": "13900000001"}).encode(),
    "web": json.dumps({"type": "page", "messageId": "m", "anonymousId": "a"}).encode(),
    "livestream": json.dumps({"id": "1", "kind": "comment", "open_id": "s1", "text": "领福利"}).encode(),
    "sms": json.dumps([{"phone_number": "13900000001", "success": True, "biz_id": "1", "err_code": "D"}]).encode(),
}
CARD: dict[str, str] = {"phone": "13900000001", "consent": "on"}
PLACEMENT = Placement(id="p1", name="一", brand="思域")
CODE = Code(serial="B1FPVYDDES6F5ZK9KT", url="https://go.example.com/c/B1FPVYDDES6F5ZK9KT")
MESSAGES = [
    Message(key=f"m{n}", to=IdentityClaim(kind="phone", value=f"+861390000{n:04}"), variables={"code": f"Ab{n:04}"})
    for n in range(40)
]
