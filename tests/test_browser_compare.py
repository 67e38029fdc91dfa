"""Comparing, the relation diagram and “Báo lỗi” in a real browser: wide and narrow, light and dark, without a script, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import serving
from test_comparing import AMENDED, amended_service
from test_pages_browser import CHROMIUM, CONTRAST, browser, open_page
from test_server import DOCUMENT, PLAN, RESOLUTION, fake_corpus

from kgsearch.catalogue.faults import FaultReports
from kgsearch.config import Settings
from kgsearch.server import create_app
from kgsearch.server.compare import compare_address

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

BOTH = compare_address(RESOLUTION.id, AMENDED.id)
REPORT = f"/report?document={RESOLUTION.id}&eid=art_1"
ADDRESSES = (
    BOTH,
    compare_address(RESOLUTION.id, AMENDED.id, "all"),
    compare_address(RESOLUTION.id, PLAN.id),
    compare_address(RESOLUTION.id),
    "/compare?find=" + "x" * 300,
    f"{DOCUMENT}/relations",
    REPORT,
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compared") / "index"


@pytest.fixture(scope="module")
def site(index: Path) -> Iterator[str]:
    index.parent.mkdir(exist_ok=True)
    app = create_app(Settings(corpus=fake_corpus(index.parent), index=index), amended_service())
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(open_page: Any, width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 800})
    origin = page.url.rstrip("/")
    for address in ADDRESSES:
        page.goto(origin + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(open_page: Any, scheme: str) -> None:
    page = open_page("/", color_scheme=scheme, reduced_motion="reduce")
    origin = page.url.rstrip("/")
    for address in ADDRESSES:
        page.goto(origin + address)
        assert page.evaluate(CONTRAST) == [], address


def test_the_columns_stand_side_by_side_and_on_a_phone_one_under_the_other(open_page: Any) -> None:
    boxes = "[...document.querySelectorAll('tr.changed')[0].cells].map((cell) => cell.getBoundingClientRect().toJSON())"
    left, right = open_page(BOTH, viewport={"width": 1280, "height": 800}).evaluate(boxes)
    assert left["right"] <= right["left"] + 1 and left["top"] == right["top"] and abs(left["width"] - right["width"]) < 2
    upper, lower = open_page(BOTH, viewport={"width": 390, "height": 800}).evaluate(boxes)
    assert upper["bottom"] <= lower["top"] and upper["left"] == lower["left"]


def test_the_names_of_the_columns_stay_in_sight(open_page: Any) -> None:
    page = open_page(compare_address(RESOLUTION.id, PLAN.id, "all"), viewport={"width": 1280, "height": 500})
    assert RESOLUTION.issuer in page.locator("th").first.inner_text(), "offices number their documents alike"
    page.evaluate("document.querySelector('tbody tr:last-child').scrollIntoView()")
    assert page.evaluate("scrollY") > 100
    assert -1 <= page.locator("th").first.bounding_box()["y"] <= 1


def test_a_document_compared_with_itself_says_so(open_page: Any) -> None:
    page = open_page(compare_address(RESOLUTION.id, RESOLUTION.id))
    page.locator("main .notice a").click()
    page.wait_for_url(f"**{compare_address(RESOLUTION.id)}")


def test_two_documents_are_compared_with_the_keyboard_alone(open_page: Any) -> None:
    page = open_page(compare_address(RESOLUTION.id) + "&lang=en", java_script_enabled=False)
    page.get_by_label("Number, title or citation").focus()
    page.keyboard.type("nghi quyet 20 2022")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=**")
    link = page.locator(".document-line a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**b=**")
    assert page.locator("del").first.inner_text().endswith("84") and page.locator("ins").first.inner_text().endswith("95")
    assert page.locator("tr.same").count() == 0
    page.get_by_role("link", name="Everything").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**view=all**")
    assert page.locator("tr.same").count() == 5
    page.go_back()
    page.wait_for_url(lambda address: "view=all" not in address)
    page.locator(".where a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**#**")


def test_differences_are_seen_without_colour_and_heard(open_page: Any) -> None:
    page = open_page(BOTH + "&lang=en")
    style = "(element) => getComputedStyle(element).textDecorationLine"
    assert page.locator("tr.changed del").first.evaluate(style) == "line-through"
    assert page.locator("tr.changed ins").first.evaluate(style) == "underline"
    cells = page.locator("tr.changed").first.get_by_role("cell").all_inner_texts()
    assert "removed:" in cells[0] and "added:" in cells[1]
    assert page.get_by_role("columnheader").count() == 2


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_the_diagram_that_fits_is_shown_and_its_links_work(open_page: Any, width: int, shown: str) -> None:
    page = open_page(f"{DOCUMENT}/relations", viewport={"width": width, "height": 800})
    assert [svg.get_attribute("class") for svg in page.locator("svg").all() if svg.is_visible()] == [f"diagram {shown}-diagram"]
    drawing = page.locator(f".{shown}-diagram")
    outside = drawing.evaluate(
        """(svg) => [...svg.querySelectorAll("g")].flatMap((group) => {
            const { right } = group.querySelector("rect").getBoundingClientRect();
            const beyond = [...group.querySelectorAll("text")].filter((text) => text.getBoundingClientRect().right > right);
            return beyond.map((text) => text.textContent);
        })"""
    )
    assert outside == []
    assert float(drawing.locator("text").first.evaluate("(text) => text.getBoundingClientRect().height")) >= 12
    link = drawing.locator("a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/relations" not in address)
    assert page.locator("h1").count() == 1


def test_an_error_is_reported_with_the_keyboard_alone(open_page: Any, index: Path) -> None:
    page = open_page(REPORT + "&lang=en", java_script_enabled=False)
    page.get_by_label("It is about").select_option("link")
    page.get_by_label("What is wrong, and how it should be").focus()
    page.keyboard.type("Phải dẫn đến Điều 2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/sent**")
    assert "Its number is" in page.get_by_role("status").first.inner_text()
    kept = FaultReports(index).open()[0]
    assert (kept.about, kept.eid, kept.message) == ("link", "art_1", "Phải dẫn đến Điều 2")
    page.get_by_role("link", name="Back to").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DOCUMENT}#art_1")


def test_another_server_cannot_send_a_report(browser: Any, site: str, index: Path) -> None:
    """A page of another origin that posts the form by itself gets nothing kept."""
    before = FaultReports(index).open()
    context = browser.new_context()
    page = context.new_page()
    form = (
        f'<form method="post" action="{site}/report"><input name="document" value="{RESOLUTION.id}"><input name="message" value="x"></form>'
        "<script>document.forms[0].submit()</script>"
    )
    page.route("http://elsewhere.test/", lambda route: route.fulfill(body=form, content_type="text/html"))
    with page.expect_response("**/report") as answered:
        page.goto("http://elsewhere.test/")
    assert answered.value.status == 403
    context.close()
    assert FaultReports(index).open() == before
