"""What a viewer wrote, as a touch: the keyword or the code that was in it stays, the text itself does not."""

from datetime import datetime

from core.sdk import Detail, IdentityClaim, Touch, TouchKind
from plugins.livestream.settings import LiveSettings
from plugins.livestream.words import find_keyword, read_code


def comment_touch(
    event_id: str,
    *,
    at: datetime,
    who: tuple[IdentityClaim, ...],
    text: str,
    place: Detail,
    settings: LiveSettings,
) -> Touch | None:
    """A comment in a live room; None for one without a keyword, unless all are kept."""
    keyword = find_keyword(text, settings.claim_words)
    if not keyword and not settings.keeps_all_comments:
        return None
    detail = place | ({"keyword": keyword} if keyword else {})
    return Touch(event_id=event_id, at=at, who=who, kind="comment", detail=detail)


def message_touch(
    event_id: str, *, at: datetime, who: tuple[IdentityClaim, ...], kind: TouchKind, text: str, place: Detail
) -> Touch:
    """A message or any other doing of one person; a spoken code in it finds the session in which it was said."""
    code = read_code(text)
    detail = place | ({"spoken": code} if code and "spoken" not in place else {})
    return Touch(event_id=event_id, at=at, who=who, kind=kind, detail=detail)
