"""The state of the index in the browser: kept up to date while something runs, unless somebody holds it, by keyboard too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import serving
from test_pages_browser import CHROMIUM, FLAGS
from test_server import FakeService

from kgsearch.config import Settings
from kgsearch.server import create_app, status

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python, which is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

RUNNING = {"phase": "reading", "done": 3, "total": 10, "rate": 1.5, "seconds_left": 5, "started": "2021-10-07T08:00:00+00:00", "pid": 1}


class _Indexing:
    """What the server says that runs, as the test has it."""

    def __init__(self) -> None:
        self.now: dict[str, Any] | None = None


@pytest.fixture
def indexing(monkeypatch: pytest.MonkeyPatch) -> _Indexing:
    told = _Indexing()
    monkeypatch.setattr(status, "running", lambda _index, _lock: told.now)
    monkeypatch.setattr(status, "LATER", status.SOON)
    return told


@pytest.fixture
def page(tmp_path: Path, indexing: _Indexing) -> Iterator[Any]:
    app = create_app(Settings(corpus=tmp_path, index=tmp_path / "index"), FakeService())
    with serving(app) as address, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        opened = browser.new_page(base_url=address)
        opened.set_default_timeout(20_000)
        yield opened
        browser.close()


def test_the_page_follows_a_run_to_its_end(page: Any, indexing: _Indexing) -> None:
    page.goto("/status?lang=en")
    assert page.locator("progress").count() == 0
    indexing.now = dict(RUNNING)
    page.locator("progress").wait_for()
    assert page.locator("progress").get_attribute("value") == "30"
    indexing.now = {**RUNNING, "done": 8}
    page.locator("progress[value='80']").wait_for()
    page.locator("h1").evaluate("heading => { heading.dataset.kept = '1'; }")
    indexing.now = None
    page.get_by_text("No indexing is going on.").wait_for()
    page.locator("#kg-live", has_text="The indexing has ended.").wait_for()
    assert page.locator("h1[data-kept]").count() == 1, "the page was not loaded anew"


def test_what_is_held_stays_and_the_page_can_be_stopped(page: Any, indexing: _Indexing) -> None:
    indexing.now = dict(RUNNING)
    page.goto("/status?lang=en")
    failed = page.locator("a[href='#kg-failed']")
    failed.focus()
    before = page.locator("[data-live=as-of]").inner_text()
    indexing.now = {**RUNNING, "done": 5}
    page.locator("progress[value='50']").wait_for()
    assert page.locator("[data-live=as-of]").inner_text() != before
    assert failed.evaluate("link => link === document.activeElement"), "the focus is where it was"
    switch = page.get_by_role("switch", name="Kept up to date")
    switch.focus()
    page.keyboard.press("Space")
    assert switch.get_attribute("aria-checked") == "false"
    indexing.now = {**RUNNING, "done": 9}
    page.wait_for_timeout(1_000 * (status.SOON + 1))
    assert page.locator("progress").get_attribute("value") == "50"
    page.keyboard.press("Space")
    page.locator("progress[value='90']").wait_for()


def test_without_a_script_a_link_does_it(page: Any, indexing: _Indexing) -> None:
    page.goto("/status?lang=en")
    address = page.url
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    assert not plain.get_by_role("switch").is_visible()
    indexing.now = dict(RUNNING)
    plain.get_by_role("link", name="Look again").click()
    plain.locator("progress").wait_for()
    context.close()
