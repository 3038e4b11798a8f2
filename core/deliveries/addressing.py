"""To whom a message of a medium goes: the identity of a contact that the medium can reach."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.models import Contact, ContactIdentity
from core.db import vault_of
from core.sdk import IdentityClaim
from core.sdk.values import IdentityKind

REACHED_BY: dict[str, IdentityKind] = {"sms": "phone", "call": "phone", "email": "email", "wecom": "wecom_external_id"}


def addresses(session: Session, contacts: Sequence[int], medium: str) -> dict[int, IdentityClaim]:
    """The newest address of each contact that this medium reaches; those without one are left out."""
    kind = REACHED_BY.get(medium)
    if kind is None:
        return {}
    member = aliased(Contact)
    root = sa.func.coalesce(member.merged_into, member.number)
    query = (
        sa.select(root, ContactIdentity.id, ContactIdentity.sealed, ContactIdentity.app)
        .join(member, member.number == ContactIdentity.contact_number)
        .where(ContactIdentity.kind == kind, sa.or_(member.number.in_(contacts), member.merged_into.in_(contacts)))
        .order_by(ContactIdentity.created_at, ContactIdentity.id)
    )
    vault = vault_of(session)
    return {
        number: IdentityClaim(
            kind=kind, value=vault.unseal("identity", row_id, "value", sealed).decode(), app=app or None
        )
        for number, row_id, sealed, app in session.execute(query)
    }
