"""A saved filter as a form and in words: a few questions, joined by all or any, each of which may be turned round.

The API knows deeper trees. Those are told in words, as far as words go, and edited where they were made.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from admin_ui.words import maybe, t

Filter = dict[str, JsonValue]
KINDS = ("tag", "source", "ordered", "joined", "reachable")
ADDRESSES = ("phone", "email", "wecom_external_id", "unionid", "openid")


@dataclass(frozen=True)
class Question:
    """One line of the form. Days are local days of the brand, the last one included."""

    kind: str = "tag"
    negated: bool = False
    tag: str = ""
    channel_id: str = ""
    address: str = "phone"
    at_least: int | None = None
    at_most: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it asks anything yet."""
        match self.kind:
            case "tag":
                return bool(self.tag)
            case "source":
                return bool(self.channel_id)
            case "ordered":
                return self.at_least is not None or self.at_most is not None
            case "joined":
                return self.first is not None or self.last is not None
        return True


def questions_of(chosen: Filter, timezone: str) -> tuple[str, list[Question]] | None:
    """How the form shows a filter: `all` or `any`, and its lines. None when it is deeper than the form."""
    if chosen.get("type") == "everybody":
        return "all", []
    joined = str(chosen.get("type")) if chosen.get("type") in ("all", "any") else "all"
    parts = chosen.get("of") if chosen.get("type") in ("all", "any") else [chosen]
    questions = [_question(part, timezone) for part in parts] if isinstance(parts, list) else [None]
    known = [question for question in questions if question is not None]
    return (joined, known) if len(known) == len(questions) else None


def filter_of(joined: str, questions: list[Question], timezone: str) -> Filter:
    """The filter that the form's lines make; lines that ask nothing yet are left out."""
    parts: list[JsonValue] = [_part(question, timezone) for question in questions if question.is_whole]
    if not parts:
        return {"type": "everybody"}
    if len(parts) == 1 and isinstance(parts[0], dict):
        return parts[0]
    return {"type": joined, "of": parts}


def in_words(chosen: Filter, channels: dict[str, str], timezone: str) -> str:
    """The filter as a sentence."""
    kind = chosen.get("type")
    if kind == "everybody":
        return t("segments.everybody")
    if kind in ("all", "any"):
        parts = chosen.get("of")
        words = (
            [in_words(part, channels, timezone) for part in parts if isinstance(part, dict)]
            if isinstance(parts, list)
            else []
        )
        return t(f"segments.glue_{kind}").join(words)
    if kind == "not":
        part = chosen.get("of")
        return t("segments.is_not", what=in_words(part, channels, timezone) if isinstance(part, dict) else "?")
    question = _question(chosen, timezone)
    return _sentence(question, channels) if question else str(kind)


def _sentence(question: Question, channels: dict[str, str]) -> str:
    match question.kind:
        case "tag":
            return t("segments.says_tag", tag=question.tag)
        case "source":
            return t("segments.says_source", channel=channels.get(question.channel_id, "?"))
        case "reachable":
            return t("segments.says_reachable", what=maybe(f"identity.{question.address}", question.address))
        case "ordered":
            least, most = question.at_least, question.at_most
            key = "between" if None not in (least, most) else "at_least" if least is not None else "at_most"
            words = t(f"segments.says_{key}", least=least, most=most)
            return words if question.first is None else t("segments.since", what=words, day=question.first)
    return t("segments.says_joined", first=question.first or "…", last=question.last or "…")


def _question(part: JsonValue, timezone: str, *, negated: bool = False) -> Question | None:
    if not isinstance(part, dict):
        return None
    match part.get("type"):
        case "not" if not negated:
            return _question(part.get("of"), timezone, negated=True)
        case "tag":
            return Question("tag", negated, tag=str(part.get("tag", "")))
        case "source" if part.get("channel_id") and not part.get("placement_id"):
            return Question("source", negated, channel_id=str(part["channel_id"]))
        case "reachable":
            return Question("reachable", negated, address=str(part.get("kind", "phone")))
        case "ordered":
            first = _day(part.get("since"), timezone)
            return Question(
                "ordered",
                negated,
                at_least=_whole(part.get("at_least")),
                at_most=_whole(part.get("at_most")),
                first=first,
            )
        case "joined":
            last = _day(part.get("until"), timezone, before=True)
            return Question("joined", negated, first=_day(part.get("since"), timezone), last=last)
    return None


def _part(question: Question, timezone: str) -> Filter:
    part: Filter = {"type": question.kind}
    match question.kind:
        case "tag":
            part["tag"] = question.tag
        case "source":
            part["channel_id"] = question.channel_id
        case "reachable":
            part["kind"] = question.address
        case "ordered":
            part |= {"at_least": question.at_least, "at_most": question.at_most}
            part["since"] = _instant(question.first, timezone)
        case "joined":
            part["since"] = _instant(question.first, timezone)
            part["until"] = _instant(question.last and question.last + timedelta(days=1), timezone)
    part = {name: value for name, value in part.items() if value is not None}
    return {"type": "not", "of": part} if question.negated else part


def _instant(day: date | None, timezone: str) -> str | None:
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(timezone)).isoformat()


def _day(instant: JsonValue, timezone: str, *, before: bool = False) -> date | None:
    if not isinstance(instant, str):
        return None
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo(timezone))
    return (local - timedelta(microseconds=1)).date() if before else local.date()


def _whole(value: JsonValue) -> int | None:
    return value if isinstance(value, int) else None
