"""Where the API is, for this process and for the reader's browser; nothing else of the UI reads the environment."""

import os
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """`api_url` is called by this process; `public_api_url` is put into links, or empty when it follows the browser."""

    api_url: str
    public_api_url: str
    bind: str
    ui_port: int
    simulator_url: str = ""

    def browser_api(self, page_url: str) -> str:
        """The API as the browser that shows `page_url` reaches it: the same host, so that the cookie is shared."""
        if self.public_api_url:
            return self.public_api_url
        page, api = urlsplit(page_url), urlsplit(self.api_url)
        if not page.hostname:
            return self.api_url
        host = f"[{page.hostname}]" if ":" in page.hostname else page.hostname
        return f"{page.scheme}://{host}:{api.port}"


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    port = os.environ.get("SIYU_API_PORT", "8400")
    return Settings(
        api_url=os.environ.get("SIYU_API_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        public_api_url=os.environ.get("SIYU_PUBLIC_API_URL", "").rstrip("/"),
        bind=os.environ.get("SIYU_BIND", "127.0.0.1"),
        ui_port=int(os.environ.get("SIYU_UI_PORT", "8401")),
        simulator_url=os.environ.get("SIYU_SIMULATOR", "").rstrip("/"),
    )
