"""What the operator fills in for any other provider: how its interface is called, and how it calls us."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, SecretStr, StringConstraints, model_validator

from core.sdk import Label, ProviderSettings
from core.sdk.signing.generic import EITHER_WORDS, EitherStyle
from plugins.sms.gateway.templates import HEADER, find_account_problem
from plugins.sms.gateway.webhooks import FIELDS

Path = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\s]*$")]


class GatewayAccount(ProviderSettings):
    """A provider with an HTTP interface, described field by field."""

    model_config = ConfigDict(json_schema_extra={"x-title-zh": "通用 HTTP 网关", "x-title-en": "Any HTTP gateway"})

    kind: Literal["gateway"] = "gateway"
    url: Annotated[
        str,
        StringConstraints(max_length=1000, pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?(/\S*)?$"),
        Label(
            "接口地址",
            "Address",
            "可含占位符：${phone}（+86…）、${national}（大陆号码不带 86）、${text}、${key}、${secret}。",
            "May hold placeholders: ${phone} (+86…), ${national} (mainland numbers without 86), ${text}, ${key}, "
            "${secret}.",
        ),
    ]
    method: Annotated[
        Literal["POST", "GET", "PUT"],
        Label(
            "方法",
            "Method",
            options=(
                ("POST", "POST", "POST"),
                ("GET", "GET", "GET"),
                ("PUT", "PUT", "PUT"),
            ),
        ),
    ] = "POST"
    body_style: Annotated[
        Literal["json", "form"],
        Label(
            "正文格式",
            "Body format",
            "json 或表单。",
            "JSON or a form; values are escaped accordingly.",
            options=(
                ("json", "JSON", "JSON"),
                ("form", "表单", "Form"),
            ),
        ),
    ] = "json"
    body: Annotated[
        str,
        StringConstraints(max_length=4000),
        Label(
            "正文模板",
            "Body",
            '例如 {"to":"${phone}","text":"${text}","ref":"${key}"} 或 to=${phone}&text=${text}；占位符同上。',
            'Such as {"to":"${phone}","text":"${text}","ref":"${key}"} or to=${phone}&text=${text}; same placeholders.',
            is_long=True,
        ),
    ] = '{"to":"${phone}","text":"${text}","ref":"${key}"}'
    headers: Annotated[
        tuple[str, ...],
        Label(
            "请求头",
            "Headers",
            "每项一行，例如 Authorization: Bearer ${secret}。密钥写成 ${secret}，不要直接写。",
            "One each, such as Authorization: Bearer ${secret}. Write the key as ${secret}, never itself.",
        ),
    ] = ()
    secret: Annotated[
        SecretStr,
        Label("接口密钥", "Key", "代替各处的 ${secret}，加密保存。", "Stands for ${secret} everywhere; kept sealed."),
    ] = SecretStr("")
    success_field: Annotated[
        Path,
        Label(
            "结果字段",
            "Result field",
            "回复 JSON 里表示成败的字段，可用点，例如 data.code；不填则看状态码，或整个文本回复。",
            "The answer's field that tells success, dots allowed, such as data.code. Empty: the HTTP status decides, "
            "or the answer's plain text.",
        ),
    ] = ""
    success_values: Annotated[
        tuple[str, ...],
        Label("成功的值", "Values of success", "例如 0、OK、success。", "Such as 0, OK, success."),
    ] = ()
    refused_values: Annotated[
        tuple[str, ...],
        Label(
            "拒绝此号码的值",
            "Values that refuse this number",
            "这些值只影响这一个收件人；其他失败会暂停活动，请人处理。",
            "These concern this recipient only; any other failure stops the campaign for a human.",
        ),
    ] = ()
    throttled_values: Annotated[
        tuple[str, ...],
        Label(
            "限流的值", "Values that ask to slow down", "这些值表示没有发出，稍后再试。", "Not sent, tried again later."
        ),
    ] = ()
    id_field: Annotated[
        Path,
        Label(
            "消息编号字段",
            "Message id field",
            "回复里的消息编号，回执靠它对上，例如 data.msgid。",
            "The answer's message id, by which receipts are matched, such as data.msgid.",
        ),
    ] = ""
    webhook_secret: Annotated[
        SecretStr,
        Label(
            "回调密钥",
            "Webhook secret",
            "对方用它给回执和回复签名；不填则不接收任何回调。standard_webhooks 的密钥以 whsec_ 开头。",
            "The other side signs receipts and replies with it; without it none are taken. For standard_webhooks it "
            "begins with whsec_.",
        ),
    ] = SecretStr("")
    webhook_style: Annotated[
        EitherStyle,
        Label(
            "回调签名方式",
            "Webhook signature",
            "standard_webhooks：带时间的标准签名；hmac_sha256：请求头里是正文的 HMAC-SHA256（十六进制或 base64）。",
            "standard_webhooks has a time; hmac_sha256 is the body's HMAC-SHA256 in a header, hex or base64.",
            options=EITHER_WORDS,
        ),
    ] = "standard_webhooks"
    signature_header: Annotated[
        str,
        StringConstraints(pattern=HEADER, max_length=60),
        Label("签名请求头", "Signature header", "只用于 hmac_sha256。", "For hmac_sha256 only."),
    ] = "X-Signature"
    items_field: Annotated[
        Path,
        Label(
            "回调列表字段",
            "List field of webhooks",
            "回调 JSON 里列表所在的字段；不填表示正文就是一条或一个列表。",
            "Where the list lies in a webhook; empty when the body is one item or a list itself.",
        ),
    ] = ""
    field_names: Annotated[
        tuple[str, ...],
        Label(
            "回调字段对应",
            "Field names of webhooks",
            f"每项“我们的=对方的”，例如 phone=mobile、state=report.status。我们的字段：{'、'.join(FIELDS)}。",
            f"One each as ours=theirs, such as phone=mobile or state=report.status. Ours are: {', '.join(FIELDS)}.",
        ),
    ] = ()
    delivered_values: Annotated[
        tuple[str, ...], Label("已送达的值", "Values of delivered", "状态字段的取值。", "Of the state field.")
    ] = ("delivered", "DELIVRD", "success")
    failed_values: Annotated[
        tuple[str, ...], Label("失败的值", "Values of failed", "状态字段的取值。", "Of the state field.")
    ] = ("failed", "undelivered", "UNDELIV", "REJECTD", "EXPIRED", "DELETED")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problem = find_account_problem(self.url, self.headers, self.body, self.body_style, self.method)
        if problem:
            raise ValueError(problem)
        for pair in self.field_names:
            if pair.partition("=")[0].strip() not in FIELDS or not pair.partition("=")[2].strip():
                raise ValueError(f"field_names: write ours=theirs; ours are {', '.join(FIELDS)}")
        if self.success_field and not self.success_values:
            raise ValueError("success_values: name the values of the result field that mean success")
        return self

    @property
    def is_keyed(self) -> bool:
        """Whether our key goes out with the message, so that a receipt can bring it back."""
        return "${key}" in "".join((self.url, *self.headers, self.body))
