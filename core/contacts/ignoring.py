"""The ignore list: values that many people share, such as a shop's own phone number."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.identities import IdentityClaim, normalise
from core.contacts.keys import key_of
from core.contacts.models import IgnoredIdentity
from core.db import insert_new, vault_of


def ignore(session: Session, claim: IdentityClaim) -> None:
    """From now on this value joins nobody; contacts joined by it before stay as they are."""
    key = key_of(vault_of(session), normalise(claim))
    row = {"kind": key.kind, "app": key.app, "blind_index": key.token}
    insert_new(session, IgnoredIdentity, [row], conflict=("kind", "app", "blind_index"))


def count_ignored(session: Session) -> int:
    """How many values the tenant ignores."""
    return session.scalar(sa.select(sa.func.count()).select_from(IgnoredIdentity)) or 0
