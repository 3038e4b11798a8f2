"""Settings of an `other` channel: what kind of source it is, and how its own system calls us, if it does."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from core.sdk import ChannelSettings, Label, PlacementDetail
from core.sdk.fields import NOTHING, HookHeader, HookMapping, HookSecret, HookStyle
from core.sdk.mapped import read_mapping


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
    hook_secret: HookSecret = NOTHING
    hook_style: HookStyle = "standard_webhooks"
    hook_header: HookHeader = "X-Signature"
    hook_mapping: HookMapping = ""

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
