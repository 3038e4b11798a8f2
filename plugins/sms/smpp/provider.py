"""A message centre as a provider: check by a bind, deliver in a window, hear receipts and texts by short binds."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from core.sdk import (
    Answer,
    Event,
    Failure,
    Message,
    Outcome,
    Pulled,
    Refused,
    Request,
    Sought,
    Text,
    Throttled,
    failed,
    open_stream,
)
from plugins.sms.batches import send_all
from plugins.sms.composing import Composed
from plugins.sms.settings import SmsSettings
from plugins.sms.smpp.account import SmppAccount
from plugins.sms.smpp.alphabets import head_of, write_text
from plugins.sms.smpp.codes import failure_of
from plugins.sms.smpp.hearing import Hearing
from plugins.sms.smpp.pdu import (
    BIND_RECEIVER,
    BIND_TRANSCEIVER,
    BIND_TRANSMITTER,
    OK,
    SUBMIT_SM,
    UDH_INDICATOR,
    Pdu,
    bind_body,
    submit_body,
)
from plugins.sms.smpp.receipts import plain_id
from plugins.sms.smpp.session import COME_AGAIN, Fate, SmppSession

READ_SECONDS = 1.0
SILENCES = 3
"""So many reads that bring nothing end a turn of listening."""

IN_CLEAR = Text(zh="没有使用 TLS：密码和短信以明文传送。", en="There is no TLS: password and texts travel in clear.")


class SmppSms:
    """One account of a message centre, for one call of the plugin."""

    def __init__(self, account: SmppAccount, settings: SmsSettings) -> None:
        self._account, self._settings = account, settings

    def check(self) -> tuple[Text, ...]:
        """Bind and say goodbye."""
        with self._bound(BIND_TRANSMITTER):
            return () if self._account.has_tls else (IN_CLEAR,)

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send over one bind, a window of messages at a time."""
        with self._bound(BIND_TRANSMITTER) as session:
            yield from send_all(
                messages,
                self._settings,
                most=self._account.window,
                alike=lambda one: 0,
                reach="everywhere",
                send=lambda batch: self._send(session, batch),
            )

    def pull(self, cursor: str | None) -> Pulled:
        """Listen until the centre is quiet. What must not be lost is acknowledged by the next turn."""
        hearing = Hearing(self._settings, cursor)
        with self._bound(BIND_RECEIVER, hear=hearing.hear) as session:
            session.listen(silences=SILENCES, enough=lambda: hearing.is_full)
            after = hearing.settle(session)
        return Pulled(events=tuple(hearing.events), cursor=after, has_more=hearing.is_full)

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Nothing: receipts are heard, and few centres answer questions."""
        return iter(())

    def answer(self, request: Request) -> Answer:
        """No message centre calls by HTTP."""
        return Answer(accepted=False, status=404)

    def parse(self, request: Request) -> list[Event]:
        """Nothing comes by HTTP."""
        raise Refused("a message centre does not call by HTTP", code="http")

    @contextmanager
    def _bound(self, way: int, *, hear: Callable[[Pdu], int | None] = lambda pdu: COME_AGAIN) -> Iterator[SmppSession]:
        account = self._account
        command = BIND_TRANSCEIVER if account.bind == "transceiver" else way
        connection = open_stream(account.host, account.port, account=account.system_id, has_tls=account.has_tls)
        connection.settimeout(READ_SECONDS)
        with SmppSession(connection, hear=hear) as session:
            secret = account.password.get_secret_value()
            session.bind(command, bind_body(account.system_id, secret, account.system_type))
            yield session

    def _send(self, session: SmppSession, batch: Sequence[Composed]) -> Iterator[Outcome]:
        bodies = [self._bodies(one) for one in batch]
        fates = iter(session.send(SUBMIT_SM, [body for own in bodies for body in own], window=self._account.window))
        busy: Throttled | None = None
        for one, own in zip(batch, bodies, strict=True):
            outcome = _judge(one, [next(fates) for _ in own])
            if outcome.failure is not None and outcome.failure.kind == "throttled":
                busy = Throttled(
                    outcome.failure.message, code=outcome.failure.code, retry_after=outcome.failure.retry_after
                )
            yield outcome
        if busy is not None:
            raise busy  # nobody else of this call is tried

    def _bodies(self, one: Composed) -> list[bytes]:
        """The submit_sm of a message; of several parts only the last asks for a receipt, which tells of all."""
        written = write_text(one.text)
        total, reference = len(written.parts), zlib.crc32(one.key.encode())
        if total > 1 and self._account.long_texts == "payload":
            return [self._body(one, written.whole, written.data_coding, is_payload=True)]
        if total == 1:
            return [self._body(one, written.whole, written.data_coding)]
        return [
            self._body(
                one,
                head_of(reference, total, number) + part,
                written.data_coding,
                esm_class=UDH_INDICATOR,
                wants_receipt=number == total,
            )
            for number, part in enumerate(written.parts, start=1)
        ]

    def _body(
        self,
        one: Composed,
        content: bytes,
        data_coding: int,
        *,
        esm_class: int = 0,
        wants_receipt: bool = True,
        is_payload: bool = False,
    ) -> bytes:
        return submit_body(
            source=self._account.source,
            destination=one.phone,
            content=content,
            data_coding=data_coding,
            esm_class=esm_class,
            wants_receipt=wants_receipt,
            is_payload=is_payload,
        )


def _judge(one: Composed, fates: Sequence[Fate]) -> Outcome:
    """One outcome of all parts: a doubt about any is a doubt about the message, and so is half a message."""
    taken = [fate for fate in fates if fate.status == OK]
    if len(taken) == len(fates):
        return Outcome(key=one.key, state="accepted", provider_id=plain_id(fates[-1].text) or None, parts=one.parts)
    if not any(fate.is_sent for fate in fates):
        return failed(one.key, Failure(kind="unreachable", message="not sent: the message centre hung up"))
    refused = next((fate.status for fate in fates if fate.status not in (None, OK)), None)
    if taken or refused is None or any(fate.is_sent and fate.status is None for fate in fates):
        return failed(one.key, Failure(kind="unknown", message="the message centre did not say what became of it"))
    return failed(one.key, failure_of(refused).as_failure())
