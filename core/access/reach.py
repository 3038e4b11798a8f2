"""How far somebody's roles go: scopes on the whole agency and on single brands. No database here."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.access.roles import Role, scopes_of


@dataclass(frozen=True)
class Reach:
    """Scopes on every brand of one agency, and further ones on single brands (by tenant number)."""

    agency_id: uuid.UUID
    agency: frozenset[str] = frozenset()
    tenants: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def on(self, tenant_number: int, agency_id: uuid.UUID) -> frozenset[str]:
        """The scopes on one brand; none at all on a brand of another agency."""
        if agency_id != self.agency_id:
            return frozenset()
        return self.agency | self.tenants.get(tenant_number, frozenset())

    def anywhere(self) -> frozenset[str]:
        """Every scope that is held somewhere, for routes that name no brand and narrow by themselves."""
        return self.agency.union(*self.tenants.values())

    def tenants_with(self, scope: str) -> frozenset[int] | None:
        """The brands on which a scope is held; None for every brand of the agency."""
        if scope in self.agency:
            return None
        return frozenset(number for number, scopes in self.tenants.items() if scope in scopes)

    def cut_to(self, scopes: frozenset[str], tenant_number: int | None) -> "Reach":
        """What is left for an API key with these scopes, on one brand or (None) wherever its maker may."""
        if tenant_number is None:
            return Reach(self.agency_id, self.agency & scopes, {n: s & scopes for n, s in self.tenants.items()})
        return Reach(self.agency_id, frozenset(), {tenant_number: self.on(tenant_number, self.agency_id) & scopes})

    def may_give(self, role: Role, tenant_number: int | None) -> bool:
        """Whether a role may be given or taken: who manages people gives no more than they hold in that place."""
        held = self.agency if role.is_of_agency or tenant_number is None else self.on(tenant_number, self.agency_id)
        return "people:write" in held and scopes_of(role) <= held


def reach_of_roles(agency_id: uuid.UUID, roles: Iterable[tuple[Role, int | None]]) -> Reach:
    """The reach of somebody with these roles, each on a brand or (None) on the agency."""
    agency: frozenset[str] = frozenset()
    tenants: dict[int, frozenset[str]] = {}
    for role, number in roles:
        if number is None:
            agency |= scopes_of(role)
        else:
            tenants[number] = tenants.get(number, frozenset()) | scopes_of(role)
    return Reach(agency_id, agency, tenants)
