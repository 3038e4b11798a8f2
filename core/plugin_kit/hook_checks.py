"""Rules about webhooks: what is genuine is taken, what is not is refused, and the same gives the same."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import JsonValue

from core.plugin_host.calls import SECONDS
from core.plugin_kit.garbage import BODIES
from core.plugin_kit.samples import Recorded
from core.plugin_kit.subject import Findings, Subject, check
from core.sdk.events import Event, OptOut, Reply
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Answer, Request

PATIENT = 3.0
"""Seconds for a verb whose own limit is shorter: a busy machine is no fault of the plugin."""


def _answer(subject: Subject, request: Request, form: dict[str, JsonValue]) -> Answer | str:
    try:
        return subject.host.call(subject.key, "answer", request, form, timeout=PATIENT)
    except ChannelFailure as failure:
        return failure.message


def _parse(subject: Subject, request: Request, form: dict[str, JsonValue]) -> list[Event] | ChannelFailure:
    try:
        return subject.host.call(subject.key, "parse", request, form, timeout=PATIENT)
    except ChannelFailure as failure:
        return failure


def _hooks(subject: Subject) -> Iterator[tuple[str, Recorded]]:
    return ((name, one) for name, one in subject.samples.requests.items() if not one.form)


def _genuine(subject: Subject) -> Iterator[tuple[str, Recorded]]:
    return ((name, one) for name, one in _hooks(subject) if one.accepted)


@check("genuine", "接受真实的回调", "takes what is genuine, refuses what the fixture says is not", "answer")
def find_genuine(subject: Subject) -> Findings:
    """Each recorded request meets what it expects."""
    for name, one in _hooks(subject):
        said = _answer(subject, one.request(), subject.form_of(one))
        if isinstance(said, str):
            yield f"{name}: {said}"
        elif said.accepted != one.accepted:
            yield f"{name}: is {'accepted' if said.accepted else 'refused'}, the fixture says the opposite"


@check("forged", "拒绝被篡改的回调", "refuses a body that was changed on the way", "answer")
def find_forged(subject: Subject) -> Findings:
    """One byte more, one byte other, and the signature of another recorded request."""
    for name, one in _genuine(subject):
        if one.proof == "signature" and one.body():
            body = one.body()
            changed = {"has a space more": body + b" ", "has another byte": body[:-1] + bytes([body[-1] ^ 1])}
            for how, forged in changed.items():
                said = _answer(subject, one.request().model_copy(update={"body": forged}), subject.form_of(one))
                if isinstance(said, str) or said.accepted:
                    yield f"{name}: is accepted although the body {how}; sign over request.body, the raw bytes"


@check("unsigned", "拒绝没有签名的回调", "refuses a request that lost its signature or token", "answer")
def find_unsigned(subject: Subject) -> Findings:
    """No headers and no query; a token in the body is covered by the account's check."""
    for name, one in _genuine(subject):
        if one.proof != "none" and (one.headers or one.query):
            bare = one.request().model_copy(update={"headers": {}, "query": ()})
            said = _answer(subject, bare, subject.form_of(one))
            if isinstance(said, str):
                yield f"{name}: without its headers {said}"
            elif said.accepted and one.proof == "signature":
                yield f"{name}: is accepted without a single header"


@check("other_account", "拒绝别的账户的回调", "refuses what was signed for another account", "answer")
def find_other_account(subject: Subject) -> Findings:
    """The secrets are other ones of the same shape: the tenant next door."""
    for name, one in _genuine(subject):
        other = subject.other_form(one)
        if one.proof != "none" and other != subject.plain_form_of(one):
            said = _answer(subject, one.request(), other)
            if isinstance(said, Answer) and said.accepted:
                yield f"{name}: is accepted under other secrets"


@check("stale", "拒绝过期的回调", "refuses a signed request that comes again much later", "answer")
def find_stale(subject: Subject) -> Findings:
    """Where the vendor's rule sets a time (`expires_after` in the fixture)."""
    for name, one in _genuine(subject):
        if one.expires_after is not None:
            later = one.received_at + timedelta(seconds=one.expires_after + 60)
            said = _answer(subject, one.request().model_copy(update={"received_at": later}), subject.form_of(one))
            if isinstance(said, Answer) and said.accepted:
                yield f"{name}: is still accepted {one.expires_after + 60} seconds later"


@check("answer_garbage", "回调乱码也能应答", "answers garbage instead of raising", "answer")
def find_answer_garbage(subject: Subject) -> Findings:
    """Public addresses are found by scanners."""
    proven = any(one.proof == "signature" and not one.settings for _, one in _genuine(subject))
    for what, body in BODIES.items():
        said = _answer(subject, Request(id="r1", received_at=_at(subject), body=body), subject.form)
        if isinstance(said, str):
            yield f"a body of {what}: {said}"
        elif said.accepted and proven:
            yield f"a body of {what} is accepted without a signature"


