"""The pages in a real browser: without a script, on a narrow screen, by keyboard, and what the script adds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from serving import serving
from test_server import DOCUMENT, PAGES, PLAN, FakeService, fake_corpus

from kgsearch.config import Settings
from kgsearch.server import create_app

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python, which is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, which is not installed")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
POINT = f"{DOCUMENT}?q=giai+ngan#art_1__para_2__point_a"
CITATION = "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    app = create_app(Settings(corpus=fake_corpus(folder), index=folder / "index"), FakeService())
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Any]:
    """Opens an address in a new window; what the browser complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_it(address: str, **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("request", lambda request: None if request.url.startswith((site, "data:")) else complaints.append(request.url))
        page.goto(site + address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not complaints


def _watch_copying(page: Any) -> None:
    """Keep what the page puts on the clipboard. The window hears the event after the page's own listener has written."""
    page.evaluate(
        """() => {
            window.copied = {};
            addEventListener("copy", (event) => {
                for (const type of ["text/plain", "text/html"]) window.copied[type] = event.clipboardData.getData(type);
            });
        }"""
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_no_page_is_wider_than_the_screen(open_page: Any, width: int, scripts: bool) -> None:
    page = open_page("/", viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    origin = page.url.rstrip("/")
    for address in (*PAGES, f"/search?q={'x' * 300}", f"/documents/{PLAN.id}#att_1__row_2"):
        page.goto(origin + address)
        wide = page.locator("html").bounding_box()["width"]
        assert wide <= width, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_search_works_without_a_script(open_page: Any) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("giai ngan")
    page.keyboard.press("Enter")
    assert page.locator("mark").first.inner_text() == "giải ngân"
    page.get_by_label("Nghị quyết").first.check()
    page.locator(".apply").click()
    assert "type=Ngh" in page.url
    page.locator(".hit h2 a").first.click()
    assert page.url.endswith("#art_1__para_2__point_a")
    page.locator('#art_1__para_2__point_a > a[href^="?c="]').focus()
    page.keyboard.press("Enter")
    # The clause's own page has what a script would unfold.
    page.wait_for_url("**/art_1__para_2__point_a")
    assert page.get_by_text(CITATION, exact=True).first.is_visible()


@pytest.mark.parametrize("address", ["/search?q=giai+ngan", POINT, f"{DOCUMENT}/art_1__para_2__point_a", f"/documents/{PLAN.id}"])
def test_the_citation_is_copied_as_text_and_for_word(open_page: Any, address: str) -> None:
    page = open_page(address)
    _watch_copying(page)
    tools = page.locator('#art_1__para_2__point_a > a[href^="?c="], #att_1__row_2 a[href^="?c="]')
    if tools.count():
        tools.focus()
        page.keyboard.press("Enter")
    button = page.locator(".menu [data-copy], .hit [data-copy], .clause-page [data-copy]").first
    button.focus()
    page.keyboard.press("Enter")
    text, html = page.evaluate("[window.copied['text/plain'], window.copied['text/html']]")
    expected = f"số thứ tự 2 Danh mục một số nhiệm vụ chủ yếu kèm theo Kế hoạch số {PLAN.number}" if PLAN.id in address else CITATION
    assert text.startswith(expected)
    assert "Times New Roman" in html and text in html and "class=" not in html
    live = page.locator("#kg-live")
    live.filter(has_text=page.locator("body").get_attribute("data-copied")).wait_for()
    assert live.get_attribute("aria-live") == "polite"


def test_the_forms_of_a_citation_are_copied_each(open_page: Any) -> None:
    page = open_page(f"{DOCUMENT}/art_1__para_2__point_a")
    _watch_copying(page)
    copied = []
    for button in page.locator(".cite-form [data-copy]").all():
        button.click()
        copied.append(page.evaluate("[window.copied['text/plain'], window.copied['text/html']]"))
    assert [text for text, _html in copied][:2] == [CITATION, "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND"]
    first, again = (text for text, _html in copied[2:4])
    assert first.startswith(f"Theo {CITATION} về") and again == "Theo điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND,"
    quoted, html = copied[4]
    assert quoted.startswith("“Chỉ đạo kịp thời") and quoted.endswith(f"({CITATION})")
    assert "<script>" in quoted and "<script>" not in html and "<br>" in html


def test_the_clause_aimed_at_stands_out(open_page: Any) -> None:
    page = open_page(POINT, reduced_motion="reduce")
    colours = "[...document.querySelectorAll('.body [id]')].map((each) => [each.id, getComputedStyle(each).backgroundColor])"
    found = dict(page.evaluate(colours))
    assert found["art_1__para_2__point_a"] != found["art_1"] == found["art_2"]
    top = page.locator("#art_1__para_2__point_a").bounding_box()["y"]
    assert -5 <= top < page.viewport_size["height"]


def test_a_reference_is_followed_to_another_document_and_back(open_page: Any) -> None:
    for scripts in (True, False):
        page = open_page(f"/documents/{PLAN.id}", java_script_enabled=scripts)
        page.get_by_role("link", name="Nghị quyết số 01/NQ-CP").last.click()
        page.wait_for_url(f"**{DOCUMENT}#art_1")
        assert page.locator("#art_1").evaluate("(clause) => clause.matches(':target')")
        cited = page.locator("#art_1 > .cited")
        assert not cited.locator("li a").first.is_visible()
        cited.locator("summary").focus()
        page.keyboard.press("Enter")
        cited.locator("li a").first.click()
        page.wait_for_url(f"**/documents/{PLAN.id}#att_1__row_1")
        page.go_back()
        page.wait_for_url("**#art_1")
        page.go_back()
        page.wait_for_url(f"**/documents/{PLAN.id}")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_tools_of_a_clause_unfold_beside_it_and_fold_again(open_page: Any, width: int) -> None:
    page = open_page(DOCUMENT, viewport={"width": width, "height": 800})
    link = page.locator('#art_1__para_2__point_a > a[href^="?c="]')
    assert link.bounding_box()["width"] >= 24 and link.bounding_box()["height"] >= 24
    link.focus()
    assert float(link.evaluate("(link) => getComputedStyle(link, '::after').opacity")) == 1
    for closing in ("Escape", "outside"):
        link.focus()
        page.keyboard.press("Enter")
        menu = page.locator(".menu")
        menu.wait_for(state="visible")
        box = menu.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        sync_api.expect(menu.locator("[data-copy]").first).to_be_focused()
        if closing == "Escape":
            page.keyboard.press("Escape")
            sync_api.expect(link).to_be_focused()
        else:
            page.mouse.click(3, 3)
        menu.wait_for(state="hidden")
    assert page.url.endswith(DOCUMENT)


def test_the_tools_are_a_page_where_they_cannot_unfold(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')); }")
    page.locator('#art_2 a[href^="?c="]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DOCUMENT}/art_2")


def test_keys_work_and_leave_typing_alone(open_page: Any) -> None:
    page = open_page(POINT)
    page.keyboard.press("n")
    assert page.locator("mark.current").count() == 1
    first = page.evaluate("[...document.querySelectorAll('mark')].findIndex((mark) => mark.matches('.current'))")
    page.keyboard.press("p")
    assert first == 0
    assert page.evaluate("[...document.querySelectorAll('mark')].findIndex((mark) => mark.matches('.current'))") == 1, "round to the last"
    page.keyboard.press("/")
    box = page.locator("#kg-q")
    assert box.evaluate("(box) => box === document.activeElement")
    box.fill("")
    page.keyboard.type("nghị /p n")
    assert box.input_value() == "nghị /p n"
    assert page.evaluate("[...document.querySelectorAll('mark')].findIndex((mark) => mark.matches('.current'))") == 1


def test_keys_of_an_input_method_are_not_taken(open_page: Any) -> None:
    page = open_page(POINT)
    taken = page.evaluate(
        """() => [{ isComposing: true }, { keyCode: 229 }, { ctrlKey: true }, {}].map((more) =>
            !document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true, ...more })))"""
    )
    assert taken == [False, False, False, True]


def test_contents_are_filtered_without_marks(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    entries = page.locator("#kg-contents > li")
    assert entries.count() == 3
    page.locator("#kg-contents-filter").fill("to chuc")
    sync_api.expect(page.locator("#kg-contents > li:not([hidden])")).to_have_count(1)
    assert "Điều 2" in page.locator("#kg-contents > li:not([hidden])").inner_text()


def test_filters_are_beside_wide_results_and_folded_on_a_phone(open_page: Any) -> None:
    for scripts in (True, False):
        wide = open_page("/search?q=giai+ngan", viewport={"width": 1280, "height": 800}, java_script_enabled=scripts)
        side, hits = wide.locator(".side").bounding_box(), wide.locator(".results").bounding_box()
        assert side["x"] + side["width"] <= hits["x"]
        assert wide.get_by_label("Nghị quyết").first.is_visible()
        narrow = open_page("/search?q=giai+ngan", viewport={"width": 390, "height": 800}, java_script_enabled=scripts)
        assert not narrow.get_by_label("Nghị quyết").first.is_visible()
        narrow.locator(".filters > summary").click()
        assert narrow.get_by_label("Nghị quyết").first.is_visible()
        assert narrow.locator(".side").bounding_box()["y"] < narrow.locator(".results").bounding_box()["y"]


def test_everything_is_reached_by_keyboard_and_seen_when_it_is(open_page: Any) -> None:
    page = open_page("/search?q=giai+ngan")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#kg-main")
    for _press in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"


CONTRAST = r"""() => {
    const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const parse = (colour) => {
        const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
        return { alpha, light: 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue) };
    };
    const behind = (element) => {
        const found = parse(getComputedStyle(element).backgroundColor);
        return found.alpha === 1 ? found.light : behind(element.parentElement);
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *")) {
        const words = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
        if (!words || !element.checkVisibility()) continue;
        const [dark, light] = [parse(getComputedStyle(element).color).light, behind(element)].sort((one, two) => one - two);
        const ratio = (light + 0.05) / (dark + 0.05);
        if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)} ${words.slice(0, 40)}`);
    }
    return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(open_page: Any, scheme: str) -> None:
    """Contrast of 4.5 to 1, as WCAG 2 AA asks for text."""
    page = open_page("/", color_scheme=scheme, reduced_motion="reduce")
    origin = page.url.rstrip("/")
    for address in (*PAGES, POINT):
        page.goto(origin + address)
        assert page.evaluate(CONTRAST) == [], address


def test_lines_leave_room_for_stacked_marks(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    ratios = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
        const style = getComputedStyle(each);
        return parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    })"""
    assert min(page.evaluate(ratios, ".body p")) >= 1.59
    assert min(page.evaluate(ratios, "h1, h2, h3, h4")) >= 1.3


def test_print_has_the_text_and_none_of_the_tools(open_page: Any) -> None:
    page = open_page(DOCUMENT)
    page.emulate_media(media="print")
    assert page.locator("#art_1 p").is_visible()
    for tool in (".top", ".side", ".cited >> nth=0", ".bottom"):
        assert not page.locator(tool).is_visible()
