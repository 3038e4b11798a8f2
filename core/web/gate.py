"""Who may enter a route. Routes only label themselves; the gate that decides is handed in by core/app.py."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from flask import Flask, current_app, g, request
from pydantic import BaseModel, Field

from core.errors import Forbidden, NotFound, Unauthenticated

View = TypeVar("View", bound=Callable[..., object])
LABEL = "_siyu_scope"
PUBLIC = "public"


class TenantPath(BaseModel):
    """The path of a tenant's route; subclass it for more parts."""

    tenant: str = Field(max_length=64, description="Public id of the tenant (brand)")


@dataclass(frozen=True)
class Principal:
    """Who is asking. `scopes` are those it has on the route's tenant, or on its agency where the route names none."""

    kind: Literal["user", "key"]
    id: uuid.UUID
    agency_id: uuid.UUID
    name: str
    role: str | None = None


class Gate(Protocol):
    """What `core.access` hands to the app."""

    def identify(self) -> Principal | None:
        """Who sent the current request, by API key, session token or cookie; None if nobody we know."""
        ...

    def enter(self, who: Principal, tenant: str) -> tuple[int, frozenset[str]]:
        """The tenant's number and the scopes `who` has on it; raises NotFound where it has none at all."""
        ...

    def agency_scopes(self, who: Principal) -> frozenset[str]:
        """The scopes `who` has on routes of no tenant."""
        ...


def needs(scope: str) -> Callable[[View], View]:
    """Label a view with the scope a caller must have, such as `placements:write`."""

    def label(view: View) -> View:
        setattr(view, LABEL, scope)
        return view

    return label


def public(view: View) -> View:
    """Label a view that anybody may call; it checks for itself what it must."""
    setattr(view, LABEL, PUBLIC)
    return view


def principal() -> Principal:
    """Who sent the current request.

    Raises:
        Unauthenticated: nobody did (the route is public).
    """
    who = g.get("principal")
    if who is None:
        raise Unauthenticated
    assert isinstance(who, Principal)
    return who


def bound_tenant() -> int:
    """The number of the tenant that the current route names, entered through the gate."""
    number = g.get("tenant_number")
    if number is None:
        raise NotFound
    assert isinstance(number, int)
    return number


def scopes() -> frozenset[str]:
    """The caller's scopes on this route."""
    held: frozenset[str] = g.get("scopes", frozenset())
    return held


def label_of(app: Flask, endpoint: str) -> str | None:
    """The scope a route is labelled with, `public`, or None when nobody labelled it."""
    return getattr(app.view_functions.get(endpoint), LABEL, None)


def install_gate(app: Flask, gate: Gate) -> None:
    """Let `gate` decide on every labelled route; an unlabelled one is closed."""
    app.before_request(lambda: _pass_gate(gate))


def _pass_gate(gate: Gate) -> None:
    if request.endpoint is None or request.endpoint.startswith(("static", "openapi")):
        return
    scope = label_of(current_app, request.endpoint)
    if scope == PUBLIC:
        return
    who = gate.identify()
    if who is None:
        raise Unauthenticated
    g.principal = who
    tenant = (request.view_args or {}).get("tenant")
    if tenant is None:
        g.scopes = gate.agency_scopes(who)
    else:
        g.tenant_number, g.scopes = gate.enter(who, tenant)
    if scope is None or scope not in g.scopes:
        raise Forbidden(f"This needs the scope {scope}; ask an owner of the agency.")
