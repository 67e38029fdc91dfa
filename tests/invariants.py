"""What holds for every document that was parsed, whatever its file looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kgsearch.models import Document, SourceText, Span
from kgsearch.parser.mapped import text_of

_NO_WORDS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]|\[\d{1,3}\]")


def assert_whole(source: SourceText, documents: Iterable[Document]) -> None:
    """eIds are unique, texts are what their spans say, headings begin their texts, and no word of the file is lost."""
    documents = list(documents)
    for document in documents:
        eids = [clause.eid for clause, _ancestors in document.walk()]
        assert len(set(eids)) == len(eids)
        for clause, _ancestors in document.walk():
            assert clause.text == text_of(source.text, clause.spans), clause.eid
            assert clause.text.startswith(clause.heading), clause.eid
            assert all(before.end <= after.start for before, after in zip(clause.spans, clause.spans[1:], strict=False)), clause.eid
    assert lost_words(source, documents) == []


def lost_words(source: SourceText, documents: Iterable[Document]) -> list[tuple[int, str]]:
    """(offset, word) of every word that stands in no clause, label or head and was not set aside."""
    covered = bytearray(len(source.text))
    for document in documents:
        _cover(covered, document.header)
        _cover(covered, document.aside)
        for clause, _ancestors in document.walk():
            _cover(covered, clause.spans)
            _cover(covered, clause.label_spans)
    words = re.finditer(r"[^\W_]+", _NO_WORDS.sub(lambda match: " " * len(match.group()), source.text))
    return [(word.start(), word.group()) for word in words if not all(covered[word.start() : word.end()])]


def _cover(covered: bytearray, spans: Iterable[Span]) -> None:
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
