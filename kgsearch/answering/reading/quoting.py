"""Cut a quote of at most 60 words out of a unit, at the borders of its phrases, around what answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from kgsearch.models import Span

MAX_QUOTE_WORDS = 60

_BORDER = re.compile(r"[,;:](?=\s)|\s[-–](?=\s)|(?<=[.?!])(?=\s)")
_WORD = re.compile(r"\S+")


def quote_around(text: str, unit: Span, span: Span | None, worth: Callable[[int, int], float]) -> Span:
    """The range of ``text`` to be quoted: all of ``unit`` where it has at most MAX_QUOTE_WORDS words, else whole phrases of it around
    ``span``, or around the phrase ``[start, end)`` of most ``worth`` where there is none; words where a phrase alone is too long."""
    if _count(text, unit.start, unit.end) <= MAX_QUOTE_WORDS:
        return unit
    parts = _phrases(text, unit)
    if span is None:
        core = max(range(len(parts)), key=lambda place: (worth(parts[place].start, parts[place].end), -place))
        first = last = core
    else:
        first = max((place for place, part in enumerate(parts) if part.start <= span.start), default=0)
        last = max((place for place, part in enumerate(parts) if part.start < span.end), default=first)
    if _count(text, parts[first].start, parts[last].end) > MAX_QUOTE_WORDS:
        return _words_around(text, Span(parts[first].start, parts[last].end), span)
    first, last = _grown(text, parts, first, last)
    return Span(parts[first].start, parts[last].end)


def _grown(text: str, parts: list[Span], first: int, last: int) -> tuple[int, int]:
    """More phrases while they fit: to the left first, where the subject stands."""
    while first and _count(text, parts[first - 1].start, parts[last].end) <= MAX_QUOTE_WORDS:
        first -= 1
    while last + 1 < len(parts) and _count(text, parts[first].start, parts[last + 1].end) <= MAX_QUOTE_WORDS:
        last += 1
    return first, last


def _phrases(text: str, unit: Span) -> list[Span]:
    parts: list[Span] = []
    start = unit.start
    for end in (*(match.end() for match in _BORDER.finditer(text, unit.start, unit.end)), unit.end):
        words = _WORD.search(text, start, end)
        if words is not None:
            parts.append(Span(words.start(), start + len(text[start:end].rstrip())))
            start = end
    return parts


def _words_around(text: str, part: Span, span: Span | None) -> Span:
    """MAX_QUOTE_WORDS words of ``part``: its first, or those around ``span``, most of them before it."""
    words = [match.span() for match in _WORD.finditer(text, part.start, part.end)]
    first = 0
    if span is not None:
        inside = [place for place, (start, end) in enumerate(words) if start < span.end and end > span.start]
        first = max(0, min(inside[-1] + 1 - MAX_QUOTE_WORDS * 3 // 4, inside[0], len(words) - MAX_QUOTE_WORDS))
    return Span(words[first][0], words[min(len(words), first + MAX_QUOTE_WORDS) - 1][1])


def _count(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())
