"""Stores over HTTP: the board of who sold what, and clerks' pages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core import audit
from core.db import reading, writing
from core.errors import FieldError, Invalid
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.stores.board import BoardRow, Window, board_of, list_places, rank
from core.stores.clerks import close_page, open_page, page_path
from core.tenants.currencies import from_minor, to_major
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("stores", __name__, url_prefix="/v1/tenants/<tenant>")
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


class BoardQuery(BaseModel):
    """Local days [from, to)."""

    from_day: date = Field(alias="from", ge=EARLIEST, lt=LATEST)
    to_day: date = Field(alias="to", ge=EARLIEST, lt=LATEST)

    def window(self, zone: str) -> Window:
        """The days as instants. Raises `Invalid` for an empty window."""
        if self.to_day <= self.from_day:
            raise Invalid(fields=[FieldError("to", "range", "Give a day after `from`.")])
        return Window(_midnight(self.from_day, zone), _midnight(self.to_day, zone))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(zone))


class BoardRowShown(BaseModel):
    """One place. `cost_per_contact` is null while nobody joined by it."""

    placement_id: str
    name: str
    place: str
    store: str
    state: str
    contacts: int
    checked_in: int
    orders: int
    revenue: str
    cost: str
    cost_per_contact: float | None


class BoardShown(BaseModel):
    """Places, best first, and what the stores did with all that belongs to them."""

    currency: str
    staff: list[BoardRowShown]
    places: list[BoardRowShown]
    stores: list[BoardRowShown]


class ClerkPageShown(BaseModel):
    """The address of a clerk's page; null where there is none."""

    url: str | None


@api.get("/stores/board")
@needs("placements:read")
def show_board(path: TenantPath, query: BoardQuery) -> Response:
    """Contacts, orders and revenue by staff code, by place, and by store with everything that belongs to it."""
    with reading(bound_tenant()) as session:
        tenant = tenant_now(session)
        rows = board_of(session, list_places(session), query.window(tenant.timezone))
        currency = tenant.currency
        return answer(
            BoardShown(
                currency=currency,
                staff=[_show(row, currency) for row in rank([row for row in rows if row.place == "staff"])],
                places=[_show(row, currency) for row in rank([row for row in rows if row.place != "staff"])],
                stores=_add_up(rows, currency),
            )
        )


@api.get("/placements/<placement>/clerk_page")
@needs("placements:write")
def show_clerk_page(path: PlacementPath) -> Response:
    """The clerk's page as it is now. Its address is a key, so reading it takes the scope of making it."""
    with reading(bound_tenant()) as session:
        found = page_path(session, find_placement(session, path.placement))
        return answer(ClerkPageShown(url=f"{base_address()}{found}" if found else None))


@api.post("/placements/<placement>/clerk_page")
@needs("placements:write")
def issue_clerk_page(path: PlacementPath) -> Response:
    """A new address for the clerk's page; the one before stops working."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        made = open_page(session, placement)
        audit.record(session, "placement.clerk_page_issued", f"placement:{placement.id}", {"name": placement.name})
        return answer(ClerkPageShown(url=f"{base_address()}{made}"), status=201)


@api.delete("/placements/<placement>/clerk_page")
@needs("placements:write")
def revoke_clerk_page(path: PlacementPath) -> Response:
    """Take the clerk's page back."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        close_page(session, placement)
        audit.record(session, "placement.clerk_page_revoked", f"placement:{placement.id}", {"name": placement.name})
        return answer(ClerkPageShown(url=None))


def _show(row: BoardRow, currency: str) -> BoardRowShown:
    return BoardRowShown(
        placement_id=str(row.placement.id),
        name=row.placement.name,
        place=row.place,
        store=row.store,
        state=row.placement.state,
        contacts=row.contacts,
        checked_in=row.checked_in,
        orders=row.orders,
        revenue=from_minor(row.revenue_minor, currency),
        cost=from_minor(row.cost_minor, currency),
        cost_per_contact=to_major(row.cost_minor / row.contacts, currency) if row.contacts else None,
    )


def _add_up(rows: list[BoardRow], currency: str) -> list[BoardRowShown]:
    """Each store with its shelves, tables, clerks and events; what belongs to no store stays out."""
    of_store: dict[str, list[BoardRow]] = {}
    for row in rows:
        of_store.setdefault(row.store.casefold(), []).append(row)
    sums = [
        BoardRow(
            placement=row.placement,
            contacts=sum(part.contacts for part in of_store[row.store.casefold()]),
            checked_in=sum(part.checked_in for part in of_store[row.store.casefold()]),
            orders=sum(part.orders for part in of_store[row.store.casefold()]),
            revenue_minor=sum(part.revenue_minor for part in of_store[row.store.casefold()]),
            cost_minor=sum(part.cost_minor for part in of_store[row.store.casefold()]),
        )
        for row in rows
        if row.place == "store" and row.store
    ]
    return [_show(row, currency) for row in rank(sums)]
