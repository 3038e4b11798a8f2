"""How an identity is shown: enough to recognise a person one knows, too little to reach a stranger."""

from core.contacts.identities import Identity


def mask(identity: Identity) -> str:
    """138****5678, z***@example.com, wm****9f."""
    if identity.kind == "phone":
        return _mask_phone(identity.value)
    if identity.kind == "email":
        local, _, domain = identity.value.rpartition("@")
        return f"{local[:1] if len(local) > 1 else ''}***@{domain}"
    return _mask_middle(identity.value, shown=2)


def mask_text(text: str) -> str:
    """A field of a profile: its first character, 王** and nothing more."""
    return f"{text[:1] if len(text) > 1 else ''}**"


def _mask_phone(number: str) -> str:
    if number.startswith("+86") and len(number) == 14:
        return f"{number[3:6]}****{number[-4:]}"
    return _mask_middle(number, shown=3)


def _mask_middle(text: str, *, shown: int) -> str:
    # A short text shows less, so that at least half of it stays hidden.
    edge = min(shown, len(text) // 4)
    return f"{text[:edge]}****{text[len(text) - edge :]}"
