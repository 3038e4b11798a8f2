"""One bound connection to a message centre: commands out, answers in, what the centre says by itself in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from core.sdk import Stream, Unreachable
from plugins.sms.smpp.codes import failure_of
from plugins.sms.smpp.pdu import (
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    HEADER,
    LONGEST,
    OK,
    RESPONSE,
    UNBIND,
    Pdu,
)

COME_AGAIN = 0x64
"""ESME_RX_T_APPN: a passing error; the centre delivers again."""


@dataclass
class Fate:
    """What became of one command: never sent, sent without an answer, or answered with this status and text."""

    is_sent: bool = False
    status: int | None = None
    text: str = ""


@dataclass
class SmppSession:
    """`connection` is open and becomes ours. Patience is counted in reads that bring nothing: each lasts as long as the
    connection's time-out."""

    connection: Stream
    patience: int = 20
    hear: Callable[[Pdu], int | None] = lambda pdu: COME_AGAIN
    """What to answer to a deliver_sm; None leaves it open for `answer_later`."""

    _sequence: int = 0
    _is_over: bool = False
    _buffer: bytes = field(default=b"", repr=False)

    def __enter__(self) -> Self:
        """Open for the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Say goodbye and close; nobody waits long for the answer."""
        try:
            if not self._is_over:
                self._write(Pdu(UNBIND, OK, self._next()))
        except OSError:
            pass
        finally:
            self.connection.close()

    def bind(self, command: int, body: bytes) -> None:
        """Introduce ourselves. Raises what the centre's answer means, `Unreachable` without one."""
        (fate,) = self.send(command, [body], window=1)
        if fate.status is None:
            raise Unreachable("the message centre does not answer the bind")
        if fate.status != OK:
            raise failure_of(fate.status)

    def send(self, command: int, bodies: Sequence[bytes], *, window: int) -> list[Fate]:
        """Send these commands, at most `window` without an answer at a time; the fate of each."""
        fates = [Fate() for _ in bodies]
        open_ones: dict[int, Fate] = {}
        waiting = list(zip(fates, bodies, strict=True))
        silences = 0
        try:
            while (waiting or open_ones) and not self._is_over and silences < self.patience:
                while waiting and len(open_ones) < window:
                    fate, body = waiting.pop(0)
                    sequence = self._next()
                    fate.is_sent, open_ones[sequence] = True, fate
                    self._write(Pdu(command, OK, sequence, body))
                answer = self._read()
                silences = silences + 1 if answer is None else silences
                if answer is not None and answer.command in (command | RESPONSE, GENERIC_NACK):
                    silences = 0
                    if fate_of := open_ones.pop(answer.sequence, None):
                        fate_of.status = answer.status
                        fate_of.text = answer.body.partition(b"\0")[0].decode("latin-1")
        except OSError:
            self._is_over = True
        return fates

    def listen(self, *, silences: int, enough: Callable[[], bool]) -> None:
        """Hear what the centre has to say until so many reads bring nothing, or `enough` was heard."""
        try:
            while not self._is_over and silences > 0 and not enough():
                pdu = self._read()
                silences -= pdu is None or pdu.command != DELIVER_SM
        except OSError:
            self._is_over = True

    def answer_later(self, sequence: int, status: int) -> None:
        """Answer a deliver_sm that was left open."""
        try:
            self._write(Pdu(DELIVER_SM | RESPONSE, status, sequence, b"\0"))
        except OSError:
            self._is_over = True

    def _read(self) -> Pdu | None:
        """The next PDU, its duties done; None when nothing came in time."""
        try:
            pdu = self._next_pdu()
        except TimeoutError:
            return None
        if pdu.command == ENQUIRE_LINK:
            self._write(Pdu(ENQUIRE_LINK | RESPONSE, OK, pdu.sequence))
        elif pdu.command == UNBIND:
            self._write(Pdu(UNBIND | RESPONSE, OK, pdu.sequence))
            self._is_over = True
        elif pdu.command == DELIVER_SM:
            status = self.hear(pdu)
            if status is not None:
                self._write(Pdu(DELIVER_SM | RESPONSE, status, pdu.sequence, b"\0"))
        return pdu

    def _next_pdu(self) -> Pdu:
        self._fill(HEADER.size)
        size, command, status, sequence = HEADER.unpack(self._buffer[: HEADER.size])
        if not HEADER.size <= size <= LONGEST:
            raise ConnectionError("a PDU of senseless length")
        self._fill(size)
        body, self._buffer = self._buffer[HEADER.size : size], self._buffer[size:]
        return Pdu(command, status, sequence, body)

    def _fill(self, size: int) -> None:
        """Have so many octets in the buffer; what came before a time-out stays there."""
        while len(self._buffer) < size:
            more = self.connection.recv(65_536)
            if not more:
                raise ConnectionError("the message centre hung up")
            self._buffer += more

    def _write(self, pdu: Pdu) -> None:
        self.connection.sendall(pdu.pack())

    def _next(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence
