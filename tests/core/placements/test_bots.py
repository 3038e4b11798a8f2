"""Machines are told from people by their agent and by what they say they are doing."""

import pytest

from core.placements.bots import is_bot, is_bot_agent

PEOPLE = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.50(0x1800322b) NetType/WIFI Language/zh_CN",
    "Mozilla/5.0 (Linux; Android 14; 2312DRA50C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 "
    "Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20240501 wxwork/4.1.26 MicroMessenger/7.0.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Instagram 300.0.0 (google/9)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; Cubot X70) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
]
MACHINES = [
    "",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0 Safari/537.36",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
    "Sogou web spider/4.0",
    "thirdLandingPageFeInfra",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_not_marked(agent: str) -> None:
    assert not is_bot_agent(agent)


@pytest.mark.parametrize("agent", MACHINES)
def test_machines_are_marked(agent: str) -> None:
    assert is_bot_agent(agent)


@pytest.mark.parametrize(
    "hint", [{"HTTP_SEC_PURPOSE": "prefetch;prerender"}, {"HTTP_X_MOZ": "prefetch"}, {"REQUEST_METHOD": "HEAD"}]
)
def test_looking_ahead_is_marked(hint: dict[str, object]) -> None:
    assert is_bot({"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": PEOPLE[0], **hint})
    assert not is_bot({"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": PEOPLE[0]})
