"""Erasing a person over HTTP."""

from dataclasses import asdict

from flask import Response
from flask_openapi3 import APIBlueprint

from core.contacts.shapes import ContactPath
from core.db import writing
from core.erasure.service import erase_contact
from core.web import answer, bound_tenant, needs

api = APIBlueprint("erasure", __name__, url_prefix="/v1/tenants/<tenant>/contacts")


@api.post("/<contact>/erase")
@needs("people:write")
def erase(path: ContactPath) -> Response:
    """Take away what names this person, for good. Asks for the right to manage people, since nothing brings it back."""
    with writing(bound_tenant()) as session:
        return answer(asdict(erase_contact(session, path.contact)))
