"""Documents in a real browser: contents that follow, previews, tools, copying, printing, and long documents that do not freeze."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from serving import serving
from test_pages_browser import CHROMIUM, CITATION, _watch_copying, browser, open_page, sync_api
from test_reference_pages import POINT
from test_server import DOCUMENT, PLAN, RESOLUTION, FakeService, fake_corpus

from kgsearch.config import Settings
from kgsearch.models import Address, ClauseRecord, Kind, LinkedReference, LinkState, Reference, Span
from kgsearch.server import create_app

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

LONG = replace(RESOLUTION, id="luat-dai-2024", number="71/2024/QH15", type="Luật", title="Luật thử nghiệm dài")
ARTICLES = 250
SENTENCE = "Ủy ban nhân dân cấp tỉnh chủ trì, phối hợp với cơ quan chuyên môn quản lý ngân sách nhà nước theo quy định tại khoản 1 Điều 1 "
_CLAUSES_OF_ARTICLE = 12


def long_clauses() -> list[ClauseRecord]:
    """About 75,000 words in 3,250 clauses."""
    found: list[ClauseRecord] = []
    like = FakeService().reader.held[0]
    for number in range(1, ARTICLES + 1):
        article = f"art_{number}"
        rows = [(article, "", Kind.ARTICLE, f"Điều {number}", "Trách nhiệm quản lý", "Trách nhiệm quản lý")]
        rows += [(f"{article}__para_{n}", article, Kind.CLAUSE, f"{n}.", "", SENTENCE) for n in range(1, _CLAUSES_OF_ARTICLE + 1)]
        for eid, parent, kind, label, heading, text in rows:
            found.append(
                replace(like, document=LONG.id, eid=eid, parent=parent, position=len(found), kind=kind, label=label, heading=heading)
            )
            found[-1] = replace(found[-1], text=text, full_text=text, citation=f"{label} thử")
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    service = FakeService()
    service.reader.records.append(LONG)
    service.reader.held += long_clauses()
    words = "khoản 1 Điều 1"
    span = Span(SENTENCE.index(words), SENTENCE.index(words) + len(words))
    service.reader.linked[LONG.id] = [
        LinkedReference(Reference(clause.eid, words, span, "", "clause", "this"), LinkState.RESOLVED, (Address(LONG.id, "art_1__para_1"),))
        for clause in service.reader.clauses(LONG.id)
        if clause.kind is Kind.CLAUSE
    ]
    app = create_app(Settings(corpus=fake_corpus(folder), index=folder / "index"), service)
    with serving(app) as address:
        yield address


LINK = 'a[href*="?c="]'
MEASURED = """() => {
    window.measured = { long: [], shift: 0, paint: 0 };
    const watch = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    watch("longtask", (entry) => measured.long.push(entry.duration));
    watch("layout-shift", (entry) => { if (!entry.hadRecentInput) measured.shift += entry.value; });
    watch("largest-contentful-paint", (entry) => { measured.paint = entry.startTime; });
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_document_opens_and_scrolls_without_freezing(browser: Any, site: str, width: int) -> None:
    """What is laid out at once is a part, not the whole (what that saves is measured in benchmarks/pages.py)."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(f"({MEASURED})()")
    page.goto(f"{site}/documents/{LONG.id}")
    assert page.evaluate("document.querySelector('.body').textContent.split(/\\s+/).length") > 60_000
    seen = (
        "[...document.querySelectorAll('.part')].filter((part) => part.firstElementChild.checkVisibility({ contentVisibilityAuto: true }))"
    )
    page.wait_for_timeout(300)
    assert page.evaluate(f"{seen}.length") <= 4 < page.evaluate("document.querySelectorAll('.part').length") // 4
    assert page.evaluate("measured.paint") > 0
    for _step in range(30):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(20)
    assert page.evaluate("scrollY") > 10_000
    assert page.evaluate("measured.shift") <= 0.1
    assert page.evaluate(f"{seen}.length") <= 8, "what was left is not laid out any more"
    context.close()


def test_the_far_end_of_a_long_document_is_reached_by_its_address(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}#art_240__para_3")
    page.wait_for_timeout(300)
    box = page.locator("#art_240__para_3").bounding_box()
    assert -5 <= box["y"] < page.viewport_size["height"]
    assert page.locator("#kg-contents a[aria-current]").inner_text().startswith(("Điều 240", "Điều 239"))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_clause_of_the_address_stands_at_the_top_of_the_screen(open_page: Any, width: int) -> None:
    """Also where the parts above it turn out to be of another height than was guessed, and stays where the reader goes on."""
    page = open_page(f"/documents/{LONG.id}?q=ngân sách nhà nước#art_2__para_9", viewport={"width": width, "height": 800})
    bar = page.locator(".matches")
    for article in (2, 14, 57, 121, 3):
        page.evaluate(f"location.hash = 'art_{article}__para_9'")
        page.wait_for_timeout(250)
        top = page.locator(f"#art_{article}__para_9").bounding_box()["y"]
        assert bar.bounding_box()["height"] <= top < 150, article
    page.reload()
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(300)
    scrolled = page.evaluate("scrollY")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == scrolled


def test_back_leads_to_where_the_reader_was(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}#art_100", viewport={"width": 1280, "height": 800})
    page.wait_for_timeout(250)
    page.mouse.wheel(0, 4000)
    page.wait_for_timeout(300)
    reference = page.locator("#art_105__para_3 a:not([href*='?c='])")
    top = reference.bounding_box()["y"]
    reference.click()
    page.wait_for_timeout(250)
    assert page.locator("#art_1__para_1").bounding_box()["y"] < 100
    page.go_back()
    page.wait_for_timeout(300)
    assert abs(reference.bounding_box()["y"] - top) < 2
    page.goto(page.url.partition("/documents")[0] + DOCUMENT)
    page.go_back()
    page.wait_for_timeout(300)
    assert abs(reference.bounding_box()["y"] - top) < 2, "in another layout of the parts above"
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0


def test_the_contents_follow_the_reading(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}", viewport={"width": 1280, "height": 800})
    assert page.locator("#kg-contents a[aria-current]").count() == 0, "above the text"
    page.locator("#kg-contents a").nth(119).click()
    page.mouse.move(900, 500)
    current = page.locator("#kg-contents a[aria-current=location]")
    sync_api.expect(current).to_contain_text("Điều 120")
    for _turn in range(4):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(100)
    sync_api.expect(current).not_to_contain_text("Điều 120")
    line, contents = current.bounding_box(), page.locator(".contents details").bounding_box()
    assert contents["y"] <= line["y"] and line["y"] + line["height"] <= contents["y"] + contents["height"], "it is in sight"
    page.evaluate("scrollTo(0, 0)")
    sync_api.expect(page.locator("#kg-contents a[aria-current]")).to_have_count(0)


def test_a_reference_shows_what_it_leads_to_on_hover_and_on_focus(open_page: Any) -> None:
    page = open_page(f"/documents/{PLAN.id}")
    link = page.locator(f'.body a[href="{DOCUMENT}#art_1"]')
    preview = page.locator("#kg-preview")
    link.hover()
    preview.wait_for(state="visible")
    assert "Nhiệm vụ và giải pháp" in preview.inner_text() and link.get_attribute("aria-describedby") == "kg-preview"
    preview.hover()
    page.wait_for_timeout(400)
    assert preview.is_visible(), "the pointer may go into it"
    page.keyboard.press("Escape")
    preview.wait_for(state="hidden")
    page.mouse.move(2, 2)
    page.locator("#kg-q").focus()
    # Focus by keyboard: from the link before it.
    page.evaluate("(link) => link.closest('tr').querySelector('a').focus()", link.element_handle())
    page.keyboard.press("Tab")
    preview.wait_for(state="visible")
    page.keyboard.press("Tab")
    preview.wait_for(state="hidden")
    assert link.get_attribute("aria-describedby") is None


def test_a_preview_has_no_ids_of_the_page_and_stays_on_the_screen(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}#art_3")
    page.locator('#art_3__para_1 a[href="#art_1__para_1"]').hover()
    page.locator("#kg-preview").wait_for(state="visible")
    assert page.evaluate("document.querySelectorAll('#kg-preview [id]').length") == 0
    box = page.locator("#kg-preview").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]


def test_what_is_missing_says_so_and_leads_to_its_entry(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    link = page.locator(".body a.absent").first
    link.hover()
    page.locator("#kg-preview").wait_for(state="visible")
    assert page.locator("#kg-preview").inner_text() == page.locator(".body").get_attribute("data-absent")
    link.click()
    page.wait_for_url("**/missing?q=*")
    assert page.locator(".citing > li").count() == 1


def test_keys_go_from_clause_to_clause_and_copy_the_citation(open_page: Any) -> None:
    page = open_page(f"{DOCUMENT}#art_1__para_2")
    _watch_copying(page)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == POINT
    page.keyboard.press("c")
    page.locator("#kg-live").filter(has_text=page.locator("body").get_attribute("data-copied")).wait_for()
    text, html = page.evaluate("[window.copied['text/plain'], window.copied['text/html']]")
    assert text == CITATION and "Times New Roman" in html
    assert not page.locator(".menu").is_visible()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "art_1__para_2"
    page.locator("#kg-q").focus()
    page.keyboard.type("jkc")
    assert page.evaluate("document.activeElement.id") == "kg-q"


def test_what_is_selected_is_copied_without_the_style_of_the_page(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    _watch_copying(page)
    page.evaluate(f"getSelection().selectAllChildren(document.getElementById('{POINT}'))")
    page.evaluate("document.execCommand('copy')")
    text, html = page.evaluate("[window.copied['text/plain'], window.copied['text/html']]")
    assert text.startswith("a)") and "Chỉ đạo kịp thời" in text
    assert html.startswith("<p style=\"font-family:'Times New Roman',serif\">") and "href" not in html and "class" not in html


def test_every_clause_can_be_pressed_and_is_named(open_page: Any) -> None:
    for address in (DOCUMENT, f"/documents/{PLAN.id}"):
        page = open_page(address, viewport={"width": 390, "height": 800})
        for link in page.locator(f".body {LINK}").all():
            box = link.bounding_box()
            assert box["width"] >= 24 and box["height"] >= 24 and (link.text_content() or "").strip()


def test_a_clause_without_label_has_its_link_too(open_page: Any) -> None:
    page = open_page(DOCUMENT, java_script_enabled=False)
    page.locator(f"#preamble {LINK}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DOCUMENT}/preamble")


def test_on_paper_there_is_the_text_and_its_citation(open_page: Any) -> None:
    for address, citation in ((DOCUMENT, RESOLUTION.issuer), (f"{DOCUMENT}/{POINT}", CITATION)):
        page = open_page(address)
        assert not page.locator(".printed").is_visible()
        page.emulate_media(media="print")
        assert page.locator(".printed").is_visible() and citation in page.locator(".printed").inner_text()
        for aside in (".top", ".bottom", ".contents", ".onward", ".cite", "form"):
            for found in page.locator(aside).all():
                assert not found.is_visible(), aside
        dots = page.locator(f".body {LINK}").first.evaluate("(link) => getComputedStyle(link, '::after').content")
        assert dots == "none"
        assert page.locator(".part").first.evaluate("(part) => getComputedStyle(part).contentVisibility") == "visible"


def test_the_matches_stay_at_hand_and_lead_through_the_text(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}?q=ngân sách nhà nước", viewport={"width": 1280, "height": 800})
    for _press in range(3):
        page.keyboard.press("n")
    assert page.locator("mark.current").count() == 1
    bar, mark = page.locator(".matches").bounding_box(), page.locator("mark.current").bounding_box()
    assert mark["y"] > bar["y"] + bar["height"], "not under the bar"
    page.keyboard.press("p")
    page.keyboard.press("p")
    page.keyboard.press("p")
    sync_api.expect(page.locator("#art_250 ~ p mark.current, .part:last-child mark.current")).to_have_count(1)
    assert page.locator(".matches").bounding_box()["y"] < 10, "it stays at the top"


def test_the_next_match_is_the_one_after_the_clause_that_was_opened(open_page: Any) -> None:
    page = open_page(f"/documents/{LONG.id}?q=ngân sách nhà nước#art_120__para_3")
    page.keyboard.press("n")
    sync_api.expect(page.locator("#art_120__para_3 mark.current")).to_have_count(1)
    page.keyboard.press("p")
    sync_api.expect(page.locator("#art_120__para_2 mark.current")).to_have_count(1)
    page.evaluate("location.hash = 'art_7__para_5'")
    page.wait_for_timeout(100)
    page.keyboard.press("p")
    sync_api.expect(page.locator("#art_7__para_4 mark.current")).to_have_count(1)


def test_all_results_are_those_the_reader_came_from(open_page: Any) -> None:
    page = open_page("/search?q=giải ngân&sort=newest&year=2021")
    results = page.url
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/documents/**")
    page.locator(".to-results").click()
    page.wait_for_url(results)
