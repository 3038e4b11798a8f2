"""A carrier's message centre that speaks SMPP 3.4: takes texts, and brings receipts and replies to a receiver."""

import itertools
import select
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.smpp import (
    BINDS,
    DELIVER,
    ENQUIRE,
    SUBMIT,
    UNBIND,
    Command,
    Submitted,
    credentials,
    deliver_body,
    read,
    read_submit,
    tlv,
    write,
)
from core.simulator.texts import Sent, SmsVendor
from core.simulator.wire import Asked, News, Reply, say

LOOK_SECONDS = 0.02
SILENT = "silent"


class MessageCentre(SmsVendor):
    """`answer_with` is the status of each answer to a submit_sm, in hexadecimal; `silent` takes it and says nothing."""

    key = "smsc"
    name = Text(zh="短信中心（SMPP 3.4）", en="Message centre (SMPP 3.4)")
    hosts = ("smsc.example.com",)
    talks = True
    account: ClassVar[Mapping[str, str]] = {
        "host": "smsc.example.com",
        "system_id": f"sim{MARK}",
        "password": "sim-pass",
        "source": "10690001",
    }
    console: ClassVar[Mapping[str, str]] = {"answer_with": "0"}
    troubles = {"forged": "0e", "garbage": "65", "busy": "58", "empty": "14"}

    def forget(self) -> None:
        """Nothing was sent, and nothing waits for a receiver."""
        super().forget()
        self.pending: list[bytes] = []
        self.again: list[bytes] = []
        self.parts: dict[tuple[str, int], dict[int, str]] = {}
        self.binds: list[str] = []

    def answer(self, asked: Asked) -> Reply:
        """It has no HTTP."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """Not this way."""
        return say({"error": code}, 404)

    def later(self, news: News) -> None:
        """It waits until a receiver is bound."""
        self.pending.append(news.content)

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """A text from a phone waits, too."""
        self.later(self.tell(what, fields))
        return ()

    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """As many makers write them: the id decimal in the text and hexadecimal beside it."""
        return [News("receipt", self._receipt(one)) for one in messages]

    def reply(self, phone: str, text: str, number: int) -> News:
        """A text from a phone, in UCS-2."""
        content = text.encode("utf-16-be")[:140]
        return News("reply", deliver_body(phone.removeprefix("+"), self.account["source"], content, coding=8))

    def talk(self, connection: socket.socket) -> None:
        """One client's session."""
        role, numbers, unanswered = "", itertools.count(1), dict[int, bytes]()
        try:
            while True:
                if select.select([connection], [], [], LOOK_SECONDS)[0]:
                    command = read(connection)
                    if command.id == DELIVER | 0x80000000:
                        self._settle(unanswered.pop(command.sequence, b""), command.status)
                        continue
                    role = self._serve(connection, command, role)
                    if command.id == UNBIND:
                        return
                if role in ("receiver", "transceiver"):
                    self._push(connection, numbers, unanswered)
        finally:
            with self.lock:
                # What was not acknowledged, or not now, comes with the next bind.
                self.pending += [*unanswered.values(), *self.again]
                self.again = []

    def _serve(self, connection: socket.socket, command: Command, role: str) -> str:
        """Answer one command; the role that the client has afterwards."""
        if command.id in BINDS:
            is_known = credentials(command.body) == (self.account["system_id"], self.account["password"])
            self.binds.append(BINDS[command.id])
            connection.sendall(command.reply(b"smsc\0", status=0 if is_known else 0x0E))
            return BINDS[command.id] if is_known else ""
        if command.id == SUBMIT and role in ("transmitter", "transceiver"):
            self._submit(connection, command)
        elif command.id in (ENQUIRE, UNBIND):
            connection.sendall(command.reply())
        else:
            connection.sendall(command.reply(status=0x04))
        return role

    def _submit(self, connection: socket.socket, command: Command) -> None:
        with self.lock:
            wanted = self.settings["answer_with"]
            if wanted not in ("0", SILENT):
                connection.sendall(command.reply(b"\0", status=int(wanted, 16)))
                return
            try:
                message_id = self._take(read_submit(command.body))
            except (ValueError, IndexError):
                connection.sendall(command.reply(b"\0", status=0x65))
                return
        if wanted != SILENT:
            connection.sendall(command.reply(message_id.encode() + b"\0"))

    def _take(self, part: Submitted) -> str:
        """Remember a part; with the last one the message is whole and goes its way. The part's id."""
        message_id = f"{self.fresh_number() & 0xFFFFFFFF:08x}"
        parts = self.parts.setdefault((part.phone, part.reference), {})
        parts[part.number] = part.text
        if len(parts) == part.total:
            del self.parts[part.phone, part.reference]
            text = "".join(parts[number] for number in sorted(parts))
            self.took([Sent(phone=f"+{part.phone}", id=message_id, text=text)])
        return message_id

    def _push(self, connection: socket.socket, numbers: Iterator[int], unanswered: dict[int, bytes]) -> None:
        with self.lock:
            waiting, self.pending = self.pending, []
        for body in waiting:
            sequence = next(numbers)
            unanswered[sequence] = body
            connection.sendall(write(DELIVER, sequence, body))

    def _settle(self, body: bytes, status: int) -> None:
        """A passing error asks for it once more, with the next bind."""
        if status and body:
            with self.lock:
                self.again.append(body)

    def _receipt(self, one: Sent) -> bytes:
        stat, state = ("DELIVRD", 2) if self.ending_of(one).state == "delivered" else ("UNDELIV", 5)
        minute = clock.now().strftime("%y%m%d%H%M")
        text = (
            f"id:{int(one.id, 16):010d} sub:001 dlvrd:001 submit date:{minute} done date:{minute} "
            f"stat:{stat} err:000 text:{one.text[:20].encode('ascii', 'replace').decode()}"
        )
        tlvs = tlv(0x001E, one.id.encode() + b"\0") + tlv(0x0427, bytes((state,)))
        return deliver_body(
            one.phone.removeprefix("+"), self.account["source"], text.encode("latin-1"), esm_class=4, tlvs=tlvs
        )
