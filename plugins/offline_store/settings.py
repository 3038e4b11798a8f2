"""Settings of a stores' channel: the words on its posters, and a section for each system that tells of orders.

Every section may stay empty; a webhook is only believed where its section holds the secret it is signed with.
"""

from typing import Annotated, Literal

from pydantic import SecretStr, StringConstraints

from core.sdk import ChannelSettings, Label, Section
from core.sdk.fields import NOTHING, DailyCalls, Line
from core.sdk.signing.generic import EITHER_WORDS, EitherStyle

Host = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$", max_length=200)]
SHOPIFY, WOO = Section("Shopify", "Shopify"), Section("WooCommerce", "WooCommerce")
YOUZAN, DOUYIN = Section("有赞", "Youzan"), Section("抖音生活服务", "Douyin local life")
POS = Section("收银系统和导出文件", "Tills and their exports")


class StoreSettings(ChannelSettings):
    """What a brand with stores fills in; only the words have to be there, and they have defaults."""

    headline: Annotated[
        Line, Label("海报标题", "Headline", "不填就用品牌名。", "The brand's name when left empty.")
    ] = ""
    call_zh: Annotated[Line, Label("海报上的话（中文）", "Words on the poster (Chinese)")] = "扫码入会，领到店礼"
    call_en: Annotated[Line, Label("海报上的话（英文）", "Words on the poster (English)")] = ""
    welcome_zh: Annotated[
        str,
        StringConstraints(max_length=500),
        Label("扫码页说明（中文）", "Text of the page (Chinese)", "没有填跳转地址的码会打开这一页。",
              "Codes without a target open this page.", is_long=True),
    ] = "留下手机号，成为会员。有小票的话，把小票号也填上，这一单就记到你名下。"  # fmt: skip
    welcome_en: Annotated[
        str, StringConstraints(max_length=500), Label("扫码页说明（英文）", "Text of the page (English)", is_long=True)
    ] = "Leave your phone number to join. With the number on your receipt, that purchase is kept under your name, too."
    asks_receipt: Annotated[
        bool,
        Label("询问小票号", "Ask for the receipt's number", "填了小票号，那一单就归到这个人，先后不限。",
              "With it the order becomes this person's, whether it comes before or after."),
    ] = True  # fmt: skip
    asks_consent: Annotated[
        bool,
        Label("询问是否愿意收短信", "Ask for consent to text messages", "只有勾选的人才会收到营销短信。",
              "Only those who tick the box get marketing messages."),
    ] = True  # fmt: skip

    shopify_domain: Annotated[
        Host,
        Label("店铺域名", "Shop domain", "例如 tea.myshopify.com。", "For example tea.myshopify.com.", section=SHOPIFY),
    ] = ""
    shopify_secret: Annotated[
        SecretStr,
        Label("签名密钥", "Signing secret", "应用的 client secret，Webhook 用它签名。",
              "The app's client secret, with which webhooks are signed.", section=SHOPIFY),
    ] = NOTHING  # fmt: skip
    shopify_old_secret: Annotated[
        SecretStr,
        Label("旧的签名密钥", "Old signing secret", "更换密钥期间两把都认，换完清空。",
              "Both are believed while the secret is changed; clear it afterwards.", section=SHOPIFY),
    ] = NOTHING  # fmt: skip
    shopify_token: Annotated[
        SecretStr,
        Label("Admin API 令牌", "Admin API token", "填了就每天补拉订单，Webhook 漏掉的也不会丢。",
              "With it orders are also pulled, so that a lost webhook loses nothing.", section=SHOPIFY),
    ] = NOTHING  # fmt: skip

    woo_site: Annotated[
        Host, Label("网站域名", "Site", "例如 shop.example.com。", "For example shop.example.com.", section=WOO)
    ] = ""
    woo_secret: Annotated[
        SecretStr,
        Label("Webhook 密钥", "Webhook secret", "WooCommerce → 设置 → 高级 → Webhooks。",
              "WooCommerce, Settings, Advanced, Webhooks.", section=WOO),
    ] = NOTHING  # fmt: skip
    woo_old_secret: Annotated[
        SecretStr,
        Label("旧的 Webhook 密钥", "Old webhook secret", "更换期间两把都认。", "Both are believed meanwhile.",
              section=WOO),
    ] = NOTHING  # fmt: skip
    woo_key: Annotated[SecretStr, Label("Consumer key", "Consumer key", section=WOO)] = NOTHING
    woo_key_secret: Annotated[SecretStr, Label("Consumer secret", "Consumer secret", section=WOO)] = NOTHING

    youzan_client_id: Annotated[str, Label("client_id", "client_id", section=YOUZAN)] = ""
    youzan_client_secret: Annotated[SecretStr, Label("client_secret", "client_secret", section=YOUZAN)] = NOTHING

    douyin_client_key: Annotated[str, Label("client_key", "client_key", section=DOUYIN)] = ""
    douyin_client_secret: Annotated[SecretStr, Label("client_secret", "client_secret", section=DOUYIN)] = NOTHING

    pos_secret: Annotated[
        SecretStr,
        Label("签名密钥", "Signing secret", "收银系统推送订单时用它签名；没有签名的推送不接受。",
              "The till signs what it pushes with it; an unsigned push is refused.", section=POS),
    ] = NOTHING  # fmt: skip
    pos_signature: Annotated[
        EitherStyle,
        Label(
            "签名方式",
            "Signature",
            "hmac_sha256：请求体的 HMAC，十六进制或 base64，放在下面的请求头里。",
            "hmac_sha256: HMAC of the body, hex or base64, in the header named below.",
            section=POS,
            options=EITHER_WORDS,
        ),
    ] = "standard_webhooks"
    pos_header: Annotated[str, Label("签名请求头", "Signature header", section=POS)] = "X-Signature"
    pos_items: Annotated[
        str,
        Label("订单所在路径", "Path of the orders", "例如 data.orders；不填表示整个请求体。",
              "For example data.orders; empty for the whole body.", section=POS),
    ] = ""  # fmt: skip
    pos_amount: Annotated[
        Literal["line", "order"],
        Label(
            "金额是",
            "An amount is",
            "line：每行是一件商品的金额，同一单相加；order：每行都是整单金额。",
            "line: each row is one product's, rows of an order are added; order: each row repeats the order's.",
            section=POS,
            options=(
                ("line", "一件商品的，同一单相加", "Of one product; an order's are added"),
                ("order", "整单的，每行重复", "Of the whole order, on each row"),
            ),
        ),
    ] = "line"
    pos_fields: Annotated[
        tuple[str, ...],
        Label("字段对应", "Fields", "写成 order_no=bill.no；没写的按标准名找。文件导入也用它。",
              "As order_no=bill.no; unnamed ones are called as ours. Files are read by it, too.", section=POS),
    ] = ()  # fmt: skip
    daily_calls: DailyCalls = 0
