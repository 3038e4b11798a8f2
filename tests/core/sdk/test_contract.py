"""The sdk is a contract: every public name has its docstring, and it drags nothing heavy in."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from core import sdk

MODULES = sorted(f"core.sdk.{item.name}" for item in pkgutil.iter_modules(sdk.__path__))


def members(module: str) -> Iterator[tuple[str, object]]:
    for name, member in vars(importlib.import_module(module)).items():
        if name.startswith("_") or getattr(member, "__module__", None) != module:
            continue
        if inspect.isclass(member) or inspect.isfunction(member):
            yield name, member
        if inspect.isclass(member):
            yield from (
                (f"{name}.{part}", value)
                for part, value in vars(member).items()
                if not part.startswith("_") and (inspect.isfunction(value) or isinstance(value, property | classmethod))
            )


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_documented(module: str) -> None:
    inherited = {BaseException.__doc__, object.__doc__}
    assert not [name for name, member in members(module) if not member.__doc__ or member.__doc__ in inherited]


def test_everything_offered_is_there() -> None:
    assert sdk.__all__ == sorted(sdk.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert all(hasattr(sdk, name) for name in sdk.__all__)


def test_import_is_light() -> None:
    code = "import sys, core.sdk; print({'flask', 'sqlalchemy', 'numpy', 'typst'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
