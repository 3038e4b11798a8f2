"""The PDUs of SMPP 3.4 that we send and read, as the specification lays their octets out.

Our own hundred lines rather than `smpplib`: that is under the LGPL and keeps state in a client of its own, and this
protocol is small. Everything is read with bounds: what is cut off or too long raises `ValueError`.
"""

import struct
from typing import NamedTuple

HEADER = struct.Struct(">IIII")
LONGEST = 70_000

RESPONSE = 0x80000000
GENERIC_NACK, UNBIND, ENQUIRE_LINK = 0x80000000, 0x06, 0x15
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
SUBMIT_SM, DELIVER_SM = 0x04, 0x05

OK = 0
UDH_INDICATOR = 0x40
RECEIPTED_MESSAGE_ID, MESSAGE_PAYLOAD, MESSAGE_STATE, NETWORK_ERROR_CODE = 0x001E, 0x0424, 0x0427, 0x0423
INTERNATIONAL, ISDN, ALPHANUMERIC = 1, 1, 5


class Pdu(NamedTuple):
    """One PDU: its header's fields and the octets after them."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def pack(self) -> bytes:
        """As it goes over the wire."""
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body


class Delivered(NamedTuple):
    """What a deliver_sm holds."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    content: bytes
    tlvs: dict[int, bytes]

    @property
    def is_receipt(self) -> bool:
        """Whether it tells what became of a message."""
        return self.esm_class & 0x3C == 0x04


def bind_body(system_id: str, password: str, system_type: str) -> bytes:
    """The body of any bind: credentials, version 3.4, no address range."""
    return _text(system_id, 15) + _text(password, 8) + _text(system_type, 12) + bytes((0x34, 0, 0)) + b"\0"


def submit_body(
    *,
    source: str,
    destination: str,
    content: bytes,
    data_coding: int,
    esm_class: int,
    wants_receipt: bool,
    is_payload: bool,
) -> bytes:
    """The body of a submit_sm; a long content goes as message_payload."""
    short = b"" if is_payload else content
    if len(short) > 254:
        raise ValueError("a short message has at most 254 octets")
    sender = _address(source)
    receiver = bytes((INTERNATIONAL, ISDN)) + _text(destination.removeprefix("+"), 20)
    flags = bytes((esm_class, 0, 0)) + b"\0\0" + bytes((int(wants_receipt), 0, data_coding, 0, len(short)))
    tail = struct.pack(">HH", MESSAGE_PAYLOAD, len(content)) + content if is_payload else b""
    return b"\0" + sender + receiver + flags + short + tail


def read_delivered(body: bytes) -> Delivered:
    """Read a deliver_sm. Raises `ValueError`."""
    reader = Reader(body)
    reader.text(6)
    reader.octets(2)
    source = reader.text(21)
    reader.octets(2)
    destination = reader.text(21)
    esm_class = reader.octets(3)[0]
    reader.text(17)
    reader.text(17)
    data_coding = reader.octets(4)[2]
    content = reader.octets(reader.octets(1)[0])
    tlvs = reader.tlvs()
    return Delivered(source, destination, esm_class, data_coding, tlvs.get(MESSAGE_PAYLOAD) or content, tlvs)


class Reader:
    """Reads octets one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def octets(self, count: int) -> bytes:
        """So many octets."""
        found = self._body[self._at : self._at + count]
        if len(found) < count:
            raise ValueError("the PDU is cut off")
        self._at += count
        return found

    def text(self, most: int) -> str:
        """A C-string of at most so many octets, its end included."""
        end = self._body.find(b"\0", self._at, self._at + most)
        if end < 0:
            raise ValueError("a text of the PDU has no end")
        found, self._at = self._body[self._at : end], end + 1
        return found.decode("latin-1")

    def tlvs(self) -> dict[int, bytes]:
        """The optional parameters up to the end."""
        found: dict[int, bytes] = {}
        while self._at < len(self._body):
            tag, size = struct.unpack(">HH", self.octets(4))
            found[tag] = self.octets(size)
        return found


def _address(source: str) -> bytes:
    """A sender: digits as a number, anything else as a name."""
    digits = source.removeprefix("+")
    if digits.isascii() and digits.isdigit():
        kind = bytes((INTERNATIONAL, ISDN)) if source.startswith("+") else bytes((0, 0))
        return kind + _text(digits, 20)
    return bytes((ALPHANUMERIC, 0)) + _text(source, 20)


def _text(value: str, most: int) -> bytes:
    octets = value.encode("latin-1", "strict")
    if len(octets) > most or b"\0" in octets:
        raise ValueError("a text is too long for its place in the PDU")
    return octets + b"\0"
