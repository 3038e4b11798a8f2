"""A body by a mapping: its rows, each as an event or as the reason why it is none."""

import hashlib
import json
from collections.abc import Mapping as Fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue, ValidationError

from core.sdk import vendor_json as told
from core.sdk.events import Detail, Event, Figures, IdentitySeen, OrderSeen, Touch
from core.sdk.leads.consent import ConsentRule
from core.sdk.leads.form import LeadForm, lead_events
from core.sdk.leads.phones import full_phone
from core.sdk.mapped.pointers import value_at
from core.sdk.mapped.rules import FIGURES, NAMES, Mapping
from core.sdk.values import Frozen

MOST_ROWS = 1_000
TRUE = ("1", "true", "yes", "y", "是")


class MappedBody(Frozen):
    """The events of a body, and by the number of a row (from 1) why it gave none."""

    events: tuple[Event, ...] = ()
    problems: dict[int, str] = {}


class _Unfit(Exception):
    """Why a row is no event."""


def map_body(
    document: JsonValue,
    mapping: Mapping,
    *,
    source: str,
    received_at: datetime,
    consent: ConsentRule | None = None,
) -> MappedBody:
    """Every row of the document by the mapping. `source` names the system in the ids of its events."""
    rows = value_at(document, mapping.pointers["rows"]) if "rows" in mapping.pointers else document
    many = rows if isinstance(rows, list) else [rows]
    events: list[Event] = []
    problems: dict[int, str] = {}
    for number, row in enumerate(many[:MOST_ROWS], start=1):
        try:
            events += _Row(row, mapping, source, received_at, consent).events()
        except _Unfit as reason:
            problems[number] = str(reason)
        except ValidationError as error:
            fields = sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]})
            problems[number] = f"cannot be used: {', '.join(fields)}"
    return MappedBody(events=tuple(events), problems=problems)


