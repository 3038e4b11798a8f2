"""The five ways in which a channel may fail; the kind decides what the host does next."""

from typing import Literal

from core.sdk.values import Frozen, Prose, Word

FailureKind = Literal["bad_settings", "unreachable", "throttled", "refused", "unknown"]
"""`bad_settings` asks a human, `unreachable` and `throttled` are tried again, `refused` is final, `unknown` waits."""


class Failure(Frozen):
    """A failure as a value: the part of an `Outcome` that says why.

    `code` is the vendor's own, `message` is written for the operator and holds no secret and no personal data;
    `retry_after` is in seconds and only given with `throttled`. `opted_out`: the vendor refuses because the person told
    it, or their carrier, to stop; the host then writes to this address no more.
    """

    kind: FailureKind
    code: Word = ""
    message: Prose = ""
    retry_after: float | None = None
    opted_out: bool = False

    @property
    def may_be_retried(self) -> bool:
        """True when nothing has happened outside and the same call may be made again."""
        return self.kind in ("unreachable", "throttled")


class ChannelFailure(Exception):
    """Base of the five. Raised by a verb, caught by the host; never raised as itself."""

    kind: FailureKind = "refused"

    def __init__(
        self, message: str, *, code: str = "", retry_after: float | None = None, opted_out: bool = False
    ) -> None:
        """`message` is for the operator: name the culprit, say what to do next, and repeat no secret.

        `opted_out` is said with `Refused` alone, where the person has told the vendor to stop.
        """
        super().__init__(message)
        self.message = message
        self.code = code
        self.retry_after = retry_after
        self.opted_out = opted_out

    def as_failure(self) -> Failure:
        """The same as a value, for an `Outcome`."""
        return Failure(
            kind=self.kind,
            code=self.code[:500],
            message=self.message[:2000],
            retry_after=self.retry_after,
            opted_out=self.opted_out,
        )


class BadSettings(ChannelFailure):
    """Credentials or settings are wrong, or the account is closed or empty: stop the channel and ask a human."""

    kind = "bad_settings"


class Unreachable(ChannelFailure):
    """The vendor could not be reached and certainly did nothing: the host tries again later."""

    kind = "unreachable"


class Throttled(ChannelFailure):
    """Too much, too fast; nothing was done. The host waits `retry_after` seconds (60 when not given)."""

    kind = "throttled"


class Refused(ChannelFailure):
    """The vendor said no to this one, for good: an illegal number, a blocked recipient, a forbidden text."""

    kind = "refused"


class Unknown(ChannelFailure):
    """Done or not? A time-out after the request left. Never sent again; a receipt or `lookup` settles it."""

    kind = "unknown"
