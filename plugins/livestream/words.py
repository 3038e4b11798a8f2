"""What a viewer typed: a claim keyword in a comment, or a spoken code in a message."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_CODE = 12
_CODE = re.compile(r"[\w\u4e00-\u9fff-]{2,12}")
_PHONE_LIKE = re.compile(r"\d{7,}")


def fold(text: str) -> str:
    """A text as it is compared: full width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find_keyword(text: str, words: Sequence[str]) -> str:
    """The first of the operator's keywords that the comment holds, as the operator wrote it; "" for none.

    A keyword of one character must be the whole comment: nearly every comment holds a "1".
    """
    said = fold(text)
    for word in words:
        folded = fold(word)
        if folded and (said == folded or (len(folded) > 1 and folded in said)):
            return word
    return ""


def read_code(text: str) -> str:
    """A short message that may be a spoken code, folded; "" for what is none: a sentence, or digits like a phone's."""
    said = fold(text)
    return said if _CODE.fullmatch(said) and not _PHONE_LIKE.search(said) else ""