class _Row:
    def __init__(
        self, row: JsonValue, mapping: Mapping, source: str, received_at: datetime, consent: ConsentRule | None
    ) -> None:
        self._row, self._mapping, self._source, self._consent = row, mapping, source, consent
        self._received_at = received_at

    def events(self) -> list[Event]:
        if not isinstance(self._row, dict):
            raise _Unfit("is no object")
        if self._text("is_test").lower() in TRUE:
            return []
        event = self._text("event") or self._guess()
        if event == "lead":
            return self._lead()
        who, common = self._who(), {"event_id": self._id(event), "at": self._at()}
        if event == "figures":
            return [self._figures(common)]
        if not who and not (event == "order" and self._text("state") in ("refunded", "cancelled")):
            raise _Unfit("names nobody: map a phone, an e-mail or an id")
        place = {"placement_id": self._text("placement_id") or None, "code": self._text("code") or None}
        if event == "order":
            return [self._order(common | {"who": who, "code": place["code"]})]
        if event == "identity":
            return [IdentitySeen.model_validate(common | {"who": who, "traits": self._fields()})]
        kind = self._text("kind") or "visit"
        return [Touch.model_validate(common | place | {"who": who, "kind": kind, "detail": self._detail()})]

    def _guess(self) -> str:
        """What it is where no rule says so."""
        if self._text("order_no"):
            return "order"
        if any(self._text(name) for name in FIGURES):
            return "figures"
        return "lead" if self._answers() else "touch"

    def _lead(self) -> list[Event]:
        answers = self._answers() | {name: said for name in ("phone", "email") if (said := self._text(name))}
        form = LeadForm(
            vendor=self._source,
            lead_id=self._own_id()[:150],
            at=self._at(),
            answers=answers,
            origin=self._detail(),
            open_id=self._text("platform_openid"),
            code=self._text("code") or None,
        )
        if not answers and not form.open_id:
            raise _Unfit("holds no answers: map a phone or the answers")
        return lead_events(form, consent=self._consent, placement_id=self._text("placement_id") or None)

    def _order(self, common: dict[str, object]) -> OrderSeen:
        if not self._text("order_no"):
            raise _Unfit("has no order_no")
        state = self._text("state") or "paid"
        name = f"order-{self._source}-{self._text('order_no')}-{state}"[:200]
        given = common | {"order_no": self._text("order_no", 200), "state": state, "detail": self._detail()}
        given |= {"amount": self._money("amount"), "refund": self._money("refund")}
        return OrderSeen.model_validate(given | {"event_id": name, "currency": self._text("currency") or None})

    def _figures(self, common: dict[str, object]) -> Figures:
        counts = {name: int(float(said)) for name in FIGURES if (said := self._text(name)) and _is_count(said)}
        place = {"placement_id": self._text("placement_id") or None, "code": self._text("code") or None}
        given = common | place | {"counts": counts, "detail": self._detail()}
        return Figures.model_validate(given | {"day": self._day(), "spend": self._money("spend")})

    def _who(self) -> list[dict[str, str | None]]:
        found: list[dict[str, str | None]] = []
        for name in NAMES:
            said = self._text(name, 200)
            if name == "phone":
                said = full_phone(said)
            app = (self._text("app") or self._source) if name in ("openid", "platform_openid") else None
            if said:
                found.append({"kind": name, "value": said, "app": app})
        return found

    def _answers(self) -> dict[str, str]:
        said = value_at(self._row, self._mapping.pointers["answers"]) if "answers" in self._mapping.pointers else None
        if isinstance(said, list):
            pairs = [(told.text(one, "label", "name", "key", "question"), one.get("value")) for one in told.items(said)]
        else:
            pairs = list(told.inner(said).items())
        answers = {told.plain_text(label, limit=200): _joined(value) for label, value in pairs[:60]}
        return {label: text for label, text in (answers | self._fields()).items() if label and text}

    def _fields(self) -> dict[str, str]:
        return self._open("field.")

    def _detail(self) -> Detail:
        campaign = self._text("campaign")
        return {**self._open("detail."), **({"campaign": campaign} if campaign else {})}

    def _open(self, beginning: str) -> dict[str, str]:
        names = [name for name in (*self._mapping.pointers, *self._mapping.constants) if name.startswith(beginning)]
        return {name.removeprefix(beginning): said for name in names if (said := self._text(name, 2000))}

    def _id(self, event: str) -> str:
        return f"{event}-{self._source}-{self._own_id()}"[:200]

    def _own_id(self) -> str:
        if said := self._text("event_id", 150):
            return said
        canonical = json.dumps(self._row, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
        return hashlib.sha256(canonical).hexdigest()[:40]

    def _at(self) -> datetime:
        written = value_at(self._row, self._mapping.pointers["at"]) if "at" in self._mapping.pointers else None
        return told.moment(written, received_at=self._received_at)

    def _day(self) -> date | None:
        written = self._text("day")[:10].replace("/", "-")
        try:
            return date.fromisoformat(written) if written else None
        except ValueError:
            raise _Unfit(f"has no day in {written[:20]}") from None

    def _money(self, name: str) -> Decimal | None:
        said = self._text(name).replace(",", "").replace("，", "").lstrip("¥￥$").strip()
        if not said:
            return None
        try:
            amount = Decimal(said)
        except InvalidOperation:
            raise _Unfit(f"{name} is no amount") from None
        return amount / 100 if self._text("amount_in") == "minor" and amount.is_finite() else amount

    def _text(self, name: str, limit: int = told.LONGEST_WORD) -> str:
        """Our value of a field: theirs by its pointer, translated where a rule says how; else the constant."""
        said = ""
        if name in self._mapping.pointers:
            value = value_at(self._row, self._mapping.pointers[name])
            said = str(value).lower() if isinstance(value, bool) else told.plain_text(value, limit=limit)
        known: Fields[str, str] = self._mapping.values.get(name, {})
        return known.get(said, said) or self._mapping.constants.get(name, "")


def _is_count(said: str) -> bool:
    try:
        return 0 <= float(said) < 2**53
    except ValueError:
        return False


def _joined(value: JsonValue) -> str:
    many = value if isinstance(value, list) else [value]
    return "、".join(part for one in many[:20] if (part := told.plain_text(one, limit=500)))
