"""Jobs on the pages: the cause in words, what may be tried again, what asks first."""

import pytest

from admin_ui import causes
from tests.admin_ui import fake_data
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

JOBS = "/v1/tenants/t1/jobs"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("the process that ran it died (3 of 3)", "3 of 3 times"),
        ("OperationalError (see the log of job 0189-ab)", "database was not available"),
        ("KeyError (see the log of job 0189-ab)", "KeyError"),
        ("package_card could not print: no [room]", r"no \[room\]"),
        ("cancelled on request", "Cancelled"),
        ("line 3: the file ends in the middle", "line 3: the file ends in the middle"),
    ],
)
def test_cause_is_told_in_words(monkeypatch: pytest.MonkeyPatch, error: str, said: str) -> None:
    monkeypatch.setattr("admin_ui.words.language", lambda: "en")
    assert said in causes.in_words(error).replace("\\:", ":")


def test_failed_ones_come_first(open_page: OpenPage, fake: FakeApi) -> None:
    shown = texts(open_page("jobs", "en"))
    assert "1 job(s) failed" in shown
    assert "disk full" in shown
    assert "goes on from where it stopped" in shown


def test_failed_job_is_tried_again(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("jobs", "en", job="dead")
    app.button(key="retry_j1").click().run()
    assert [path for _, path, _ in fake.sent] == [f"{JOBS}/j1/retry"]


def test_cancelling_asks_with_progress(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("jobs", "en", job="busy")
    app.button(key="cancel_j2").click().run()
    assert "progress 3,000 / 9,000" in texts(app)
    assert not fake.sent
    app.button(key="sure").click().run()
    assert [path for _, path, _ in fake.sent] == [f"{JOBS}/j2/cancel"]


def test_waiting_job_tells_next_try(open_page: OpenPage, fake: FakeApi) -> None:
    assert "tried again at 2026-11-20 14:30" in texts(open_page("jobs", "en", job="waiting"))


def test_viewer_sees_no_buttons(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    keys = [str(button.key) for button in open_page("jobs", "en", job="dead").button]
    assert not [key for key in keys if key.startswith(("retry", "cancel_"))]


def test_polls_in_a_row_are_one_line(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    done = [{"id": f"d{n}", "kind": "ingest.pull", "state": "done"} for n in range(3)]
    jobs = {"items": [*done, {"id": "x", "kind": "ingest.pull", "state": "dead"}, {**done[0], "id": "e"}], "next": None}
    monkeypatch.setattr(fake_data, "FULL", [(r"jobs", jobs), *fake_data.FULL])
    kinds = list(open_page("jobs", "en").dataframe[0].value["kind"])
    assert kinds[0].endswith("(3 in a row)")
    assert len(kinds) == 3
