"""docs/settings.md says what core/settings.py says."""

from pathlib import Path

from core.ops.settings_doc import settings_page
from core.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def test_page_agrees_with_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run `make settings-doc`"


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
