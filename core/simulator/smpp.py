"""SMPP 3.4 from the message centre's side: reads what clients send, writes what centres say. Not the plugin's code."""

import socket
import struct
from dataclasses import dataclass

BINDS = {0x01: "receiver", 0x02: "transmitter", 0x09: "transceiver"}
SUBMIT, DELIVER, UNBIND, ENQUIRE, NACK = 0x04, 0x05, 0x06, 0x15, 0x80000000
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True)
class Command:
    """One PDU."""

    id: int
    status: int
    sequence: int
    body: bytes

    def reply(self, body: bytes = b"", *, status: int = 0) -> bytes:
        """The answer to it, on the wire."""
        return write(self.id | 0x80000000, self.sequence, body, status=status)


@dataclass(frozen=True)
class Submitted:
    """A submit_sm: to whom, which text (a part's own), and which part of how many it is."""

    phone: str
    text: str
    reference: int
    total: int
    number: int
    wants_receipt: bool


def write(command: int, sequence: int, body: bytes = b"", *, status: int = 0) -> bytes:
    """A PDU on the wire."""
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def read(connection: socket.socket) -> Command:
    """The next PDU; waits for it. Raises OSError at the end, ValueError for nonsense."""
    head = connection.recv(16, socket.MSG_WAITALL)
    if len(head) < 16:
        raise ConnectionError("hung up")
    size, command, status, sequence = struct.unpack(">IIII", head)
    if not 16 <= size <= 70_000:
        raise ValueError("a senseless length")
    body = connection.recv(size - 16, socket.MSG_WAITALL) if size > 16 else b""
    return Command(command, status, sequence, body)


def credentials(body: bytes) -> tuple[str, str]:
    """The system id and password of a bind."""
    system_id, password, _ = body.split(b"\0", 2)
    return system_id.decode("latin-1"), password.decode("latin-1")


def read_submit(body: bytes) -> Submitted:
    """Read a submit_sm. Raises ValueError or IndexError for nonsense."""
    _, rest = body.split(b"\0", 1)
    _, rest = rest[2:].split(b"\0", 1)
    phone, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _, rest = rest.split(b"\0", 1)
    _, rest = rest.split(b"\0", 1)
    wants_receipt, coding, size = rest[0] & 1, rest[2], rest[4]
    content, options = rest[5 : 5 + size], rest[5 + size :]
    if len(content) < size:
        raise ValueError("cut off")
    if options[:2] == b"\x04\x24":
        content = options[4 : 4 + struct.unpack(">H", options[2:4])[0]]
    reference, total, number = 0, 1, 1
    if esm_class & 0x40:
        if content[:3] != b"\x05\x00\x03":
            raise ValueError("an unknown header")
        reference, total, number = content[3], content[4], content[5]
        content = content[6:]
    return Submitted(phone.decode(), _text(content, coding), reference, total, number, bool(wants_receipt))


def deliver_body(
    source: str, destination: str, content: bytes, *, coding: int = 0, esm_class: int = 0, tlvs: bytes = b""
) -> bytes:
    """The body of a deliver_sm."""
    ends = b"\0\x01\x01" + source.encode() + b"\0\x01\x01" + destination.encode() + b"\0"
    return ends + bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(content))) + content + tlvs


def tlv(tag: int, value: bytes) -> bytes:
    """One optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value


def _text(content: bytes, coding: int) -> str:
    if coding == 8:
        return content.decode("utf-16-be", "replace")
    return "".join(BASIC[octet] if octet < len(BASIC) else "?" for octet in content)
