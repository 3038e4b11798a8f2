"""An API in memory: it answers with the shapes of the real one, knows roles, and keeps what it was sent."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.admin_ui import fake_data as data

Json = dict[str, Any]
ALL = [f"{noun}:{verb}" for noun in data.NOUNS for verb in ("read", "write")]
READ = [f"{noun}:read" for noun in data.NOUNS]

SCOPES = {
    "agency_owner": ALL,
    "agency_analyst": [s for s in READ if not s.startswith(("people", "keys"))] + ["attribution:write"],
    "brand_manager": [s for s in ALL if s != "tenants:write"],
    "brand_operator": READ + [f"{n}:write" for n in ("placements", "contacts", "imports", "campaigns", "jobs")],
    "brand_viewer": [f"{n}:read" for n in ("insights", "attribution", "placements", "channels", "jobs")],
}
ROLES = tuple(SCOPES)


@dataclass
class FakeApi:
    """`full` is a brand with data, otherwise one that was just made. `broken` makes a path answer with a status.
    `next` is the cursor that every list answers."""

    role: str = "agency_owner"
    full: bool = True
    language: str | None = "zh"
    brandless: bool = False
    next: str | None = None
    broken: dict[str, int] = field(default_factory=dict)
    sent: list[tuple[str, str, Json]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What httpx's mock transport calls."""
        path = request.url.path
        self.asked.append(f"{path}?{request.url.query.decode()}")
        for part, status in self.broken.items():
            if part in path:
                return _problem(status)
        if request.headers.get("authorization") != "Bearer good":
            return _problem(401)
        if request.method != "GET":
            return self._take(request)
        return self._give(path)

    def _take(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        self.sent.append((request.method, request.url.path, body))
        self.keys.append(request.headers.get("idempotency-key", ""))
        for pattern, made in data.MADE:
            if re.search(pattern, request.url.path):
                return httpx.Response(201, json=made)
        return httpx.Response(200, json={})

    def _give(self, path: str) -> httpx.Response:
        rest = re.sub(r"^/v1/(tenants/[^/]+/)?", "", path)
        if path == "/v1/me":
            return httpx.Response(200, json=self._me())
        if path.endswith(".png"):
            return httpx.Response(200, content=data.PNG, headers={"content-type": "image/png"})
        if path.endswith((".svg", ".csv", ".pdf")):
            return httpx.Response(200, content=data.SVG, headers={"content-type": "image/svg+xml"})
        book = data.FULL if self.full else data.EMPTY
        for pattern, body in book:
            if re.fullmatch(pattern, rest):
                # Every list has another page, if the test wants to see how that is shown.
                if self.next and isinstance(body, dict) and "next" in body:
                    body = {**body, "next": self.next}
                return httpx.Response(200, json=body, headers={"x-request-id": "req-1"})
        return _problem(404)

    def _me(self) -> Json:
        whole = self.role.startswith("agency")
        brands = [] if self.brandless else data.BRANDS if whole else data.BRANDS[:1]
        role = None if whole else self.role
        return {
            "user": {"id": "u1", "name": "林 小雨", "email": "lin@example.com", "language": self.language},
            "agency": {"id": "a1", "name": "青禾代运营"},
            "role": self.role if whole else None,
            "tenants": [{**brand, "role": role, "scopes": SCOPES[self.role]} for brand in brands],
        }


def _problem(status: int) -> httpx.Response:
    codes = {401: "unauthenticated", 403: "forbidden", 404: "not_found", 503: "unavailable", 422: "invalid"}
    body: Json = {"title": "No", "status": status, "code": codes.get(status, "internal"), "request_id": "req-7f3a"}
    if status == 422:
        body["fields"] = [{"path": "name", "code": "missing", "message": "Field required"}]
    return httpx.Response(status, json=body)


def transport_of(api: FakeApi) -> Callable[[], httpx.Client]:
    """What replaces `client.transport`."""
    http = httpx.Client(base_url="http://api.test", transport=httpx.MockTransport(api.answer))
    return lambda: http
