"""A new plugin: a project of its own, whose tests pass from the first minute."""

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from core.errors import Conflict, FieldError, Invalid

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
SUFFIX = ".tmpl"


def make_plugin(key: str, *, into: Path, title_zh: str = "", title_en: str = "") -> Path:
    """Write the project `siyu-<key>` below `into`; its folder.

    Raises:
        Invalid: a key that no plugin may have, a title that no file may hold.
        Conflict: the folder is there already; nothing of it is touched.
    """
    if not KEY.fullmatch(key):
        raise Invalid(fields=[FieldError("name", "format", "Use 2 to 40 of a-z, 0-9 and _, beginning with a letter.")])
    english = title_en or key.replace("_", " ").capitalize()
    titles = {"title_en": english, "title_zh": title_zh or f"{english} 渠道"}
    if any(set(title) & set('"\\\n\r$') for title in titles.values()):
        raise Invalid(fields=[FieldError("title", "format", "Leave out quotes, backslashes, $ and line breaks.")])
    folder = into / f"siyu-{key.replace('_', '-')}"
    if folder.exists():
        raise Conflict(f"{folder} is there already.")
    class_name = "".join(part.capitalize() for part in key.split("_"))
    words = titles | {"key": key, "package": f"siyu_{key}", "class_name": class_name}
    _write(resources.files("core.plugin_kit") / "template", folder, words)
    return folder


def _write(source: Traversable, target: Path, words: dict[str, str]) -> None:
    target.mkdir(parents=True)
    for item in source.iterdir():
        name = item.name.removesuffix(SUFFIX).replace("gitignore", ".gitignore")
        if item.is_dir():
            _write(item, target / (words["package"] if name == "package" else name), words)
        elif item.name.endswith(SUFFIX):
            (target / name).write_text(Template(item.read_text("utf-8")).substitute(words), "utf-8")
