"""The columns of Douyin's shop exports by name: shops reorder, hide and rename them, so none is found by its place."""

from collections.abc import Mapping, Sequence

from core.sdk import Refused

ALIASES: dict[str, tuple[str, ...]] = {
    "主订单编号": ("主订单编号", "订单编号", "主订单号"),
    "子订单编号": ("子订单编号", "子订单号"),
    "订单应付金额": ("订单应付金额", "应付金额", "实付金额", "订单实付金额"),
    "订单提交时间": ("订单提交时间", "下单时间", "订单创建时间"),
    "支付完成时间": ("支付完成时间", "付款时间", "支付时间"),
    "订单状态": ("订单状态",),
    "售后状态": ("售后状态",),
    "收件人手机号": ("收件人手机号", "手机号", "收件人电话"),
    "达人ID": ("达人ID", "达人id", "作者ID", "主播ID"),
    "达人昵称": ("达人昵称", "主播昵称", "作者昵称"),
    "流量体裁": ("流量体裁", "内容体裁"),
    "流量渠道": ("流量渠道",),
    "流量来源": ("流量来源",),
    "流量类型": ("流量类型",),
    "主播昵称": ("主播昵称",),
    "主播抖音号": ("主播抖音号", "抖音号"),
    "直播开始时间": ("直播开始时间", "开播时间"),
    "直播结束时间": ("直播结束时间", "关播时间"),
    "直播时长(分钟)": ("直播时长(分钟)", "直播时长（分钟）", "直播时长"),
}


def find_columns(header: Sequence[str], renamed: Mapping[str, str]) -> dict[str, str]:
    """Standard name -> the name in this file; what the file lacks is absent."""
    plain = {"".join(name.split()): name for name in header}
    found: dict[str, str] = {}
    for standard, names in ALIASES.items():
        wanted = (renamed[standard], *names) if standard in renamed else names
        match = next((plain["".join(name.split())] for name in wanted if "".join(name.split()) in plain), None)
        if match is not None:
            found[standard] = match
    return found


def need_columns(found: Mapping[str, str], *names: str) -> None:
    """Raises `Refused` that names what is missing and how to go on."""
    missing = [name for name in names if name not in found]
    if missing:
        raise Refused(
            f"the file lacks the column {', '.join(missing)}; export it with that, or name it under export_columns",
            code="columns",
        )