@check("answer_quick", "应答足够快", "answers well within 300 ms of CPU", "answer")
def find_answer_quick(subject: Subject) -> Findings:
    """CPU time is measured, so that a busy machine does not matter; sleeping is found by the wall."""
    for name, one in _genuine(subject):
        walls = []
        for _ in range(3):
            began = time.perf_counter()
            _answer(subject, one.request(), subject.form_of(one))
            walls.append(time.perf_counter() - began)
        if min(walls) > SECONDS["answer"]:
            yield f"{name}: takes {min(walls):.2f} s; `answer` has {SECONDS['answer']} s and no network"


@check("answer_repeats", "同样的回调同样应答", "answers the same request the same way", "answer")
def find_answer_repeats(subject: Subject) -> Findings:
    """Vendors repeat."""
    for name, one in _hooks(subject):
        form = subject.form_of(one)
        if _answer(subject, one.request(), form) != _answer(subject, one.request(), form):
            yield f"{name}: the second answer differs from the first; a channel keeps no state"


@check("events", "读出样例中的事件", "finds the events that the fixtures hold", "parse")
def find_events(subject: Subject) -> Findings:
    """As many as the fixture says, at least one where it says nothing."""
    for name, one in subject.samples.requests.items():
        if not one.accepted or one.method == "GET":  # the vendor tries the address: core answers and stores nothing
            continue
        found = _parse(subject, one.request(), subject.form_of(one))
        if isinstance(found, ChannelFailure):
            yield f"{name}: {found.message}"
        elif (one.events is None and not found) or (one.events is not None and len(found) != one.events):
            yield f"{name}: {len(found)} events, the fixture says {one.events or 'some'}"


@check("event_ids", "事件编号来自来源", "takes event ids from the source, not from clock or chance", "parse")
def find_event_ids(subject: Subject) -> Findings:
    """The same delivery stored again later, under another id, names the same events: that is what dedup rests on.

    The form of a landing is stored once: whoever posts the same words on another day has come again.
    """
    for name, one in subject.samples.requests.items():
        form = subject.form_of(one)
        first = _parse(subject, one.request(), form)
        later = {"id": "r2", "received_at": one.received_at + timedelta(days=30)}
        again = first if one.form else _parse(subject, one.request().model_copy(update=later), form)
        if isinstance(first, ChannelFailure) or isinstance(again, ChannelFailure):
            continue
        ids = [event.event_id for event in first]
        if ids != [event.event_id for event in again]:
            yield f"{name}: the event ids of a delivery that is repeated 30 days later are other ones"
        if len(set(ids)) != len(ids) and len({event.model_dump_json() for event in first}) == len(first):
            yield f"{name}: different events share an id; only the first would be kept"


@check("parse_order", "乱序和重复不影响结果", "reads each request alone, in any order, any number of times", "parse")
def find_parse_order(subject: Subject) -> Findings:
    """Forwards, then backwards, then each twice."""
    accepted = {name: one for name, one in subject.samples.requests.items() if one.accepted}
    requests = {name: one.request() for name, one in accepted.items()}
    forms = {name: subject.form_of(one) for name, one in accepted.items()}
    found = {name: _parse(subject, request, forms[name]) for name, request in requests.items()}
    if forgotten := [name for name, one in accepted.items() if one.events and not found[name]]:
        yield f"{', '.join(forgotten)}: gives no events when it comes again; core drops repetitions, by their ids"
    told = {name: _told(one) for name, one in found.items()}
    for name in [*reversed(requests), *requests, *requests]:
        if _told(_parse(subject, requests[name], forms[name])) != told[name]:
            yield f"{name}: gives other events when other requests came before it; a channel keeps no state"
            return


@check("parse_garbage", "乱码被拒绝而不出错", "refuses garbage with `Refused` and nothing else", "parse")
def find_parse_garbage(subject: Subject) -> Findings:
    """What was accepted by mistake, or stored before a mend, is parsed some day."""
    headers: dict[str, str] = next((one.headers for _, one in _genuine(subject) if not one.settings), {})
    for what, body in BODIES.items():
        base = Request(id="r1", received_at=_at(subject), body=body)
        for request in (base, base.model_copy(update={"headers": {k.lower(): v for k, v in headers.items()}})):
            found = _parse(subject, request, subject.form)
            if isinstance(found, ChannelFailure) and found.kind != "refused":
                yield f"a body of {what}: {found.message}"
                break


@check("unproven", "没有证明的来信要标明", "marks replies and opt-outs that prove nothing", "parse")
def find_unproven(subject: Subject) -> Findings:
    """A vendor that signs nothing: see `is_proven` in docs/writing-a-channel.md."""
    for name, one in _genuine(subject):
        if one.proof == "none":
            found = _parse(subject, one.request(), subject.form_of(one))
            for event in found if isinstance(found, list) else ():
                if isinstance(event, Reply | OptOut) and event.is_proven:
                    yield f"{name}: a {event.type} that anybody could have sent says is_proven; set it to False"


def _told(found: list[Event] | ChannelFailure) -> str:
    return found.message if isinstance(found, ChannelFailure) else "".join(event.model_dump_json() for event in found)


def _at(subject: Subject) -> datetime:
    return next((one.received_at for one in subject.samples.requests.values()), Recorded().received_at)
