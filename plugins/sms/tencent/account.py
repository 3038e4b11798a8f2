"""What the operator fills in for Tencent Cloud."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr, StringConstraints

from core.sdk import Label, ProviderSettings


class TencentAccount(ProviderSettings):
    """An account of Tencent Cloud SMS with one application and one approved template."""

    model_config = ConfigDict(json_schema_extra={"x-title-zh": "腾讯云", "x-title-en": "Tencent Cloud"})

    kind: Literal["tencent"] = "tencent"
    secret_id: Annotated[
        str,
        StringConstraints(min_length=8, max_length=128, pattern=r"^\S+$"),
        Label("SecretId", "SecretId", "用只有短信权限的子账号。", "Of a sub-account that may do SMS only."),
    ]
    secret_key: Annotated[SecretStr, Field(min_length=8), Label("SecretKey", "SecretKey")]
    sdk_app_id: Annotated[
        str,
        StringConstraints(pattern=r"^\d{5,20}$"),
        Label(
            "SdkAppId", "SdkAppId", "短信应用的编号，14 开头。", "The number of the SMS application, beginning with 14."
        ),
    ]
    template_id: Annotated[
        str,
        StringConstraints(pattern=r"^\d{1,20}$"),
        Label(
            "模板 ID",
            "Template id",
            "已审核通过的正文模板。变量按出现顺序对应 {1}、{2}。",
            "An approved template. Variables stand for {1}, {2} in the order in which they appear.",
        ),
    ]
    region: Annotated[
        Literal["ap-guangzhou", "ap-beijing", "ap-nanjing", "ap-singapore"],
        Label(
            "地域",
            "Region",
            "国内短信选广州。",
            "Guangzhou for mainland China.",
            options=(
                ("ap-guangzhou", "广州", "Guangzhou"),
                ("ap-beijing", "北京", "Beijing"),
                ("ap-nanjing", "南京", "Nanjing"),
                ("ap-singapore", "新加坡", "Singapore"),
            ),
        ),
    ] = "ap-guangzhou"
    is_international: Annotated[
        bool,
        Label(
            "国际/港澳台模板",
            "International template",
            "打开后只发境外号码；关闭时只发大陆号码。",
            "On: numbers outside the mainland only. Off: mainland numbers only.",
        ),
    ] = False
    extend_code: Annotated[
        str,
        StringConstraints(pattern=r"^\d{0,8}$"),
        Label(
            "短信码号扩展号",
            "Extend code",
            "可不填，需先向腾讯云申请开通；回复里会带回来。",
            "Optional, must be opened by Tencent first; replies bring it back.",
        ),
    ] = ""
