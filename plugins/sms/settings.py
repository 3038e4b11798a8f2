"""Settings of an `sms` channel: the signature, the template with its opt-out text, and who carries it."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from core.sdk import ChannelSettings, Label, ProviderSettings
from plugins.sms.wording import DEFAULT_WORDS, find_template_problems


class SandboxProvider(ProviderSettings):
    """Sends nothing; behaves like a vendor by the last two digits of the number (see README.md)."""

    kind: Literal["sandbox"] = "sandbox"


class AliyunProvider(ProviderSettings):
    """An account of Aliyun SMS with one approved template."""

    kind: Literal["aliyun"] = "aliyun"
    access_key_id: Annotated[
        str,
        StringConstraints(min_length=8, max_length=128, pattern=r"^\S+$"),
        Label("AccessKey ID", "AccessKey ID", "用只有短信权限的 RAM 用户。", "Of a RAM user that may do SMS only."),
    ]
    access_key_secret: Annotated[SecretStr, Field(min_length=8), Label("AccessKey Secret", "AccessKey secret")]
    template_code: Annotated[
        str,
        StringConstraints(pattern=r"^SMS_\d+$"),
        Label(
            "模板 CODE",
            "Template code",
            "已审核通过的模板，例如 SMS_123456789。",
            "Approved, for example SMS_123456789.",
        ),
    ]
    endpoint: Annotated[
        Literal["dysmsapi.aliyuncs.com", "dysmsapi.ap-southeast-1.aliyuncs.com"], Label("接入地址", "Endpoint")
    ] = "dysmsapi.aliyuncs.com"


class SmsSettings(ChannelSettings):
    """A brand's text messages."""

    signature: Annotated[
        str,
        StringConstraints(min_length=2, max_length=12, pattern=r"^[^【】\[\]\s]+$"),
        Label("签名", "Signature", "不用写【】，发送时自动加在最前面。", "Without 【】; it is put first by itself."),
    ]
    template: Annotated[
        str,
        StringConstraints(max_length=480),
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
    opt_out_text: Annotated[str, StringConstraints(min_length=2, max_length=20), Label("退订语", "Opt-out text")] = (
        "拒收请回复R"
    )
    opt_out_words: Annotated[
        tuple[str, ...],
        Label("退订词", "Opt-out words", "整条回复等于其中一个就算退订。", "A reply that is one of these opts out."),
    ] = DEFAULT_WORDS
    provider: Annotated[
        SandboxProvider | AliyunProvider,
        Field(discriminator="kind"),
        Label("通道", "Provider", "沙箱不会真的发送。", "The sandbox sends nothing."),
    ] = SandboxProvider()

    @model_validator(mode="after")
    def _template_is_lawful(self) -> Self:
        if isinstance(self.provider, AliyunProvider) and not self.template:
            raise ValueError("template: Aliyun sends approved templates only; copy the approved text here")
        if self.template:
            problems = find_template_problems(
                self.template, link_prefix=self.link_prefix, opt_out_text=self.opt_out_text, is_marketing=True
            )
            if problems:
                raise ValueError("template: " + " ".join(problem.en for problem in problems))
        return self
