"""Between a value and what is stored of it: the blind index it is found by, the seal it is kept under."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from core.contacts.identities import Identity, IdentityClaim, normalise_all
from core.contacts.joining import Key
from core.db import vault_of
from core.secrets import Vault

# Numbers that forms and test data repeat everywhere; they name nobody.
EVERYWHERE = (Identity("phone", "", "+8613800138000"), Identity("phone", "", "+8613800000000"))


def key_of(vault: Vault, identity: Identity) -> Key:
    """How the identity is looked up; the same value of another kind or app has another index."""
    return Key(identity.kind, identity.app, vault.blind_index(f"{identity.kind}|{identity.app}", identity.value))


def shared_keys(session: Session) -> frozenset[Key]:
    """The values that no tenant should join people by."""
    vault = vault_of(session)
    return frozenset(key_of(vault, identity) for identity in EVERYWHERE)


@dataclass(slots=True)
class KeyRing:
    """The keys of one batch, each made once; remembers the values so that new ones can be sealed."""

    vault: Vault
    values: dict[Key, Identity] = field(default_factory=dict)
    _made: dict[tuple[IdentityClaim, ...], tuple[Key, ...]] = field(default_factory=dict)

    def keys(self, claims: tuple[IdentityClaim, ...]) -> tuple[Key, ...]:
        """The keys of one event's claims; raises `BadIdentity` where they name nobody."""
        if claims not in self._made:
            found = {key_of(self.vault, identity): identity for identity in normalise_all(claims)}
            self.values.update(found)
            self._made[claims] = tuple(found)
        return self._made[claims]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a key: the contact it was given to, and the person that contact is part of."""

    number: int
    root: int
    facts_since: datetime | None
    root_joined_at: datetime | None
