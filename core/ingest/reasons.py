"""Why a row or a message was refused, in words an operator understands, Chinese and English.

A refusal is kept as a code with its particulars, so that the sentence can be made in the reader's language later.
"""

from dataclasses import dataclass, field

TEXTS: dict[str, tuple[str, str]] = {
    "line_too_long": ("这一行超过 {limit} 字节", "the line is longer than {limit} bytes"),
    "not_text": ("第 {position} 个字节不是 {encoding} 文字", "byte {position} is not {encoding} text"),
    "nul": ("含有空字符（NUL）", "it holds a NUL character"),
    "quote_not_closed": ("引号没有闭合", "a quotation mark is never closed"),
    "bad_csv": ("引号或换行写法不对", "quotation marks or line ends are malformed"),
    "cell_count": ("有 {found} 格，表头有 {expected} 格", "it has {found} cells, the header has {expected}"),
    "missing": ("“{column}”是空的", "“{column}” is empty"),
    "too_long": ("“{column}”超过 {limit} 个字", "“{column}” is longer than {limit} characters"),
    "bad_text": ("“{column}”含有不可用的字符", "“{column}” holds characters that cannot be stored"),
    "bad_time": ("“{column}”不是时间：{value}", "“{column}” is not a time: {value}"),
    "time_out_of_range": (
        "“{column}”的年份不在 {first} 到 {last} 之间：{value}",
        "the year of “{column}” is not between {first} and {last}: {value}",
    ),
    "bad_amount": ("“{column}”不是金额：{value}", "“{column}” is not an amount: {value}"),
    "amount_out_of_range": (
        "“{column}”的金额太大或为负：{value}",
        "the amount of “{column}” is too large or negative: {value}",
    ),
    "too_many_decimals": (
        "“{column}”的小数位比 {currency} 的多（最多 {decimals} 位）：{value}",
        "“{column}” has more decimals than {currency} has ({decimals}): {value}",
    ),
    "bad_currency": ("“{column}”不是币种代码：{value}", "“{column}” is not a currency code: {value}"),
    "other_currency": (
        "币种 {value} 与品牌的 {currency} 不同，请先换算",
        "its currency {value} is not the brand's {currency}; convert it first",
    ),
    "bad_kind": ("“{column}”不是已知的触点类型：{value}", "“{column}” is not a known kind of touchpoint: {value}"),
    "bad_state": ("“{column}”不是已知的订单状态：{value}", "“{column}” is not a known order state: {value}"),
    "bad_flag": ("“{column}”不是“是”或“否”：{value}", "“{column}” is neither yes nor no: {value}"),
    "no_identity": ("没有任何能认出联系人的值", "no column says who this was"),
    "bad_identity": ("“{column}”不是有效的 {kind}", "“{column}” is not a valid {kind}"),
    "unknown_channel": ("没有名为“{value}”的渠道", "there is no channel named “{value}”"),
    "unknown_placement": ("没有名为“{value}”的投放", "there is no placement named “{value}”"),
    "mistyped_serial": ("“{column}”里的序列号有输错的字符", "the serial in “{column}” has a typing mistake"),
    "bad_number": ("“{column}”不是正整数", "“{column}” is not a positive whole number"),
    "unknown_card": ("这个投放没有“{column}”写的卡", "the placement has no card as “{column}” says"),
    "void_card": ("这张卡已作废，请先恢复", "this card is void; restore it first"),
    "not_object": ("不是一个 JSON 对象", "it is not a JSON object"),
    "bad_message": ("{field}：{problem}", "{field}: {problem}"),
    "message_too_large": ("超过 {limit} 字节", "it is larger than {limit} bytes"),
}

Particular = str | int


@dataclass(frozen=True, slots=True)
class Reason:
    """One refusal: `code` is a key of TEXTS, `particulars` fill its sentence."""

    code: str
    particulars: dict[str, Particular] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        return TEXTS[self.code][0].format(**self.particulars)

    @property
    def en(self) -> str:
        return TEXTS[self.code][1].format(**self.particulars)


class Refused(Exception):
    """A row or message cannot be taken; its neighbours still can."""

    def __init__(self, code: str, **particulars: Particular) -> None:
        self.reason = Reason(code, particulars)
        super().__init__(self.reason.en)


def shorten(value: str, *, limit: int = 60) -> str:
    """A value fit to stand in a sentence: one line, not endless."""
    flat = " ".join(value.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
