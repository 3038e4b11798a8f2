"""Who brought whom over HTTP: a person's inviter and chain, the people they brought, and who brings many."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.contacts.service import find_contact
from core.contacts.shapes import ContactPath, IdentityShown, show_identities
from core.db import parse_id, reading
from core.referrals import service
from core.referrals.edges import Standing
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("referrals", __name__, url_prefix="/v1/tenants/<tenant>")


class TopQuery(BaseModel):
    """How many."""

    limit: int = Field(20, ge=1, le=200)


class PersonShown(BaseModel):
    """One of a chain, masked. `brought`: how many they brought themselves; `at`: when they were brought."""

    id: str
    number: int
    identities: list[IdentityShown]
    joined_at: datetime | None
    brought: int
    at: datetime | None = None


class ChainShown(BaseModel):
    """`inviter` and everybody above, nearest first; `at`: when the person was brought."""

    inviter: PersonShown | None
    chain: list[PersonShown]
    at: datetime | None


class SummaryShown(BaseModel):
    """People brought and bringing; claims that wait for an inviter to appear; refused claims by reason."""

    invited: int
    inviters: int
    pending: int
    refused: dict[str, int]


@api.get("/referrals")
@needs("contacts:read")
def get_referrals(path: TenantPath) -> Response:
    """The figures over all."""
    with reading(bound_tenant()) as session:
        summary = service.summarise(session)
        return answer(
            SummaryShown(
                invited=summary.invited, inviters=summary.inviters, pending=summary.pending, refused=summary.refused
            )
        )


@api.get("/referrals/inviters")
@needs("contacts:read")
def list_inviters(path: TenantPath, query: TopQuery) -> Response:
    """Who brought the most people, the most first."""
    with reading(bound_tenant()) as session:
        top = service.top_inviters(session, limit=query.limit)
        shown = _show_people(session, [person for person, _ in top], brought=dict(top))
        return answer({"items": [shown[person] for person, _ in top], "next": None})


@api.get("/contacts/<contact>/inviter")
@needs("contacts:read")
def get_inviter(path: ContactPath) -> Response:
    """Who brought this person, and who brought them, up to the beginning."""
    with reading(bound_tenant()) as session:
        chain = service.chain_above(session, find_contact(session, path.contact).number)
        shown = _show_people(session, [edge.inviter for edge in chain])
        came = {edge.invitee: edge.at for edge in chain}
        people = [shown[edge.inviter].model_copy(update={"at": came.get(edge.inviter)}) for edge in chain]
        at = chain[0].at if chain else None
        return answer(ChainShown(inviter=people[0] if people else None, chain=people, at=at))


@api.get("/contacts/<contact>/invitees")
@needs("contacts:read")
def list_invitees(path: ContactPath, query: PageQuery) -> Response:
    """Whom this person brought, the latest told first."""
    after = query.after()
    with reading(bound_tenant()) as session:
        person = find_contact(session, path.contact).number
        before = parse_id(after) if after else None
        rows = service.invitees_of(session, person, before=before, limit=query.limit + 1)
        shown = _show_people(session, [edge.invitee for _, edge in rows[: query.limit]])

        def show(row: tuple[object, Standing]) -> PersonShown:
            return shown[row[1].invitee].model_copy(update={"at": row[1].at})

        return answer(page_of(rows, query, lambda row: row[0], show))


def _show_people(
    session: Session, numbers: Collection[int], *, brought: dict[int, int] | None = None
) -> dict[int, PersonShown]:
    counts = service.count_invitees(session, numbers) if brought is None else brought
    identities = show_identities(session, list(numbers))
    rows = session.scalars(sa.select(Contact).where(Contact.number.in_(numbers)))
    return {
        row.number: PersonShown(
            id=str(row.id),
            number=row.number,
            identities=identities[row.number],
            joined_at=row.joined_at,
            brought=counts[row.number],
        )
        for row in rows
    }
