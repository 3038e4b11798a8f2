"""What the brand says on its cards and on the page they open; and what a batch of cards is."""

from typing import Annotated

from pydantic import Field

from core.sdk import Label, PlacementDetail
from core.sdk.card_pages import CardFormat, QrPlace
from core.sdk.fields import Line
from plugins.package_card.accounts import RewardAccounts


class CardSettings(RewardAccounts):
    """Texts in both languages, and the accounts that rewards need."""

    headline: Annotated[
        Line, Label("卡片标题", "Headline", "不填就用品牌名。", "The brand's name when left empty.")
    ] = ""
    call_zh: Annotated[Line, Label("卡片上的话（中文）", "Words on the card (Chinese)")] = "扫码领取会员礼"
    call_en: Annotated[Line, Label("卡片上的话（英文）", "Words on the card (English)")] = ""
    gift_zh: Annotated[
        str,
        Label(
            "页面说明（中文）", "Text of the page (Chinese)", "扫码后看到的说明。", "What the page says.", is_long=True
        ),
    ] = "感谢你的购买。留下手机号，领取这张卡的会员礼。"
    gift_en: Annotated[str, Label("页面说明（英文）", "Text of the page (English)", is_long=True)] = (
        "Thank you for your order. Leave your phone number to claim this card's gift."
    )
    done_zh: Annotated[str, Label("领取成功后（中文）", "After success (Chinese)", is_long=True)] = (
        "领取成功，礼遇已记到你的手机号。"
    )
    done_en: Annotated[str, Label("领取成功后（英文）", "After success (English)", is_long=True)] = (
        "Done. The gift is now kept under your phone number."
    )
    asks_consent: Annotated[
        bool,
        Label(
            "询问是否愿意收短信",
            "Ask for consent to text messages",
            "打开后页面有一个可不勾的选项；只有勾了的人才会收到营销短信。",
            "Shows a box that may stay empty; only those who tick it get marketing messages.",
        ),
    ] = True
    most_a_person: Annotated[
        int,
        Field(ge=0, le=10_000),
        Label(
            "每人最多兑换几张",
            "Most cards one person may redeem",
            "0 为不限。超过的会婉拒并记下，可以在“可疑”页补上。",
            '0 is no limit. What exceeds is refused politely, kept, and can be put back on the tab "Doubtful".',
        ),
    ] = 0
    most_an_address: Annotated[
        int,
        Field(ge=0, le=100_000),
        Label(
            "同一网络地址每天最多兑换几张",
            "Most cards one network address may redeem a day",
            "0 为不限。手机网络常有许多人共用一个地址，请放宽些。",
            "0 is no limit. Mobile networks often share one address among many people: be generous.",
        ),
    ] = 0


class CardBatch(PlacementDetail):
    """A batch of cards as the warehouse knows it."""

    batch: Annotated[Line, Label("批次", "Batch", "印在卡片角上。", "Printed in the card's corner.")] = ""
    sku: Annotated[Line, Label("商品编码 SKU", "SKU", "放这张卡的商品。", "The product the card goes with.")] = ""
    format: Annotated[
        CardFormat,
        Label(
            "印刷格式",
            "Print format",
            options=(
                ("a4", "A4，每页十张 85×54 毫米", "A4, ten cards of 85 x 54 mm a page"),
                ("single", "单张 90×54 毫米，有出血和裁切标记", "Single, 90 x 54 mm, with bleed and crop marks"),
                ("a6", "A6，105×148 毫米", "A6, 105 x 148 mm"),
                ("folded", "对折卡，展开 180×54 毫米", "Folded, 180 x 54 mm when open"),
                ("label", "不干胶标签 60×40 毫米", "Label for a roll, 60 x 40 mm"),
            ),
        ),
    ] = "a4"
    qr_place: Annotated[
        QrPlace,
        Label(
            "二维码的位置",
            "Place of the QR code",
            "折卡和标签的位置固定。",
            "Fixed on folded cards and labels.",
            options=(
                ("left", "左", "Left"),
                ("right", "右", "Right"),
                ("middle", "中间", "Middle"),
                ("bottom_left", "左下", "Bottom left"),
                ("bottom_right", "右下", "Bottom right"),
            ),
        ),
    ] = "left"
    only_after_shipping: Annotated[
        bool,
        Label(
            "寄出后才能领取",
            "Cards work only after shipping",
            "打开后，卡片在“卡片”页激活（整批、按卡号或用发货表）之后才能领取。",
            'On: a card works once it was activated on the tab "Cards", by batch, number or packing list.',
        ),
    ] = False
