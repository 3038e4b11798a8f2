"""What the operator fills in for a message centre that speaks SMPP 3.4."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr, StringConstraints

from core.sdk import Label, ProviderSettings


class SmppAccount(ProviderSettings):
    """An account at a message centre (SMSC) of a carrier or an aggregator."""

    model_config = ConfigDict(
        json_schema_extra={"x-title-zh": "SMPP 3.4（运营商）", "x-title-en": "SMPP 3.4 (carriers)"}
    )

    kind: Literal["smpp"] = "smpp"
    host: Annotated[
        str,
        StringConstraints(max_length=253, pattern=r"^[A-Za-z0-9.:-]+$"),
        Label("短信中心地址", "Host of the message centre", "例如 smpp.example.com。", "Such as smpp.example.com."),
    ]
    port: Annotated[int, Field(ge=1, le=65_535), Label("端口", "Port")] = 2775
    has_tls: Annotated[
        bool,
        Label("使用 TLS", "TLS", "关闭时密码和短信都以明文传送。", "Without it, password and texts travel in clear."),
    ] = True
    system_id: Annotated[str, StringConstraints(min_length=1, max_length=15), Label("System ID", "System id")]
    password: Annotated[SecretStr, Field(min_length=1, max_length=8), Label("密码", "Password")]
    system_type: Annotated[str, StringConstraints(max_length=12), Label("System type", "System type")] = ""
    source: Annotated[
        str,
        StringConstraints(pattern=r"^(\+?\d{1,20}|[A-Za-z0-9 ]{1,11})$"),
        Label("发送方", "Sender", "号码、短号或英文名称。", "A number, a short code or a name."),
    ]
    bind: Annotated[
        Literal["separate", "transceiver"],
        Label(
            "连接方式",
            "Bind",
            "separate：发送和接收各用一种连接；transceiver：只允许收发合一的短信中心用它。",
            "separate uses a transmitter and a receiver; transceiver is for centres that allow nothing else.",
            options=(
                ("separate", "收发分开", "Transmitter and receiver"),
                ("transceiver", "收发合一", "Transceiver"),
            ),
        ),
    ] = "separate"
    long_texts: Annotated[
        Literal["parts", "payload"],
        Label(
            "长短信",
            "Long texts",
            "parts：自己分条并加 UDH；payload：整条放进 message_payload。",
            "parts cuts them and adds a UDH; payload sends one message_payload.",
            options=(
                ("parts", "自己分条", "Cut into parts"),
                ("payload", "整条放进 message_payload", "Whole, as message_payload"),
            ),
        ),
    ] = "parts"
    window: Annotated[
        int,
        Field(ge=1, le=100),
        Label("窗口", "Window", "未应答时最多同时发出的条数。", "Messages on their way without an answer, at most."),
    ] = 10
