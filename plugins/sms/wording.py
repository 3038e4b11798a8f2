"""The rules of a text: placeholders, links, the opt-out sentence, its length in parts, and opt-out words. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from core.sdk import Text

DEFAULT_WORDS = ("R", "T", "TD", "N", "退订", "拒收", "取消")
LONGEST = 500
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
    elif not all(_is_ours(address, link_prefix) for address in addresses):
        problems.append(Text(zh=f"网址必须以 {link_prefix} 开头。", en=f"An address must begin with {link_prefix}"))
    return tuple(problems)


def _is_ours(address: str, link_prefix: str) -> bool:
    return address.startswith((link_prefix, link_prefix.partition("://")[2]))


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


def sign_text(text: str, signature: str) -> str:
    """The whole message as the phone shows it: the signature in 【】 first."""
    return f"【{signature}】{text}"


def count_parts(text: str, *, is_domestic: bool) -> int:
    """In how many parts the whole text, signature included, is charged.

    In China every character counts one: up to 70 are one part, longer texts take 67 a part. Abroad the GSM 7-bit
    alphabet takes 160 or 153 (its extension counts double), any other character makes it 70 or 67. A character
    outside the basic plane, an emoji, counts as the two halves it is sent as.
    """
    if not is_domestic and set(text) <= GSM7 | GSM7_DOUBLE:
        return _parts(len(text) + sum(char in GSM7_DOUBLE for char in text), whole=160, piece=153)
    return _parts(len(text.encode("utf-16-le")) // 2, whole=70, piece=67)


def _parts(length: int, *, whole: int, piece: int) -> int:
    return 1 if length <= whole else -(-length // piece)


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
