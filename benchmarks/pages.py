"""What pages cost: their time on the server as a multiple of an empty Flask page's, and a long document in a browser.

    python benchmarks/pages.py --corpus DIR --index DIR     the start page, pages of results and documents of an index
    python benchmarks/pages.py --browser [--words N]        a generated document of N (60,000) words, opened and scrolled

The first asks for the titles' words and for the documents of a hundred documents spread over the index, each in turn with the empty page,
after one round that warms up, and prints medians as ratios (and in milliseconds of this machine, to be compared with nothing else). The
second makes and indexes the document in a temporary folder and prints what the browser measures on a wide and a narrow screen: the
largest contentful paint, tasks of more than 50 ms (opening, scrolling through, jumping to the end), and the layout shift. It needs Chromium
and Playwright.
"""

from __future__ import annotations

import argparse
import gc
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from kgsearch.config import Settings, load_settings
from kgsearch.errors import KgsearchError
from kgsearch.indexing import sync
from kgsearch.language import fold, tokenise
from kgsearch.models import DocumentRecord, Filters
from kgsearch.retrieval import Searcher
from kgsearch.server import create_app

ASKED = 100
WORDS_OF_A_QUERY = 5
HITS = 10
SCREENS = ((1280, 800), (390, 844))
SENTENCE = (
    "Ủy ban nhân dân cấp tỉnh chủ trì, phối hợp với cơ quan chuyên môn rà soát, tổng hợp và quản lý ngân sách nhà nước "
    "theo quy định tại khoản {clause} Điều {article} Quyết định này"
)
CLAUSES_OF_AN_ARTICLE = 12
MEASURED = """() => {
    window.measured = { long: [], shift: 0, paint: 0 };
    const watch = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
    watch("longtask", (entry) => measured.long.push(Math.round(entry.duration)));
    watch("layout-shift", (entry) => { if (!entry.hadRecentInput) measured.shift += entry.value; });
    watch("largest-contentful-paint", (entry) => { measured.paint = Math.round(entry.startTime); });
}"""
LAYOUT = """() => {
    document.body.style.width = "99%";
    const started = performance.now();
    document.body.offsetHeight;
    const taken = performance.now() - started;
    document.body.style.width = "";
    document.body.offsetHeight;
    return taken;
}"""


