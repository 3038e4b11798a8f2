"""What a message centre delivers while we listen: receipts, and texts from phones that must not be lost.

A receipt is acknowledged when it is heard. A text from a phone may be an opt-out: it is acknowledged only when it is
surely stored. The first time the centre is asked to come again, and the text's mark goes into the cursor, which is
stored in one transaction with the events; the second time it is known by that, acknowledged, and told no more.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.sdk import Event, IdentityClaim, Receipt, now
from plugins.sms.settings import SmsSettings
from plugins.sms.smpp.alphabets import cut_head, read_text
from plugins.sms.smpp.pdu import OK, UDH_INDICATOR, Delivered, Pdu, read_delivered
from plugins.sms.smpp.receipts import Told, read_receipt
from plugins.sms.smpp.session import COME_AGAIN, SmppSession
from plugins.sms.uplinks import full_number, hash_of, receipt_id, reply_events

MOST = 500
KEPT = timedelta(days=2)
NO_SENSE = 0x65


@dataclass
class _Text:
    """A phone's message as far as it came: the open deliver_sm's, and its parts by number."""

    source: str
    destination: str
    total: int
    sequences: list[int] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)


class Hearing:
    """One turn of listening. `marks` are of texts that are stored already: mark -> seconds since 1970."""

    def __init__(self, settings: SmsSettings, cursor: str | None) -> None:
        self._settings = settings
        self._marks = _read_marks(cursor)
        self._texts: dict[tuple[str, str, int, int], _Text] = {}
        self._alone = 0
        self.events: list[Event] = []

    @property
    def is_full(self) -> bool:
        """Whether this is enough for one page."""
        return len(self.events) + self._alone >= MOST

    def hear(self, pdu: Pdu) -> int | None:
        """Take one deliver_sm: the status to answer now, None for one that is answered at the end."""
        try:
            told = read_delivered(pdu.body)
        except ValueError:
            return NO_SENSE
        if told.is_receipt:
            self.events += _receipts(read_receipt(told), told)
            return OK
        try:
            full_number(told.source)
        except ValueError:
            return OK  # no phone wrote this: nothing can be made of it, also not the next time
        self._keep(pdu.sequence, told)
        return None

    def settle(self, session: SmppSession) -> str:
        """Answer the texts, turn the new ones into events, and give the next cursor."""
        for text in self._texts.values():
            whole = "".join(text.parts[number] for number in sorted(text.parts))
            mark = hash_of(text.source, text.destination, whole)
            is_stored = len(text.parts) >= text.total and self._marks.pop(mark, None) is not None
            if not is_stored and len(text.parts) >= text.total:
                at = now()
                self._marks[mark] = at.timestamp()
                self.events += self._reply(text, whole, name=hash_of(mark, str(at.timestamp())), at=at)
            for sequence in text.sequences:
                session.answer_later(sequence, OK if is_stored else COME_AGAIN)
        oldest = (now() - KEPT).timestamp()
        return json.dumps({mark: at for mark, at in self._marks.items() if at >= oldest})

    def _keep(self, sequence: int, told: Delivered) -> None:
        place, content = (None, told.content)
        if told.esm_class & UDH_INDICATOR:
            place, content = cut_head(told.content)
        self._alone += 1
        reference, total, number = place or (-self._alone, 1, 1)
        key = (told.source, told.destination, reference, total)
        text = self._texts.setdefault(key, _Text(told.source, told.destination, total))
        text.sequences.append(sequence)
        text.parts[number] = read_text(content, told.data_coding)

    def _reply(self, text: _Text, whole: str, *, name: str, at: datetime) -> list[Event]:
        return reply_events(
            name=name,
            at=at,
            phone=text.source,
            text=whole,
            extend=text.destination,
            words=self._settings.opt_out_words,
            is_proven=True,
        )


def _receipts(receipt: Told, told: Delivered) -> list[Event]:
    """One for each way to write the id: only the one that we sent by finds its message."""
    if receipt.state is None:
        return []
    try:
        phone = full_number(told.source)
    except ValueError:
        return []
    return [
        Receipt(
            event_id=receipt_id(name, phone, f"{receipt.stat} {receipt.error}"),
            at=receipt.at or now(),
            who=(IdentityClaim(kind="phone", value=phone),),
            state=receipt.state,
            provider_id=name,
            code=receipt.error if receipt.error.strip("0") else receipt.stat,
        )
        for name in receipt.ids
    ]


def _read_marks(cursor: str | None) -> dict[str, float]:
    try:
        kept = json.loads(cursor or "{}")
        return {str(mark): float(at) for mark, at in kept.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
