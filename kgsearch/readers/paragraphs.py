"""Lines on their way out of a word processor's file or a web page: runs put together, legacy fonts turned into Unicode, pages kept.

A paragraph is a block of lines (more than one where it has soft line breaks), and between two blocks stands an empty line, which is
how the parser knows paragraphs of plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import Line, SourceText
from kgsearch.readers.text import check_length

_LABEL_TAB = re.compile(r"^(\S{1,12})[ \t]*\t[ \t]*")
_LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class RunFormat:
    """How a run is set; ``font`` is "" where it does not matter."""

    font: str = ""
    hidden: bool = False
    capitals: bool = False
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed: its page (from 1) and what is to be said of its style."""

    text: str
    page: int
    style: frozenset[str] = frozenset()


Block = list[PrintedLine]
"""The lines of a paragraph, or of a table."""


@dataclass(slots=True)
class _Row:
    """A line being put together: its runs, and the page on which its first word stands."""

    runs: list[tuple[str, RunFormat]] = field(default_factory=list)
    page: int = 0


class Paragraph:
    """A paragraph being put together from runs."""

    def __init__(self) -> None:
        self._rows = [_Row()]

    def add(self, text: str, how: RunFormat, page: int) -> None:
        """Append the text of a run."""
        row = self._rows[-1]
        if not row.page and not text.isspace():
            row.page = page
        row.runs.append((_LINE_ENDS.sub(" ", text), how))

    def break_line(self) -> None:
        """End the line."""
        self._rows.append(_Row())

    @property
    def is_empty(self) -> bool:
        """Whether nothing that can be seen stands in it."""
        return not any(text.strip() for row in self._rows for text, _how in row.runs)

    def block(self, label: str, page: int, style: frozenset[str]) -> Block:
        """Its lines, the first after ``label``; none where there is nothing to see. ``page`` is that of lines without words."""
        lines = []
        for number, row in enumerate(self._rows):
            text = _LABEL_TAB.sub(r"\1 ", _text_of(row.runs).strip())
            text = f"{label}{text}".strip() if number == 0 else text
            lines.append(PrintedLine(text, row.page or page, style | _emphasis(row.runs)))
        while lines and not lines[-1].text:
            lines.pop()
        while lines and not lines[0].text:
            del lines[0]
        return lines


def _text_of(runs: Sequence[tuple[str, RunFormat]]) -> str:
    """The runs' text. A letter of a legacy font may be cut in two by a run's end, so runs of one font are converted as one."""
    parts = []
    for (font, capitals), group in groupby(runs, key=lambda run: (run[1].font, run[1].capitals)):
        text = unicode_text("".join(text for text, _how in group), font)
        parts.append(text.upper() if capitals else text)
    return "".join(parts)


def unicode_text(text: str, font: str) -> str:
    """What is printed where ``text`` is set in ``font``: legacy fonts draw Vietnamese letters in the places of others."""
    if not font or not text.strip():
        return text
    from kgsearch.readers.encodings import convert_legacy

    return convert_legacy(text, font)


def _emphasis(runs: Sequence[tuple[str, RunFormat]]) -> frozenset[str]:
    seen = [how for text, how in runs if text.strip()]
    if not seen:
        return frozenset()
    named = (("bold", all(how.bold for how in seen)), ("italic", all(how.italic for how in seen)))
    return frozenset(name for name, holds in named if holds)


def source_text(blocks: Sequence[Block], encoding: str, paged: bool, name: str) -> SourceText:
    """The blocks as a source text, an empty line between two. Raises ReadError where a line is no line or there is no word."""
    lines: list[Line] = []
    start = 0
    for number, block in enumerate(blocks):
        printed = [PrintedLine("", block[0].page), *block] if number else block
        for one in printed:
            end = start + len(one.text)
            check_length(name, len(lines) + 1, len(one.text))
            lines.append(Line(one.text, start, end, one.page if paged else 0, one.style))
            start = end + 1
    text = "\n".join(line.text for line in lines)
    if not text.strip():
        raise ReadError(
            _("{name}: no text in it; if it holds scanned pages, save it as PDF so that they can be recognised.").format(name=name)
        )
    return SourceText(text=text, lines=tuple(lines), encoding=encoding, paged=paged)
