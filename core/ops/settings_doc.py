"""Writes docs/settings.md from the settings class, so that the page cannot say something else than the code."""

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from core.settings import Settings

HEAD = """# Settings

Written by `make settings-doc` from core/settings.py; a test compares the two.

Every setting is an environment variable, or a line of the same form in `<home>/siyu.env`. None is required:
`siyu init` makes the secret key, and the rest have defaults for one machine.

| variable | default | what it is |
|---|---|---|
"""


def settings_page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    description = (field.description or "").replace("|", "\\|")
    return f"| `SIYU_{name.upper()}` | {_default(field.default)} | {description} |\n"


def _default(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return f"`{value}`".replace("'", '"')
    return f"`{value}`"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(settings_page(), encoding="utf-8")
