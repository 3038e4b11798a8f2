"""Fields that settings of many channels have in common, with their words, so that a form says the same thing alike."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from core.sdk.settings import Label, Section
from core.sdk.signing.generic import STYLE_WORDS, Style

NOTHING = SecretStr("")
"""A secret that is not filled in."""

VendorId = Annotated[str, StringConstraints(max_length=200, pattern=r"^\S*$")]
"""An id as the vendor's console shows it."""

Line = Annotated[str, StringConstraints(max_length=60)]
"""What fits into one line of a page or a print."""

HOOK = Section("其他系统的回调（签名的 JSON）", "Webhooks of any other system (signed JSON)")

HookSecret = Annotated[
    SecretStr,
    Label(
        "签名密钥",
        "Secret",
        "对方用它签名；不填不接收。standard_webhooks 的密钥以 whsec_ 开头。",
        "The other side signs with it; without it none is taken. For standard_webhooks it begins with whsec_.",
        section=HOOK,
    ),
]
HookStyle = Annotated[
    Style,
    Label(
        "签名方式",
        "Signature",
        "header_token：请求头里直接放密钥。",
        "header_token: the header holds the secret itself.",
        section=HOOK,
        options=STYLE_WORDS,
    ),
]
HookHeader = Annotated[
    str,
    StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9-]+$"),
    Label("签名请求头", "Signature header", "standard_webhooks 不用填。", "Not for standard_webhooks.", section=HOOK),
]
Mapping = Annotated[str, StringConstraints(max_length=8000)]
MAPPING_ZH = "一行一条：我们的字段 = /对方的/路径，可在“字段对应”页边看边写。"
MAPPING_EN = "One rule a line, ours = /their/path. The page “Field mapping” shows what it makes of a sample."
HookMapping = Annotated[Mapping, Label("字段对应", "Field mapping", MAPPING_ZH, MAPPING_EN, is_long=True, section=HOOK)]

DailyCalls = Annotated[
    int,
    Field(ge=0, le=100_000_000),
    Label(
        "账号每天可调用次数",
        "Requests a day your account may make",
        "平台后台里的接口额度；0 表示不知道。渠道页按它预计今天何时用完。",
        "The API quota in the platform's console; 0 when unknown. The channel's page foresees when it is used up.",
    ),
]
"""For a field `daily_calls`; 0, its default, when nobody knows."""
