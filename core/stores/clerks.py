"""A clerk's page without a login: an address that cannot be guessed, derived and not stored, and can be taken back."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import reading, vault_of
from core.errors import Conflict
from core.placements.codes import LINK_CHARACTERS
from core.placements.links import list_links, resolve_code
from core.placements.models import Link, Placement
from core.placements.service import placement_by_number
from core.stores.models import ClerkPage

PREFIX = "/s/"
_PURPOSE = "clerk pages"
_PROOF_BYTES = 15  # 120 bits, 24 characters


@dataclass(frozen=True)
class Clerk:
    """Whose page an address opens."""

    tenant: int
    placement_number: int
    placement_id: str


def open_page(session: Session, placement: Placement) -> str:
    """The path of a new page for the placement's clerk; one before stops working.

    Raises:
        Conflict: the placement is archived, or has no link to show.
    """
    if placement.state != "active":
        raise Conflict("The placement is archived.")
    link = _first_link(session, placement)
    if link is None:
        raise Conflict("Make a link first: its code is what the clerk shows.")
    page = _page_of(session, placement)
    if page is None:
        page = ClerkPage(placement_number=placement.number, issue=1, is_open=True, issued_at=clock.now())
        session.add(page)
    else:
        page.issue, page.is_open, page.issued_at = page.issue + 1, True, clock.now()
    session.flush()
    return _path(session, placement, link, page)


def close_page(session: Session, placement: Placement) -> None:
    """Take the page back; closing it again changes nothing."""
    page = _page_of(session, placement)
    if page is not None:
        page.is_open = False
        session.flush()


def page_path(session: Session, placement: Placement) -> str | None:
    """The path of the clerk's page as it is now; None where there is none."""
    page, link = _page_of(session, placement), _first_link(session, placement)
    return _path(session, placement, link, page) if page and page.is_open and link else None


def find_clerk(secret: str) -> Clerk | None:
    """Whose page this is, or None for an address that is false, old or taken back. Opens doors of its own."""
    code, proof = secret[:LINK_CHARACTERS], secret[LINK_CHARACTERS:]
    found = resolve_code(code) if proof else None
    if found is None:
        return None
    with reading(found.tenant) as session:
        placement = placement_by_number(session, found.placement_number)
        page = _page_of(session, placement)
        if page is None or not page.is_open or placement.state != "active":
            return None
        if not hmac.compare_digest(_proof(session, placement, page.issue), proof.encode("utf-8", "replace")):
            return None
        return Clerk(found.tenant, placement.number, str(placement.id))


def _page_of(session: Session, placement: Placement) -> ClerkPage | None:
    return session.scalar(sa.select(ClerkPage).where(ClerkPage.placement_number == placement.number))


def _first_link(session: Session, placement: Placement) -> Link | None:
    return next((link for link in list_links(session, placement) if link.state == "active"), None)


def _path(session: Session, placement: Placement, link: Link, page: ClerkPage) -> str:
    return f"{PREFIX}{link.code}{_proof(session, placement, page.issue).decode()}"


def _proof(session: Session, placement: Placement, issue: int) -> bytes:
    message = placement.id.bytes + issue.to_bytes(8, "big")
    digest = hmac.digest(vault_of(session).derived(_PURPOSE), message, hashlib.sha256)
    return base64.b32encode(digest[:_PROOF_BYTES]).lower()
