"""Columns by name, in the platforms' words: the same thing is called differently in every back office."""

from collections.abc import Collection, Mapping, Sequence

from core.sdk import Refused

ALIASES: dict[str, tuple[str, ...]] = {
    "视频ID": ("视频ID", "作品ID", "笔记ID", "稿件ID", "item_id", "Video ID", "Post ID"),
    "标题": ("标题", "视频标题", "作品标题", "作品名称", "笔记标题", "Title", "Video title"),
    "日期": ("日期", "统计日期", "数据日期", "Date", "Day"),
    "导出时间": ("导出时间", "数据更新时间", "统计时间", "Exported at"),
    "曝光量": ("曝光量", "曝光", "展现量", "展示数", "Impressions"),
    "播放量": ("播放量", "播放次数", "播放", "观看量", "阅读量", "Views", "Plays", "Video views"),
    "点赞量": ("点赞量", "点赞数", "点赞", "Likes"),
    "评论量": ("评论量", "评论数", "评论", "Comments"),
    "分享量": ("分享量", "分享数", "转发量", "分享", "Shares"),
    "收藏量": ("收藏量", "收藏数", "收藏", "Saves", "Favorites"),
    "涨粉量": ("涨粉量", "涨粉数", "涨粉", "新增粉丝", "粉丝增量", "Follows", "New followers"),
    "点击量": ("点击量", "点击数", "点击", "Clicks"),
    "消耗": ("消耗", "花费", "总消耗(元)", "消耗(元)", "Cost", "Spend", "Amount spent"),
    "主订单编号": ("主订单编号", "订单编号", "主订单号"),
    "订单应付金额": ("订单应付金额", "应付金额", "实付金额", "订单实付金额"),
    "订单提交时间": ("订单提交时间", "下单时间", "订单创建时间"),
    "支付完成时间": ("支付完成时间", "付款时间", "支付时间"),
    "订单状态": ("订单状态",),
    "售后状态": ("售后状态",),
    "收件人手机号": ("收件人手机号", "手机号", "收件人电话"),
    "达人ID": ("达人ID", "达人id", "作者ID"),
    "达人昵称": ("达人昵称", "作者昵称"),
    "流量体裁": ("流量体裁", "内容体裁"),
    "流量来源": ("流量来源",),
    "流量类型": ("流量类型",),
}


def find_columns(header: Sequence[str], renamed: Sequence[str]) -> dict[str, str]:
    """Our name -> the name in this file; what the file lacks is absent. `renamed` are pairs as ours=theirs."""
    own = {ours.strip(): theirs.strip() for ours, _, theirs in (pair.partition("=") for pair in renamed)}
    plain = {_plain(name): name for name in header}
    found: dict[str, str] = {}
    for ours, names in ALIASES.items():
        wanted = (own[ours], *names) if ours in own else names
        match = next((plain[_plain(name)] for name in wanted if _plain(name) in plain), None)
        if match is not None:
            found[ours] = match
    return found


def need_columns(found: Mapping[str, str], names: Collection[str]) -> None:
    """Raises `Refused` that names what is missing and how to go on."""
    missing = [name for name in names if name not in found]
    if missing:
        raise Refused(
            f"the file lacks the column {', '.join(missing)}; export it with that, or name it under export_columns",
            code="columns",
        )


def _plain(name: str) -> str:
    return "".join(name.split()).casefold().replace("（", "(").replace("）", ")")
