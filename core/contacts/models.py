"""People: contacts, what names them, who became whom, tags.

Facts never move: touchpoints and orders keep the contact number they were born with. A merge sets
`merged_into` of the losing contact (always to the root, so that one hop resolves it) and adds to
`merge_log`; an undo takes that back. A *visitor* is a contact without a strong identity; facts of a
linked visitor before `facts_since` stay the visitor's own.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.contacts.feed import Fed
from core.db import Id, Instant, TenantRow

MERGE_KINDS = ("merged", "parked", "undone", "rejected")


class Contact(TenantRow):
    """One person, or a visitor who may become one. `joined_at` is the first strong identity."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "number"),
        sa.ForeignKeyConstraint(["tenant_id", "merged_into"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_contact_merged_into", "tenant_id", "merged_into"),
        sa.Index("ix_contact_joined_at", "tenant_id", "joined_at"),
        sa.Index("ix_contact_origin", "tenant_id", "origin_placement_number"),
    )

    number: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    merged_into: Mapped[int | None] = mapped_column(sa.Integer)
    facts_since: Mapped[datetime | None] = mapped_column(Instant)
    # The touch they joined by: the last inbound one up to joined_at. Written by core.touchpoints.
    origin_channel_number: Mapped[int | None] = mapped_column(sa.Integer)
    origin_placement_number: Mapped[int | None] = mapped_column(sa.Integer)
    origin_at: Mapped[datetime | None] = mapped_column(Instant)
    profile: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # Facts up to this instant no longer count: the person asked to be forgotten.
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def root(self) -> int:
        """The number of the contact this one is part of."""
        return self.number if self.merged_into is None else self.merged_into


class ContactIdentity(TenantRow):
    """A value that names a contact: found by its blind index, read by opening `sealed`."""

    __tablename__ = "identity"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "kind", "app", "blind_index"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_identity_contact", "tenant_id", "contact_number"),
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RelationChange(TenantRow):
    """A relation of a person, named by a blind index, with an account of the brand's began or ended; relations.py."""

    __tablename__ = "relation_change"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number", "event_id"),
        sa.CheckConstraint("state IN ('begun', 'ended')", name="state"),
        sa.Index("ix_relation_change_name", "tenant_id", "kind", "app", "blind_index"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    event_id: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    account: Mapped[str] = mapped_column(sa.String(100))
    state: Mapped[str] = mapped_column(sa.String(10))
    by: Mapped[str] = mapped_column(sa.String(10), default="")
    at: Mapped[datetime] = mapped_column(Instant)


class MergeLog(Fed, TenantRow):
    """What happened between two contacts, append-only.

    `merged` joins loser to winner; `parked` asks a human. A later row with `ref` decides: `undone` takes a merge
    back, `rejected` (or `merged`) settles a parked one. One row has at most one decision.
    """

    __tablename__ = "merge_log"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "ref"),
        sa.CheckConstraint("kind IN ('merged','parked','undone','rejected')", name="kind"),
        sa.Index("ix_merge_log_winner", "tenant_id", "winner"),
        sa.Index("ix_merge_log_loser", "tenant_id", "loser"),
        sa.Index("ix_merge_log_feed", "tenant_id", "tx"),
        {"info": {"append_only": True}},
    )

    kind: Mapped[str] = mapped_column(sa.String(12))
    winner: Mapped[int] = mapped_column(sa.Integer)
    loser: Mapped[int] = mapped_column(sa.Integer)
    reason: Mapped[str] = mapped_column(sa.String(24))
    ref: Mapped[uuid.UUID | None] = mapped_column(Id)
    actor: Mapped[str | None] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Erasure(Fed, TenantRow):
    """A contact was erased, append-only: the lake follows it. All contacts of a person have a row each."""

    __tablename__ = "erasure"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_erasure_feed", "tenant_id", "tx"),
        {"info": {"append_only": True}},
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    actor: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class ErasedName(TenantRow):
    """What named a contact until it was erased, as a blind index only; see erased_names.py."""

    __tablename__ = "erased_name"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "kind", "app", "blind_index", "contact_number"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime] = mapped_column(Instant)


class IgnoredIdentity(TenantRow):
    """A value that many people share (a shop's own phone): it joins nobody."""

    __tablename__ = "ignored_identity"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "kind", "app", "blind_index"),)

    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class ContactTag(TenantRow):
    """A word that the brand put on a contact."""

    __tablename__ = "contact_tag"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "tag", "contact_number"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_contact_tag_contact", "tenant_id", "contact_number"),
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    tag: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
