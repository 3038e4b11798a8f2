"""Downloads: always as an attachment, never rendered on our address."""

from urllib.parse import quote

from flask import Response
from flask_openapi3 import APIBlueprint

from core.db import reading
from core.files import service
from core.web import TenantPath, bound_tenant, needs

api = APIBlueprint("files", __name__, url_prefix="/v1/tenants/<tenant>/files")


def attachment(name: str) -> str:
    """The header that offers a download by this name, also to browsers that read only ASCII there."""
    plain = "".join(char for char in name if char.isascii() and char.isprintable() and char not in '"\\') or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class FilePath(TenantPath):
    """One file of a tenant."""

    file: str


@api.get("/<file>")
@needs("files:read")
def download_file(path: FilePath) -> Response:
    """The bytes of a stored file, streamed."""
    with reading(bound_tenant()) as session:
        opened = service.open_file(session, path.file)
    response = Response(opened.chunks(), content_type=opened.row.media_type)
    response.headers["Content-Length"] = str(opened.row.size)
    response.headers["Content-Disposition"] = attachment(opened.row.name)
    return response
