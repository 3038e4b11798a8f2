"""Every hook has a docstring in its spec and a test; docs/hooks.md says what the specifications say."""

from pathlib import Path

import pytest

from core.plugin_kit.hooks_doc import write_reference
from core.sdk import hookspecs

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("siyu_")}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_hook_is_documented_and_tested(name: str) -> None:
    assert HOOKS[name].__doc__
    assert any(name in path.read_text() for path in (ROOT / "tests" / "core" / "plugin_host").glob("*.py"))


def test_reference_is_up_to_date() -> None:
    assert (ROOT / "docs" / "hooks.md").read_text() == write_reference(), "run `make hooks-doc`"
