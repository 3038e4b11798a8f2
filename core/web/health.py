"""`/healthz` (the process lives), `/readyz` (it can serve), `/metrics` (Prometheus)."""

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from core.db import platform_reading
from core.web.envelope import answer
from core.web.gate import public

api = APIBlueprint("health", __name__)


@api.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@api.get("/readyz")
@public
def readyz() -> Response:
    """The database answers, too."""
    with platform_reading() as session:
        session.execute(sa.text("SELECT 1"))
    return answer({"status": "ready"})


@api.get("/metrics")
@public
def metrics() -> Response:
    """Counters of this process."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
