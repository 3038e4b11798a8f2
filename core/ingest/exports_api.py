"""Exports of vendors' back offices over HTTP: a file of any size for one channel, read by its plugin."""

from flask import Response, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.ingest.api import ANY_SIZE
from core.ingest.exports import receive_export
from core.ingest.multipart import read_stream
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("exports", __name__, url_prefix="/v1/tenants/<tenant>/channels/<channel>/exports")


class ExportPath(TenantPath):
    """One channel of a tenant."""

    channel: str = Field(max_length=64)


class ExportQuery(BaseModel):
    """What the person called the file."""

    name: str = Field("export.csv", max_length=300)


@api.post("")
@needs("imports:write")
def upload_export(path: ExportPath, query: ExportQuery) -> Response:
    """Take in an export (raw body, streamed) for the channel's plugin to read; the answer names the job to watch."""
    request.max_content_length = ANY_SIZE
    job_id = receive_export(bound_tenant(), path.channel, read_stream(request.stream), name=query.name)
    return answer({"id": str(job_id), "job_id": str(job_id)}, status=202)
