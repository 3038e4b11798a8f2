"""A channel's limits and use: words in the reader's language, and cells that are no Markdown."""

from typing import Any

import pytest

from tests.admin_ui import fake_data, fake_flows
from tests.admin_ui.conftest import OpenPage


def tables(open_page: OpenPage, language: str) -> str:
    app = open_page("channels", language, channel="c1")
    return "\n".join(str(frame.value.to_string()) for frame in app.dataframe)


@pytest.mark.parametrize(("language", "said"), [("zh", "阿里云：每次最多"), ("en", "at most 100 messages a call")])
def test_limits_speak_readers_language(open_page: OpenPage, language: str, said: str) -> None:
    assert said in tables(open_page, language)


def test_limit_without_words_is_its_data(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    (limit,) = fake_flows.USAGE["limits"]
    plain: dict[str, Any] = {name: value for name, value in limit.items() if name != "text"}
    usage = {**fake_flows.USAGE, "limits": [plain | {"name": "A_vendor: recipients", "source": "a.example/b_c"}]}
    monkeypatch.setattr(fake_data, "FULL", [(r"channels/[^/]+/usage", usage), *fake_data.FULL])
    shown = tables(open_page, "en")
    assert "A_vendor: recipients: 100 messages / call of SendBatchSms" in shown
    assert "a.example/b_c" in shown
