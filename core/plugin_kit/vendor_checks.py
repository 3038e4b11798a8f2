"""Rules about everything that goes to the vendor, or comes from it by asking: the vendor is played here."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from core.plugin_host.calls import PluginFault
from core.plugin_kit.garbage import FILES
from core.plugin_kit.samples import AT
from core.plugin_kit.subject import Findings, Subject, check, with_each_account
from core.plugin_kit.vendors import EVERY_TROUBLE, MAY_HAVE_LEFT, NEVER_LEFT, OTHERS, vendor
from core.sdk.events import Event
from core.sdk.failures import ChannelFailure
from core.sdk.messages import Message, Outcome, Payout, Sought
from core.sdk.placements import Code, JoinAsked, Placement
from core.sdk.requests import BadRow, Request, SourceFile
from core.sdk.values import IdentityClaim

PATIENT = 20.0
PLACEMENT = Placement(id="p1", name="一", brand="思域")
CODES = [
    Code(serial=serial, url=f"https://go.example.com/c/{serial}")
    for serial in ("B1FPVYDDES6F5ZK9KT", "0123456789ABCDEFGH")
]
PHONES = [f"+861390000{n:04}" for n in range(40)]
MESSAGES = [
    Message(key=f"m{n}", group="g1", to=IdentityClaim(kind="phone", value=phone), variables={"code": f"Ab{n:04}"})
    for n, phone in enumerate(PHONES)
]
PAYOUTS = [
    Payout(key=f"pay{n}", to=IdentityClaim(kind="openid", value=f"o{n}", app="wx0"), amount_minor=100) for n in range(5)
]


@check("check_verb", "试连时只报五种失败", "`check` fails in one of the five ways when the vendor does", "check")
@with_each_account
def find_check(subject: Subject) -> Findings:
    """An operator presses the button on a bad day."""
    yield from _only_five(subject, lambda: subject.host.call(subject.key, "check", subject.form, timeout=PATIENT))


@check("pull", "拉取时只报五种失败", "`pull` fails in one of the five ways and invents nothing", "pull")
@with_each_account
def find_pull(subject: Subject) -> Findings:
    """A page that cannot be read moves no cursor."""
    yield from _only_five(subject, lambda: subject.host.call(subject.key, "pull", None, subject.form, timeout=PATIENT))
    for what, trouble in (NEVER_LEFT | MAY_HAVE_LEFT).items():
        with vendor(trouble) as stage:
            try:
                found = subject.host.call(subject.key, "pull", "old", subject.form, timeout=PATIENT)
            except ChannelFailure:
                continue
        if stage.count and found.cursor != "old":
            yield f"the vendor {what}, and the cursor moves on to {found.cursor!r}: what lies between is lost"


@check("measure", "取数时只报五种失败", "`measure` fails in one of the five ways", "measure")
@with_each_account
def find_measure(subject: Subject) -> Findings:
    """Figures are asked for a few times a day."""
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "measure", [PLACEMENT], subject.form, timeout=PATIENT)
    )


@check("lookup", "查询时只报五种失败", "`lookup` fails in one of the five ways", "lookup")
@with_each_account
def find_lookup(subject: Subject) -> Findings:
    """Nothing is said of a message that the vendor does not know."""
    sought = [Sought(key=m.key, to=m.to, provider_id=f"v{m.key}", sent_at=AT) for m in MESSAGES[:3]]
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "lookup", sought, subject.form, timeout=PATIENT)
    )


def _only_five(subject: Subject, call: Callable[[], object]) -> Findings:
    for what, trouble in EVERY_TROUBLE.items():
        with vendor(trouble):
            try:
                call()
            except PluginFault as fault:
                yield f"the vendor {what}: {fault.message}"
            except ChannelFailure as failure:
                for secret in subject.secrets:
                    if secret in failure.message:
                        yield f"the vendor {what}: the message repeats a secret"


@check("outcomes", "每条消息一个结果", "tells one outcome for each message, whatever the vendor does", "deliver")
@with_each_account
def find_outcomes(subject: Subject) -> Findings:
    """Silence about a message makes it unknown, and a human has to ask."""
    for what, trouble in EVERY_TROUBLE.items():
        outcomes = _deliver(subject, trouble)
        silent = [one for one in outcomes if one.failure and "said nothing" in one.failure.message]
        broken = [one for one in outcomes if one.failure and one.failure.message.startswith("plugin ")]
        if silent:
            yield f"the vendor {what}: nothing is said about {len(silent)} of {len(outcomes)} messages"
        elif broken and broken[0].failure:
            yield f"the vendor {what}: {broken[0].failure.message}"


@check(
    "never_twice",
    "可能已发出的绝不重发",
    "says unknown of what may have left, so that none is sent twice",
    "deliver",
)
@with_each_account
def find_never_twice(subject: Subject) -> Findings:
    """A time-out, a broken connection or a 500 after the request left: `repeatable=False` tells them apart."""
    if subject.manifest.idempotency == "key":
        return
    for what, trouble in MAY_HAVE_LEFT.items():
        with vendor(trouble) as stage:
            outcomes = subject.host.call(subject.key, "deliver", MESSAGES, subject.form, timeout=PATIENT)
        left = _carried(stage.sent)
        again = [one for one in outcomes if one.key in left and one.failure and one.failure.may_be_retried]
        if again:
            yield f"the vendor {what}: {len(again)} messages would be sent again; say `unknown` for them"


def _carried(sent: str) -> set[str]:
    """The messages that were in a request, by their numbers; all of them where no number can be made out."""
    found = {one.key for one in MESSAGES if one.to.value.removeprefix("+86") in sent}
    return found if found or not sent else {one.key for one in MESSAGES}


@check("throttled", "限流时说稍后再试", "says Throttled when the vendor asks to slow down", "deliver")
@with_each_account
def find_throttled(subject: Subject) -> Findings:
    """Otherwise a whole campaign fails for a busy minute."""
    outcomes = _deliver(subject, OTHERS["asks to slow down"])
    final = [one for one in outcomes if one.state == "failed" and one.failure and one.failure.kind == "refused"]
    if final:
        yield f"{len(final)} messages are given up for good when the vendor answers 429"


@check("rewards", "红包绝不重复发放", "tells one outcome for each payout, unknown where it may have left", "reward")
@with_each_account
def find_rewards(subject: Subject) -> Findings:
    """The rules of messages, with money."""
    for what, trouble in MAY_HAVE_LEFT.items():
        with vendor(trouble):
            outcomes = subject.host.call(subject.key, "reward", PAYOUTS, subject.form, timeout=PATIENT)
        again = [one for one in outcomes if one.failure and one.failure.may_be_retried]
        if again and subject.manifest.idempotency != "key":
            yield f"the vendor {what}: {len(again)} payouts would be paid again"


@check("payee", "认不出收款人时只报五种失败", "`payee` fails in one of the five ways", "payee")
def find_payee(subject: Subject) -> Findings:
    """The person is asked to sign in again."""
    back = Request(id="r1", received_at=AT, method="GET", query=(("code", "c1"), ("state", "s1")))
    yield from _only_five(subject, lambda: subject.host.call(subject.key, "payee", back, subject.form, timeout=PATIENT))


@check("cancel", "撤回时只报五种失败", "`cancel` fails in one of the five ways", "cancel")
def find_cancel(subject: Subject) -> Findings:
    """What cannot be told for certain is not told."""
    sought = [Sought(key=p.key, to=p.to, group="reward", sent_at=AT) for p in PAYOUTS[:2]]
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "cancel", sought, subject.form, timeout=PATIENT)
    )


@check("join_codes", "做活码时只报五种失败", "`join_codes` fails in one of the five ways", "join_codes")
def find_join_codes(subject: Subject) -> Findings:
    """A code that could not be made is asked for again."""
    asked = [JoinAsked(reference="Ab3dEf6hIj9kLm2n", label="一")]
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "join_codes", asked, subject.form, timeout=PATIENT)
    )


@check("drop_codes", "删活码时只报五种失败", "`drop_codes` fails in one of the five ways", "drop_codes")
def find_drop_codes(subject: Subject) -> Findings:
    """A code that could not be deleted is asked for again."""
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "drop_codes", ["way-1"], subject.form, timeout=PATIENT)
    )


@check("start_show", "开播时只报五种失败", "`start_show` fails in one of the five ways", "start_show")
def find_start_show(subject: Subject) -> Findings:
    """A show that could not be started is started again."""
    yield from _only_five(
        subject, lambda: subject.host.call(subject.key, "start_show", PLACEMENT, subject.form, timeout=PATIENT)
    )


def _deliver(subject: Subject, trouble: Callable[..., object]) -> list[Outcome]:
    with vendor(trouble):  # type: ignore[arg-type]  # one of the scripts
        return subject.host.call(subject.key, "deliver", MESSAGES, subject.form, timeout=PATIENT)


@check("files", "读出导出文件中的事件", "reads the exports among the fixtures, twice alike", "read_file")
def find_files(subject: Subject) -> Findings:
    """As many events and bad rows as files.json says, and the same ids each time."""
    for name, expected in subject.samples.files.items():
        path = subject.samples.folder / "files" / name
        try:
            found = _read(subject, path)
            again = _read(subject, path)
        except ChannelFailure as failure:
            yield f"{name}: {failure.message}"
            continue
        events = [one for one in found if not isinstance(one, BadRow)]
        bad = len(found) - len(events)
        if (len(events), bad) != (expected.events, expected.bad_rows):
            yield f"{name}: {len(events)} events and {bad} bad rows, expected {expected.events} and {expected.bad_rows}"
        if found != again:
            yield f"{name}: the second reading differs from the first"


@check("bad_files", "坏文件被拒绝而不出错", "refuses a file that is none, row by row or whole", "read_file")
def find_bad_files(subject: Subject) -> Findings:
    """Operators upload the wrong file."""
    with tempfile.TemporaryDirectory() as folder:
        for what, body in FILES.items():
            path = Path(folder) / "export.csv"
            path.write_bytes(body)
            try:
                events = [one for one in _read(subject, path) if not isinstance(one, BadRow)]
            except PluginFault as fault:
                yield f"a file {what}: {fault.message}"
            except ChannelFailure as failure:
                if failure.kind != "refused":
                    yield f"a file {what} is {failure.kind}; raise Refused and say what is wrong with it"
            else:
                if events:
                    yield f"a file {what} gives {len(events)} events"


def _read(subject: Subject, path: Path) -> list[Event | BadRow]:
    file = SourceFile(name=path.name, path=path)
    return list(subject.host.call(subject.key, "read_file", file, subject.form, timeout=PATIENT))


@check("publish", "同样的印刷品同样的字节", "prints the same bytes for the same codes", "publish")
def find_publish(subject: Subject) -> Findings:
    """Printed again, it is the same sheet; without codes there is nothing to break."""
    made = list(subject.host.call(subject.key, "publish", PLACEMENT, CODES, subject.form, timeout=60))
    if not made:
        yield "two codes, and nothing is made of them"
    if made != list(subject.host.call(subject.key, "publish", PLACEMENT, CODES, subject.form, timeout=60)):
        yield "the second printing differs from the first; leave dates and chance out of it"
    list(subject.host.call(subject.key, "publish", PLACEMENT, [], subject.form, timeout=60))


@check("landing", "扫码页有中英文", "the page of a code speaks both languages and has every refusal", "landing")
def find_landing(subject: Subject) -> Findings:
    """People abroad scan as well."""
    page = subject.host.call(subject.key, "landing", PLACEMENT, CODES[0], subject.form, timeout=PATIENT)
    texts = [page.title, page.button, page.done, *page.texts, *page.refusals.values(), *(f.label for f in page.fields)]
    if not all(text.zh.strip() and text.en.strip() for text in texts):
        yield "a text of the page is missing in one language"
    if missing := {"used", "unknown", "mistyped", "closed"} - set(page.refusals):
        yield f"the page has no words for a code that is {', '.join(sorted(missing))}"


@check("preview", "预览从不报错", "a preview never raises, it tells problems", "preview")
@with_each_account
def find_preview(subject: Subject) -> Findings:
    """It is drawn at every key stroke."""
    for text in ("", "hi", "${nothing} https://evil.example", "字" * 600):
        message = MESSAGES[0].model_copy(update={"text": text, "variables": {}})
        try:
            subject.host.call(subject.key, "preview", message, subject.form, timeout=PATIENT)
        except ChannelFailure as failure:
            yield f"the text {text[:20]!r}: {failure.message}"
