"""Hosts and forwarded addresses."""

import pytest
from flask import Flask, request

from core.settings import Settings
from core.web.proxies import install_proxies

FORWARDED = {"X-Forwarded-For": "203.0.113.7, 198.51.100.9", "X-Forwarded-Host": "siyu.example"}


def app_behind(proxies: int) -> Flask:
    app = Flask("behind")
    install_proxies(app, Settings(proxies=proxies, hosts=["siyu.example", "localhost"]))

    @app.get("/")
    def seen() -> str:
        return f"{request.remote_addr} {request.host}"

    return app


@pytest.mark.parametrize("host", ["evil.test", "siyu.example.evil.test", "localhost@evil.test", "xsiyu.example"])
def test_foreign_host_is_refused(host: str) -> None:
    assert app_behind(0).test_client().get("/", headers={"Host": host}).status_code == 400


def test_own_host_with_port_is_served() -> None:
    assert app_behind(0).test_client().get("/", headers={"Host": "siyu.example:8400"}).status_code == 200


def test_forwarded_address_counts_only_behind_proxy() -> None:
    assert app_behind(0).test_client().get("/", headers=FORWARDED).text == "127.0.0.1 localhost"
    assert app_behind(1).test_client().get("/", headers=FORWARDED).text == "198.51.100.9 siyu.example"
    assert app_behind(2).test_client().get("/", headers=FORWARDED).text.startswith("203.0.113.7")
