"""Which hits are no person: crawlers, link previews, prefetching. They are stored, but marked."""

import re
from collections.abc import Mapping
from functools import lru_cache

# Marks are looked for in the agent's lower-case text. In-app browsers of people (MicroMessenger, Instagram, which
# even says "google") carry none of them.
_MARKS = (
    r"(?<!cu)bot\b|bots\b|crawl|spider|slurp|curl/|wget/|python|node-fetch|\bnode\b|axios|go-http-client|java/|okhttp"
    r"|libwww|httpclient|headless|phantomjs|lighthouse|preview|facebookexternalhit|meta-external|whatsapp|slack-img"
    r"|skypeuripreview|embedly|thirdlandingpagefeinfra|bytespider|sogou (web|inst|pic)|yisouspider|monitor|scanner"
    r"|validator|archiver|feedfetcher|google-read-aloud|mediapartners|apis-google"
)
_BOT = re.compile(_MARKS)
_LOOKING_AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def is_bot(environ: Mapping[str, object]) -> bool:
    """Whether a WSGI request comes from a machine, or from a browser that only looks ahead."""
    if environ.get("REQUEST_METHOD") == "HEAD":
        return True
    for name in _LOOKING_AHEAD:
        purpose = environ.get(name)
        if purpose and ("prefetch" in str(purpose) or "preview" in str(purpose)):
            return True
    return is_bot_agent(str(environ.get("HTTP_USER_AGENT", "")))


@lru_cache(maxsize=4096)
def is_bot_agent(agent: str) -> bool:
    """Whether this user agent is a machine's; an empty one is."""
    return not agent or _BOT.search(agent.lower()) is not None