def main() -> int:
    """Run from the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--words", type=int, default=60_000)
    options = parser.parse_args()
    if not options.browser and not (options.corpus and options.index):
        parser.error("--corpus and --index, or --browser")
    try:
        if options.index:
            print_server_times(load_settings(options.corpus, options.index))
        if options.browser:
            print_browser_times(options.words)
    except KgsearchError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


# --- On the server -------------------------------------------------------------------------------------------------------


def print_server_times(settings: Settings) -> None:
    """Print the times of an index's pages beside an empty page's."""
    searcher = Searcher(settings)
    records = searcher.reader.documents(Filters())
    asked = records[:: max(1, len(records) // ASKED)][:ASKED]
    times = server_times(create_app(settings, searcher), searcher, asked)
    base = median(times["empty page"])
    print(f"{len(records)} documents; {len(asked)} asked for")
    print(f"{'':<24}{'median':>9}{'of empty':>10}{'95 %':>10}{'of empty':>10}")
    for name, taken in times.items():
        late = quantiles(taken, n=20)[-1]
        print(f"{name:<24}{1000 * median(taken):>6.2f} ms{median(taken) / base:>10.1f}{1000 * late:>7.2f} ms{late / base:>10.1f}")


def server_times(app: Flask, searcher: Searcher, records: Sequence[DocumentRecord]) -> dict[str, list[float]]:
    """Seconds of each request, by kind of page; the kinds take turns, so that all meet the same moments of the machine."""
    empty = Flask("empty")
    empty.add_url_rule("/", "empty", lambda: "")
    nothing, ours = empty.test_client(), app.test_client()
    titles = [" ".join(token.text for token in tokenise(record.title or record.type)[:WORDS_OF_A_QUERY]) for record in records]
    kinds: Mapping[str, Callable[[int], object]] = {
        "empty page": lambda _n: nothing.get("/"),
        "start page": lambda _n: _answered(ours, "/"),
        "the search alone": lambda n: searcher.search(titles[n], limit=HITS),
        "results": lambda n: _answered(ours, "/search", q=titles[n]),
        "results, without marks": lambda n: _answered(ours, "/search", q=fold(titles[n])),
        "results, by document": lambda n: _answered(ours, "/search", q=titles[n], group="document"),
        "document": lambda n: _answered(ours, f"/documents/{records[n].id}"),
        "document, words marked": lambda n: _answered(ours, f"/documents/{records[n].id}", q=titles[n]),
        "help": lambda _n: _answered(ours, "/help"),
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for warm in (False, True):
        for place in range(len(records)):
            for name, ask in kinds.items():
                taken = _timed(partial(ask, place))
                if warm:
                    times[name].append(taken)
    return times


def _answered(client: FlaskClient, path: str, **query: str) -> object:
    response = client.get(path, query_string=query)
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return response


def _timed(ask: Callable[[], object]) -> float:
    # What one request leaves behind is not to be cleared away at the next one's cost.
    gc.collect(0)
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


# --- In the browser ------------------------------------------------------------------------------------------------------


def long_text(words: int) -> str:
    """A decision of so many words: articles of twelve clauses that refer to one another."""
    lines = [
        "ỦY BAN NHÂN DÂN\nTỈNH HẢI GIANG",
        "Số: 01/2024/QĐ-UBND",
        "Hải Giang, ngày 02 tháng 01 năm 2024",
        "QUYẾT ĐỊNH\nBan hành quy định dài để đo thời gian mở trang",
    ]
    article, written = 0, 0
    while written < words:
        article += 1
        lines.append(f"Điều {article}. Trách nhiệm quản lý nhà nước")
        for clause in range(1, CLAUSES_OF_AN_ARTICLE + 1):
            lines.append(f"{clause}. {SENTENCE.format(clause=clause, article=max(1, article - 1))}.")
            written += len(lines[-1].split())
    return "\n\n".join([*lines, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nNguyễn Văn An"])


@contextmanager
def _served(words: int) -> Iterator[str]:
    """The address of the long document on a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "dai.txt").write_text(long_text(words), encoding="utf-8")
        settings = load_settings(corpus, Path(folder) / "index")
        sync(settings, (), None)
        searcher = Searcher(settings)
        (record,) = searcher.reader.documents(Filters())
        server = make_server("127.0.0.1", 0, create_app(settings, searcher), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/documents/{record.id}"
        finally:
            server.shutdown()
            thread.join()


def print_browser_times(words: int) -> None:
    """Print what a browser measures of a document of so many words."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with _served(words) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"])
        for width, height in SCREENS:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.add_init_script(f"({MEASURED})()")
            _print_steps(page, address, width)
        browser.close()


def _print_steps(page: Any, address: str, width: int) -> None:
    page.goto(address)
    page.wait_for_timeout(500)
    counted = page.evaluate("document.querySelector('.body').textContent.split(/\\s+/).length")
    print(f"{width} px, {counted} words: largest paint after {page.evaluate('measured.paint')} ms", end="")
    for name, step in (("opening", _rest), ("scrolling", _scroll), ("jumping to the end and back", _jump)):
        step(page)
        long = page.evaluate("measured.long.splice(0)")
        print(f"; {name}: {len(long)} long tasks{f', the longest {max(long)} ms' if long else ''}", end="")
    print(f"; layout shift {page.evaluate('measured.shift'):.3f}", end="")
    print(f"; laying out all parts takes {_all_parts(page):.1f} times as long as those near the screen")


def _all_parts(page: Any) -> float:
    """How many times as long it takes to lay out every part as those alone that the browser chooses."""
    parted = min(page.evaluate(LAYOUT) for _repeat in range(5))
    page.evaluate("document.querySelectorAll('.part').forEach((part) => { part.style.contentVisibility = 'visible'; })")
    whole: float = min(page.evaluate(LAYOUT) for _repeat in range(5))
    return whole / max(parted, 0.1)


def _rest(page: Any) -> None:
    page.wait_for_timeout(200)


def _scroll(page: Any) -> None:
    for _step in range(60):
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)


def _jump(page: Any) -> None:
    for key in ("End", "Home", "End"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)


if __name__ == "__main__":
    sys.exit(main())
