"""What a page knows about the moment: the reader, the brand, the API."""

from dataclasses import dataclass

import streamlit as st
from pydantic import BaseModel

from admin_ui import settings
from admin_ui.client import Api, Cache, Download, Query, T
from admin_ui.shapes.me import Brand, Me
from admin_ui.shapes.web import Anything

COOKIES = ("__Host-siyu", "siyu")

NO_BRAND = Brand(id="", name="", role=None)


@dataclass(frozen=True)
class Here:
    """Handed to nobody: pages ask `here()`, so that a fragment's rerun sees the newest one."""

    api: Api
    me: Me
    brand: Brand = NO_BRAND

    def can(self, scope: str) -> bool:
        """Whether the reader's role in this brand has the scope."""
        return scope in self.brand.scopes

    def path(self, rest: str) -> str:
        """A path below the brand."""
        return f"/v1/tenants/{self.brand.id}/{rest}"

    def read(self, shape: type[T], rest: str, query: Query | None = None, *, fresh: bool = False) -> T:
        """GET something of the brand."""
        return self.api.read(shape, self.path(rest), query, fresh=fresh)

    def send(self, shape: type[T], method: str, rest: str, body: object = None, *, once: str = "") -> T:
        """Change something of the brand."""
        return self.api.send(shape, method, self.path(rest), body, once=once)

    def do(self, method: str, rest: str, body: object = None, *, once: str = "") -> None:
        """Change something of the brand whose answer does not matter."""
        self.send(Anything, method, rest, body, once=once)

    def download(self, rest: str) -> Download:
        """A small file of the brand."""
        return self.api.download(self.path(rest))


def token() -> str:
    """The session cookie of the websocket's opening request; HttpOnly, so no script sees it."""
    cookies = st.context.cookies
    return next((cookies[name] for name in COOKIES if cookies.get(name)), "")


def api() -> Api:
    """The API with the reader's token; the cache is dropped when somebody else signed in."""
    now = token()
    if st.session_state.get("_cache_of") != now:
        st.session_state["_cache_of"] = now
        st.session_state["_cache"] = Cache()
    return Api(now, st.session_state["_cache"], browser_api())


def here() -> Here:
    """The moment this run is about."""
    found = st.session_state["_here"]
    assert isinstance(found, Here)
    return found


def enter(moment: Here) -> None:
    """Make `moment` what `here()` answers."""
    st.session_state["_here"] = moment


def browser_api() -> str:
    """The API's address for links and uploads, on the host the reader used."""
    return settings.current().browser_api(st.context.url or "")


def body_of(model: BaseModel) -> dict[str, object]:
    """A request body from a shape."""
    return model.model_dump(mode="json", exclude_none=True)
