"""The rules of a text: placeholders, links, the opt-out sentence, its length in parts, and opt-out words. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from core.sdk import Text

DEFAULT_WORDS = ("R", "T", "TD", "N", "退订", "拒收", "取消")
PLACEHOLDER = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]{0,31})\}")
ADDRESS = re.compile(
    r"(?:https?://[a-z0-9.-]+|(?<![a-z0-9.@-])(?:[a-z0-9-]+\.)+[a-z]{2,12}\b)(?:[:/?#][^\s\u3000-\u9fff\uff00-\uffef]*)?",
    re.IGNORECASE,
)
GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = set("|^€{}[]~\\\f")


def expand_link(template: str, link_prefix: str) -> str:
    """The template with `${link}` written out as the prefix and `${code}`; unchanged while there is no prefix."""
    return template.replace("${link}", link_prefix + "${code}") if link_prefix else template


def names_in(template: str) -> tuple[str, ...]:
    """The placeholders of a template, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(template)))


def fill_in(template: str, variables: Mapping[str, str]) -> str:
    """The template with its variables; one that is missing stays as it is written."""
    return PLACEHOLDER.sub(lambda found: variables.get(found[1], found[0]), template)


def find_template_problems(
    template: str, *, link_prefix: str, opt_out_text: str, is_marketing: bool
) -> tuple[Text, ...]:
    """What carriers and the law have against this template; empty when all is well."""
    problems: list[Text] = []
    text = expand_link(template, link_prefix)
    if is_marketing and not text.rstrip().endswith(opt_out_text):
        problems.append(
            Text(zh=f"营销短信要以“{opt_out_text}”结尾。", en=f"A marketing text must end with “{opt_out_text}”.")
        )
    if "【" in text or "】" in text:
        problems.append(Text(zh="签名会自动加上，正文里不要写【】。", en="The signature is added by itself: no 【】."))
    addresses = ADDRESS.findall(text)
    if not link_prefix and ("${link}" in text or addresses):
        problems.append(
            Text(
                zh="正文里有链接：先在渠道设置里填短链前缀。",
                en="There is a link: set the channel's link prefix first.",
            )
        )
    elif not all(is_own_address(address, link_prefix) for address in addresses) or "://${" in text:
        problems.append(Text(zh=f"网址必须以 {link_prefix} 开头。", en=f"An address must begin with {link_prefix}"))
    elif not all(_varies_only_in_code(address, link_prefix) for address in addresses):
        problems.append(
            Text(
                zh=f"链接里只有 ${{code}} 可以变：写成 {link_prefix}${{code}}，后面空一格。",
                en=f"Only ${{code}} may vary in a link: write {link_prefix}${{code}} and a blank after it.",
            )
        )
    return tuple(problems)


def is_own_address(address: str, link_prefix: str) -> bool:
    """Whether an address in a text is a short link of this brand; with or without `https://` before it."""
    return address.startswith((link_prefix, link_prefix.partition("://")[2]))


def _varies_only_in_code(address: str, link_prefix: str) -> bool:
    """A tracked link is prefix and code; a fixed one has no placeholder at all. A full stop after it is none of it."""
    path = address[len(link_prefix) if address.startswith(link_prefix) else len(link_prefix.partition("://")[2]) :]
    return "${" not in path or path.rstrip(".,;:!?)") == "${code}"


def find_text_problems(text: str, *, link_prefix: str, longest: int) -> tuple[Text, ...]:
    """What is wrong with a text as it would go out: an address put together from pieces, or too many characters."""
    problems: list[Text] = []
    if not all(link_prefix and is_own_address(address, link_prefix) for address in ADDRESS.findall(text)):
        problems.append(
            Text(zh="正文拼出了不属于短链前缀的网址。", en="The text holds an address that is not a short link.")
        )
    if len(text) > longest:
        problems.append(Text(zh=f"全文超过 {longest} 个字。", en=f"The whole text is over {longest} characters."))
    return tuple(problems)


def find_variable_problems(template: str, variables: Mapping[str, str]) -> tuple[Text, ...]:
    """What is wrong with one person's variables: one missing, or one that smuggles in an address or a signature."""
    problems: list[Text] = []
    for name in names_in(template):
        value = variables.get(name, "")
        if not value:
            problems.append(Text(zh=f"缺少变量 {name}。", en=f"The variable {name} is missing."))
        elif ADDRESS.search(value) or set(value) & set("【】\r\n"):
            problems.append(
                Text(
                    zh=f"变量 {name} 里不许有网址、【】或换行。",
                    en=f"No address, 【】 or line break in the variable {name}.",
                )
            )
    return tuple(problems)


def sign_text(text: str, signature: str, *, is_bracketed: bool = True) -> str:
    """The whole message as the phone shows it: the signature first, in 【】 as in China, or with a colon."""
    return f"【{signature}】{text}" if is_bracketed else f"{signature}: {text}"


def is_gsm7(text: str) -> bool:
    """Whether a text fits the GSM 7-bit alphabet with its extension table."""
    return set(text) <= GSM7 | GSM7_DOUBLE


def count_parts(text: str, *, is_domestic: bool) -> int:
    """In how many parts the whole text, signature included, is charged.

    In China every character counts one: up to 70 are one part, longer texts take 67 a part. Abroad the GSM 7-bit
    alphabet takes 160 or 153 (its extension counts double), any other character makes it 70 or 67. A character
    outside the basic plane, an emoji, counts as the two halves it is sent as. Abroad no part ends in the middle of
    such a pair: what does not fit moves to the next part whole.
    """
    if is_domestic:
        length = len(text.encode("utf-16-le")) // 2
        return 1 if length <= 70 else -(-length // 67)
    if is_gsm7(text):
        return _pack([2 if char in GSM7_DOUBLE else 1 for char in text], whole=160, piece=153)
    return _pack([2 if char > "\uffff" else 1 for char in text], whole=70, piece=67)


def _pack(widths: Sequence[int], *, whole: int, piece: int) -> int:
    """How many parts of `piece` units these characters fill, none of them split; one while they fit in `whole`."""
    if sum(widths) <= whole:
        return 1
    parts, room = 1, piece
    for width in widths:
        if width > room:
            parts, room = parts + 1, piece
        room -= width
    return parts


def read_opt_out(reply: str, words: Collection[str]) -> str | None:
    """The opt-out word that a reply consists of, or None. Width, case, blanks and punctuation around do not matter."""
    said = _plain(reply)
    return next((word for word in words if _plain(word) == said and said), None)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = [char for char in folded if unicodedata.category(char)[0] not in "ZCPS"]
    return "".join(kept)


def is_domestic(phone: str) -> bool:
    """Whether an E.164 number is a mobile of mainland China."""
    return re.fullmatch(r"\+861[3-9]\d{9}", phone) is not None
