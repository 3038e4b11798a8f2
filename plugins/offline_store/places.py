"""What a placement of this channel is: a store, a shelf, a table, a clerk or an event, and how tills call it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.sdk import Label, PlacementDetail

Name = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
KEYS = ("code", "number")
"""What names a place in the detail of an event: the clerk's or discount code before the store's number at the till."""


class StorePlace(PlacementDetail):
    """One place where people meet the brand. Costs are the placement's own: rent of a store, print of a poster."""

    place: Annotated[
        Literal["store", "shelf", "table", "staff", "event"],
        Label(
            "是什么",
            "What it is",
            "store 门店，shelf 货架，table 桌台，staff 店员，event 活动。",
            "A store, a shelf in it, its tables, a clerk, or an event.",
            options=(
                ("store", "门店", "Store"),
                ("shelf", "货架", "Shelf"),
                ("table", "桌台", "Table"),
                ("staff", "店员", "Clerk"),
                ("event", "活动", "Event"),
            ),
        ),
    ] = "store"
    number: Annotated[
        Name,
        Label(
            "门店编号",
            "Store number",
            "收银系统里的门店编号，只有门店自己填。订单里出现它，就算这家店的。",
            "The store's number at the till; only a store has one. Orders that name it belong to this store.",
        ),
    ] = ""
    belongs_to: Annotated[
        Name,
        Label(
            "所属门店编号",
            "Belongs to store",
            "货架、桌台、店员、活动填所属门店的编号，花费和成交就能汇总到店。",
            "For a shelf, table, clerk or event: the number of its store, so that figures add up by store.",
        ),
    ] = ""
    code: Annotated[
        Name,
        Label(
            "员工号或优惠码",
            "Staff or discount code",
            "收银小票或网店订单里会出现的代码，例如店员 A017 或优惠码 ANNA10。",
            "What stands in the till's or shop's orders, for example clerk A017 or discount code ANNA10.",
        ),
    ] = ""
    headline: Annotated[
        Name, Label("印刷标题", "Printed headline", "不填用渠道设置里的标题。", "The channel's when left empty.")
    ] = ""
    gift_zh: Annotated[
        Name, Label("到店礼（中文）", "Gift (Chinese)", "签到后送什么，每人一份。", "Given at check-in, one a person.")
    ] = ""
    gift_en: Annotated[Name, Label("到店礼（英文）", "Gift (English)")] = ""
    gift_stock: Annotated[
        int,
        Field(ge=0, le=1_000_000),
        Label("礼品数量", "Gifts in stock", "送完即止；0 表示不送。", "Handed out while there are; 0 for none."),
    ] = 0
