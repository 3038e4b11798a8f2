"""Numbers and secrets that follow from the card alone, so that a repetition is always the same bill."""

import base64
import hashlib
import hmac
import uuid

from sqlalchemy.orm import Session

from core.channels.addresses import register_addresses
from core.db import vault_of
from core.placements.codes import BASE62
from core.placements.models import CardCode

PREFIX, LENGTH = "SY", 32
TOKEN_CHARACTERS, NONCE_CHARACTERS, REFERENCE_CHARACTERS = 24, 16, 16


def bill_of(session: Session, code: CardCode, *, rounds: int = 0) -> str:
    """The bill number of a card: 32 letters and digits, of which nobody can reckon the card or another bill.

    `rounds` is how many bills of the card the vendor has ended unpaid: each next one has a number of its own.
    """
    text = code.digest + rounds.to_bytes(4, "big")
    digest = hmac.new(vault_of(session).derived("reward bills"), text, "sha256").digest()
    return (PREFIX + base64.b32encode(digest).decode())[:LENGTH]


def page_token(session: Session, code_id: uuid.UUID) -> str:
    """The secret part of the address that shows what a card earned; derived, so that it is stored nowhere."""
    digest = hmac.new(vault_of(session).derived("reward pages"), code_id.bytes, "sha256").digest()
    return "".join(BASE62[byte % 62] for byte in digest[:TOKEN_CHARACTERS])


def open_page(session: Session, code_id: uuid.UUID) -> str:
    """Let the page of what a card earned be reached; returns the secret part of its address."""
    token = page_token(session, code_id)
    register_addresses(session, "earned", {token: code_id})
    return token


def join_reference(session: Session, code_id: uuid.UUID) -> str:
    """What comes back with the holder of a card when they join: 16 letters and digits, fit for a live code's state."""
    digest = hmac.new(vault_of(session).derived("join references"), code_id.bytes, "sha256").digest()
    return "".join(BASE62[byte % 62] for byte in digest[:REFERENCE_CHARACTERS])


def nonce_digest(nonce: str) -> bytes:
    """What is kept of a word of one use."""
    return hashlib.sha256(nonce.encode()).digest()
