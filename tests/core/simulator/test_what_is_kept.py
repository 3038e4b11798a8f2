"""Leads that nobody has fetched yet are still there when the simulator is started again."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import clock
from core.simulator.stage import Simulator
from core.simulator.vendors.meta import TOKEN as META_TOKEN
from core.simulator.vendors.oceanengine import LOCAL, TOKEN
from core.simulator.wire import Asked


def restarted(simulator: Simulator, folder: Path) -> Simulator:
    simulator.save(folder / "state.json")
    fresh = Simulator()
    fresh.load(folder / "state.json")
    return fresh


def test_unfetched_oceanengine_leads_outlive_restart(tmp_path: Path) -> None:
    simulator = Simulator()
    simulator.tell("oceanengine", "live_lead", {"phone": "+8617000000001", "name": "王伟"})
    body = {
        "local_account_ids": [LOCAL],
        "start_time": "2000-01-01 00:00:00",
        "end_time": "2999-01-01 00:00:00",
        "page": 1,
        "page_size": 10,
    }
    asked = Asked(
        "POST",
        "api.oceanengine.com",
        "/open_api/2/tools/clue/life/get/",
        {"access-token": TOKEN, "content-type": "application/json"},
        json.dumps(body).encode(),
        clock.now(),
    )
    before = simulator.take(asked).body
    assert b"17000000001" in before
    assert restarted(simulator, tmp_path).take(asked).body == before


@pytest.mark.parametrize("restarts", [0, 1])
def test_named_meta_lead_is_still_told(tmp_path: Path, restarts: int) -> None:
    simulator = Simulator()
    meta = simulator.vendors["meta"]
    meta.hooks[""] = "http://127.0.0.1:1/hooks/x"
    simulator.tell("meta", "lead", {"phone": "+8617000000002", "name": "李敏"})
    (lead_id,) = meta.leads  # type: ignore[attr-defined]  # Meta's own
    for _ in range(restarts):
        simulator = restarted(simulator, tmp_path)
    headers = {"authorization": f"Bearer {META_TOKEN}"}
    told = simulator.take(Asked("GET", "graph.facebook.com", f"/v23.0/{lead_id}", headers, b"", clock.now()))
    assert (told.status, b"17000000002" in told.body) == (200, True)


def test_requests_ending_together_all_save(tmp_path: Path) -> None:
    simulator, state = Simulator(only=()), tmp_path / "state.json"
    with ThreadPoolExecutor(8) as requests:
        list(requests.map(lambda _: simulator.save(state), range(400)))
    assert json.loads(state.read_text()) == {}
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.new"))
