"""Log lines as JSON on stderr, with the request id; secrets in addresses are masked."""

import json
import logging
import re
import sys
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_HOOK = re.compile(r"(/(?:hooks|invite)/)[^/\s?\"']+")
_OTHERS = re.compile(r"(/[crs]/|/l/\w+/)[\w-]{12,}")  # serials of cards, what they earned, clerks' pages, claims
_DETAIL = re.compile(r"^((?:DETAIL|CONTEXT): +).*$", re.MULTILINE)  # where PostgreSQL repeats the row it refuses
_KEY = re.compile(r"\bsiyu_[0-9A-Za-z]+_[0-9A-Za-z]+")


def logger(name: str) -> logging.Logger:
    """The logger of a module; call with `logger(__name__)`."""
    return logging.getLogger(name)


def mask(text: str) -> str:
    """The text without API keys, secrets that stand in addresses, and the values of a row that a database refused."""
    text = _DETAIL.sub(r"\1***", text)
    return _KEY.sub("siyu_***", _OTHERS.sub(r"\1***", _HOOK.sub(r"\1***", text)))


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def start_logging(level: str = "INFO") -> None:
    """Send every logger of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
