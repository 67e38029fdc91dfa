"""What staff do all day, in a real browser over the samples, with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from test_browser_access import browser, service, settings, site
from test_pages_browser import CHROMIUM

from kgsearch.models import DocumentRecord, Filters, LinkState
from kgsearch.retrieval import Searcher
from kgsearch.server.examples import examples_of
from kgsearch.server.outline import Citations

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python, which is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

__all__ = ["browser", "service", "settings", "site"]

expect = sync_api.expect
MOST_TABS = 250


@pytest.fixture
def page(browser: Any, site: str) -> Any:
    context = browser.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    yield opened
    context.close()
    assert not complaints


def _press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Any, selector: str, key: str = "Tab") -> None:
    """Press Tab until what ``selector`` says has the focus; it must be seen that it has."""
    for _press_number in range(MOST_TABS):
        page.keyboard.press(key)
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid" or page.evaluate("document.activeElement.matches('input')")
            return
    raise AssertionError(f"no {selector} within {MOST_TABS} tabs")


def _clipboard(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def _focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def _citing(service: Searcher) -> tuple[DocumentRecord, DocumentRecord]:
    """A document that refers to another one that is held, and that other one."""
    reader = service.reader
    for record in reader.documents(Filters()):
        for one in reader.references(record.id):
            if one.state is LinkState.RESOLVED and one.targets[0].document != record.id and one.reference.eid.startswith("art_"):
                cited = reader.document(one.targets[0].document)
                if cited is not None:
                    return record, cited
    raise AssertionError("no sample refers to another")


def test_search_without_marks_open_a_clause_and_copy_its_citation(page: Any, service: Searcher) -> None:
    examples = examples_of(service)
    page.goto("/")
    expect(page.locator("#kg-q")).to_be_focused()
    page.keyboard.type(examples.unmarked)
    _press(page, "Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hit mark").first.inner_text().lower() == examples.words
    first = service.search(examples.unmarked, limit=1).hits[0]
    _press(page, "j")
    assert _focused(page) == first.citation
    _press(page, "Enter")
    page.wait_for_url("**/documents/**")
    place = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    assert place == first.clause.eid
    _press(page, "c")
    expect(page.locator("#kg-live")).not_to_be_empty()
    assert _clipboard(page) == Citations.of_hit(first).first


def test_the_citation_of_a_hit_is_copied_where_it_is_found(page: Any, service: Searcher) -> None:
    words = examples_of(service).words
    hits = service.search(words).hits
    page.goto(f"/search?q={words}")
    _press(page, "j", "j", "j", "k", "c")
    assert _focused(page) == hits[1].citation
    assert _clipboard(page) == Citations.of_hit(hits[1]).first
    page.reload()
    _press(page, "c")
    assert _clipboard(page) == Citations.of_hit(hits[0]).first
    assert _focused(page) == hits[0].citation, "it is seen what was copied"


def test_steps_end_at_the_last_hit_and_are_always_in_view(page: Any, service: Searcher) -> None:
    page.goto(f"/search?q={examples_of(service).words}")
    for _step in range(14):
        _press(page, "j")
        top, bottom = page.evaluate("(({ top, bottom }) => [top, bottom])(document.activeElement.getBoundingClientRect())")
        assert top >= 0 and bottom <= page.viewport_size["height"]
    last = page.locator(".hit h2 a").last
    expect(last).to_be_focused()
    _press(page, *["k"] * 14)
    expect(page.locator(".hit h2 a").first).to_be_focused()


@pytest.mark.parametrize("address", ["/documents", "/search?q=ban&group=document", "/missing", "/help", "/"])
def test_steps_go_through_whatever_the_page_lists(page: Any, address: str) -> None:
    page.goto(address)
    _press(page, "Escape", "Escape")
    listed = page.locator(".hit :is(h2, h3) > a, .document-line > a")
    _press(page, "j", "j", "k")
    if listed.count():
        expect(listed.first).to_be_focused()


def test_ask_a_question(page: Any, service: Searcher) -> None:
    examples = examples_of(service)
    page.goto("/documents")
    _press(page, "/")
    page.keyboard.type(examples.question)
    _press(page, "Enter")
    page.wait_for_url("**/search?q=*")
    assert examples.document is not None
    answer = page.locator(".answer")
    assert examples.document.signer in answer.inner_text()
    _press(page, "c")
    assert examples.number in _clipboard(page)


def test_filter_by_year_and_type(page: Any, service: Searcher) -> None:
    words = examples_of(service).words
    found = service.search(words, limit=50)
    kind = found.hits[0].document.type
    year = found.hits[0].document.issued.year if found.hits[0].document.issued else 0
    page.goto(f"/search?q={words}")
    _tab_to(page, f'input[name=type][value="{kind}"]')
    _press(page, "Space")
    _tab_to(page, f'input[name=year][value="{year}"]')
    _press(page, "Space")
    _tab_to(page, "button.apply")
    _press(page, "Enter")
    page.wait_for_url("**type=*year=*")
    assert page.locator(".chips li").count() == 3
    expected = service.search(words, filters=Filters(types=(kind,), years=(year,)))
    assert page.locator(".hit h2").all_inner_texts()[0].lower() == expected.hits[0].citation.lower()
    _tab_to(page, ".chips a.all")
    _press(page, "Enter")
    page.wait_for_function("!location.search.includes('year')")
    assert page.locator(".chips").count() == 0


def test_follow_a_reference_and_go_back(page: Any, service: Searcher) -> None:
    citing, cited = _citing(service)
    page.goto(f"/documents/{citing.id}")
    _tab_to(page, f'.body a[href^="/documents/{cited.id}"]')
    expect(page.locator(".preview")).to_be_visible()
    _press(page, "Escape")
    expect(page.locator(".preview")).not_to_be_visible()
    _press(page, "Enter")
    page.wait_for_url(f"**/documents/{cited.id}*")
    page.go_back()
    page.wait_for_url(f"**/documents/{citing.id}")


def test_find_out_what_cites_a_document(page: Any, service: Searcher) -> None:
    _citing_one, cited = _citing(service)
    places = service.reader.cited_by(cited.id)
    page.goto(f"/documents/{cited.id}")
    _tab_to(page, '.all-cited a[href*="/cited-by"]')
    _press(page, "Enter")
    page.wait_for_url("**/cited-by")
    expect(page.locator("h1")).to_contain_text(cited.number)
    _press(page, "j", "Enter")
    page.wait_for_url("**/documents/*#*")
    assert page.url.split("/documents/")[1].split("#")[0] in {one.source.document for one in places}


def test_compare_two_documents(page: Any, service: Searcher) -> None:
    citing, cited = _citing(service)
    page.goto(f"/documents/{citing.id}")
    _tab_to(page, '.card a[href^="/compare?a="]')
    _press(page, "Enter")
    page.wait_for_url("**/compare?a=*")
    _tab_to(page, "#kg-find")
    page.keyboard.type(cited.number)
    _press(page, "Enter")
    page.wait_for_url("**find=*")
    _press(page, "j")
    if cited.number not in _focused(page):
        _tab_to(page, f'a[href*="b={cited.id}"]')
    _press(page, "Enter")
    page.wait_for_url(f"**b={cited.id}*")
    assert page.locator("table.compare tbody tr").count()


def test_report_an_error(page: Any, service: Searcher) -> None:
    document = service.reader.documents(Filters())[0]
    page.goto(f"/documents/{document.id}")
    _tab_to(page, '.card a[href^="/report"]')
    _press(page, "Enter")
    page.wait_for_url("**/report?*")
    _tab_to(page, "#kg-message")
    page.keyboard.type("j k c ? / n p")
    assert page.locator("#kg-message").input_value() == "j k c ? / n p"
    expect(page.locator("#kg-keys")).not_to_be_visible()
    _tab_to(page, "form.report button")


def test_the_list_of_keys_opens_and_closes(page: Any) -> None:
    page.goto("/search?q=ban")
    _press(page, "j", "j")
    before = _focused(page)
    keys = page.locator("#kg-keys")
    _press(page, "?")
    expect(keys).to_be_visible()
    _press(page, "j", "j", "/", "n")
    assert page.evaluate("document.getElementById('kg-keys').contains(document.activeElement)"), "what is behind does not move"
    _press(page, "Escape")
    expect(keys).not_to_be_visible()
    assert _focused(page) == before
    _tab_to(page, "[data-keys]")
    _press(page, "Enter")
    expect(keys).to_be_visible()
    _tab_to(page, "[data-close]")
    _press(page, "Enter")
    expect(keys).not_to_be_visible()


def test_single_keys_can_be_turned_off_and_stay_off(page: Any) -> None:
    page.goto("/search?q=ban")
    _press(page, "?")
    switch = page.get_by_role("switch")
    expect(switch).to_be_checked()
    _to_the_switch(page)
    _press(page, "Space", "Escape")
    for address in ("/search?q=ban", "/help"):
        page.goto(address)
        _press(page, "j", "/", "?", "c")
        expect(page.locator("#kg-keys")).not_to_be_visible()
        assert page.evaluate("document.activeElement === document.body")
    _tab_to(page, "[data-keys]")
    _press(page, "Enter")
    expect(switch).not_to_be_checked()
    _to_the_switch(page)
    _press(page, "Space", "Escape", "/")
    expect(page.locator("#kg-q")).to_be_focused()


def _to_the_switch(page: Any) -> None:
    if not page.evaluate("document.activeElement.id === 'kg-keys-on'"):
        _tab_to(page, "#kg-keys-on")


def test_keys_are_letters_while_something_is_typed(page: Any) -> None:
    page.goto("/search?q=ban")
    _press(page, "/")
    box = page.locator("#kg-q")
    box.press("Control+a")
    page.keyboard.type("j k c ? / n p")
    assert box.input_value() == "j k c ? / n p"
    expect(page.locator("#kg-keys")).not_to_be_visible()
    box.fill("")
    _press(page, "Escape", "j")
    expect(page.locator(".hit h2 a").first).to_be_focused()


@pytest.mark.parametrize("more", ["isComposing: true", "keyCode: 229", "ctrlKey: true", "altKey: true", "metaKey: true"])
def test_keys_of_input_methods_and_of_the_browser_are_not_taken(page: Any, more: str) -> None:
    page.goto("/search?q=ban")
    for key in "jc?/":
        page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, {more} }}))")
    assert page.evaluate("document.activeElement === document.body")
    expect(page.locator("#kg-keys")).not_to_be_visible()


@pytest.mark.parametrize("address", ["/documents", "/help", "/search?q=ban", "/compare", "/status"])
def test_the_skip_link_leads_past_the_header(page: Any, address: str) -> None:
    page.goto(address)
    _press(page, "Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0, "it is seen once it has the focus"
    _press(page, "Enter", "Tab")
    assert page.evaluate(
        "document.getElementById('kg-main').contains(document.activeElement) || !document.querySelector('main :is(a, button)')"
    )
