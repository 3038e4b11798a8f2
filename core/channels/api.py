"""Plugins and channels over HTTP: forms, configuring, trying, archiving."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, JsonValue
from sqlalchemy.orm import Session

from core import audit
from core.channels import service
from core.channels.models import Channel
from core.channels.settings_form import judge_form, merge_form, show_form, try_settings
from core.db import reading, writing
from core.plugin_host import host
from core.plugin_host.catalogue import list_cards
from core.web import Body, Page, TenantPath, answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("channels", __name__)

CHANNELS = "/v1/tenants/<tenant>/channels"


class ChannelPath(TenantPath):
    """One channel of a tenant."""

    channel: str = Field(max_length=64)


class NewChannel(Body):
    """A plugin to configure."""

    plugin: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    settings: dict[str, JsonValue] = {}


class ChangedChannel(Body):
    """A channel's name and settings; a secret that is absent or null stays."""

    name: str | None = Field(None, min_length=1, max_length=120)
    settings: dict[str, JsonValue]


class ChannelShown(BaseModel):
    """A channel; `hook_url` and `write_key` only where they were made just now."""

    id: str
    number: int
    plugin: str
    name: str
    state: str
    settings: dict[str, JsonValue]
    hook_url: str | None = None
    write_key: str | None = None
    remarks: list[dict[str, str]] = []
    last_event_at: datetime | None
    created_at: datetime


def show(session: Session, channel: Channel) -> ChannelShown:
    """The channel with its secrets masked."""
    return ChannelShown(
        id=str(channel.id),
        number=channel.number,
        plugin=channel.plugin_key,
        name=channel.name,
        state=channel.state,
        settings=show_form(session, channel),
        last_event_at=channel.last_event_at,
        created_at=channel.created_at,
    )


@api.get("/v1/plugins")
@needs("plugins:read")
def list_plugins() -> Response:
    """What can be configured as a channel, and which plugins were refused."""
    found = host()
    return answer(
        {
            "items": [
                {
                    "key": card.key,
                    "name": card.name,
                    "summary": card.summary,
                    "version": card.version,
                    "capabilities": list(card.capabilities),
                    "medium": card.medium,
                    "limits": list(card.limits),
                    "settings_schema": card.settings_schema,
                    "placement_schema": card.placement_schema,
                    "is_show": card.is_show,
                    "own_page": card.own_page,
                }
                for card in list_cards(found)
            ],
            "problems": [{"plugin": p.plugin, "reason": p.reason} for p in found.problems],
            "next": None,
        }
    )


@api.get(CHANNELS)
@needs("channels:read")
def list_channels(path: TenantPath) -> Response:
    """All channels of the brand; there are never many."""
    with reading(bound_tenant()) as session:
        return answer(Page[ChannelShown](items=[show(session, row) for row in service.list_channels(session)]))


@api.post(CHANNELS)
@needs("channels:write")
def create_channel(path: TenantPath, body: NewChannel) -> Response:
    """Configure a plugin. The settings are tried with the vendor first; secrets of the answer are shown once."""
    form = judge_form(body.plugin, body.settings)
    remarks = try_settings(body.plugin, form)
    with writing(bound_tenant()) as session:
        channel = service.create_channel(session, plugin_key=body.plugin, name=body.name, settings=form)
        shown = show(session, channel)
        _issue_secrets(session, channel, shown)
        _note(session, "created", channel)
        shown.remarks = [remark.model_dump() for remark in remarks]
        return answer(shown, status=201)


@api.get(f"{CHANNELS}/<channel>")
@needs("channels:read")
def get_channel(path: ChannelPath) -> Response:
    """One channel, secrets masked."""
    with reading(bound_tenant()) as session:
        return answer(show(session, service.find_channel(session, path.channel)))


@api.put(f"{CHANNELS}/<channel>")
@needs("channels:write")
def change_channel(path: ChannelPath, body: ChangedChannel) -> Response:
    """Another name, other settings; tried with the vendor first."""
    with reading(bound_tenant()) as session:
        before = service.find_channel(session, path.channel)
        old = service.settings_of(session, before)
    form = merge_form(before.plugin_key, body.settings, old)
    remarks = try_settings(before.plugin_key, form)
    with writing(bound_tenant()) as session:
        channel = service.find_channel(session, path.channel)
        service.change_channel(session, channel, name=body.name or channel.name, settings=form)
        _note(session, "changed", channel)
        shown = show(session, channel)
        shown.remarks = [remark.model_dump() for remark in remarks]
        return answer(shown)


@api.post(f"{CHANNELS}/<channel>/check")
@needs("channels:write")
def check_channel(path: ChannelPath) -> Response:
    """Try the saved settings with the vendor."""
    with reading(bound_tenant()) as session:
        channel = service.find_channel(session, path.channel)
        form = service.settings_of(session, channel)
    remarks = try_settings(channel.plugin_key, form)
    return answer({"ok": True, "remarks": [remark.model_dump() for remark in remarks]})


@api.post(f"{CHANNELS}/<channel>/secrets")
@needs("channels:write")
def renew_secrets(path: ChannelPath) -> Response:
    """A new hook address or write key, shown once; the one before stops working."""
    with writing(bound_tenant()) as session:
        channel = service.find_channel(session, path.channel)
        shown = show(session, channel)
        _issue_secrets(session, channel, shown)
        _note(session, "secrets_renewed", channel)
        return answer(shown)


@api.post(f"{CHANNELS}/<channel>/archive")
@needs("channels:write")
def archive_channel(path: ChannelPath) -> Response:
    """Take a channel out of use."""
    with writing(bound_tenant()) as session:
        channel = service.find_channel(session, path.channel)
        service.archive_channel(session, channel)
        _note(session, "archived", channel)
        return answer(show(session, channel))


def _issue_secrets(session: Session, channel: Channel, shown: ChannelShown) -> None:
    manifest = host().manifests.get(channel.plugin_key)
    if manifest is None or channel.state != "active":
        return
    if "answer" in manifest.capabilities:
        shown.hook_url = f"{base_address()}/hooks/{service.issue_hook(session, channel)}"
    elif "parse" in manifest.capabilities and "landing" not in manifest.capabilities:
        shown.write_key = service.issue_write_key(session, channel)  # it reads what SDKs send


def _note(session: Session, deed: str, channel: Channel) -> None:
    audit.record(session, f"channel.{deed}", f"channel:{channel.id}", {"name": channel.name})
