"""Every page as axe-core sees it (WCAG 2.2 AA): light and dark, wide and narrow. Over the samples, so that real texts are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from corpus_index import Rewritten, rewritten
from serving import serving
from test_pages_browser import CHROMIUM, browser

from kgsearch.config import Settings, load_settings
from kgsearch.indexing.lock import index_lock
from kgsearch.indexing.progress import PROGRESS_FILE, RunProgress
from kgsearch.models import DocumentRecord, Filters
from kgsearch.retrieval import Searcher
from kgsearch.server import create_app
from kgsearch.server.examples import examples_of

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python, which is not installed")
__all__ = ["browser"]  # a fixture
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# WCAG fails are faults at any impact; what is only good practice, where it is serious.
SERIOUS = ("serious", "critical")
SCREENS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def settings(samples: Path, sample_index: Path) -> Settings:
    return load_settings(samples, sample_index)


@pytest.fixture(scope="module")
def service(settings: Settings) -> Searcher:
    return Searcher(settings)


@pytest.fixture(scope="module")
def site(settings: Settings, service: Searcher) -> Iterator[str]:
    with serving(create_app(settings, service)) as address:
        yield address


@pytest.fixture(scope="module")
def addresses(service: Searcher) -> list[str]:
    """One of each page, in each state that looks different."""
    reader = service.reader
    examples = examples_of(service)
    words = quote(examples.words)
    cited, citing = _linked(service)
    table = next(record for record in reader.documents(Filters()) if any(clause.cells for clause in reader.clauses(record.id)))
    clause = next(clause for clause in reader.clauses(cited.id) if clause.citation)
    return [
        "/",
        "/help",
        "/search",
        f"/search?q={words}",
        f"/search?q={words}&group=document&type={quote(cited.type)}",
        f"/search?q={quote(examples.question)}",
        "/search?q=zzqqx+khongco",
        "/search?q=%22%22",
        "/documents",
        f"/documents/{cited.id}",
        f"/documents/{cited.id}?q={words}",
        f"/documents/{table.id}",
        f"/documents/{cited.id}/{clause.eid}",
        f"/documents/{cited.id}/cited-by",
        f"/documents/{citing.id}/relations",
        f"/documents/{citing.id}/relations?group=out-basis",
        "/missing",
        "/status",
        "/compare",
        f"/compare?a={cited.id}",
        f"/compare?a={cited.id}&b={citing.id}",
        f"/report?document={cited.id}&eid={clause.eid}",
        "/nothing/here",
    ]


@pytest.fixture(scope="module")
def changed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Rewritten:
    return rewritten(samples, tmp_path_factory)


@pytest.fixture(scope="module")
def changed_site(changed: Rewritten) -> Iterator[str]:
    service = Searcher(changed.settings)
    with closing(service.engine), closing(service.reader), serving(create_app(changed.settings, service)) as address:
        yield address


def _linked(service: Searcher) -> tuple[DocumentRecord, DocumentRecord]:
    """A document that is cited, and one that cites it."""
    reader = service.reader
    for record in reader.documents(Filters()):
        for one in reader.cited_by(record.id):
            citing = reader.document(one.source.document)
            if citing is not None:
                return record, citing
    raise AssertionError("no sample cites another")


def _faults(page: Any) -> list[str]:
    found = axe_playwright.Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS or any(tag.startswith("wcag") for tag in fault["tags"])
        for node in fault["nodes"][:3]
    ]


def _scanned(browser: Any, site: str, width: int, scheme: str) -> Any:
    # The script of axe is put into the page by the test, which the page's own policy rightly forbids.
    return browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True, base_url=site
    )


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing(browser: Any, site: str, addresses: list[str], width: int, scheme: str) -> None:
    page = _scanned(browser, site, width, scheme)
    faults = {}
    for address in addresses:
        page.goto(address)
        if found := _faults(page):
            faults[address] = found
    page.close()
    assert faults == {}


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_on_earlier_versions_and_in_the_state_of_the_index(
    browser: Any, changed: Rewritten, changed_site: str, width: int, scheme: str
) -> None:
    page = _scanned(browser, changed_site, width, scheme)
    own, faults = f"/documents/{changed.document}", {}
    page.goto(own)
    page.locator(".versions summary").click()
    faults[own] = _faults(page)
    compared = f"/compare?a={changed.document}@1"
    for address in (
        f"{own}?version=1",
        f"{own}?version=1&lang=en",
        compared,
        f"{compared}&b={changed.document}",
        "/status",
        "/status?lang=vi",
    ):
        page.goto(address)
        faults[address] = _faults(page)
    with index_lock(changed.settings.lock_path), RunProgress(changed.settings.index / PROGRESS_FILE).phase("reading", 9):
        page.goto("/status")
        page.locator("progress").wait_for()
        faults["while it runs"] = _faults(page)
    page.close()
    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_in_what_unfolds(browser: Any, site: str, addresses: list[str], width: int, scheme: str) -> None:
    page = _scanned(browser, site, width, scheme)
    faults = []
    page.goto("/help")
    page.keyboard.press("?")
    page.locator("#kg-keys").wait_for()
    faults += _faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("ban ")
    page.locator("[role=option]").first.wait_for()
    faults += _faults(page)
    document = next(address for address in addresses if address.startswith("/documents/"))
    page.goto(document)
    page.keyboard.press("j")
    page.locator(":focus a[href*='?c='], .body a[href*='?c=']").first.focus()
    page.keyboard.press("Enter")
    page.locator(".menu").wait_for()
    faults += _faults(page)
    page.close()
    assert faults == []


def test_axe_finds_nothing_in_english(browser: Any, site: str, addresses: list[str]) -> None:
    page = _scanned(browser, site, 1280, "light")
    faults = {}
    for address in addresses[::3]:
        page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
        assert page.locator("html").get_attribute("lang") == "en"
        if found := _faults(page):
            faults[address] = found
    page.close()
    assert faults == {}


def test_axe_would_find_something(browser: Any, site: str) -> None:
    page = _scanned(browser, site, 1280, "light")
    page.goto("/help")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input><p style=\"color:#ccc\">Chữ mờ</p>')")
    assert {fault.split()[0] for fault in _faults(page)} >= {"image-alt", "label", "color-contrast"}
    page.close()


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_cut_off_or_moves(browser: Any, site: str, addresses: list[str], width: int) -> None:
    """No page is wider than the screen, none shifts while it loads (CLS of 0.1 is good; ours is far below), lines leave room for marks."""
    page = browser.new_page(viewport={"width": width, "height": 900}, base_url=site)
    faults = {}
    for address in addresses:
        page.goto(address, wait_until="load")
        shifted, wide, tight = page.evaluate(MEASURES)
        if shifted > 0.02 or wide > width or tight:
            faults[address] = (shifted, wide, tight)
    page.close()
    assert faults == {}


# Layout shifts so far; the width of all; what has lines lower than 1.3 times its letters (stacked diacritics would collide).
MEASURES = """async () => {
    let shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shifted += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    await new Promise((done) => setTimeout(done, 100));
    const tight = [...document.querySelectorAll("body :not(svg, svg *, sup, kbd)")].filter((each) => {
        const words = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
        const style = getComputedStyle(each);
        return words && each.checkVisibility() && parseFloat(style.lineHeight) < 1.29 * parseFloat(style.fontSize);
    }).map((each) => each.outerHTML.slice(0, 80));
    return [shifted, document.documentElement.scrollWidth, tight];
}"""
