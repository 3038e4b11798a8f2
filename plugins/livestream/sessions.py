"""What is asked about one live session, and how events find it: by room, spoken code, host."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import StringConstraints

from core.sdk import Label, PlacementDetail

KEYS = ("room_id", "spoken", "host_id", "host")
"""The surest first. A host has many sessions, a word may be said in several: the time decides between them."""

SPANS = {
    "room_id": timedelta(days=60),
    "spoken": timedelta(days=3),
    "host_id": timedelta(hours=2),
    "host": timedelta(hours=2),
}
"""How long after its end a session is still meant. A replay's viewers claim days later; orders come within minutes."""

Names = Annotated[str, StringConstraints(max_length=200)]


class SessionDetail(PlacementDetail):
    """One session. Its begin and end are the placement's own."""

    platform: Annotated[
        Literal["douyin", "channels", "kuaishou", "taobao", "xiaohongshu", "other"],
        Label(
            "平台",
            "Platform",
            "channels 是微信视频号。",
            "channels is WeChat Channels.",
            options=(
                ("douyin", "抖音", "Douyin"),
                ("channels", "微信视频号", "WeChat Channels"),
                ("kuaishou", "快手", "Kuaishou"),
                ("taobao", "淘宝", "Taobao"),
                ("xiaohongshu", "小红书", "Xiaohongshu"),
                ("other", "其他", "Other"),
            ),
        ),
    ] = "douyin"
    host: Annotated[Names, Label("主播", "Host", "后台里的主播昵称。", "The name in the vendor's console.")] = ""
    host_id: Annotated[
        Names,
        Label(
            "主播 / 达人 ID",
            "Host's id",
            "抖店订单里的达人 ID、主播抖音号；多个用逗号隔开。",
            "As in the shop's orders (达人ID); several by commas.",
        ),
    ] = ""
    room_id: Annotated[
        Names,
        Label(
            "直播间 ID",
            "Room id",
            "评论和礼物推送靠它认到这一场。",
            "Pushed comments and gifts find the session by it.",
        ),
    ] = ""
    spoken: Annotated[
        Names,
        Label(
            "口播码",
            "Spoken codes",
            "主播口头说的词或数字，观众在领取页或私信里填写；多个用逗号隔开。不同场次可以用同一个，以领取时间区分。",
            "Words or digits that the host says, for viewers to type into the claim page or a message; several by "
            "commas. Sessions may share one: the time of the claim tells them apart.",
        ),
    ] = ""
    products: Annotated[
        str,
        StringConstraints(max_length=2000),
        Label(
            "商品清单", "Products", "一行一个，印在主播卡上。", "One a line; printed on the host's card.", is_long=True
        ),
    ] = ""
