"""Every hook has a docstring in its spec, a heading with its signature in docs/hooks.md, and a test."""

import inspect
import re
from pathlib import Path

import pytest

from core.sdk import hookspecs

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("siyu_")}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_hook_is_documented_and_tested(name: str) -> None:
    page = (ROOT / "docs" / "hooks.md").read_text()
    told = f"def {name}({', '.join(inspect.signature(HOOKS[name]).parameters)})"
    assert HOOKS[name].__doc__
    assert f"## {name}\n\n```python\n{told}" in page
    assert any(name in path.read_text() for path in (ROOT / "tests" / "core" / "plugin_host").glob("*.py"))


def test_page_names_no_other_hook() -> None:
    headings = re.findall(r"^## (siyu_\w+)", (ROOT / "docs" / "hooks.md").read_text(), re.MULTILINE)
    assert set(headings) == set(HOOKS)
