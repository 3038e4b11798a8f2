"""Configuring channels and finding them."""

import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core.channels.addresses import Found, Kind, find_address, register_addresses, withdraw_addresses
from core.channels.changes import note_change
from core.channels.models import DIRECT, OTHER, Channel
from core.channels.settings_form import judge_form, seal_form
from core.channels.settings_form import settings_of as settings_of
from core.db import find, new_id, next_numbers, when_tenant_created
from core.errors import Conflict, NotFound


def create_channel(
    session: Session, *, plugin_key: str, name: str, settings: Mapping[str, JsonValue] | None = None
) -> Channel:
    """A new channel. Its settings are judged here, but tried with the vendor by the caller, before the transaction.

    Raises:
        Invalid: no such plugin, or settings that do not fit.
        Conflict: the brand has a channel of this name.
    """
    form = judge_form(plugin_key, settings or {})
    return _add_channel(session, plugin_key=plugin_key, name=name, form=form)


def change_channel(session: Session, channel: Channel, *, name: str, settings: Mapping[str, JsonValue]) -> None:
    """Give the channel another name and these (complete, judged) settings.

    Raises:
        Conflict: another channel has the name, or this is the brand's `direct` channel.
    """
    if channel.plugin_key == DIRECT:
        raise Conflict("The channel `direct` has nothing to set.")
    if name != channel.name:
        _refuse_taken_name(session, name)
        channel.name = name
    seal_form(session, channel, settings)
    session.flush()


def archive_channel(session: Session, channel: Channel) -> None:
    """Take the channel out of use; what came by it stays. Its hook and write key stop working.

    Raises:
        Conflict: it is the brand's `direct` channel.
    """
    if channel.plugin_key == DIRECT:
        raise Conflict("The channel `direct` cannot be archived.")
    channel.state = "archived"
    note_change(session)
    withdraw_addresses(session, "hook", channel.id)
    withdraw_addresses(session, "write_key", channel.id)


def find_channel(session: Session, channel_id: str | uuid.UUID) -> Channel:
    """One channel by its public id. Raises `NotFound`."""
    return find(session, Channel, channel_id)


def list_channels(session: Session) -> list[Channel]:
    """All channels of the brand, oldest first."""
    return list(session.scalars(sa.select(Channel).order_by(Channel.number)))


def direct_channel(session: Session) -> Channel:
    """The brand's channel for visits that came by no other."""
    return session.scalars(sa.select(Channel).where(Channel.plugin_key == DIRECT)).one()


def direct_among(channels: Sequence[Channel]) -> Channel:
    """The same of all channels of a brand that are loaded already."""
    return next(channel for channel in channels if channel.plugin_key == DIRECT)


def channel_by_number(session: Session, number: int) -> Channel:
    """One channel by its number. Raises `NotFound`."""
    channel = session.scalar(sa.select(Channel).where(Channel.number == number))
    if channel is None:
        raise NotFound
    return channel


def channel_by_key(session: Session, plugin_key: str) -> Channel | None:
    """The oldest active channel of a plugin."""
    query = sa.select(Channel).where(Channel.plugin_key == plugin_key, Channel.state == "active")
    return session.scalar(query.order_by(Channel.number).limit(1))


def channel_named(session: Session, name: str) -> Channel | None:
    """The channel of this name."""
    return session.scalar(sa.select(Channel).where(Channel.name == name))


def channel_named_or_other(session: Session, name: str) -> Channel:
    """The channel of this name; a new one of the plugin `other` when there is none (imports, with confirmation)."""
    return channel_named(session, name) or create_channel(session, plugin_key=OTHER, name=name)


def note_events(session: Session, numbers: Collection[int], at: datetime) -> None:
    """Remember that events came by these channels just now."""
    session.execute(
        sa.update(Channel)
        .where(Channel.number.in_(numbers), sa.or_(Channel.last_event_at.is_(None), Channel.last_event_at < at))
        .values(last_event_at=at)
        .execution_options(synchronize_session=False)
    )


def note_latest(session: Session, seen: Iterable[tuple[int, datetime]]) -> None:
    """Remember for each channel the latest of its events: (number, instant), in any order."""
    latest: dict[int, datetime] = {}
    for number, at in seen:
        latest[number] = max(at, latest.get(number, at))
    for number, at in latest.items():
        note_events(session, {number}, at)


def issue_hook(session: Session, channel: Channel) -> str:
    """A new secret for `/hooks/<secret>`; the one before stops working. It cannot be read again."""
    return _issue(session, channel, "hook", secrets.token_urlsafe(24))


def issue_write_key(session: Session, channel: Channel) -> str:
    """A new write key for SDKs; the one before stops working. It cannot be read again."""
    return _issue(session, channel, "write_key", f"wk_{secrets.token_urlsafe(24)}")


def channel_by_hook(session: Session, secret: str) -> Found | None:
    """The tenant and channel id behind a hook secret."""
    return find_address(session, "hook", secret)


def channel_by_write_key(session: Session, key: str) -> Found | None:
    """The tenant and channel id behind a write key."""
    return find_address(session, "write_key", key)


def _issue(session: Session, channel: Channel, kind: Kind, secret: str) -> str:
    withdraw_addresses(session, kind, channel.id)
    register_addresses(session, kind, {secret: channel.id})
    note_change(session)
    return secret


def _add_channel(session: Session, *, plugin_key: str, name: str, form: Mapping[str, JsonValue]) -> Channel:
    _refuse_taken_name(session, name)
    channel = Channel(
        id=new_id(), number=next_numbers(session, "channel")[0], plugin_key=plugin_key, name=name, settings=b""
    )
    seal_form(session, channel, form)
    session.add(channel)
    session.flush()
    return channel


def _refuse_taken_name(session: Session, name: str) -> None:
    if channel_named(session, name) is not None:
        raise Conflict(f"There is a channel named {name} already.")


@when_tenant_created
def _open_direct(session: Session) -> None:
    _add_channel(session, plugin_key=DIRECT, name=DIRECT, form={})
