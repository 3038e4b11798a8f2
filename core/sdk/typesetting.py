"""Setting a sheet with typst: one template of this folder, one JSON of values, the same bytes every time."""

import json
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst


def set_pdf(template: str, sheet: object, *, files: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of `template` (a `.typ` of core.sdk) filled with `sheet`, which it reads as JSON.

    `files` are pictures that the template shows, by the names that the sheet gives them. Text is set in Noto Sans SC:
    nothing depends on the fonts of the machine, and characters outside it print as boxes.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])
    with tempfile.TemporaryDirectory() as folder:  # pictures are read by path; the press reads nothing outside of it
        page = Path(folder) / "page.typ"
        page.write_bytes(resources.files("core.sdk").joinpath(template).read_bytes())
        for name, body in (files or {}).items():
            Path(folder, name).write_bytes(body)
        compiler = typst.Compiler(page, root=folder, font_paths=fonts, sys_inputs={"sheet": json.dumps(sheet)})
        pdf = compiler.compile(timestamp=0)
    if not isinstance(pdf, bytes):
        raise ValueError("typst made no single file of the sheet")
    return pdf


def _font_folder() -> str:
    return str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)
