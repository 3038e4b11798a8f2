"""Imports over HTTP: upload a file of any size, edit its mapping, look, start, watch, fetch what was refused."""

import uuid

from flask import Response, request
from flask_openapi3 import APIBlueprint
from pydantic import Field

from core.db import parse_id, reading, writing
from core.errors import Malformed
from core.files.api import attachment
from core.ingest import imports, shown
from core.ingest.fields import ImportKind
from core.ingest.mapping import Mapping, TouchKind
from core.ingest.multipart import read_file_part, read_stream
from core.ingest.rejects import rejects_csv
from core.ingest.row_filter import Condition
from core.ingest.uploads import receive_file
from core.web import Body, PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("imports", __name__, url_prefix="/v1/tenants/<tenant>/imports")


ANY_SIZE = 1 << 50  # it goes to disk in pieces; None would mean the limit of other bodies


class ImportPath(TenantPath):
    """One import of a tenant."""

    import_id: str


class UploadQuery(PageQuery):
    """What is uploaded, and what the person called it."""

    kind: ImportKind = "touchpoints"
    name: str = Field("upload.csv", max_length=300)


class Defaults(Body):
    """What stands in for a column that the file lacks."""

    channel: str | None = Field(None, min_length=1, max_length=100)
    touch_kind: TouchKind | None = None
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")


class ImportChange(Body):
    """An edited mapping: field -> column, which rows are taken, and whether unknown channels may be made."""

    mapping: dict[str, str] = Field(max_length=60)
    defaults: Defaults = Field(default_factory=lambda: Defaults(channel=None, currency=None))
    row_filter: list[Condition] = Field(default_factory=list, max_length=20)
    create_channels: bool = False


@api.get("")
@needs("imports:read")
def list_imports(path: TenantPath, query: PageQuery) -> Response:
    """Imports, newest first."""
    with reading(bound_tenant()) as session:
        rows = imports.list_imports(session, before=query.after(), limit=query.limit + 1)
        return answer(page_of(rows, query, lambda row: row.id, lambda row: shown.show_counts(session, row)))


@api.post("")
@needs("imports:write")
def upload_import(path: TenantPath, query: UploadQuery) -> Response:
    """Take in a file (raw body or multipart, streamed) and propose a mapping."""
    request.max_content_length = ANY_SIZE
    chunks = read_stream(request.stream)
    if request.mimetype == "multipart/form-data":
        boundary = request.mimetype_params.get("boundary")
        if not boundary:
            raise Malformed("The multipart body names no boundary.")
        chunks = read_file_part(request.stream, boundary=boundary)
    import_id = receive_file(bound_tenant(), chunks, kind=query.kind, name=query.name)
    return answer(_whole(import_id), status=201)


@api.get("/<import_id>")
@needs("imports:read")
def get_import(path: ImportPath) -> Response:
    """One import: its columns and mapping, its counts and its job."""
    return answer(_whole(parse_id(path.import_id)))


@api.put("/<import_id>")
@needs("imports:write")
def change_import(path: ImportPath, body: ImportChange) -> Response:
    """Edit the mapping of a draft."""
    mapping = Mapping(columns=body.mapping, **body.defaults.model_dump())
    with writing(bound_tenant()) as session:
        row = imports.change_import(
            session,
            path.import_id,
            mapping=mapping,
            row_filter=body.row_filter,
            create_channels=body.create_channels,
        )
    return answer(_whole(row.id))


@api.get("/<import_id>/preview")
@needs("imports:read")
def preview_import(path: ImportPath) -> Response:
    """The first rows as they would be stored, unknown channels, and what stands in the way."""
    return answer(shown.show_preview(imports.preview_import(bound_tenant(), path.import_id)))


@api.post("/<import_id>/start")
@needs("imports:write")
def start_import(path: ImportPath) -> Response:
    """Start; starting twice is starting once."""
    with writing(bound_tenant()) as session:
        row = imports.start_import(session, path.import_id)
    return answer({"id": str(row.id), "job_id": str(row.job_id)}, status=202)


@api.get("/<import_id>/rejects.csv")
@needs("imports:read")
def download_rejects(path: ImportPath) -> Response:
    """Every refused row with its line and reason."""
    with reading(bound_tenant()) as session:
        row = imports.find_import(session, path.import_id)
    body = rejects_csv(bound_tenant(), row.id, header=row.header)
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(f"rejects-{row.name}")
    return response


def _whole(import_id: uuid.UUID) -> shown.ImportShown:
    with reading(bound_tenant()) as session:
        return shown.show_import(session, imports.find_import(session, import_id))
