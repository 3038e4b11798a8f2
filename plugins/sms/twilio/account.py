"""What the operator fills in for Twilio."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, SecretStr, StringConstraints, model_validator

from core.sdk import Label, ProviderSettings


class TwilioAccount(ProviderSettings):
    """A Twilio account and the number or service that messages come from."""

    model_config = ConfigDict(json_schema_extra={"x-title-zh": "Twilio（境外）", "x-title-en": "Twilio"})

    kind: Literal["twilio"] = "twilio"
    account_sid: Annotated[
        str,
        StringConstraints(pattern=r"^AC[0-9a-fA-F]{32}$"),
        Label(
            "Account SID",
            "Account SID",
            "AC 开头，在 Twilio 控制台首页。",
            "Begins with AC; on the console's first page.",
        ),
    ]
    auth_token: Annotated[
        SecretStr,
        Field(min_length=16),
        Label(
            "Auth Token",
            "Auth token",
            "主 Auth Token：发送和验证回调签名都用它。",
            "The primary token: it sends, and it proves that callbacks are Twilio's.",
        ),
    ]
    sender: Annotated[
        str,
        StringConstraints(pattern=r"^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|[A-Za-z0-9 ]{1,11})$"),
        Label(
            "发送方",
            "Sender",
            "一个 Twilio 号码（+1…）、Messaging Service（MG…）或字母发送名（最多 11 个字符）。",
            "A Twilio number (+1…), a messaging service (MG…) or a sender name of at most 11 characters.",
        ),
    ]
    callback_url: Annotated[
        SecretStr,
        Label(
            "本渠道的 Webhook 地址",
            "This channel's webhook address",
            "保存渠道后显示一次，粘贴到这里：回执发到这个地址，签名也按它验证。不填就只能定时查询，收不到回复。",
            "Shown once when the channel is made; paste it here. Receipts are sent to it and signatures are checked "
            "against it. Without it receipts are only asked for, and replies are not heard.",
        ),
    ] = SecretStr("")

    @model_validator(mode="after")
    def _callback_is_public(self) -> Self:
        address = self.callback_url.get_secret_value()
        if address and not address.startswith(("https://", "http://")):
            raise ValueError("callback_url: paste the whole address, beginning with https://")
        if "#" in address or any(char.isspace() for char in address):
            raise ValueError("callback_url: an address without blanks and without #")
        return self
