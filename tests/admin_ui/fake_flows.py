"""The fake API's answers for the pages of daily work: channels, placements, people, imports, jobs."""

from typing import Any

Json = dict[str, Any]

FULL: list[tuple[str, Any]] = []
EMPTY: list[tuple[str, Any]] = []
MADE: list[tuple[str, Json]] = []
