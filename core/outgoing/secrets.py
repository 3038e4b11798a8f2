"""The signing secrets of an endpoint: sealed in their row, shown once, two for the time of a change."""

import base64
import os
from datetime import datetime

from sqlalchemy.orm import Session

from core.db import vault_of
from core.outgoing.models import WebhookEndpoint
from core.sdk.signing.standard_webhooks import PREFIX

SECRET_BYTES = 32
TABLE = WebhookEndpoint.__tablename__


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64, as Standard Webhooks wants it."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def seal_secret(session: Session, endpoint: WebhookEndpoint, secret: str) -> None:
    """Put a secret in, bound to the endpoint's row."""
    endpoint.secret = vault_of(session).seal(TABLE, endpoint.id, "secret", secret.encode())


def secrets_of(session: Session, endpoint: WebhookEndpoint, *, now: datetime) -> tuple[str, ...]:
    """The secrets that sign at this moment, the newest first."""
    vault, sealed = vault_of(session), [endpoint.secret]
    if endpoint.old_secret is not None and endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
        sealed.append(endpoint.old_secret)
    return tuple(vault.unseal(TABLE, endpoint.id, "secret", one).decode() for one in sealed)
