"""What the operator fills in for Aliyun."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr, StringConstraints

from core.sdk import Label, ProviderSettings


class AliyunAccount(ProviderSettings):
    """An account of Aliyun SMS with one approved template."""

    model_config = ConfigDict(json_schema_extra={"x-title-zh": "阿里云", "x-title-en": "Aliyun"})

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
        Literal["dysmsapi.aliyuncs.com", "dysmsapi.ap-southeast-1.aliyuncs.com"],
        Label(
            "接入地址",
            "Endpoint",
            "国内账号用第一个；国际站账号用新加坡。",
            "The first for accounts of mainland China, Singapore for international ones.",
            options=(
                ("dysmsapi.aliyuncs.com", "国内", "Mainland China"),
                ("dysmsapi.ap-southeast-1.aliyuncs.com", "新加坡（国际站）", "Singapore, for international accounts"),
            ),
        ),
    ] = "dysmsapi.aliyuncs.com"
    extend_code: Annotated[
        str,
        StringConstraints(pattern=r"^\d{0,8}$"),
        Label(
            "上行扩展码",
            "Extend code",
            "可不填。多个品牌共用一个账号时，各填一个不同的数字，回复里会带回来。",
            "Optional. Brands that share an account each take their own number; replies bring it back.",
        ),
    ] = ""
