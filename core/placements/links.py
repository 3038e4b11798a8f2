"""Tracked links of a placement: making them, naming a recipient behind one, and finding whose a code is."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.addresses import find_address, register_addresses
from core.db import find, new_id, platform_reading, reading, vault_of
from core.errors import Conflict
from core.placements.codes import new_link_code, recipient_number, recipient_part, split_code
from core.placements.link_cache import Target
from core.placements.models import Link, Placement
from core.placements.targets import clean_target, target_of

OWN_PAGE = "/l/"
"""Where our own page of a link's code is served; kept as a path, so that it works under every host we have."""

_PURPOSE = "recipient codes"


@dataclass(frozen=True)
class ResolvedCode:
    """Whose a code is. `recipient` is a delivery's number, or None for a shared code (or a false recipient part)."""

    tenant: int
    link_id: uuid.UUID
    placement_number: int
    recipient: int | None


def make_link(
    session: Session, placement: Placement, target_url: str | None, *, label: str = "", tells_code: bool = True
) -> Link:
    """A new link to `target_url`; without one, to our own page of the code (`OWN_PAGE`).

    With `tells_code` the target gets `siyu_code=<code>` in its query.

    Raises:
        Invalid: the target is no http(s) address.
    """
    target = None if target_url is None else clean_target(target_url)
    for _ in range(3):
        link_id, code = new_id(), new_link_code()
        if register_addresses(session, "link", {code: link_id}):
            break
    else:  # three random codes of 2e14 were taken
        raise Conflict("No free code was found; try again.")
    link = Link(
        id=link_id,
        placement_number=placement.number,
        code=code,
        target_url=target or f"{OWN_PAGE}{code}",
        label=label,
        tells_code=tells_code and target is not None,
    )
    session.add(link)
    session.flush()
    return link


def find_link(session: Session, link_id: str | uuid.UUID) -> Link:
    """One link by its public id. Raises `NotFound`."""
    return find(session, Link, link_id)


def list_links(session: Session, placement: Placement) -> list[Link]:
    """The placement's links, oldest first."""
    return list(session.scalars(sa.select(Link).where(Link.placement_number == placement.number).order_by(Link.id)))


def recipient_code(session: Session, link: Link, number: int) -> str:
    """The link's code for the recipient of delivery `number`, 14 characters."""
    return recipient_codes(session, link, [number])[0]


TEST_RECIPIENT = 0
"""The recipient of a campaign's test; deliveries are numbered from 1."""


def recipient_codes(session: Session, link: Link, numbers: Iterable[int]) -> list[str]:
    """The link's codes for the recipients of these deliveries, in their order."""
    key = vault_of(session).derived(_PURPOSE)
    return [link.code + recipient_part(key, link.code, number) for number in numbers]


def resolve_code(code: str) -> ResolvedCode | None:
    """Whose this code is, or None for one that nobody made. Opens doors of its own."""
    parts = split_code(code)
    if parts is None:
        return None
    with platform_reading() as session:
        found = find_address(session, "link", parts[0])
    if found is None:
        return None
    with reading(found.tenant) as session:
        link = session.scalar(sa.select(Link).where(Link.id == found.target))
        if link is None:
            return None
        recipient = read_recipient(session, parts[0], parts[1])
    return ResolvedCode(found.tenant, link.id, link.placement_number, recipient)


def read_recipient(session: Session, link_code: str, part: str) -> int | None:
    """The delivery's number in a code's second part, without a look-up."""
    return recipient_number(vault_of(session).derived(_PURPOSE), link_code, part) if part else None


def look_up_target(link_code: str) -> Target | None:
    """Where an active link leads; what the redirect's cache asks."""
    with platform_reading() as session:
        found = find_address(session, "link", link_code)
    if found is None:
        return None
    with reading(found.tenant) as session:
        link = session.scalar(sa.select(Link).where(Link.id == found.target, Link.state == "active"))
        return target_of(link.target_url, tells_code=link.tells_code) if link else None
