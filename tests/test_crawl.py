"""Every page is reached by links from the start page, and no link on the way is dead: over the samples, in both languages."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

import pytest
from corpus_index import rewritten
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kgsearch.config import load_settings
from kgsearch.server import create_app

# Of each kind of address (its page and the names of its parameters) so many are opened: there are as many clause pages as clauses.
OF_A_KIND = 6
# Every sample's own page: what some of them lead to is rare.
OF_THE_KIND = {("pages.document",): 50}
AT_MOST = 2500

# What no link leads to: asked for by scripts, by browsers of themselves, by machines; what follows a form that was sent.
NOT_LINKED = {"faults.sent", "links.fragment", "links.tools", "pages.favicon", "pages.health", "static"}

# What a document's own words stand in: its text, what is compared, the excerpts and the whole clauses of hits.
DOCUMENT_WORDS = {"body", "compare", "excerpt", "whole-text", "cite-text"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
# Bytes, uncompressed: the page, its style sheets and its scripts, without the document's own words.
MOST_WEIGHT = 100 * 1024


class _Links(HTMLParser):
    """The addresses, ids and forms of a page; ``own`` is how many bytes the words of its documents have."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.files: set[str] = set()
        self.ids: Counter[str] = Counter()
        self.own = 0
        self._around: list[tuple[str, bool]] = []
        self._form: tuple[str, list[tuple[str, str]]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        self.found += [attributes[name] for name in ("href", "src") if name in attributes]
        if tag == "script" or attributes.get("rel") in ("stylesheet", "icon"):
            self.files.add(attributes.get("src") or attributes["href"])
        if tag not in VOID:
            self._around.append((tag, attributes.get("class") in DOCUMENT_WORDS or self._in_document()))
        if tag == "form" and attributes.get("method", "get") == "get":
            self._form = (attributes["action"], [])
        elif tag == "input" and self._form and attributes.get("name"):
            self._form[1].append((attributes["name"], attributes.get("value", "")))

    def handle_data(self, data: str) -> None:
        self.own += len(data.encode()) if self._in_document() else 0

    def handle_endtag(self, tag: str) -> None:
        # End tags may be left out: whatever is still open in the element ends with it.
        while self._around and self._around.pop()[0] != tag:
            pass
        if tag == "form" and self._form:
            action, fields = self._form
            self.found.append(f"{action}?{urlencode(fields)}")
            self._form = None

    def _in_document(self) -> bool:
        return bool(self._around) and self._around[-1][1]


def _kind(app: Flask, address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    endpoint, _arguments = app.url_map.bind("localhost").match(parts.path)
    return (str(endpoint), *sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}))


class _Crawl:
    """Opens what links lead to, breadth first, a bounded number of each kind of address."""

    def __init__(self, app: Flask, start: str) -> None:
        self.app, self.client = app, app.test_client()
        self.waiting, self.seen = deque([(start, "")]), {start}
        self.kinds: Counter[tuple[str, ...]] = Counter()
        self.opened = 0
        self.faults: list[str] = []
        self.ids: dict[str, Counter[str]] = {}
        self.anchors: list[tuple[str, str, str]] = []
        self.weights: dict[str, int] = {}
        self._files: dict[str, int] = {}

    def run(self) -> None:
        while self.waiting and self.opened < AT_MOST:
            address, source = self.waiting.popleft()
            self._open(address, source)
        for path, anchor, source in self.anchors:
            if path in self.ids and anchor not in self.ids[path]:
                self.faults.append(f"{source}: {path} has no place “{anchor}”")

    def _open(self, address: str, source: str) -> None:
        try:
            kind = _kind(self.app, address)
        except Exception as error:
            self.faults.append(f"{source}: {address}: {type(error).__name__}")
            return
        if self.kinds[kind] >= OF_THE_KIND.get(kind, OF_A_KIND):
            return
        self.kinds[kind] += 1
        self.opened += 1
        with self.client.get(address) as response:
            self._read(response, address, source)

    def _read(self, response: TestResponse, address: str, source: str) -> None:
        if response.status_code >= 400:
            self.faults.append(f"{source}: {address}: {response.status_code}")
        elif response.status_code >= 300:
            self._found(response.headers["Location"], address)
        elif response.mimetype == "text/html":
            page = _Links(response.text)
            self.ids[address] = page.ids
            self.weights[address] = len(response.data) - page.own + sum(map(self._size, page.files))
            self.faults += [f"{address}: “{name}” stands {count} times" for name, count in page.ids.items() if count > 1]
            for link in page.found:
                self._found(urljoin(address, link), address)

    def _size(self, file: str) -> int:
        if file not in self._files:
            with self.client.get(file) as response:
                self._files[file] = len(response.data)
        return self._files[file]

    def _found(self, link: str, source: str) -> None:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            self.faults.append(f"{source}: {link} leads away from this server")
            return
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.fragment:
            self.anchors.append((address, unquote(parts.fragment), source))
        if address not in self.seen:
            self.seen.add(address)
            self.waiting.append((address, source))


@pytest.fixture(scope="module")
def app(samples: Path, sample_index: Path) -> Flask:
    return create_app(load_settings(samples, sample_index))


@pytest.fixture(scope="module")
def crawled(app: Flask) -> Iterator[_Crawl]:
    crawl = _Crawl(app, "/")
    crawl.run()
    yield crawl


def test_no_link_is_dead(crawled: _Crawl) -> None:
    assert crawled.faults == []
    assert crawled.opened > 200 and len(crawled.anchors) > 1000


def test_earlier_versions_are_reached_and_no_link_of_theirs_is_dead(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    changed = rewritten(samples, tmp_path_factory)
    crawl = _Crawl(create_app(changed.settings), f"/documents/{changed.document}")
    crawl.run()
    assert crawl.faults == []
    assert crawl.kinds["pages.document", "version"] == 1
    assert any(f"a={changed.document}%401" in address for address in crawl.ids), "compared with what it is now"
    assert {address: weight for address, weight in crawl.weights.items() if weight > MOST_WEIGHT} == {}


def test_every_page_is_reached_from_the_start_page(app: Flask, crawled: _Crawl) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    reached = {kind[0] for kind in crawled.kinds}
    assert {page for page in pages - reached - NOT_LINKED if not page.startswith("api.")} == set()


def test_no_page_is_heavy(crawled: _Crawl) -> None:
    """With everything that it loads."""
    assert {address: weight for address, weight in crawled.weights.items() if weight > MOST_WEIGHT} == {}
    assert min(crawled.weights.values()) > 40_000, "style sheets and scripts are counted"


@pytest.mark.parametrize("address", ["/", "/help", "/search?q=zzqqx", "/nothing/here"])
def test_pages_of_another_language_link_to_what_there_is(app: Flask, address: str) -> None:
    client = app.test_client()
    page = _Links(client.get(f"{address}{'&' if '?' in address else '?'}lang=en").text)
    local = [link for link in page.found if link.startswith("/") and not link.startswith("/nothing")]
    assert local
    assert [link for link in local if _status(client, link) >= 400] == []


def _status(client: FlaskClient, address: str) -> int:
    with client.get(address) as response:
        return response.status_code
