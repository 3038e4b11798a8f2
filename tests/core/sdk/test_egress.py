"""Requests of plugins reach public addresses only, and the one that was checked."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.sdk import BadSettings, HttpClient, Unreachable
from core.sdk.egress import PublicOnly

FORBIDDEN = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:0001::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
]
Answers = Callable[..., None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Answers:
    def resolve_to(*addresses: str) -> None:
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)

    return resolve_to


@pytest.mark.parametrize("address", FORBIDDEN)
def test_special_addresses_are_refused(names: Answers, address: str) -> None:
    names("93.184.215.14", address)
    with HttpClient() as http, pytest.raises(BadSettings, match="public"):
        http.send("GET", "https://vendor.example/", repeatable=True)


def test_name_without_address_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror("no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with HttpClient() as http, pytest.raises(Unreachable, match="no address"):
        http.send("GET", "https://vendor.example/", repeatable=False)


def test_connection_goes_to_the_checked_address(names: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[httpx.Request] = []

    def take(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", take)
    names("93.184.215.14")
    with HttpClient() as http:
        http.send("POST", "https://vendor.example/a?b=1", repeatable=True, content=b"{}")
    assert str(sent[0].url) == "https://93.184.215.14/a?b=1"
    assert sent[0].headers["host"] == "vendor.example"
    assert sent[0].extensions["sni_hostname"] == "vendor.example"


def test_every_client_is_guarded() -> None:
    with HttpClient() as http:
        assert isinstance(http._client._transport, PublicOnly)
