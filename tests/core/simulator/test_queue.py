"""Callbacks: on time, late, doubled, shuffled, lost, forged, and again when they were not taken."""

from typing import Any

import pytest

from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from tests.core.simulator.test_stage import ask
from tests.core.simulator.toy import make_toy
from tests.simulators import Postbox

COUNT = 200


def run(post: Postbox, **moods: Any) -> Simulator:
    simulator, _ = make_toy(post)
    simulator.moods["toy"] = Moods(**moods)
    ask(simulator, f'{{"count":{COUNT}}}')
    simulator.queue.advance(30)
    return simulator


def bodies(post: Postbox) -> list[str]:
    return [one.body.decode() for one in post.postings]


def test_callbacks_come_once_and_in_order() -> None:
    post = Postbox()
    counts = run(post).queue.counts
    assert bodies(post) == [str(n) for n in range(COUNT)]
    assert (counts.planned, counts.sent, counts.taken) == (COUNT, COUNT, COUNT)


def test_doubled_callbacks_come_twice() -> None:
    post = Postbox()
    counts = run(post, doubled=0.2).queue.counts
    assert COUNT * 1.1 < counts.sent < COUNT * 1.3
    assert set(bodies(post)) == {str(n) for n in range(COUNT)}


def test_shuffled_callbacks_lose_their_order() -> None:
    post = Postbox()
    run(post, shuffled=1)
    assert bodies(post) != (order := [str(n) for n in range(COUNT)])
    assert sorted(bodies(post)) == sorted(order)


def test_lost_callbacks_never_come() -> None:
    post = Postbox()
    counts = run(post, lost=0.5).queue.counts
    assert counts.lost + counts.taken == COUNT
    assert len(post.postings) == counts.taken


def test_late_callbacks_wait_for_their_time() -> None:
    post = Postbox()
    simulator = run(post, late=1, late_by=30 * 86_400)
    assert post.postings == []
    simulator.queue.advance(30 * 86_400)
    assert len(post.postings) == COUNT


def test_forged_callback_comes_beside_the_real_one() -> None:
    post = Postbox()
    run(post, wrong=1)
    forged = [one for one in post.postings if one.body.decode() != one.headers["sign"]]
    assert (len(post.postings), len(forged)) == (2 * COUNT, COUNT)


def test_untaken_callback_comes_again_as_the_vendor_does() -> None:
    post = Postbox(status=503)
    simulator = run(post)
    assert len(post.postings) == COUNT
    simulator.queue.advance(60)
    assert len(post.postings) == 2 * COUNT
    simulator.queue.advance(300)
    assert simulator.queue.counts.given_up == COUNT
    simulator.queue.advance(86_400)
    assert len(post.postings) == 3 * COUNT


def test_callback_without_hook_is_shown_unheard() -> None:
    simulator, toy = make_toy()
    toy.hooks.clear()
    ask(simulator)
    entry = simulator.conversation.entries()[-1]
    assert (entry.state, entry.note) == ("unheard", "no hook is entered")


def test_threads_deliver_what_is_due() -> None:
    post = Postbox()
    simulator, _ = make_toy(post)
    simulator.queue.start(4)
    ask(simulator, f'{{"count":{COUNT}}}')
    simulator.queue.advance(5)
    assert simulator.queue.wait_until_idle(20)
    simulator.queue.stop()
    assert sorted(bodies(post)) == sorted(str(n) for n in range(COUNT))


@pytest.mark.parametrize("url", ["http://192.168.0.1/hooks/x", "http://example.com/hooks/x", "nonsense"])
def test_callbacks_stay_on_this_machine(url: str) -> None:
    from core.simulator.posting import post_by_http
    from core.simulator.wire import Posting

    ack = post_by_http(Posting(url, b"", {}), 1)
    assert (ack.status, ack.trouble) == (0, "the simulator calls back to this machine only")
