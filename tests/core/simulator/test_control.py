"""The control API and the page, as tests and people use them."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from core.simulator.server import SimulatorApp
from core.simulator.stage import Simulator
from tests.core.simulator.test_stage import ask
from tests.core.simulator.toy import make_toy
from tests.simulators import Postbox


@pytest.fixture
def post() -> Postbox:
    return Postbox()


@pytest.fixture
def simulator(post: Postbox) -> Simulator:
    return make_toy(post)[0]


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(SimulatorApp(simulator))


def tell(client: Client, method: str, path: str, told: object = None) -> tuple[int, Any]:
    said = client.open(f"/_control/{path}", method=method, data=json.dumps(told) if told is not None else b"")
    return said.status_code, json.loads(said.get_data())


def test_vendors_are_told_without_secrets_of_hooks(client: Client) -> None:
    status, told = tell(client, "GET", "vendors")
    (toy,) = told["vendors"]
    assert (status, toy["key"], toy["account"], toy["hooks"]) == (200, "toy", {"word": "please"}, [""])
    assert "secret" not in json.dumps(told)


def test_moods_hooks_and_settings_are_set(client: Client) -> None:
    assert tell(client, "PUT", "vendors/toy/moods", {"late": 0.5})[1]["late"] == 0.5
    assert tell(client, "PUT", "vendors/toy/moods", {"lost": 0.1})[1]["late"] == 0.5
    assert tell(client, "PUT", "vendors/toy/hook", {"url": "http://h/x", "label": "b"})[1] == {"hooks": ["", "b"]}
    assert tell(client, "PUT", "vendors/toy/settings", {"colour": "blue"})[1] == {"colour": "blue"}


@pytest.mark.parametrize(
    ("method", "path", "told", "status"),
    [
        ("PUT", "vendors/toy/moods", {"late": 2}, 422),
        ("PUT", "vendors/toy/moods", {"what": 2}, 422),
        ("PUT", "vendors/toy/moods", [], 400),
        ("PUT", "vendors/none/moods", {}, 404),
        ("PUT", "vendors/toy/settings", {"size": "1"}, 404),
        ("POST", "vendors/toy/tell", {"what": "nothing"}, 404),
        ("POST", "advance", {}, 422),
        ("GET", "nothing", None, 404),
        ("DELETE", "vendors", None, 404),
    ],
)
def test_bad_orders_are_refused(client: Client, method: str, path: str, told: object, status: int) -> None:
    assert tell(client, method, path, told)[0] == status


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"1"])
def test_garbage_harms_nothing(client: Client, body: bytes) -> None:
    for path in ("vendors/toy/moods", "vendors/toy/settings", "vendors/toy/hook"):
        assert client.put(f"/_control/{path}", data=body).status_code in (400, 404, 422)


def test_callback_is_fired_by_hand(client: Client, post: Postbox) -> None:
    assert tell(client, "POST", "vendors/toy/tell", {"what": "hello", "fields": {"text": "hi"}})[0] == 200
    _, counts = tell(client, "POST", "advance", {"seconds": 5})
    assert (counts["taken"], [one.body for one in post.postings]) == (1, [b"hi"])
    _, told = tell(client, "GET", "conversation?vendor=toy&after=0")
    assert [(one["what"], one["state"]) for one in told["entries"]] == [("hello", "taken")]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}], ids=str
)
def test_other_sites_press_no_buttons(client: Client, headers: dict[str, str]) -> None:
    assert client.post("/_control/reset", headers=headers).status_code == 403
    assert client.post("/?vendor=toy", data={"do": "reset"}, headers=headers).status_code == 403


@pytest.mark.parametrize(("lang", "word"), [("zh", "对话"), ("en", "Conversation")])
def test_page_shows_the_conversation(client: Client, simulator: Simulator, lang: str, word: str) -> None:
    ask(simulator, '{"count":1,"name":"<b>王</b>"}')
    simulator.queue.advance(5)
    page = client.get(f"/?lang={lang}&vendor=toy").get_data(as_text=True)
    assert word in page
    assert "&lt;b&gt;王&lt;/b&gt;" in page
    assert "<b>" not in page
    assert page.count("<li") == 3  # the hook, the call, the callback
    assert "secret" not in page


def test_page_sets_modes_and_fires(client: Client, simulator: Simulator, post: Postbox) -> None:
    client.post("/?vendor=toy", data={"do": "moods", "answers": "busy", "late": "0.5"})
    client.post("/?vendor=toy", data={"do": "settings", "colour": "green"})
    client.post("/?vendor=toy", data={"do": "tell", "what": "hello", "text": "hi"})
    client.post("/", data={"do": "advance", "seconds": "3600"})
    assert (simulator.moods["toy"].answers, simulator.moods["toy"].late) == ("busy", 0.5)
    assert simulator.vendors["toy"].settings == {"colour": "green"}
    assert [one.body for one in post.postings] == [b"hi"]


@pytest.mark.parametrize(
    "form", [{}, {"do": "fly"}, {"do": "moods", "late": "x"}, {"do": "advance"}, {"do": "tell", "what": "x"}]
)
def test_page_says_what_it_cannot_do(client: Client, form: dict[str, str]) -> None:
    said = client.post("/?lang=en&vendor=toy", data=form)
    assert (said.status_code, "Not done" in said.get_data(as_text=True)) == (422, True)
