"""What `/t/<code>` answers, and what it writes down."""

import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, TestResponse

from core.placements.clicks import Click
from core.placements.codes import recipient_part
from core.placements.journal import Journal
from core.placements.journal_reader import JournalReader, list_journals
from core.placements.link_cache import LinkCache, Target
from core.placements.miss_limit import MissLimit
from core.placements.redirect import Redirects
from core.placements.visitors import COOKIE

KEY = b"k" * 32
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"
LINKS = {
    "AAAAAAAA": Target("https://shop.example/?utm_source=sms"),
    "CCCCCCCC": Target("https://shop.example/?siyu_code=", "#top", tells_code=True),
}


class House:
    """A redirect with its journal, on a database that can be switched off."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.is_down, self.lost = folder, False, 0
        self.journal = Journal(folder, KEY)
        self.links = LinkCache(self._look_up)
        app = Redirects(
            self._inner,
            links=self.links,
            journal=self.journal,
            misses=MissLimit(per_minute=3),
            secure=True,
            count_lost=self._count_lost,
        )
        self.client = Client(app, use_cookies=False)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={"User-Agent": PHONE, **headers})

    def clicks(self) -> list[Click]:
        found: list[Click] = []
        for path in list_journals(self.folder):
            reader = JournalReader(path, KEY)
            found += [Click.from_bytes(payload) for payload in reader.take()]
            reader.close()
        return found

    def _look_up(self, code: str) -> Target | None:
        if self.is_down:
            raise OperationalError("select", {}, Exception("down"))
        return LINKS.get(code)

    def _inner(self, environ: object, start_response: object) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "5")])  # type: ignore[operator]  # a WSGI callable
        return [b"flask"]

    def _count_lost(self) -> None:
        self.lost += 1


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.journal.close()


def test_shared_link_redirects_and_is_recorded(house: House) -> None:
    answer = house.get("/t/AAAAAAAA")
    assert (answer.status_code, answer.location) == (302, "https://shop.example/?utm_source=sms")
    assert answer.headers["Cache-Control"] == "no-store"
    (click,) = house.clicks()
    assert (click.code, click.kind, click.agent, click.is_bot) == ("AAAAAAAA", "click", PHONE, False)
    assert uuid.UUID(click.id).version == 7


def test_first_click_makes_a_visitor(house: House) -> None:
    cookie = house.get("/t/AAAAAAAA").headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly; SameSite=Lax; Secure" in cookie
    assert house.clicks()[0].visitor == cookie.split(";")[0].split("=")[1]


def test_second_click_is_the_same_visitor(house: House) -> None:
    cookie = house.get("/t/AAAAAAAA").headers["Set-Cookie"].split(";")[0]
    again = house.get("/t/AAAAAAAA", Cookie=f"other=1; {cookie}")
    assert "Set-Cookie" not in again.headers
    first, second = house.clicks()
    assert first.visitor == second.visitor


def test_recipient_click_joins_no_cookie(house: House) -> None:
    code = "AAAAAAAA" + recipient_part(KEY, "AAAAAAAA", 5)
    answer = house.get(f"/t/{code}", Cookie=f"{COOKIE}={'v' * 22}")
    assert "Set-Cookie" not in answer.headers
    (click,) = house.clicks()
    assert (click.code, click.visitor) == (code, "")


def test_target_is_told_the_code(house: House) -> None:
    assert house.get("/t/CCCCCCCC").location == "https://shop.example/?siyu_code=CCCCCCCC#top"


def test_printed_code_counts_as_scan(house: House) -> None:
    house.get("/t/AAAAAAAA?q")
    assert house.clicks()[0].kind == "scan"


def test_machines_are_sent_on_and_marked(house: House) -> None:
    answer = house.get("/t/AAAAAAAA", **{"User-Agent": "curl/8.5.0"})
    assert answer.status_code == 302
    assert "Set-Cookie" not in answer.headers
    assert house.clicks()[0].is_bot


def test_head_is_answered_and_marked(house: House) -> None:
    answer = house.client.head("/t/AAAAAAAA", headers={"User-Agent": PHONE})
    assert answer.status_code == 302
    assert house.clicks()[0].is_bot


@pytest.mark.parametrize("code", ["ZZZZZZZZ", "short", "AAAA%2FAAA", "", "AAAAAAAAé", "A" * 5000])
def test_unknown_codes_look_all_the_same(house: House, code: str) -> None:
    answer = house.get(f"/t/{code}")
    assert (answer.status_code, answer.data) == (404, house.get("/t/YYYYYYYY").data)
    assert house.clicks() == []


def test_guessing_is_slowed_down(house: House) -> None:
    answers = [house.get(f"/t/ZZZZZZZ{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert len({answer.data for answer in answers}) == 1


def test_guesser_still_reaches_known_links(house: House) -> None:
    house.get("/t/AAAAAAAA")
    for n in range(5):
        house.get(f"/t/ZZZZZZZ{n}")
    assert house.get("/t/AAAAAAAA").status_code == 302


def test_database_down_does_not_stop_known_links(house: House) -> None:
    house.get("/t/AAAAAAAA")
    house.is_down = True
    assert house.get("/t/AAAAAAAA").status_code == 302
    assert len(house.clicks()) == 2


def test_uncached_link_is_journalled_while_down(house: House) -> None:
    house.is_down = True
    answer = house.get("/t/AAAAAAAA")
    assert answer.status_code == 503
    assert "请稍等" in answer.text
    assert [click.code for click in house.clicks()] == ["AAAAAAAA"]


def test_full_disk_does_not_stop_a_redirect(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(payload: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(house.journal, "append", refuse)
    assert house.get("/t/AAAAAAAA").status_code == 302
    assert house.lost == 1


def test_other_paths_go_to_flask(house: House) -> None:
    assert house.get("/v1/me").text == "flask"
    assert house.client.post("/t/AAAAAAAA").status_code == 405


def test_click_survives_its_bytes() -> None:
    from core import clock

    click = Click(uuid.uuid4().hex, clock.now(), "AAAAAAAA", "scan", "", "a" * 400, "https://例子.cn/\ud800", True)
    back = Click.from_bytes(click.to_bytes())
    assert (back.id, back.at, back.agent) == (click.id, click.at, "a" * 300)
