"""The tail is watched: files under 400 lines, nearly all under 300; functions under 60, nearly all under 35."""

import ast
import statistics
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "plugins", "workers", "admin_ui", "tests", "benchmarks")


@cache
def files() -> dict[Path, str]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return {path: path.read_text() for path in found if "versions" not in path.parts}


@cache
def functions() -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, text in files().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_file_outgrows_its_room() -> None:
    assert not {str(path): n for path, text in files().items() if (n := text.count("\n")) > 400}


def test_nearly_all_files_are_short() -> None:
    long = [path for path, text in files().items() if text.count("\n") > 300]
    assert len(long) <= 0.05 * len(files()), long


def test_no_function_outgrows_a_page() -> None:
    assert not {name: n for name, n in functions().items() if n > 60}


def test_nearly_all_functions_are_short() -> None:
    long = {name: n for name, n in functions().items() if n > 35}
    assert len(long) <= 0.05 * len(functions()), long
    assert statistics.median(functions().values()) < 12


def test_every_file_says_what_it_is() -> None:
    assert not [str(p) for p, text in files().items() if text.strip() and ast.get_docstring(ast.parse(text)) is None]


def test_no_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "misc", "base", "manager"}
    assert not [str(path) for path in files() if drawers & {path.stem, path.parent.name}]
