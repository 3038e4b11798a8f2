"""What a route needs: labels, bodies, envelope, paging."""

from core.web.body import Body, parse_json, read_body
from core.web.envelope import answer
from core.web.gate import (
    Gate,
    Principal,
    TenantPath,
    bound_tenant,
    needs,
    principal,
    public,
)
from core.web.paging import Page, PageQuery, page_of

__all__ = [
    "Body",
    "Gate",
    "Page",
    "PageQuery",
    "Principal",
    "TenantPath",
    "answer",
    "bound_tenant",
    "needs",
    "page_of",
    "parse_json",
    "principal",
    "public",
    "read_body",
]
