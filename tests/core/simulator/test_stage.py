"""What a vendor is asked and says: signature, moods, nonsense, and what outlives a restart."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from core.simulator.conversation import mask_hook
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator, find_vendors
from core.simulator.wire import Asked, Reply
from tests.core.simulator.toy import HOOK, Toy, make_toy


def ask(simulator: Simulator, body: str = '{"count":1}', *, word: str = "please", host: str = "toy.example") -> Reply:
    return simulator.take(Asked("POST", host, "/do?x=1", {"word": word}, body.encode(), clock.now()))


def test_wrong_signature_is_named_and_refused() -> None:
    simulator, toy = make_toy()
    assert ask(simulator, word="now").body == b'{"code":"no"}'
    (entry,) = simulator.conversation.entries()
    assert (entry.state, entry.note, toy.done) == ("forged", "another word", 0)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"count":"x"}', "\x00"])
def test_nonsense_gets_the_vendors_words(body: str) -> None:
    simulator, _ = make_toy()
    assert ask(simulator, body).body == b'{"code":"what"}'
    assert simulator.queue.waiting() == []


@pytest.mark.parametrize(
    ("answers", "status", "body", "done"),
    [
        ("fine", 200, b'{"ok":1}', 1),
        ("busy", 400, b'{"code":"wait"}', 0),
        ("empty", 400, b'{"code":"broke"}', 0),
        ("code", 400, b'{"code":"E7"}', 0),
        ("broken", 500, b"upstream failed", 1),
    ],
)
def test_moods_decide_the_answer(answers: Answers, status: int, body: bytes, done: int) -> None:
    simulator, toy = make_toy()
    simulator.moods["toy"] = Moods(answers=answers, code="E7")
    reply = ask(simulator)
    assert (reply.status, reply.body, toy.done) == (status, body, done)
    assert len(simulator.queue.waiting()) == done


def test_hanging_vendor_has_done_it() -> None:
    simulator, toy = make_toy()
    simulator.moods["toy"] = Moods(answers="hanging")
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(ask(simulator)))
    thread.start()
    while not simulator.conversation.entries():
        time.sleep(0.001)
    assert (toy.done, replies) == (1, [])
    simulator.wake()
    thread.join(timeout=5)
    assert [one.status for one in replies] == [500]


def test_share_of_bad_answers_follows_the_seed() -> None:
    def draw(seed: int) -> list[int]:
        simulator, _ = make_toy()
        simulator.moods["toy"] = Moods(answers="broken", share=0.3, seed=seed)
        return [ask(simulator).status for _ in range(60)]

    assert draw(1) == draw(1) != draw(2)
    assert 5 < draw(1).count(500) < 35


@pytest.mark.parametrize(
    ("host", "known"), [("toy.example", True), ("a.toys.example", True), ("toys.example", False), ("x", False)]
)
def test_hosts_lead_to_their_vendor(host: str, known: bool) -> None:
    simulator, _ = make_toy()
    assert (ask(simulator, host=host).status == 200) is known


def test_state_outlives_a_restart(tmp_path: Path) -> None:
    simulator, toy = make_toy()
    toy.settings["colour"], simulator.moods["toy"] = "blue", Moods(late=0.5)
    simulator.save(tmp_path / "state.json")
    again = Simulator(only=[Toy()])
    again.load(tmp_path / "state.json")
    kept = again.vendors["toy"]
    assert (kept.hooks, kept.settings, again.moods["toy"].late) == ({"": HOOK}, {"colour": "blue"}, 0.5)
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0


def test_reset_begins_anew_but_keeps_hooks() -> None:
    simulator, toy = make_toy()
    simulator.moods["toy"] = Moods(lost=1)
    ask(simulator)
    simulator.reset()
    assert (toy.done, toy.hooks, simulator.moods["toy"]) == (0, {"": HOOK}, Moods())
    assert (simulator.conversation.entries(), simulator.queue.waiting()) == ([], [])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("POST http://127.0.0.1:8400/hooks/abcdefgh1234", "POST http://127.0.0.1:8400/hooks/...1234"),
        ("http://h/hooks/abcdefgh1234?key=1", "http://h/hooks/...1234?key=1"),
        ("GET api.example/other", "GET api.example/other"),
    ],
)
def test_secrets_of_hooks_are_not_shown(address: str, shown: str) -> None:
    assert mask_hook(address) == shown


def test_every_vendor_is_whole() -> None:
    found = find_vendors()
    assert {"aliyun", "tencent", "twilio", "sms_gateway"} <= {one.key for one in found}
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.name.zh
        assert one.name.en
        assert one.account or not one.hosts
        assert not one.hosts or {"forged", "garbage", "busy", "empty"} <= set(one.troubles), one.key


def test_numbers_are_never_given_again() -> None:
    with clock.set_to(clock.now()):
        toy = Toy()
        first = [toy.fresh_number() for _ in range(3)]
        toy.forget()
        first.append(toy.fresh_number())
    assert len(set(first)) == 4
    with clock.set_to(clock.now() + timedelta(milliseconds=1)):
        assert Toy().fresh_number() > max(first)
