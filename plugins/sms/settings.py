"""Settings of an `sms` channel: the signature, the template with its opt-out text, and who carries it."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from core.sdk import ChannelSettings, Label, ProviderSettings
from plugins.sms.aliyun.account import AliyunAccount
from plugins.sms.gateway.account import GatewayAccount
from plugins.sms.smpp.account import SmppAccount
from plugins.sms.tencent.account import TencentAccount
from plugins.sms.twilio.account import TwilioAccount
from plugins.sms.wording import DEFAULT_WORDS, find_template_problems

DOMESTIC_LONGEST, FOREIGN_LONGEST = 500, 1600


class SandboxProvider(ProviderSettings):
    """Sends nothing; behaves like a vendor by the last two digits of the number (see README.md)."""

    model_config = ConfigDict(
        json_schema_extra={"x-title-zh": "沙箱（不发送）", "x-title-en": "Sandbox (sends nothing)"}
    )

    kind: Literal["sandbox"] = "sandbox"


class SmsSettings(ChannelSettings):
    """A brand's text messages."""

    signature: Annotated[
        str,
        StringConstraints(min_length=2, max_length=12, pattern=r"^[^【】\[\]\s]+$"),
        Label("签名", "Signature", "不用写【】，发送时自动加在最前面。", "Without 【】; it is put first by itself."),
    ]
    signature_style: Annotated[
        Literal["brackets", "colon"],
        Label(
            "签名写法",
            "Signature style",
            "brackets 是【签名】，国内必须；colon 是“签名: ”，境外英文短信用它，不会变成更贵的编码。",
            "brackets is 【signature】, required in China; colon is “signature: ”, which keeps English texts abroad in "
            "the cheaper alphabet.",
            options=(
                ("brackets", "【签名】", "【Signature】"),
                ("colon", "签名: ", "Signature: "),
            ),
        ),
    ] = "brackets"
    template: Annotated[
        str,
        StringConstraints(max_length=1500),
        Label(
            "短信模板",
            "Template",
            "变量写成 ${name}；短链写成 ${link}，或短链前缀加 ${code}；营销短信要以退订语结尾。",
            "Variables as ${name}; the short link as ${link}, or its prefix and ${code}; ends with the opt-out text.",
            is_long=True,
        ),
    ] = ""
    link_prefix: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]*)*/)?$"),
        Label(
            "短链前缀",
            "Short link prefix",
            "例如 https://go.example.com/t/。模板里只许出现这个网址，变量里不许有网址。",
            "For example https://go.example.com/t/. No other address may stand in a text, and none in a variable.",
        ),
    ] = ""
    opt_out_text: Annotated[
        str,
        StringConstraints(min_length=2, max_length=40),
        Label(
            "退订语",
            "Opt-out text",
            "国内用“拒收请回复R”；境外例如 Reply STOP to opt out。",
            "拒收请回复R in China; abroad for example “Reply STOP to opt out”.",
        ),
    ] = "拒收请回复R"
    opt_out_words: Annotated[
        tuple[str, ...],
        Label("退订词", "Opt-out words", "整条回复等于其中一个就算退订。", "A reply that is one of these opts out."),
    ] = DEFAULT_WORDS
    daily_quota: Annotated[
        int,
        Field(ge=0, le=100_000_000),
        Label(
            "账号每天可发条数",
            "Messages a day your account may send",
            "服务商后台里的额度；0 表示不知道。活动开始前会按它预估今天能发多少、要几天。",
            "The quota in the vendor's console; 0 when unknown. A campaign's preview tells how many can go today.",
        ),
    ] = 0
    provider: Annotated[
        SandboxProvider | AliyunAccount | TencentAccount | TwilioAccount | GatewayAccount | SmppAccount,
        Field(discriminator="kind"),
        Label("通道", "Provider", "沙箱不会真的发送。", "The sandbox sends nothing."),
    ] = SandboxProvider()

    @property
    def sends_approved_only(self) -> bool:
        """Whether the provider has reviewed the channel's template and sends no other text."""
        return isinstance(self.provider, (AliyunAccount, TencentAccount))

    @property
    def longest_text(self) -> int:
        """How many characters a whole text may have with this provider."""
        return FOREIGN_LONGEST if isinstance(self.provider, (TwilioAccount, SmppAccount)) else DOMESTIC_LONGEST

    @model_validator(mode="after")
    def _template_is_lawful(self) -> Self:
        if self.sends_approved_only and not self.template:
            raise ValueError("template: this provider sends approved templates only; copy the approved text here")
        if self.sends_approved_only and self.signature_style != "brackets":
            raise ValueError("signature_style: this provider writes the signature itself, in 【】")
        if self.template:
            problems = find_template_problems(
                self.template, link_prefix=self.link_prefix, opt_out_text=self.opt_out_text, is_marketing=True
            )
            if problems:
                raise ValueError("template: " + " ".join(problem.en for problem in problems))
        return self
