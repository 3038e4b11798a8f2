"""Settings of an `other` channel: what kind of source it is, and how its own system calls us, if it does."""

from typing import Annotated, Literal, Self

from pydantic import SecretStr, StringConstraints, model_validator

from core.sdk import ChannelSettings, Label, PlacementDetail, Section
from core.sdk.mapped import read_mapping
from core.sdk.signing.generic import STYLE_WORDS, Style

HOOK = Section("回调（签名的 JSON）", "Webhook (signed JSON)")


class OtherSettings(ChannelSettings):
    """A medium to group by and where the traffic is bought; for a system that sends JSON, its secret and a mapping."""

    medium: Annotated[
        Literal["cpc", "cpm", "affiliate", "organic", "social", "email", "offline", "other"],
        Label(
            "媒介",
            "Medium",
            "报表按它归类。",
            "Reports group by it.",
            options=(
                ("cpc", "按点击付费", "Paid by click"),
                ("cpm", "按展示付费", "Paid by view"),
                ("affiliate", "联盟推广", "Affiliate"),
                ("organic", "自然流量", "Organic"),
                ("social", "社交媒体", "Social"),
                ("email", "邮件", "E-mail"),
                ("offline", "线下", "Offline"),
                ("other", "其他", "Other"),
            ),
        ),
    ] = "other"
    vendor: Annotated[
        str, Label("平台或合作方", "Platform or partner", "例如：百度推广。", "For example: Baidu search ads.")
    ] = ""
    hook_secret: Annotated[
        SecretStr,
        Label(
            "签名密钥",
            "Secret",
            "对方用它签名；不填不接收。standard_webhooks 的密钥以 whsec_ 开头。",
            "The other side signs with it; without it none is taken. For standard_webhooks it begins with whsec_.",
            section=HOOK,
        ),
    ] = SecretStr("")
    hook_style: Annotated[
        Style,
        Label(
            "签名方式",
            "Signature",
            "header_token：请求头里直接放密钥。",
            "header_token: the header holds the secret itself.",
            section=HOOK,
            options=STYLE_WORDS,
        ),
    ] = "standard_webhooks"
    hook_header: Annotated[
        str,
        StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9-]+$"),
        Label(
            "签名请求头", "Signature header", "standard_webhooks 不用填。", "Not for standard_webhooks.", section=HOOK
        ),
    ] = "X-Signature"
    hook_mapping: Annotated[
        str,
        StringConstraints(max_length=8000),
        Label(
            "字段对应",
            "Field mapping",
            "一行一条：我们的字段 = /对方的/路径。渠道页的“字段对应”可以对着样例边看边写。",
            "One rule a line, ours = /their/path. “Field mapping” on this page shows what it makes of a sample.",
            is_long=True,
            section=HOOK,
        ),
    ] = ""

    @model_validator(mode="after")
    def _mapping_is_readable(self) -> Self:
        try:
            read_mapping(self.hook_mapping)
        except ValueError as error:
            raise ValueError(f"hook_mapping: {error}") from None
        return self


class BoughtPlacement(PlacementDetail):
    """A campaign as the vendor names it, so that its bills and events can be found."""

    vendor_campaign: Annotated[
        str,
        Label(
            "平台上的计划名或 ID",
            "Campaign at the vendor",
            "回调里 detail.vendor_campaign 等于它的事件归到这个投放。",
            "Events of the webhook whose detail.vendor_campaign equals it belong to this placement.",
        ),
    ] = ""
