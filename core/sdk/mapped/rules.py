"""The rules of a mapping: lines of `ours = /their/pointer`, `ours = a constant`, `value.ours.theirs = ours`."""

from typing import get_args

from core.sdk.events import FigureName, TouchKind
from core.sdk.mapped.pointers import is_pointer
from core.sdk.values import Frozen, Text

NAMES = ("phone", "email", "unionid", "wecom_external_id", "openid", "platform_openid", "customer_id", "anonymous_id")
EVENTS = ("touch", "lead", "order", "identity", "figures")
STATES = ("placed", "paid", "refunded", "cancelled")
FIGURES: tuple[str, ...] = get_args(FigureName)
OPEN = ("detail.", "field.")
"""Beginnings of targets whose rest is the operator's own word."""

TARGETS: dict[str, Text] = {
    "rows": Text(
        zh="列表所在位置（不写则整个正文是一条）", en="where the list lies (the whole body is one without it)"
    ),
    "event": Text(zh="事件类型", en="what it is: touch, lead, order, identity, figures"),
    "event_id": Text(zh="事件编号", en="their id of the event"),
    "at": Text(zh="发生时间", en="when it happened"),
    "kind": Text(zh="触点类型", en="kind of touch"),
    "phone": Text(zh="手机号", en="phone"),
    "email": Text(zh="邮箱", en="e-mail"),
    "unionid": Text(zh="微信 unionid", en="WeChat unionid"),
    "wecom_external_id": Text(zh="企业微信外部联系人", en="WeCom external id"),
    "openid": Text(zh="微信 openid（需 app）", en="WeChat openid (needs app)"),
    "platform_openid": Text(zh="平台 openid（需 app）", en="platform open id (needs app)"),
    "customer_id": Text(zh="会员号", en="customer id"),
    "anonymous_id": Text(zh="匿名编号", en="anonymous id"),
    "app": Text(zh="openid 所属应用", en="the app that minted the open id"),
    "placement_id": Text(zh="投放编号", en="placement id"),
    "code": Text(zh="短链码或序列号", en="code of a link or card"),
    "campaign": Text(zh="投放名称", en="name of the placement"),
    "answers": Text(zh="表单回答（对象，或 label/value 列表）", en="answers: an object, or pairs of label and value"),
    "order_no": Text(zh="订单号", en="order number"),
    "state": Text(zh="订单状态", en="state of the order"),
    "amount": Text(zh="金额", en="amount"),
    "refund": Text(zh="累计退款", en="refunded in all"),
    "currency": Text(zh="币种", en="currency"),
    "amount_in": Text(zh="金额单位：major 元，minor 分", en="unit of amounts: major or minor"),
    "day": Text(zh="数据日期", en="day of the figures"),
    "spend": Text(zh="消耗", en="spend"),
    "is_test": Text(zh="测试数据（为真则丢弃）", en="a test (dropped when true)"),
    **{name: Text(zh=f"平台数据 {name}", en=f"figure: {name}") for name in FIGURES},
}
"""Our fields with what they are; beside them `detail.<name>` and `field.<label>`."""

CLOSED: dict[str, tuple[str, ...]] = {
    "event": EVENTS,
    "state": STATES,
    "kind": get_args(TouchKind),
    "amount_in": ("major", "minor"),
}
"""Fields whose values are a closed list; constants and translations are checked against it."""

MOST_RULES, LONGEST_LINE = 100, 400


class Mapping(Frozen):
    """Checked rules: target -> pointer or constant, and for some targets their value -> ours."""

    pointers: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}


def read_mapping(written: str) -> Mapping:
    """The mapping of a text. Raises ValueError that names the line and says what to do."""
    pointers: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    lines = [line.strip() for line in written.splitlines()]
    if len(lines) > MOST_RULES:
        raise ValueError(f"a mapping has at most {MOST_RULES} lines")
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        target, equals, source = (part.strip() for part in line[:LONGEST_LINE].partition("="))
        if not equals or not target or not source:
            raise ValueError(f"line {number}: write it as ours = /their/pointer")
        if target.startswith("value."):
            name, _, theirs = target.removeprefix("value.").partition(".")
            _check_target(name, source, number)
            values.setdefault(name, {})[theirs] = source
        elif source.startswith("/"):
            _check_target(target, "", number)
            if not is_pointer(source):
                raise ValueError(f"line {number}: the pointer is too long")
            pointers[target] = source
        else:
            _check_target(target, source, number)
            constants[target] = source
    if not pointers and (constants or values):
        raise ValueError("no line takes anything from the body: write at least one as ours = /their/pointer")
    return Mapping(pointers=pointers, constants=constants, values=values)


def _check_target(target: str, constant: str, number: int) -> None:
    if target not in TARGETS and not (target.startswith(OPEN) and target.partition(".")[2]):
        raise ValueError(f"line {number}: {target[:40]} is no field of ours")
    if constant and target in CLOSED and constant not in CLOSED[target]:
        raise ValueError(f"line {number}: {target} is one of {', '.join(CLOSED[target])}")
