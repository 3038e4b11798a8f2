"""One tree of errors: each names what is wrong and carries the HTTP status the envelope answers with."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One bad field: where it stands (`items.3.phone`), a code from a closed list, and what to do."""

    path: str
    code: str
    message: str


class SiyuError(Exception):
    """An error a caller can act on. `code` is from a closed list; `message` names the culprit and the next step."""

    status = 500
    code = "internal"

    def __init__(self, message: str = "", *, code: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message or self.__doc__ or self.code)
        self.message = message or (self.__doc__ or self.code)
        self.code = code or type(self).code
        self.retry_after = retry_after


class NotFound(SiyuError):
    """There is nothing here by this name."""

    status, code = 404, "not_found"


class Unauthenticated(SiyuError):
    """Sign in, or send a valid API key."""

    status, code = 401, "unauthenticated"


class Forbidden(SiyuError):
    """Your role does not allow this; ask an owner of the agency."""

    status, code = 403, "forbidden"


class Conflict(SiyuError):
    """This collides with what is there already."""

    status, code = 409, "conflict"


class Invalid(SiyuError):
    """The request is understood but some of its values cannot be used."""

    status, code = 422, "invalid"

    def __init__(self, message: str = "", *, fields: Sequence[FieldError] = (), code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.fields = tuple(fields)


class Malformed(SiyuError):
    """The request body cannot be read."""

    status, code = 400, "malformed"


class UnsupportedType(SiyuError):
    """This content type is not taken here."""

    status, code = 415, "unsupported_type"


class TooLarge(SiyuError):
    """The body is larger than this endpoint takes."""

    status, code = 413, "too_large"


class TooMany(SiyuError):
    """Too many attempts; wait a little."""

    status, code = 429, "too_many"


class Unavailable(SiyuError):
    """Something this needs is not answering; try again shortly."""

    status, code = 503, "unavailable"


class BadConfiguration(SiyuError):
    """Siyu cannot start as it is configured."""

    status, code = 500, "bad_configuration"
