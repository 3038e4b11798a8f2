"""Times as the exports write them: local time of China, with or without seconds."""

from collections.abc import Mapping
from datetime import datetime

from core.sdk import local_instant


def read_instant(row: Mapping[str, str], name: str) -> datetime:
    """The instant in this cell. Raises ValueError naming the column."""
    written = row[name].replace("/", "-")
    for layout in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            return local_instant(written, layout=layout)
        except (ValueError, OverflowError):
            continue
    raise ValueError(f"{name} is no time: {row[name][:30]}")
