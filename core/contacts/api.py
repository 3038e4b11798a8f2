"""Contacts over HTTP: list and search, one person's page, tags, merging."""

from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core.audit.actors import actor_now
from core.audit.service import record as note
from core.channels.service import find_channel, list_channels
from core.contacts import service
from core.contacts.masking import mask_text
from core.contacts.merges_api import show_merges
from core.contacts.merging import merges_of
from core.contacts.models import Contact
from core.contacts.sections import sections_of
from core.contacts.shapes import (
    ContactPage,
    ContactPath,
    ContactShown,
    ContactsQuery,
    MergeAsked,
    TagsChanged,
    show_contact,
    show_identities,
)
from core.db import reading, writing
from core.web import TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("contacts", __name__, url_prefix="/v1/tenants/<tenant>/contacts")


def show_many(session: Session, contacts: list[Contact]) -> dict[int, ContactShown]:
    """Contacts by number, with masked identities, tags and the channel they came by."""
    numbers = [contact.number for contact in contacts]
    identities, tags = show_identities(session, numbers), service.tags_of(session, numbers)
    channel_ids = {channel.number: str(channel.id) for channel in list_channels(session)}
    return {
        contact.number: show_contact(contact, identities=identities, tags=tags, channel_ids=channel_ids)
        for contact in contacts
    }


def show_page(session: Session, contact: Contact) -> ContactPage:
    """All that is known of one person."""
    members = service.family(session, [contact.number])
    profile = {key: mask_text(value) for key, value in service.profile_of(session, contact.number).items()}
    return ContactPage(
        **dict(show_many(session, [contact])[contact.number]),
        profile=profile,
        merges=show_merges(session, merges_of(session, members)),
        **sections_of(session, list(members)),
    )


@api.get("")
@needs("contacts:read")
def list_contacts(path: TenantPath, query: ContactsQuery) -> Response:
    """People, newest first; `q` finds whole values only, because they are sealed."""
    with reading(bound_tenant()) as session:
        rows = service.search(
            session,
            text=query.q,
            tag=query.tag,
            channel_number=find_channel(session, query.channel_id).number if query.channel_id else None,
            before=query.after_number(),
            limit=query.limit + 1,
        )
        shown = show_many(session, rows[: query.limit])
        return answer(page_of(rows, query, lambda row: row.number, lambda row: shown[row.number]))


@api.get("/<contact>")
@needs("contacts:read")
def get_contact(path: ContactPath) -> Response:
    """One person: masked identities, tags, timeline, orders, consent, merges."""
    with reading(bound_tenant()) as session:
        return answer(show_page(session, service.find_contact(session, path.contact)))


@api.post("/<contact>/tags")
@needs("contacts:write")
def change_tags(path: ContactPath, body: TagsChanged) -> Response:
    """Put tags on, take tags off."""
    with writing(bound_tenant()) as session:
        contact = service.find_contact(session, path.contact)
        service.untag(session, [contact.number], tags=body.remove)
        service.tag(session, [contact.number], tags=body.add)
        return answer({"tags": service.tags_of(session, [contact.number])[contact.number]})


@api.post("/<contact>/merge")
@needs("contacts:write")
def merge_contact(path: ContactPath, body: MergeAsked) -> Response:
    """Make this contact part of another; it can be undone."""
    with writing(bound_tenant()) as session:
        loser, winner = service.find_contact(session, path.contact), service.find_contact(session, body.into)
        entry = service.merge(session, loser=loser.number, into=winner.number, actor=actor_now().name)
        note(session, "contact.merged", f"merge:{entry.id}", {"winner": winner.number, "loser": loser.number})
        return answer(show_page(session, winner))
