"""The accounts that a card's rewards need; all of them may stay empty."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from core.sdk import ChannelSettings, Label, Section
from core.sdk.fields import NOTHING, VendorId

PAY = Section("微信红包（商家转账）", "Red packets (WeChat Pay transfers)")
WECOM = Section("企业微信活码", "WeCom live codes")
Short = Annotated[str, StringConstraints(max_length=32)]
Address = Annotated[str, StringConstraints(max_length=256, pattern=r"^(https?://[^\s?#]+)?$")]
Words = Annotated[str, StringConstraints(max_length=200)]


class RewardAccounts(ChannelSettings):
    """WeChat Pay for red packets, WeCom for live codes. What a card earns is set beside the channel, under rewards."""

    pay_merchant: Annotated[VendorId, Label("商户号", "Merchant number", section=PAY)] = ""
    pay_serial: Annotated[
        VendorId,
        Label("商户 API 证书序列号", "Serial number of the merchant's certificate", section=PAY),
    ] = ""
    pay_private_key: Annotated[
        SecretStr,
        Label(
            "商户 API 私钥",
            "The merchant's private key",
            "apiclient_key.pem 的全部内容。",
            "The whole content of apiclient_key.pem.",
            section=PAY,
            is_long=True,
        ),
    ] = NOTHING
    pay_api_key: Annotated[
        SecretStr,
        Label("APIv3 密钥", "APIv3 key", "32 个字符，用来打开通知。", "32 characters; opens notices.", section=PAY),
    ] = NOTHING
    pay_public_key_id: Annotated[
        VendorId,
        Label(
            "微信支付公钥 ID",
            "Id of WeChat Pay's public key",
            "用平台证书的商户填证书序列号。",
            "With a platform certificate: its serial number.",
            section=PAY,
        ),
    ] = ""
    pay_public_key: Annotated[
        str,
        StringConstraints(max_length=5_000),
        Label(
            "微信支付公钥（或平台证书）",
            "WeChat Pay's public key (or platform certificate)",
            "PEM 文件的全部内容，用来核对微信支付的签名。",
            "The whole PEM file; WeChat Pay's signatures are checked with it.",
            section=PAY,
            is_long=True,
        ),
    ] = ""
    pay_app_id: Annotated[
        VendorId,
        Label(
            "公众号或小程序 AppID",
            "App id of the official account or mini-program",
            "和商户号绑定；收款人的 openid 属于它。",
            "Bound to the merchant; people's open ids belong to it.",
            section=PAY,
        ),
    ] = ""
    pay_app_secret: Annotated[
        SecretStr,
        Label(
            "公众号 AppSecret",
            "App secret of the official account",
            "用于网页授权取 openid。由自己的小程序传 openid 时留空。",
            "For the sign-in that tells the open id. Leave it empty if your own mini-program tells it.",
            section=PAY,
        ),
    ] = NOTHING
    pay_scene: Annotated[VendorId, Label("转账场景 ID", "Transfer scene", section=PAY)] = "1000"
    pay_remark: Annotated[Short, Label("转账备注", "Remark", "用户看得到。", "People see it.", section=PAY)] = (
        "包裹卡红包"
    )
    pay_perceived: Annotated[
        Short,
        Label(
            "收款感知",
            "What people see it as",
            "要和转账场景一致，例如“现金奖励”。",
            "Must fit the transfer scene.",
            section=PAY,
        ),
    ] = "现金奖励"
    pay_activity: Annotated[Short, Label("活动名称（报备）", "Name of the activity, reported", section=PAY)] = "包裹卡"
    pay_explains: Annotated[Short, Label("奖励说明（报备）", "What is rewarded, reported", section=PAY)] = "扫码奖励"
    pay_lowest: Annotated[
        int,
        Field(ge=10, lt=200_000),
        Label(
            "单笔最低（分）",
            "Lowest amount (fen)",
            "一般 30 分起；商户开通后可以是 10 分。",
            "Usually 30 fen, 10 where the merchant has it opened.",
            section=PAY,
        ),
    ] = 30
    pay_notify_url: Annotated[
        Address,
        Label(
            "通知地址",
            "Notice address",
            "保存后把本渠道的回调地址填在这里（https，不带参数）。不填也行：会自己去查。",
            "Once saved, put this channel's hook address here (https, no query). Without it we ask by ourselves.",
            section=PAY,
        ),
    ] = ""

    wecom_join: Annotated[
        Literal["off", "staff", "group"],
        Label(
            "兑换后引导加",
            "After redeeming, lead to",
            "staff 是加导购的企业微信，group 是进客户群，off 是不引导。每张卡一个活码，谁扫的一清二楚。",
            "staff: a member of staff's WeCom; group: a customers' group; off: nowhere. Each card has its own code.",
            section=WECOM,
            options=(
                ("off", "不引导", "Nowhere"),
                ("staff", "导购的企业微信", "A member of staff's WeCom"),
                ("group", "客户群", "A customers' group"),
            ),
        ),
    ] = "off"
    wecom_corp_id: Annotated[VendorId, Label("企业 ID", "Corp id", section=WECOM)] = ""
    wecom_secret: Annotated[
        SecretStr,
        Label(
            "应用 Secret",
            "App secret",
            "自建应用，要在“客户联系 → 可调用接口的应用”里勾上。",
            "Of your own app, listed under 客户联系 → 可调用接口的应用.",
            section=WECOM,
        ),
    ] = NOTHING
    wecom_token: Annotated[SecretStr, Label("回调 Token", "Token of callbacks", section=WECOM)] = NOTHING
    wecom_aes_key: Annotated[SecretStr, Label("EncodingAESKey", "EncodingAESKey", section=WECOM)] = NOTHING
    wecom_staff: Annotated[
        tuple[str, ...],
        Label("接待成员的账号", "Members of staff", "企业微信 UserID，最多 100 个。", "WeCom user ids.", section=WECOM),
    ] = ()
    wecom_chats: Annotated[
        tuple[str, ...],
        Label("客户群 ID", "Groups", "最多 5 个，满了自动建新群。", "At most 5; full ones get another.", section=WECOM),
    ] = ()
    welcome_zh: Annotated[Words, Label("活码上方的话（中文）", "Words above the code (Chinese)", section=WECOM)] = (
        "加导购微信，售后和新品随时问。"
    )
    welcome_en: Annotated[Words, Label("活码上方的话（英文）", "Words above the code (English)", section=WECOM)] = (
        "Add us on WeChat: help and news whenever you want."
    )

    @property
    def joins(self) -> bool:
        """Whether holders of cards are led to WeCom."""
        return self.wecom_join != "off" and bool(self.wecom_corp_id and self.wecom_secret.get_secret_value())

    @property
    def pays(self) -> bool:
        """Whether money can be paid."""
        return bool(self.pay_merchant and self.pay_private_key.get_secret_value() and self.pay_app_id)
