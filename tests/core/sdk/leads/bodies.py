"""Bodies of the shapes that vendors send, with values of our own."""

import json
from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)

LIFE_PAGE: dict[str, Any] = {
    "code": 0,
    "message": "OK",
    "request_id": "20261121",
    "data": {
        "page_info": {"page": 1, "page_size": 100, "total_number": 3, "total_page": 2},
        "list": [
            {
                "clue_id": "7400000000000000001",
                "local_account_id": "1790000000000001",
                "create_time_detail": "2026-11-21 10:00:00",
                "name": "李雷",
                "telephone": "13900000001",
                "gender": "男",
                "city_name": "杭州",
                "action_type": "SHORT_VIDEO",
                "flow_type": "NATURE",
                "content_id": "7390000000000000009",
                "author_aweme_id": "siyu_tea",
                "remark_dict": '{"想喝什么茶":"龙井"}',
            },
            {
                "clue_id": "7400000000000000002",
                "create_time_detail": "2026-11-21 10:01:00",
                "telephone": "139****0002",
                "action_type": "LIVE_VIDEO",
                "flow_type": "AD",
                "promotion_id": 7411111111111111111,
            },
        ],
    },
}

FEIYU_PUSH: dict[str, Any] = {
    "id": "6805000000000000001",
    "telphone": "139 0000 0003",
    "weixin": "hanmeimei",
    "name": "韩梅梅",
    "create_time": "1795226400",
    "clue_source": 5,
    "ad_id": 1661111111111111,
    "external_url": "https://shop.example.com/p/1?siyu_code=Ab3dE6gH&x=1",
}

RED_PUSH: dict[str, Any] = {
    "timestamp": 1795226460000,
    "source": "leads",
    "data": {
        "leads_id": "L-9001",
        "submitted_time": "2026-11-21 10:01:00",
        "campaign_id": 81234567,
        "unit_id": 91234567,
        "note_id": "65aabbcc000000000d00ee11",
        "data": [
            {"label": "手机号", "value": "13900000004"},
            {"label": "姓名", "value": "小红"},
            {"label": "预算", "value": ["500以下", "500-1000"]},
        ],
    },
}

META_NOTICE: dict[str, Any] = {
    "object": "page",
    "entry": [
        {
            "id": "11",
            "time": 1795226460,
            "changes": [
                {
                    "field": "leadgen",
                    "value": {
                        "leadgen_id": "91",
                        "page_id": "11",
                        "form_id": "21",
                        "ad_id": "31",
                        "created_time": 1795226459,
                    },
                },
                {"field": "feed", "value": {"item": "post"}},
            ],
        }
    ],
}
META_LEAD: dict[str, Any] = {
    "id": "91",
    "created_time": "2026-11-21T02:00:59+0000",
    "ad_id": "31",
    "form_id": "21",
    "campaign_id": "51",
    "is_organic": False,
    "field_data": [
        {"name": "full_name", "values": ["Mei Li"]},
        {"name": "phone_number", "values": ["+85251234567"]},
        {"name": "email", "values": ["Mei@Example.com"]},
        {"name": "which_tea?", "values": ["green", "black"]},
    ],
}

GOOGLE_PUSH: dict[str, Any] = {
    "lead_id": "Tm9uZQ",
    "api_version": "1.0",
    "form_id": 40000000000,
    "campaign_id": 20000000001,
    "adgroup_id": 30000000001,
    "creative_id": 50000000001,
    "gcl_id": "Cj0KCQ",
    "google_key": "a-key-of-ours",
    "is_test": False,
    "user_column_data": [
        {"column_id": "FULL_NAME", "column_name": "Full Name", "string_value": "Jo Doe"},
        {"column_id": "PHONE_NUMBER", "column_name": "User Phone", "string_value": "+44 20 7946 0958"},
        {"column_id": "QUESTION_1", "column_name": "Favourite tea?", "string_value": "Assam"},
    ],
    "a_field_of_next_year": {"x": 1},
}


def as_body(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
