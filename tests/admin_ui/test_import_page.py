"""The page of one import: what it promises before the start is what happens, and nothing taken is no success."""

import pytest

from tests.admin_ui import fake_data, fake_flows
from tests.admin_ui.conftest import OpenPage, texts


@pytest.mark.parametrize(("creates", "taken"), [(False, "96"), (True, "99")])
def test_unknown_channels_are_not_promised(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, creates: bool, taken: str
) -> None:
    draft = {**fake_flows.IMPORT, "id": "draft", "state": "draft", "job": None, "create_channels": creates}
    monkeypatch.setattr(fake_data, "FULL", [(r"imports/draft", draft), *fake_data.FULL])
    shown = texts(open_page("import", "zh", **{"import": "draft"}))
    assert f"其中 {taken} 行会导入" in shown
    assert ("这些行会被拒绝" in shown) is not creates


def test_import_without_rows_is_no_success(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {**fake_flows.IMPORT, "state": "done", "rows": 43, "accepted": 0, "duplicates": 0, "rejected": 43}
    monkeypatch.setattr(fake_data, "FULL", [(r"imports/[^/]+", refused), *fake_data.FULL])
    assert "No row was taken" in texts(open_page("import", "en", **{"import": "i1"}))
