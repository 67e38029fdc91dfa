"""Searching in a real browser: suggestions while typing, bars of years, groups; by keyboard, with an input method, without a script."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from serving import serving
from test_grouping import QUERY_OF_PAGE, settings
from test_pages_browser import CHROMIUM, browser, open_page, sync_api

from kgsearch.config import Settings
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.server import create_app

__all__ = ["browser", "open_page", "settings"]

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed"),
    # A page that is left while its icon is still sent leaves the server with an open file.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"),
]

HOSTILE = '<img src=x onerror="document.title = 1"> "\'&\u202e'
OPTIONS = "#kg-suggestions [role=option]"


class FewPhrases(Lexicon):
    """A lexicon whose phrases are known."""

    def phrases(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        return ("nuôi biển xa bờ", "nuôi biển gần bờ", f"nuôi {HOSTILE}")[:limit] if prefix.startswith(("nu", "nư")) else ()


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[str]:
    app = create_app(settings, Searcher(settings, lexicon=FewPhrases(settings.lexicon_path)))
    with serving(app) as address:
        yield address


def typed(page: Any, text: str) -> Any:
    """The box after ``text`` was typed into it and suggestions came."""
    box = page.locator("#kg-q")
    box.focus()
    page.keyboard.type(text)
    page.locator(OPTIONS).first.wait_for()
    return box


def shown(page: Any) -> Sequence[str]:
    return page.locator(f"{OPTIONS} .suggested").all_inner_texts()


# --- suggestions -------------------------------------------------------------------------------------------------------------


def test_a_phrase_is_chosen_by_keyboard_and_searched_for(open_page: Any) -> None:
    page = open_page("/")
    box = typed(page, "nuoi")
    assert box.get_attribute("role") == "combobox" and box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-controls") == "kg-suggestions" and box.get_attribute("aria-activedescendant") is None
    assert shown(page)[:2] == ["nuôi biển xa bờ", "nuôi biển gần bờ"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true" and "gần bờ" in active.inner_text()
    assert page.locator(f"{OPTIONS}[aria-selected=true]").count() == 1
    assert box.input_value() == "nuoi", "what was typed stays until something is chosen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nu%C3%B4i+bi%E1%BB%83n+g%E1%BA%A7n+b%E1%BB%9D")
    assert page.locator(".hit").count()
    page.go_back()
    page.wait_for_url(lambda address: address.endswith("/"))


@pytest.mark.parametrize("number", ["nq 12", "12/nq", "Nghị quyết 12"])
def test_a_document_is_chosen_by_its_number_and_opened(open_page: Any, number: str) -> None:
    page = open_page("/search?q=bi%E1%BB%83n")
    page.locator("#kg-q").fill("")
    typed(page, number)
    first = page.locator(OPTIONS).first
    assert "Nghị quyết 12/NQ-HĐND" in first.inner_text() and "05/03/2021" in first.inner_text()
    first.click()
    page.wait_for_url("**/documents/nghi-quyet-12-nq-hdnd-hai-giang-2021")


def test_what_was_typed_is_searched_for_where_nothing_is_chosen(open_page: Any) -> None:
    page = open_page("/")
    typed(page, "nuoi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nuoi")


def test_arrows_go_round_by_way_of_what_was_typed(open_page: Any) -> None:
    page = open_page("/")
    box = typed(page, "nuoi")
    count = page.locator(OPTIONS).count()
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == f"kg-suggestion-{count - 1}"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nuoi")


def test_the_list_closes_and_comes_back(open_page: Any) -> None:
    page = open_page("/")
    box = typed(page, "nuoi")
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#kg-suggestions")).to_be_hidden()
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "nuoi", "the first Escape closes the list alone"
    page.keyboard.press("ArrowDown")
    sync_api.expect(page.locator("#kg-suggestions")).to_be_visible()
    page.keyboard.press("Tab")
    sync_api.expect(page.locator("#kg-suggestions")).to_be_hidden()
    box.fill("")
    sync_api.expect(page.locator("#kg-suggestions")).to_be_hidden()


def test_an_input_method_keeps_its_keys(open_page: Any) -> None:
    page = open_page("/")
    box = typed(page, "nuoi")
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    taken = page.evaluate(
        """() => {
            const event = (key, more) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
            const taken = (key, more) => !document.getElementById("kg-q").dispatchEvent(event(key, more));
            const keys = ["ArrowDown", "Enter", "Escape"];
            const composed = [{ isComposing: true }, { keyCode: 229 }].flatMap((more) => keys.map((key) => taken(key, more)));
            return [...composed, taken("Backspace", {})];
        }"""
    )
    assert not any(taken)
    assert box.get_attribute("aria-activedescendant") == active, "and nothing was chosen by them"


def test_suggestions_follow_text_that_is_deleted_and_typed_again(open_page: Any) -> None:
    asked: list[str] = []
    page = open_page("/")
    page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    box = typed(page, "nuoi")
    # As UniKey makes "nuô" of "nuoo": keys that delete, then others, faster than a hand, and no word of composing.
    with page.expect_response("**/suggest?q=nu%C3%B4"):
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        page.keyboard.insert_text("ô")
        assert page.locator(OPTIONS).first.is_visible(), "the old ones stay until there are others"
    assert box.input_value() == "nuô"
    assert len(asked) <= 3, "not every key asks"


def test_the_end_of_composing_asks_again(open_page: Any) -> None:
    page = open_page("/")
    page.locator("#kg-q").focus()
    with page.expect_response("**/suggest?q=nu%C3%B4i"):
        page.evaluate(
            """() => {
                const box = document.getElementById("kg-q");
                box.value = "nuôi";
                box.dispatchEvent(new CompositionEvent("compositionend", { data: "nuôi", bubbles: true }));
            }"""
        )
    page.locator(OPTIONS).first.wait_for()


def test_a_late_answer_to_an_older_question_is_not_shown(open_page: Any) -> None:
    page = open_page("/")
    late: list[Any] = []
    page.route("**/suggest?q=nu", lambda route: late.append(route))
    page.locator("#kg-q").focus()
    with page.expect_request("**/suggest?q=nu"):
        page.keyboard.type("nu")
    page.keyboard.type("oi")
    page.locator(OPTIONS).first.wait_for()
    before = shown(page)
    answer = {"query": "nu", "suggestions": [{"kind": "phrase", "text": "late", "detail": "", "url": "/"}]}
    assert len(late) == 1
    with contextlib.suppress(sync_api.Error):  # The page has given the question up.
        late[0].fulfill(content_type="application/json", body=json.dumps(answer))
    page.wait_for_timeout(100)
    assert shown(page) == before and "late" not in before


def test_text_is_shown_as_text(open_page: Any) -> None:
    page = open_page("/")
    typed(page, "nuoi")
    assert any("<img" in text for text in shown(page))
    assert page.locator("#kg-suggestions img").count() == 0 and page.title() != "1"


def test_the_list_fits_and_moves_nothing(open_page: Any) -> None:
    for width in (390, 1280):
        page = open_page("/", viewport={"width": width, "height": 800})
        before = page.locator(".latest").bounding_box()
        typed(page, "nuoi")
        box = page.locator("#kg-suggestions").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.locator(".latest").bounding_box() == before
        assert min(option.bounding_box()["height"] for option in page.locator(OPTIONS).all()) >= 24
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_filters_in_force_are_kept_by_a_phrase(open_page: Any) -> None:
    page = open_page("/search?q=bi%E1%BB%83n&year=2018&group=document")
    page.locator("#kg-q").fill("")
    typed(page, "nuoi")
    page.locator(OPTIONS).first.click()
    page.wait_for_url("**/search?q=nu%C3%B4i+bi%E1%BB%83n+xa+b%E1%BB%9D&group=document&year=2018*")


def test_without_a_script_the_form_is_a_form(open_page: Any) -> None:
    page = open_page("/", java_script_enabled=False)
    box = page.get_by_role("searchbox")
    box.fill("nuoi bien")
    assert page.locator("#kg-suggestions").count() == 0
    box.press("Enter")
    page.wait_for_url("**/search?q=nuoi+bien")
    assert page.locator(".hit").count()


def test_without_an_answer_the_form_is_a_form(open_page: Any) -> None:
    page = open_page("/")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')); }")
    page.locator("#kg-q").focus()
    page.keyboard.type("nuoi bien")
    page.wait_for_timeout(300)
    assert page.locator("#kg-suggestions").is_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nuoi+bien")


# --- results -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_a_year_is_chosen_by_its_bar_and_back(open_page: Any, scripts: bool) -> None:
    page = open_page(QUERY_OF_PAGE, java_script_enabled=scripts)
    bar = page.locator(".bars a", has_text="2018")
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**year=2018")
    assert {hit.inner_text()[-4:] for hit in page.locator(".meta time").all()} == {"2018"}
    assert page.locator(".bars a[aria-current]").inner_text().count("2018")
    page.locator(".bars a[aria-current]").click()
    page.wait_for_url(lambda address: "year" not in address)
    page.go_back()
    page.wait_for_url("**year=2018")


def test_bars_are_wide_enough_to_touch_and_scroll_by_themselves(open_page: Any) -> None:
    page = open_page(QUERY_OF_PAGE, viewport={"width": 320, "height": 800})
    boxes = [bar.bounding_box() for bar in page.locator(".bars a").all()]
    assert min(box["width"] for box in boxes) >= 24 and min(box["height"] for box in boxes) >= 24
    assert boxes[-1]["x"] + boxes[-1]["width"] <= 320, "the latest year is seen"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_hits_are_grouped_by_document_and_unfolded_in_one(open_page: Any) -> None:
    page = open_page(QUERY_OF_PAGE)
    page.get_by_role("link", name="By document").or_(page.get_by_role("link", name="Theo văn bản")).click()
    page.wait_for_url("**group=document")
    assert page.locator(".group").count() == 10
    more = page.locator(".more-of a").first
    more.click()
    page.wait_for_url("**document=*")
    assert page.locator(".group").count() == 0
    assert len({hit.get_attribute("href").split("?")[0] for hit in page.locator(".hit h2 a").all()}) == 1


def test_the_citation_of_a_grouped_hit_is_copied(open_page: Any) -> None:
    page = open_page(f"{QUERY_OF_PAGE}&group=document")
    page.evaluate("() => addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); })")
    page.locator(".group [data-copy]").first.click()
    assert "Điều 1" in page.evaluate("window.copied") and "tỉnh Hải Giang" in page.evaluate("window.copied")


# --- filters -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_dates_are_typed_day_first(open_page: Any, scripts: bool) -> None:
    """A browser's own field of dates shows the order of the browser's language, not the page's."""
    page = open_page(QUERY_OF_PAGE, java_script_enabled=scripts, locale="en-US")
    if not page.locator("[name=from]").is_visible():
        page.locator(".filters > summary").click()
    page.locator("[name=from]").fill("05/03/2021")
    page.locator("[name=to]").fill("5/3/2022")
    page.locator(".apply").click()
    sync_api.expect(page.locator(".chips a").first).to_contain_text("05/03/2021")
    sync_api.expect(page.locator(".chips a").nth(1)).to_contain_text("05/03/2022")
    assert page.locator("[name=from]").input_value() == "05/03/2021"
    days = page.locator(".hit time").evaluate_all("(times) => times.map((time) => time.dateTime)")
    assert {"2021-03-05", "2022-03-05"} <= set(days) and all("2021-03-05" <= day <= "2022-03-05" for day in days)


def test_a_date_that_is_none_is_not_sent(open_page: Any) -> None:
    page = open_page(QUERY_OF_PAGE)
    page.locator("[name=from]").fill("năm ngoái")
    page.locator(".apply").click()
    assert not page.locator("[name=from]").evaluate("(box) => box.validity.valid")
    assert page.url.endswith(QUERY_OF_PAGE)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_applies_the_filters_is_in_sight_where_they_are_ticked(open_page: Any, width: int) -> None:
    page = open_page(QUERY_OF_PAGE, viewport={"width": width, "height": 500})
    if width < 992:
        page.locator(".filters > summary").click()
    page.locator(".filters input[type=checkbox]").first.check()
    box = page.locator(".apply").bounding_box()
    assert box["y"] + box["height"] <= 500


def test_a_heading_that_holds_the_words_says_why_there_is_a_hit(open_page: Any) -> None:
    page = open_page("/search?q=vi%E1%BB%87c")
    sync_api.expect(page.locator(".path mark").first).to_have_text("Việc")
