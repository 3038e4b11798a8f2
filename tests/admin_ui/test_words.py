"""Both languages say the same things."""

import re
from pathlib import Path

import admin_ui
from admin_ui import words

CHINESE = re.compile("[一-鿿]")
HOLE = re.compile(r"\{(\w+)\}")
SAME_IN_BOTH = {"overview.cac", "rewards.one", "compare.comma"}  # an abbreviation; values with a comma


def test_every_text_has_both_languages() -> None:
    assert {key: sorted(pair) for key, pair in words.book().items() if sorted(pair) != ["en", "zh"]} == {}


def test_holes_are_the_same() -> None:
    assert not {k for k, p in words.book().items() if set(HOLE.findall(p["zh"])) != set(HOLE.findall(p["en"]))}


def test_chinese_texts_are_chinese() -> None:
    plain = {key for key, pair in words.book().items() if not CHINESE.search(pair["zh"])}
    assert plain <= SAME_IN_BOTH


def test_every_key_used_is_written() -> None:
    folder = Path(admin_ui.__file__).parent
    used = {key for path in folder.rglob("*.py") for key in re.findall(r"\bt\(\s*\"([a-z_]+\.\w+)\"", path.read_text())}
    assert used - set(words.book()) == set()


def test_every_text_is_used() -> None:
    folder = Path(admin_ui.__file__).parent
    code = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    groups = set(re.findall(r"f[\"']([a-z_]+)\.(?:\w*)\{", code))
    unused = {k for k in words.book() if not re.search(rf"[\"']{k}[\"']", code) and k.split(".")[0] not in groups}
    assert unused == set()


def test_user_text_is_not_markdown() -> None:
    assert words.plain("花间 [茶] *新*") == r"花间 \[茶\] \*新\*"
