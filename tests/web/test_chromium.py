"""The browser of the browser tests runs, and shows Chinese without any font of the system."""

import pytest
from playwright.sync_api import Page

from tests import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_page_shows_chinese_glyphs_and_not_boxes(page: Page) -> None:
    page.set_content("<p style='font-size:40px'><span>班</span><span>长</span></p>")
    first, second = (page.locator("span").nth(number).screenshot() for number in (0, 1))
    assert first != second  # two boxes would be alike


async def test_an_event_loop_can_run_after_a_browser() -> None:
    """The browser's own loop is gone with its test."""


def test_a_browser_that_does_not_run_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.ENVIRONMENT, "/bin/false")
    with pytest.raises(chromium.NoChromium, match="/bin/false"):
        chromium.find()
