"""Outgoing webhooks over HTTP: set up, try, pause, change the secret, see and repeat messages."""

import json

from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core import clock
from core.audit.service import record as note
from core.db import new_id, parse_id, reading, writing
from core.outgoing import service
from core.outgoing.models import WebhookEndpoint
from core.outgoing.secrets import secrets_of
from core.outgoing.sending import Envelope, post
from core.outgoing.shapes import (
    EndpointPath,
    EndpointShown,
    EndpointState,
    MessagesQuery,
    NewEndpoint,
    TestAnswer,
    show_endpoint,
    show_message,
)
from core.web import TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("webhooks", __name__, url_prefix="/v1/tenants/<tenant>/webhooks")


@api.get("")
@needs("keys:read")
def list_endpoints(path: TenantPath) -> Response:
    """The brand's endpoints, with how they do."""
    with reading(bound_tenant()) as session:
        items = [_show(session, row) for row in service.list_endpoints(session)]
        return answer({"items": [item.model_dump(mode="json") for item in items], "next": None})


@api.post("")
@needs("keys:write")
def create_endpoint(path: TenantPath, body: NewEndpoint) -> Response:
    """Tell an address what is recorded from now on. The answer shows the signing secret, once."""
    with writing(bound_tenant()) as session:
        made, secret = service.create_endpoint(session, name=body.name, url=body.url, fact_types=body.fact_types)
        note(session, "webhook.created", f"webhook_endpoint:{made.id}", {"types": len(made.fact_types)})
        return answer(show_endpoint(made, {}, secret), 201)


@api.get("/<endpoint>")
@needs("keys:read")
def get_endpoint(path: EndpointPath) -> Response:
    """One endpoint."""
    with reading(bound_tenant()) as session:
        return answer(_show(session, service.find_endpoint(session, path.endpoint)))


@api.put("/<endpoint>")
@needs("keys:write")
def change_endpoint(path: EndpointPath, body: NewEndpoint) -> Response:
    """Rename it, move it, or choose other facts."""
    with writing(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        service.change_endpoint(session, row, name=body.name, url=body.url, fact_types=body.fact_types)
        note(session, "webhook.changed", f"webhook_endpoint:{row.id}", {"types": len(row.fact_types)})
        return answer(_show(session, row))


@api.post("/<endpoint>/state")
@needs("keys:write")
def set_state(path: EndpointPath, body: EndpointState) -> Response:
    """Pause it, or let it go on: what was kept meanwhile is sent then."""
    with writing(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        service.set_state(session, row, body.state)
        note(session, f"webhook.{body.state}", f"webhook_endpoint:{row.id}")
        return answer(_show(session, row))


@api.delete("/<endpoint>")
@needs("keys:write")
def remove_endpoint(path: EndpointPath) -> Response:
    """Tell it nothing any more; its messages go with it."""
    with writing(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        note(session, "webhook.removed", f"webhook_endpoint:{row.id}")
        service.remove_endpoint(session, row)
    return answer({})


@api.post("/<endpoint>/secret")
@needs("keys:write")
def change_secret(path: EndpointPath) -> Response:
    """A new secret, shown once; for 24 hours messages carry the old signature, too."""
    with writing(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        secret = service.change_secret(session, row)
        note(session, "webhook.secret_changed", f"webhook_endpoint:{row.id}")
        return answer(show_endpoint(row, service.count_messages(session, row), secret))


@api.post("/<endpoint>/test")
@needs("keys:write")
def try_endpoint(path: EndpointPath) -> Response:
    """Send a message that says nothing, signed like all others, and tell what the receiver answered."""
    now = clock.now()
    with reading(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        secrets = secrets_of(session, row, now=now)
    body = json.dumps({"type": "siyu.test", "timestamp": now.isoformat(), "data": {"facts": []}}).encode()
    reaction = post(Envelope(row.url, secrets, str(new_id()), body))
    return answer(TestAnswer(taken=reaction.verdict == "taken", error=reaction.error))


@api.get("/<endpoint>/messages")
@needs("keys:read")
def list_messages(path: EndpointPath, query: MessagesQuery) -> Response:
    """Its messages of the last thirty days, newest first."""
    after = query.after()
    with reading(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        before = parse_id(after) if after else None
        rows = service.list_messages(session, row, state=query.state, before=before, limit=query.limit + 1)
        return answer(page_of(rows, query, lambda one: one.id, show_message))


@api.post("/<endpoint>/again")
@needs("keys:write")
def send_again(path: EndpointPath) -> Response:
    """Send what was given up once more, and what waits at once."""
    with writing(bound_tenant()) as session:
        row = service.find_endpoint(session, path.endpoint)
        count = service.send_again(session, row)
        note(session, "webhook.sent_again", f"webhook_endpoint:{row.id}", {"messages": count})
        return answer(_show(session, row))


def _show(session: Session, row: WebhookEndpoint) -> EndpointShown:
    return show_endpoint(row, service.count_messages(session, row))
