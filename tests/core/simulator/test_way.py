"""Which requests go to the simulator: those of simulated accounts, and no others."""

import base64
from typing import Any

import pytest

from core.errors import BadConfiguration
from core.sdk import BadSettings, HttpClient, Unreachable, egress
from core.sdk.simulated import MARK
from core.settings import load
from core.simulator.stage import Simulator

BASIC = "Basic " + base64.b64encode(f"AC{MARK}:x".encode()).decode()


def no_way_out(*_: Any, **__: Any) -> Any:
    raise AssertionError("a simulated account left this machine")


@pytest.mark.parametrize(
    "request_",
    [
        {"url": f"https://api.example.com/v1/{MARK}?a=b"},
        {"url": "https://api.example.com/", "headers": {"access-token": f"tok-{MARK}"}},
        {"url": "https://api.example.com/", "headers": {"authorization": BASIC}},
        {"url": "https://api.example.com/", "content": f'{{"corpid":"ww{MARK}"}}'.encode()},
    ],
    ids=["address", "header", "basic", "body"],
)
def test_marked_accounts_reach_the_simulator(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, request_: dict[str, Any]
) -> None:
    monkeypatch.setattr(egress, "public_address", no_way_out)
    with HttpClient() as http:
        reply = http.send("POST", repeatable=True, **request_)
    assert (reply.status, reply.json()) == (404, {"error": "no simulated vendor answers for api.example.com"})


def test_marked_accounts_never_leave_without_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "public_address", no_way_out)
    with HttpClient() as http, pytest.raises(Unreachable, match="siyu simulate"):
        http.send("GET", f"https://api.twilio.com/AC{MARK}", repeatable=True)


def test_real_accounts_pass_the_simulator_by(simulator: Simulator) -> None:
    with HttpClient() as http, pytest.raises(BadSettings, match="public"):
        http.send("GET", "http://127.0.0.1:9/LTAI0000000", repeatable=True)
    assert simulator.conversation.entries() == []


def test_vendor_sees_its_own_host_and_address(simulator: Simulator) -> None:
    with HttpClient() as http:
        http.send("GET", f"https://api.twilio.com:8443/a%2Fb/{MARK}?x=%7E&y", repeatable=True)
    (call,) = simulator.conversation.entries()
    assert call.where == f"GET api.twilio.com/a%2Fb/{MARK}?x=%7E&y"


@pytest.mark.parametrize("address", ["http://10.0.0.1:80", "https://127.0.0.1:8402", "http://evil.example:1", "x"])
def test_simulator_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("SIYU_SIMULATOR", address)
    with pytest.raises(BadConfiguration, match="SIYU_SIMULATOR"):
        load()
