"""The client: one cache a session, errors by kind, writes make stale."""

import httpx
import pytest

from admin_ui import client
from admin_ui.client import Api, ApiError, Cache, Expired, Forbidden, NotThere, Unreachable
from admin_ui.shapes.me import Me
from admin_ui.shapes.web import Anything
from tests.admin_ui.fake_api import FakeApi, transport_of


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    api = FakeApi()
    monkeypatch.setattr(client, "transport", transport_of(api))
    return api


def make_api(token: str = "good") -> Api:
    return Api(token, Cache())


def test_second_read_comes_from_cache(fake: FakeApi) -> None:
    api = make_api()
    assert api.read(Me, "/v1/me") == api.read(Me, "/v1/me")
    assert len(fake.asked) == 1


def test_write_makes_reads_stale(fake: FakeApi) -> None:
    api = make_api()
    api.read(Me, "/v1/me")
    api.send(Anything, "POST", "/v1/tenants", {"name": "x"})
    api.read(Me, "/v1/me")
    assert len(fake.asked) == 3


def test_two_sessions_share_nothing(fake: FakeApi) -> None:
    make_api().read(Me, "/v1/me")
    with pytest.raises(Expired):
        make_api("other").read(Me, "/v1/me")


def test_cache_keeps_few_answers() -> None:
    cache = Cache()
    for number in range(client.KEPT_ANSWERS + 5):
        cache.put(str(number), client.Kept(0, "", b""))
    assert len(cache.entries) == client.KEPT_ANSWERS


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Expired), (403, Forbidden), (404, NotThere), (503, Unreachable), (500, ApiError)]
)
def test_status_decides_the_error(fake: FakeApi, status: int, kind: type[ApiError]) -> None:
    fake.broken = {"/v1/me": status}
    with pytest.raises(kind) as caught:
        make_api().read(Me, "/v1/me")
    assert caught.value.problem.request_id == "req-7f3a"


def test_no_token_sends_no_header(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={})

    http = httpx.Client(base_url="http://api.test", transport=httpx.MockTransport(answer))
    monkeypatch.setattr(client, "transport", lambda: http)
    make_api("").read(Anything, "/v1/me")
    assert "authorization" not in seen[0]


def test_dead_server_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    http = httpx.Client(base_url="http://api.test", transport=httpx.MockTransport(refuse))
    monkeypatch.setattr(client, "transport", lambda: http)
    with pytest.raises(Unreachable):
        make_api().read(Me, "/v1/me")


def test_other_shape_is_said_so(fake: FakeApi) -> None:
    with pytest.raises(ApiError) as caught:
        make_api().read(Me, "/v1/tenants/t1/overview")
    assert caught.value.problem.code == "unexpected_answer"


def test_unchanged_answer_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("if-none-match", ""))
        if asked[-1]:
            return httpx.Response(304)
        return httpx.Response(200, json={"items": [{}]}, headers={"etag": '"v1"'})

    http = httpx.Client(base_url="http://api.test", transport=httpx.MockTransport(answer))
    monkeypatch.setattr(client, "transport", lambda: http)
    api = make_api()
    api.read(Anything, "/x")
    api.read(Anything, "/x", fresh=True)
    assert asked == ["", '"v1"']


def headers_sent(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """The requests that reach the API."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    http = httpx.Client(base_url="http://127.0.0.1:8400", transport=httpx.MockTransport(answer))
    monkeypatch.setattr(client, "transport", lambda: http)
    return seen


def test_api_learns_the_browsers_address(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = headers_sent(monkeypatch)
    Api("good", Cache(), "https://siyu.example:8443").read(Anything, "/x")
    named = [seen[0].headers[name] for name in ("host", "x-forwarded-host", "x-forwarded-proto")]
    assert named == ["siyu.example:8443", "siyu.example:8443", "https"]


def test_key_of_bare_post_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = headers_sent(monkeypatch)
    make_api().send(Anything, "POST", "/x/start", once="key-1")
    assert seen[0].headers["idempotency-key"] == "key-1"
    assert seen[0].headers["content-type"] == "application/json"
