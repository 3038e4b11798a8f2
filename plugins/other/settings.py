"""Settings of an `other` channel: what kind of source it is, for the reader."""

from typing import Annotated, Literal

from core.sdk import ChannelSettings, Label, PlacementDetail


class OtherSettings(ChannelSettings):
    """Nothing to connect; a medium to group by and where the traffic is bought."""

    medium: Annotated[
        Literal["cpc", "cpm", "affiliate", "organic", "social", "email", "offline", "other"],
        Label("媒介", "Medium", "报表按它归类。", "Reports group by it."),
    ] = "other"
    vendor: Annotated[
        str, Label("平台或合作方", "Platform or partner", "例如：百度推广。", "For example: Baidu search ads.")
    ] = ""


class BoughtPlacement(PlacementDetail):
    """A campaign as the vendor names it, so that its bills can be found."""

    vendor_campaign: Annotated[str, Label("平台上的计划名", "Campaign at the vendor")] = ""
