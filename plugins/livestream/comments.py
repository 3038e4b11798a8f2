"""What a viewer wrote, as a touch: the keyword or the code that was in it stays, the text itself does not."""

from datetime import datetime

from core.sdk import ClaimAsked, Detail, IdentityClaim, Touch, TouchKind
from plugins.livestream.settings import LiveSettings
from plugins.livestream.words import find_keyword, read_code


def comment_touch(
    event_id: str,
    *,
    at: datetime,
    who: tuple[IdentityClaim, ...],
    text: str,
    name: str,
    place: Detail,
    settings: LiveSettings,
) -> Touch | ClaimAsked | None:
    """A comment in a live room: with a keyword it asks for a claim code; one without is None, unless all are kept."""
    keyword = find_keyword(text, settings.claim_words)
    if keyword:
        return ClaimAsked(event_id=event_id, at=at, who=who, keyword=keyword, shown_name=name[:100], detail=place)
    if not settings.keeps_all_comments:
        return None
    return Touch(event_id=event_id, at=at, who=who, kind="comment", detail=place)


def message_touch(
    event_id: str, *, at: datetime, who: tuple[IdentityClaim, ...], kind: TouchKind, text: str, place: Detail
) -> Touch:
    """A message or any other doing of one person; a spoken code in it finds the session in which it was said."""
    code = read_code(text)
    detail = place | ({"spoken": code} if code and "spoken" not in place else {})
    return Touch(event_id=event_id, at=at, who=who, kind=kind, detail=detail)
