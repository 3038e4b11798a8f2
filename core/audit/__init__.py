"""Who did what: `record` a deed in the transaction of the deed."""

from core.audit.actors import Actor, acting_as
from core.audit.service import record

__all__ = ["Actor", "acting_as", "record"]
