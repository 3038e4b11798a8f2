"""Server-drawn pages: language and headers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader

from core.web import pages


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    environment = pages._templates("core.web")
    hello = DictLoader({"hello.html": "{% extends 'page.html' %}{% block main %}<p>{{ name }}</p>{% endblock %}"})
    assert environment.loader is not None
    monkeypatch.setattr(environment, "loader", ChoiceLoader([hello, environment.loader]))
    app = Flask("pages", root_path=str(Path(__file__).parent))

    @app.get("/hello")
    def hello_page() -> Response:
        return pages.page("core.web", "hello.html", name="<b>刘</b>")

    yield app.test_client()


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en-US,en;q=0.9", "en"), ("en;q=0.3,zh-TW", "zh-CN"), ("fr", "zh-CN")],
)
def test_browser_language_chooses_text(browser: FlaskClient, asked: str, answered: str) -> None:
    response = browser.get("/hello", headers={"Accept-Language": asked})
    assert response.headers["Content-Language"] == answered


def test_chosen_language_is_kept(browser: FlaskClient) -> None:
    assert browser.get("/hello?lang=en").headers["Content-Language"] == "en"
    assert browser.get("/hello", headers={"Accept-Language": "zh-CN"}).headers["Content-Language"] == "en"


def test_switch_keeps_the_rest_of_address(browser: FlaskClient) -> None:
    assert 'href="?next=%2Fa&amp;lang=en"' in browser.get("/hello?next=/a&lang=zh").text


def test_values_are_escaped(browser: FlaskClient) -> None:
    assert "&lt;b&gt;刘&lt;/b&gt;" in browser.get("/hello").text


def test_page_cannot_be_framed_or_scripted(browser: FlaskClient) -> None:
    headers = browser.get("/hello").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
