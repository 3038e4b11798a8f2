"""The tabs of a batch's cards in a real browser: no fault that axe finds, and no wider than a phone."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import opened, settle, visit
from tests.browser.test_look import OF_STREAMLIT, faults_of, narrowed_width

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("tab", ["Cards", "Doubtful", "Print and QR"])
def test_tab_passes_axe_and_fits_a_phone(browser: Browser, site: str, tab: str) -> None:
    with opened(browser, site) as page:
        visit(page, f"{site}/placements?placement=p1&lang=en")
        page.get_by_role("tab", name=tab, exact=True).click()
        settle(page)
        faults = faults_of(page)
        page.set_viewport_size({"width": 390, "height": 844})
        width = narrowed_width(page, 390)
    assert {rule: nodes for rule, nodes in faults.items() if rule not in OF_STREAMLIT} == {}
    assert width <= 390
