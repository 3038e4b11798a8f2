"""Following docs/tutorial.md to the letter gives the plugin in examples/, and it keeps every rule."""

import re
from pathlib import Path

from core.plugin_kit import check_plugin
from core.plugin_kit.making import make_plugin

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "siyu-podcast"
FILE = re.compile(r"^`(siyu_podcast/[\w./]+)`\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
WRITTEN_BY_HAND = {"README.md", "tests/test_events.py"}
"""What the page leaves to the reader's own words."""


def files_of(folder: Path) -> dict[str, list[str]]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_text().splitlines() for path in found}


def test_page_makes_the_example(tmp_path: Path) -> None:
    made = make_plugin("podcast", into=tmp_path, title_zh="播客", title_en="Podcast")
    blocks = dict(FILE.findall((ROOT / "docs" / "tutorial.md").read_text()))
    assert len(blocks) == 8
    for name, text in blocks.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text)
    report = check_plugin(made)
    assert report.is_good, report.text()
    ours, theirs = files_of(made), files_of(EXAMPLE)
    assert ours.keys() == theirs.keys()
    assert {name for name in ours if ours[name] != theirs[name]} <= WRITTEN_BY_HAND
