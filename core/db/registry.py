"""Where slices say what they want done at moments that lower slices know nothing of."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from core.db.slices import load_openers

_tenant_created: list[Callable[[Session], None]] = []


def when_tenant_created(act: Callable[[Session], None]) -> Callable[[Session], None]:
    """Decorator: call `act(session)`, bound to the new tenant, in the transaction after its creation."""
    if act not in _tenant_created:
        _tenant_created.append(act)
    return act


def tenant_created(session: Session) -> None:
    """Tell all who asked that the session's tenant is new."""
    load_openers()
    for act in _tenant_created:
        act(session)
