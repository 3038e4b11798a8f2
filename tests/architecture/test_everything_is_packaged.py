"""What is installed from a wheel holds what the repository holds: fixtures, templates, migrations."""

import glob
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = {".pyc", ".woff"}
"""Made while running: compiled modules, and the font of the admin pages (`admin_ui/fonts.py`)."""


def patterns_of(package: str) -> list[str]:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    told = config["options.package_data"]
    return [one.strip() for name in ("*", package) for one in told.get(name, "").split(",") if one.strip()]


def is_module(path: Path) -> bool:
    return path.suffix == ".py" and (path.parent / "__init__.py").is_file()


@pytest.mark.parametrize("package", ["core", "plugins", "workers", "admin_ui"])
def test_every_file_is_packaged(package: str) -> None:
    folder = ROOT / package
    found: set[str] = set()
    for pattern in patterns_of(package):
        found |= set(glob.glob(pattern, root_dir=folder, recursive=True))  # noqa: PTH207 - as setuptools does, which skips hidden folders
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in MADE)
    missing = [str(path.relative_to(folder)) for path in files if not is_module(path)]
    assert sorted(set(missing) - found) == []
