"""The vault of the bound tenant, opened once a process. It lives here so that files and jobs may seal, too."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import settings
from core.db.doors import tenant_of
from core.db.types import Id
from core.errors import NotFound
from core.secrets import Vault, new_key, seal, unseal

_KEY_OF = sa.text("SELECT id, data_key FROM tenant WHERE number = :number").columns(
    sa.column("id", Id), sa.column("data_key", sa.LargeBinary)
)

_opened: dict[tuple[str, int], Vault] = {}


def wrap_new_key(public_id: str) -> bytes:
    """A fresh data key for a tenant, sealed under the installation's key."""
    return seal(settings.current().key(), new_key(), f"tenant|{public_id}|data_key")


def vault_of(session: Session) -> Vault:
    """What the bound tenant's values are sealed with."""
    tenant = tenant_of(session)
    place = (str(session.get_bind().engine.url), tenant)
    if place not in _opened:
        row = session.execute(_KEY_OF, {"number": tenant}).one_or_none()
        if row is None:
            raise NotFound("There is no such tenant.")
        key = unseal(settings.current().key(), row.data_key, f"tenant|{row.id}|data_key")
        _opened[place] = Vault(tenant, key)
    return _opened[place]


def forget_vaults() -> None:
    """Forget the opened keys (tests, and rotation)."""
    _opened.clear()
