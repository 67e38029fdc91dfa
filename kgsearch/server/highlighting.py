"""Words marked in text that is not trusted, and long texts cut around what is marked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markupsafe import Markup

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import fold_syllable, tokenise
from kgsearch.models import Span

MAX_QUERY = 512
SNIPPET_LENGTH = 420
# What stands before the first mark lets a reader see the sentence it is in.
_LEAD = 120
_MARK, _END_OF_MARK = "<mark>", "</mark>"


@dataclass(frozen=True, slots=True)
class Wrapping:
    """HTML around a range of a text: what opens before ``span`` and what closes after it."""

    span: Span
    opening: Markup
    closing: Markup


def marked(text: str, spans: Sequence[Span], within: Span | None = None, wrappings: Sequence[Wrapping] = ()) -> Markup:
    """``text`` (or its range ``within``) as HTML: escaped, each span in a ``<mark>``, each of ``wrappings`` around its range.

    Spans out of range are cut to it. A mark that crosses the border of a wrapping is cut there, so that elements nest; of wrappings
    that overlap the first is kept.
    """
    bounds = within or Span(0, len(text))
    marks = joined(text, spans) if spans else []
    # Every piece is escaped before it comes here, so they are joined as they are: a law has thousands.
    pieces: list[str] = []
    position = bounds.start
    for wrapping in sorted(wrappings, key=lambda wrapping: wrapping.span.start):
        start, end = max(wrapping.span.start, bounds.start), min(wrapping.span.end, bounds.end)
        if position <= start < end:
            pieces += (_marked(text, marks, position, start), wrapping.opening, _marked(text, marks, start, end), wrapping.closing)
            position = end
    pieces.append(_marked(text, marks, position, bounds.end))
    return Markup("".join(pieces))


def _marked(text: str, marks: Sequence[Span], begin: int, stop: int) -> str:
    """``text[begin:stop]`` with ``marks``, which are in order and do not touch; only those within it are looked at."""
    if not marks:
        return escape(text[begin:stop])
    pieces: list[str] = []
    position = begin
    first = bisect_right(marks, begin, key=lambda span: span.end)
    for span in map(marks.__getitem__, range(first, len(marks))):
        if span.start >= stop:
            break
        start, end = max(span.start, position), min(span.end, stop)
        if start >= end:
            continue
        pieces += (escape(text[position:start]), _MARK, escape(text[start:end]), _END_OF_MARK)
        position = end
    return "".join([*pieces, escape(text[position:stop])])


def joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """``spans`` in order, those that touch or have only white space between them made one, so a phrase is one mark."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if result and not text[result[-1].end : span.start].strip():
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def snippet(text: str, spans: Sequence[Span], length: int = SNIPPET_LENGTH) -> Span:
    """The range of ``text``, about ``length`` characters, that holds most of what is marked.

    It begins and ends between words, and a mark is inside it or outside it, never cut.
    """
    if len(text) <= length + _LEAD:
        return Span(0, len(text))
    marks = joined(text, spans)
    start = _start_before(text, _densest(marks, length), marks)
    return Span(start, _end_after(text, min(start + length, len(text)), marks))


def query_spans(text: str, query: str) -> list[Span]:
    """Where ``text`` holds what ``query`` asks for, with or without marks.

    Two neighbours of the query count where they stand side by side, because one syllable alone ("công") is in nearly every
    clause; a query of one syllable counts wherever it stands. Raises UsageError for a query over MAX_QUERY characters.
    """
    if len(query) > MAX_QUERY:
        raise UsageError(_("The query is longer than {count} characters; use fewer words.").format(count=MAX_QUERY))
    wanted = [fold_syllable(token.text) for token in tokenise(query)]
    pairs = set(pairwise(wanted))
    tokens = [(fold_syllable(token.text), Span(token.start, token.end)) for token in tokenise(text)]
    if len(wanted) == 1:
        return [span for word, span in tokens if word == wanted[0]]
    spans: list[Span] = []
    for (first, one), (second, two) in pairwise(tokens):
        if (first, second) in pairs:
            spans += [one, two]
    return joined(text, list(dict.fromkeys(spans)))


def _densest(marks: Sequence[Span], length: int) -> int:
    """Where the mark starts from which on ``length`` characters hold most of ``marks``, which are in order."""
    best = most = covered = last = 0
    for number, first in enumerate(marks):
        last = max(last, number)
        while last < len(marks) and marks[last].end <= first.start + length - _LEAD:
            covered += marks[last].end - marks[last].start
            last += 1
        if covered > most:
            best, most = first.start, covered
        if last > number:
            covered -= first.end - first.start
    return best or (marks[0].start if marks else 0)


def _start_before(text: str, mark: int, marks: Sequence[Span]) -> int:
    if mark <= _LEAD:
        return 0
    start = mark - _LEAD
    sentence = max(text.rfind(end, start, mark) for end in (". ", "; ", ": "))
    start = sentence + 2 if sentence >= 0 else text.find(" ", start, mark) + 1 or mark
    return next((span.start for span in marks if span.start < start < span.end), start)


def _end_after(text: str, end: int, marks: Sequence[Span]) -> int:
    if end >= len(text):
        return len(text)
    end = next((span.end for span in marks if span.start < end < span.end), end)
    space = text.find(" ", end)
    space = len(text) if space < 0 else space
    return next((span.start for span in marks if end <= span.start < space < span.end), space)
