"""What a message centre says became of a message: a text that every maker writes a little differently, and TLVs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from plugins.sms.smpp.alphabets import read_text
from plugins.sms.smpp.pdu import MESSAGE_STATE, NETWORK_ERROR_CODE, RECEIPTED_MESSAGE_ID, Delivered

FIELDS = re.compile(r"\b(id|stat|err|done date):\s*(\S*)", re.IGNORECASE)
STATES: dict[str, Literal["accepted", "delivered", "failed"]] = {
    "DELIVRD": "delivered",
    "EXPIRED": "failed",
    "DELETED": "failed",
    "UNDELIV": "failed",
    "REJECTD": "failed",
    "ACCEPTD": "accepted",
    "UNKNOWN": "accepted",
    "ENROUTE": "accepted",
}
NUMBERED = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


class Told(NamedTuple):
    """A receipt: every way the message's id may have been written when it was sent, the state, the error, the time."""

    ids: tuple[str, ...]
    stat: str
    error: str
    at: datetime | None

    @property
    def state(self) -> Literal["accepted", "delivered", "failed"] | None:
        """Our word for it; None for a word that nobody knows."""
        return STATES.get(self.stat)


def read_receipt(delivered: Delivered) -> Told:
    """Read one. The TLVs win over the text; dates carry no zone and are taken for UTC."""
    text = read_text(delivered.content, delivered.data_coding)
    told = {name.lower(): value for name, value in FIELDS.findall(text)}
    given = delivered.tlvs.get(RECEIPTED_MESSAGE_ID, b"").partition(b"\0")[0].decode("latin-1")
    number = delivered.tlvs.get(MESSAGE_STATE, b"")
    stat = NUMBERED.get(number[0], "") if number else told.get("stat", "").upper()[:7]
    error = told.get("err", "") or delivered.tlvs.get(NETWORK_ERROR_CODE, b"")[1:].hex()
    return Told(tuple(dict.fromkeys(_ids(given, told.get("id", "")))), stat, error, _moment(told.get("done date", "")))


def plain_id(message_id: str) -> str:
    """An id as we keep and compare it: leading zeros and case are written as makers please."""
    return message_id.strip().lower().lstrip("0")[:64]


def _ids(given: str, text: str) -> Iterator[str]:
    """The id of the TLV, that of the text, and the other's writing of a number: decimal there is often hex here."""
    if given:
        yield plain_id(given)
    if text:
        yield plain_id(text)
        if text.isascii() and text.isdigit():
            yield f"{int(text):x}"
        elif re.fullmatch(r"[0-9a-fA-F]{1,32}", text):
            yield str(int(text, 16))


def _moment(text: str) -> datetime | None:
    for form, size in (("%y%m%d%H%M", 10), ("%y%m%d%H%M%S", 12)):
        if len(text) == size:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                return None
    return None
