"""Answers and errors: JSON out, every error as RFC 9457 problem+json with a code and the request id."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy.exc as sql
from flask import Flask, Response, current_app, g, json, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.errors import Conflict, FieldError, Invalid, NotFound, SiyuError, TooLarge, Unavailable
from core.logs import logger, request_id
from core.web.pages import page

log = logger(__name__)


def answer(value: BaseModel | dict[str, Any] | list[Any] | None = None, status: int = 200) -> Response:
    """A JSON response; None answers 204."""
    if value is None:
        return Response(status=204)
    ready = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    text = json.dumps(ready, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")


def problem(error: SiyuError) -> Response:
    """The error as problem+json."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": (type(error).__doc__ or error.code).splitlines()[0],
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "request_id": g.get("request_id", "-"),
    }
    if isinstance(error, Invalid):
        body["fields"] = [{"path": f.path, "code": f.code, "message": f.message} for f in error.fields]
    response = Response(
        json.dumps(body, ensure_ascii=False), error.status, content_type="application/problem+json; charset=utf-8"
    )
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def raise_invalid(error: ValidationError) -> None:
    """What flask-openapi3 calls when a path, query or body does not validate."""
    raise Invalid("Some values cannot be used.", fields=field_errors(error))


def field_errors(error: ValidationError) -> list[FieldError]:
    """pydantic's findings as ours, without the values that caused them."""
    return [FieldError(".".join(map(str, e["loc"])), e["type"], e["msg"]) for e in error.errors(include_input=False)]


def install_envelope(app: Flask) -> None:
    """Number requests and turn every exception into an answer; no input gives a bare 500."""
    app.before_request(_number_request)
    app.after_request(_stamp_answer)
    app.register_error_handler(SiyuError, _answer_ours)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unexpected)


def _number_request() -> None:
    g.request_id = uuid4().hex
    request_id.set(g.request_id)


def _stamp_answer(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _answer_ours(error: SiyuError) -> Response:
    if error.status >= 500:
        log.error("%s: %s", error.code, error.message, exc_info=error)
    return problem(error)


def _answer_http(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return problem(TooLarge())
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    if error.code == 404:
        return page("core.web", "absent.html", 404) if wants_html() else problem(NotFound())
    ours = SiyuError(error.description or error.name, code=error.name.lower().replace(" ", "_"))
    ours.status = error.code or 500
    return problem(ours)


def _answer_unexpected(error: Exception) -> Response:
    known = _from_database(error)
    if known is not None:
        log.warning("%s", type(error).__name__, exc_info=error)
        return problem(known)
    log.error("unexpected", exc_info=error)
    if current_app.testing:
        raise error
    return problem(SiyuError("Something failed on our side; the request id finds it in the log."))


def _from_database(error: Exception) -> SiyuError | None:
    if isinstance(error, sql.IntegrityError):
        return Conflict()
    if isinstance(error, (sql.DataError, sql.StatementError)) and not isinstance(error, sql.DBAPIError):
        return Invalid("A value cannot be stored as it is.")
    if isinstance(error, sql.DataError):
        return Invalid("A value cannot be stored as it is.")
    if isinstance(error, (sql.OperationalError, sql.TimeoutError)):
        return Unavailable("The database is not answering.", retry_after=2)
    return None


def wants_html() -> bool:
    """Whether the caller is a browser that would rather see a page."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
