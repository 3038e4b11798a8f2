"""What a column of an imported file can mean: the fields of each kind of import, and the headers they go by."""

from dataclasses import dataclass
from typing import Literal

ImportKind = Literal["touchpoints", "orders", "contacts", "costs"]
IDENTITIES = ("customer_id", "phone", "email", "wecom_external_id", "unionid", "openid", "anonymous_id")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can be. `headers` are compared without case, blanks and punctuation, the likeliest first."""

    key: str
    zh: str
    en: str
    headers: tuple[str, ...]


_ALL = (
    Field(
        "event_id",
        "事件编号",
        "Event id",
        ("event id", "id", "message id", "touchpoint id", "事件编号", "事件 id", "记录编号", "流水号"),
    ),
    Field(
        "at",
        "时间",
        "Time",
        (
            *(
                "time",
                "timestamp",
                "occurred at",
                "event time",
                "datetime",
                "at",
                "时间",
                "发生时间",
                "触达时间",
                "点击时间",
            ),
            *(
                "访问时间",
                "扫码时间",
                "order time",
                "paid at",
                "付款时间",
                "支付时间",
                "成交时间",
                "下单时间",
                "创建时间",
                "created at",
            ),
            *("placed at", "date", "order date", "日期", "下单日期", "添加时间", "joined at", "加入时间"),
        ),
    ),
    Field(
        "channel",
        "渠道",
        "Channel",
        (
            *(
                "channel",
                "渠道",
                "渠道名称",
                "来源渠道",
                "source",
                "utm source",
                "traffic source",
                "来源",
                "流量来源",
                "media",
                "媒体",
            ),
            *("platform", "平台"),
        ),
    ),
    Field(
        "placement",
        "投放",
        "Placement",
        (
            "placement",
            "投放",
            "投放名称",
            "campaign",
            "utm campaign",
            "广告计划",
            "计划名称",
            "活动",
            "活动名称",
            "creative",
        ),
    ),
    Field(
        "kind",
        "触点类型",
        "Kind of touchpoint",
        (
            "kind",
            "interaction",
            "interaction type",
            "touch type",
            "event type",
            "event",
            "action",
            "type",
            "触点类型",
            "互动类型",
            "互动",
            "行为",
            "事件类型",
            "类型",
        ),
    ),
    Field(
        "is_order",
        "是否成交",
        "Is an order",
        ("is order", "conversion", "converted", "is conversion", "是否成交", "是否转化", "是否下单", "转化", "成交"),
    ),
    Field(
        "order_no",
        "订单号",
        "Order number",
        ("order no", "order id", "order number", "订单号", "订单编号", "主订单号", "交易号", "trade no"),
    ),
    Field(
        "amount",
        "金额",
        "Amount",
        (
            *(
                "amount",
                "conversion value",
                "order amount",
                "order value",
                "revenue",
                "total",
                "value",
                "price",
                "金额",
                "订单金额",
            ),
            *("实付金额", "实付款", "支付金额", "成交金额", "转化金额", "转化价值", "销售额"),
        ),
    ),
    Field("cost", "花费", "Cost", ("cost", "spend", "花费", "消耗", "费用", "成本", "投放金额", "amount", "金额")),
    Field("currency", "币种", "Currency", ("currency", "币种", "货币")),
    Field("state", "订单状态", "Order state", ("state", "order status", "status", "订单状态", "状态")),
    Field(
        "customer_id",
        "客户编号",
        "Customer id",
        (
            *(
                "customer id",
                "user id",
                "member id",
                "customer",
                "client id",
                "客户编号",
                "客户 id",
                "用户 id",
                "用户编号",
                "会员号",
            ),
            *("会员编号", "会员 id", "会员卡号"),
        ),
    ),
    Field(
        "phone",
        "手机号",
        "Phone",
        (
            "phone",
            "mobile",
            "phone number",
            "mobile number",
            "tel",
            "手机号",
            "手机",
            "手机号码",
            "电话",
            "联系电话",
            "收货人手机",
        ),
    ),
    Field("email", "邮箱", "E-mail", ("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件")),
    Field(
        "wecom_external_id",
        "企业微信外部联系人",
        "WeCom external id",
        (
            "wecom external id",
            "external userid",
            "external user id",
            "企业微信外部联系人",
            "企微外部联系人",
            "外部联系人 id",
        ),
    ),
    Field("unionid", "UnionID", "UnionID", ("unionid", "union id", "微信 unionid")),
    Field("openid", "OpenID", "OpenID", ("openid", "open id", "微信 openid")),
    Field("app_id", "OpenID 所属的应用", "App of the OpenID", ("app id", "appid", "应用 id")),
    Field(
        "anonymous_id", "匿名编号", "Anonymous id", ("anonymous id", "visitor id", "cookie id", "匿名 id", "访客 id")
    ),
    Field(
        "invited_by",
        "邀请人",
        "Invited by",
        (
            *("invited by", "inviter", "inviter id", "referred by", "referrer id", "referral", "邀请人", "推荐人"),
            *("邀请人编号", "邀请人手机", "邀请人手机号", "推荐人编号", "推荐人手机号", "介绍人"),
        ),
    ),
    Field("tags", "标签", "Tags", ("tags", "tag", "labels", "标签", "客户标签")),
    Field("note", "备注", "Note", ("note", "remark", "memo", "备注")),
)
BY_KEY = {field.key: field for field in _ALL}

_WHO = (*IDENTITIES, "app_id")
_FIELDS: dict[ImportKind, tuple[str, ...]] = {
    "touchpoints": (
        "event_id",
        "at",
        "channel",
        "placement",
        "kind",
        "is_order",
        "order_no",
        "amount",
        "currency",
        *_WHO,
    ),
    "orders": ("event_id", "order_no", "at", "channel", "placement", "amount", "currency", "state", *_WHO),
    "contacts": ("at", "channel", "tags", "invited_by", *_WHO),
    "costs": ("at", "channel", "placement", "cost", "currency", "note"),
}
_REQUIRED: dict[ImportKind, tuple[str, ...]] = {
    "touchpoints": ("at", "channel"),
    "orders": ("at", "amount"),
    "contacts": (),
    "costs": ("at", "channel", "cost"),
}


def fields_of(kind: ImportKind) -> list[Field]:
    return [BY_KEY[key] for key in _FIELDS[kind]]


def required_of(kind: ImportKind) -> tuple[str, ...]:
    return _REQUIRED[kind]


def needs_identity(kind: ImportKind) -> bool:
    """Costs are about a channel, everything else about somebody."""
    return kind != "costs"
