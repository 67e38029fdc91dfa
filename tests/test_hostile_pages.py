"""Hostile titles, texts and queries on every page: they are words there and nothing else. And what no page may hold in any case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from test_server import DOCUMENT, PAGES, PLAN, REPORT, RESOLUTION, FakeService, fake_corpus

from kgsearch.config import Settings
from kgsearch.models import ClauseRecord, DocumentRecord
from kgsearch.server import create_app
from kgsearch.server.formats import printable

HARMLESS = "đầu tư"
HOSTILE: Mapping[str, str] = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)> autofocus onfocus=alert(1) x='",
    "end of an element": "</title></textarea></select></svg></dialog><svg onload=alert(1)>--><!--",
    "address": "javascript:alert(1)//",
    "template": "{{ 7 * 7 }}{% include 'base.html' %}%(count)s %s {name} {0.__class__}",
    "entity": "&lt;script&gt;&#60;script&#62;&amp;amp;",
    "direction": "\u202eđảo\u2066 ngược\u200f",
    "control": "đầu\x00 tư\x1b[31m\x08",
    "long": "x" * 10_000,
    "marks": "e" + "\u0302\u0301" * 3_000,
    "lines": "một\nhai\r\n\tba" * 50,
}
COMPARED = f"/compare?a={RESOLUTION.id}&b={PLAN.id}"
ADDRESSES = (
    *PAGES,
    "/help",
    "/compare",
    f"/compare?a={RESOLUTION.id}",
    COMPARED,
    f"{COMPARED}&view=all",
    f"{DOCUMENT}/relations",
    f"{DOCUMENT}/art_1/tools",
    f"/fragment/{RESOLUTION.id}",
    f"/fragment/{RESOLUTION.id}/art_1",
    f"/report?document={RESOLUTION.id}&eid=art_1",
    "/opensearch.xml",
    "/nothing/here",
)
# Where a reader's own words come back.
ECHOING = (
    "/search?q={}",
    "/search?q=giai+ngan&type={}",
    "/search?q=giai+ngan&issuer={}&group=document",
    "/search?q=giai+ngan&document={}",
    "/search?q={}&exact=1&lang=en",
    "/search?q=giai+ngan&year={}",
    "/search?q=giai+ngan&sort={}",
    "/documents?type={}",
    "/documents/{}",
    f"{DOCUMENT}?q={{}}",
    f"{DOCUMENT}?c={{}}",
    f"{DOCUMENT}/{{}}",
    f"{DOCUMENT}/relations?group={{}}",
    f"{DOCUMENT}/cited-by?eid={{}}",
    "/missing?q={}",
    "/missing?page={}",
    "/compare?find={}",
    "/compare?a={}",
    f"/compare?a={RESOLUTION.id}&b={{}}",
    f"/compare?a={RESOLUTION.id}%40{{}}",
    f"{DOCUMENT}?version={{}}",
    f"{DOCUMENT}?version=1&q={{}}",
    "/report?document={}",
    f"/report?document={RESOLUTION.id}&about={{}}",
    "/fragment/{}",
    "/{}",
)
# All that pages are made of.
ELEMENTS = set(
    re.findall(
        r"\w+",
        """html head meta title link script body a header div span form label input button nav main footer ul ol li p dialog br kbd
        h1 h2 h3 h4 h5 h6 dl dt dd section article aside details summary fieldset legend select option textarea time mark blockquote
        progress table colgroup col thead tbody tr th td sup b strong del ins svg g rect text tspan defs marker path polyline
        opensearchdescription shortname description inputencoding url image""",
    )
)


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.inline: list[str] = []
        self.comments: list[str] = []
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style") and data.strip():
            self.inline.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def _client(folder: Path, words: str) -> FlaskClient:
    """A server whose documents have ``words`` in everything that they are made of."""
    service = FakeService()
    reader = service.reader
    reader.records = [_document(record, words) for record in reader.records]
    reader.held = [_clause(clause, words) for clause in reader.held]
    reader.earlier = [
        (replace(entry, file=f"{entry.file}{words}", title=words), _document(record, words), [_clause(clause, words) for clause in held])
        for entry, record, held in reader.earlier
    ]
    # What a reference says stands in its clause, so it stays as it is.
    return create_app(Settings(corpus=fake_corpus(folder), index=folder / "index"), service).test_client()


def _document(record: DocumentRecord, words: str) -> DocumentRecord:
    said = {name: f"{getattr(record, name)} {words}" for name in ("type", "title", "issuer", "place", "signer", "signer_title")}
    lists = {name: (*getattr(record, name), words) for name in ("recipients", "bases", "warnings")}
    return replace(record, number=record.number and f"{record.number} {words}", **said, **lists)


def _clause(clause: ClauseRecord, words: str) -> ClauseRecord:
    said = {name: f"{getattr(clause, name)} {words}" for name in ("label", "heading", "text", "full_text", "citation")}
    lists = {name: tuple(f"{one} {words}" for one in getattr(clause, name)) for name in ("headings", "cells", "columns")}
    return replace(clause, **said, **lists)


def _faults(client: FlaskClient, address: str) -> list[str]:
    """What is on the page of ``address`` that no page may hold."""
    response = client.get(address)
    if response.status_code >= 500:
        return [f"status {response.status_code}"]
    if response.mimetype == "application/json" or 300 <= response.status_code < 400:
        return []
    page = _Elements(response.text)
    policy = response.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    faults = [f"inline {text[:40]}" for text in page.inline] + [f"comment {text[:40]}" for text in page.comments]
    faults += [f"<{tag}>" for tag, _attributes in page.found if tag not in ELEMENTS]
    for tag, attributes in page.found:
        faults += [f"{tag} {name}" for name in attributes if name.startswith("on") or name in ("style", "srcdoc", "formaction")]
        faults += [f"{tag} to {value[:40]}" for name, value in attributes.items() if _leads_away(tag, name, value)]
        if tag == "script" and (not nonce or attributes.get("nonce") != nonce[1]):
            faults.append("script without the nonce")
    faults += [f"{rule} in the policy" for rule in ("unsafe", "http", "*", "script-src 'self'") if rule in policy]
    faults += [f"character {ord(found)}" for found in set(response.text) if printable(found) == ""]
    return faults


def _leads_away(tag: str, name: str, value: str) -> bool:
    if tag in ("url", "image", "opensearchdescription"):
        return False
    return name in ("href", "src", "action", "data") and not (value.startswith(("/", "#", "?")) and not value.startswith("//"))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_words(tmp_path: Path, words: str) -> None:
    client = _client(tmp_path, words)
    assert {address: faults for address in ADDRESSES if (faults := _faults(client, address))} == {}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_are_words(tmp_path: Path, words: str) -> None:
    client = _client(tmp_path, HARMLESS)
    asked = [pattern.format(quote(words, safe="")) for pattern in ECHOING]
    assert {address[:200]: faults for address in asked if (faults := _faults(client, address))} == {}


def test_a_fault_would_be_seen(tmp_path: Path) -> None:
    client = _client(tmp_path, HARMLESS)
    app = client.application
    page = '<p style="x" onclick="y"><script>alert(1)</script><img src="//away"><a href="javascript:x">\u202e</a><!-- c -->'
    app.add_url_rule("/broken", "broken", lambda: page)
    faults = _faults(app.test_client(), "/broken")
    expected = {"inline alert(1)", "comment  c ", "<img>", "p style", "p onclick", "img to //away", "a to javascript:x", "character 8238"}
    assert expected | {"script without the nonce"} <= set(faults)


def test_what_is_hostile_is_still_shown(tmp_path: Path) -> None:
    """Escaped, not taken away: somebody may have to read it."""
    client = _client(tmp_path, HOSTILE["script"])
    for address in (
        "/",
        DOCUMENT,
        f"{DOCUMENT}/art_1",
        f"{DOCUMENT}?version=1",
        "/search?q=giai+ngan",
        COMPARED,
        f"/documents/{REPORT.id}",
    ):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(address).text, address


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_names_of_files_are_words_in_the_state_of_the_index(tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _client(tmp_path, HARMLESS)
    files = [{"file": words, "reason": words}]
    known = {"documents": 1, "clauses": 1, "passages": 1, "engine": words, "engine_error": words, "failures": files, "files_waiting": files}
    monkeypatch.setattr(FakeService, "status", lambda _self: known)
    assert _faults(client, "/status") == []


def test_a_report_with_hostile_words_is_kept_and_shown_as_words(tmp_path: Path) -> None:
    client = _client(tmp_path, HARMLESS)
    for words in HOSTILE.values():
        form = {"document": RESOLUTION.id, "eid": "art_1", "about": "text", "message": words}
        with client.post("/report", data=form, headers={"Sec-Fetch-Site": "same-origin"}) as answer:
            assert answer.status_code < 500
            assert "<script>alert" not in answer.text and "<img" not in answer.text
    assert _faults(client, "/status") == []


@pytest.mark.parametrize("value", [3, None, 2.5, ("\x00",)])
def test_only_texts_are_changed_for_printing(value: object) -> None:
    assert printable(value) is value
