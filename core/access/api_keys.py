"""API keys: made once, shown once, and never able to do more than their maker may at the moment of use."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, clock
from core.access import key_format
from core.access.callers import Caller
from core.access.models import ApiKey
from core.access.roles import ALL_SCOPES
from core.errors import FieldError, Forbidden, Invalid, NotFound


def create_key(
    session: Session,
    *,
    maker: Caller,
    name: str,
    scopes: frozenset[str],
    tenant_number: int | None,
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is stored nowhere.

    Raises:
        Invalid: an unknown scope, none at all, or an end that has passed.
        Forbidden: a scope that the maker does not have there, or no right to make keys there.
    """
    _check_values(scopes, expires_at)
    reach = maker.reach
    held = reach.agency if tenant_number is None else reach.on(tenant_number, reach.agency_id)
    missing = (scopes | {"keys:write"}) - held
    if missing:
        raise Forbidden(f"You do not have there: {', '.join(sorted(missing))}.")
    text = key_format.mint()
    key = ApiKey(
        agency_id=maker.agency_id,
        user_id=maker.user_id,
        tenant_number=tenant_number,
        handle=text.handle,
        secret_digest=text.digest,
        name=name,
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    _note(session, key, "key.created", {"scopes": key.scopes})
    return key, str(text)


def keys_seen(session: Session, *, caller: Caller, after: uuid.UUID | None, limit: int) -> list[ApiKey]:
    """The keys of the places where the caller may see keys, oldest first."""
    query = _seen(caller, "keys:read")
    if after is not None:
        query = query.where(ApiKey.id > after)
    return list(session.scalars(query.order_by(ApiKey.id).limit(limit)))


def revoke_key(session: Session, key_id: uuid.UUID, *, caller: Caller) -> None:
    """Stop a key for good; revoking it again changes nothing.

    Raises:
        NotFound: no key by this id in a place where the caller may change keys.
    """
    key = session.scalar(_seen(caller, "keys:write").where(ApiKey.id == key_id))
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        _note(session, key, "key.revoked", {})


def _check_values(scopes: frozenset[str], expires_at: datetime | None) -> None:
    unknown = scopes - ALL_SCOPES
    if unknown or not scopes:
        message = f"No such scope: {', '.join(sorted(unknown))[:80]}." if unknown else "Give at least one scope."
        raise Invalid(message, fields=[FieldError("scopes", "unknown", message)])
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid(fields=[FieldError("expires_at", "past", "The end must lie ahead.")])


def _seen(caller: Caller, scope: str) -> sa.Select[ApiKey]:
    query = sa.select(ApiKey).where(ApiKey.agency_id == caller.agency_id)
    numbers = caller.reach.tenants_with(scope)
    return query if numbers is None else query.where(ApiKey.tenant_number.in_(numbers))


def _note(session: Session, key: ApiKey, action: str, detail: dict[str, object]) -> None:
    audit.record(session, action, f"key:{key.id}", detail, agency_id=key.agency_id, tenant_number=key.tenant_number)
