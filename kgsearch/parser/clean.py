"""Cleaned lines: NFC, without emphasis, zero-width characters and the marks of footnotes, each character still placed in the source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kgsearch.models import Line, SourceText
from kgsearch.parser.mapped import Mapped

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

NOTE_LINE = re.compile(rf"(?:(?P<superscript>[{_SUPERSCRIPTS}]{{1,3}})|\[(?P<bracket>\d{{1,3}})\])\s*(?=\S)")
"""The start of a footnote's own text: its number, raised or in brackets, at the start of a line."""

_NOTE_MARK = re.compile(rf"[{_SUPERSCRIPTS}]{{1,3}}|\[\d{{1,3}}\]")
_LONE_MARK = re.compile(r"[\s*]*\[(\d{1,3})\][\s*]*")
_BETWEEN_MARKS = re.compile(r"\s?,\s?")
# Where a raised 2 or 3 follows a unit of length it is the unit's power (m², km³), not the mark of a note.
POWER = re.compile(r"(?<![^\W\d_])(?:[mcdk]?m|hm|dam)$")
_EMPHASIS = re.compile(r"(?<![\d*\\])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\d)|^\*{2,3}$|(?<!\w)_{2}(?=\w)|(?<=\w)_{2}(?!\w)")
_WHOLLY_EMPHASISED = re.compile(r"^(?:(?:[-–+•]|\w{1,4}[.)]|[ĐÐ]iều\s+\w+[.:]?)\s*)?(\*{1,3})[^*]+\1$")
_SET_APART = frozenset(["bold", "italic"])
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
_SPECIAL = re.compile(rf"[*_\[{_SUPERSCRIPTS}\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(slots=True)  # never changed; frozen ones take twice as long to make, and there is one for each line
class CleanLine:
    """A line's words. ``number`` is its place in the file, ``end`` the source offset of its line end, ``marks`` the footnotes it points to.

    ``gap`` counts the empty lines before it; ``emphasised`` says that the whole line was marked bold or italic;
    ``note`` is the number of the footnote whose text begins here, "" elsewhere; ``raised`` says that it is printed raised.
    """

    words: Mapped
    number: int
    end: int
    page: int
    gap: int
    marks: tuple[str, ...] = ()
    emphasised: bool = False
    note: str = ""
    raised: bool = False
    text: str = field(init=False)
    """Its words alone, which every step asks for."""

    def __post_init__(self) -> None:
        self.text = self.words.text


def clean_lines(source: SourceText) -> list[CleanLine]:
    """The lines that hold anything, cleaned. Marks are taken out only where a note of that number stands in the file.

    A line that holds nothing but a mark in brackets ("[5]") is the number of the note on the next line where its mark stood in the
    text before, or where it follows the note before it; else it is a mark that was broken off the line above.
    """
    notes = _note_numbers(source.lines)
    lines: list[CleanLine] = []
    marked: set[str] = set()
    gap = 0
    lone = before = ""
    composed = unicodedata.is_normalized("NFC", source.text)
    for number, line in enumerate(source.lines):
        cleaned = _clean(line, number, gap, notes, composed)
        if cleaned is None:
            gap += 1
            mark = _lone_mark(line.text) if line.text else ""
            if mark in notes and (mark in marked or _follows(mark, before)):
                lone = mark
            elif mark in notes and lines:
                lines[-1] = replace(lines[-1], marks=(*lines[-1].marks, mark))
                marked.add(mark)
            continue
        if lone and not cleaned.note:
            cleaned = replace(cleaned, note=lone)
        lines.append(cleaned)
        marked.update(cleaned.marks)
        gap, lone, before = 0, "", cleaned.note or before
    return lines


def _note_numbers(lines: Sequence[Line]) -> frozenset[str]:
    """Numbers of the footnotes whose texts stand in the file; one alone on its line counts where its mark stood before it."""
    found: set[str] = set()
    seen: set[str] = set()
    before = ""
    for text in filter(None, [line.text for line in lines]):
        match = NOTE_LINE.match(text.lstrip(" \t*"))
        if match:
            before = _number(match.group())
            found.add(before)
        elif "[" in text:
            lone = _lone_mark(text)
            if lone and (lone in seen or _follows(lone, before)):
                before = lone
                found.add(lone)
            seen.update(_number(mark) for mark in _NOTE_MARK.findall(text))
    return frozenset(found)


def _follows(number: str, before: str) -> bool:
    return bool(before) and int(number) == int(before) + 1


def _lone_mark(text: str) -> str:
    """The number of the mark in brackets that is all that the line holds, else ""."""
    match = _LONE_MARK.fullmatch(text)
    return match[1] if match else ""


def _number(mark: str) -> str:
    return mark.strip("[] \t").translate(_SUPERSCRIPT)


def _clean(line: Line, number: int, gap: int, notes: frozenset[str], composed: bool) -> CleanLine | None:
    """The line without what is no words, None where nothing is left; ``composed``: the whole text is in NFC, so the line is."""
    raw = line.text
    stripped = raw.strip()
    if not stripped:
        return None
    if not _SPECIAL.search(raw) and (composed or unicodedata.is_normalized("NFC", raw)):
        words = Mapped.identity(stripped, line.start + raw.index(stripped))
        return CleanLine(words, number, line.end, line.page, gap, emphasised=_is_set_apart(line))
    note, raised = "", False
    removed, marks = _removed(raw, notes)
    opening = NOTE_LINE.match(raw.lstrip(" \t*"))
    if opening and _number(opening.group()) in notes:
        note, raised = _number(opening.group()), opening["superscript"] is not None
        marks = marks[1:]
    words = _mapped(raw, line.start, removed).cut(0)
    if not words.text:
        return None
    emphasised = bool(_WHOLLY_EMPHASISED.match(stripped)) or _is_set_apart(line)
    return CleanLine(words, number, line.end, line.page, gap, tuple(marks), emphasised, note, raised)


def _is_set_apart(line: Line) -> bool:
    """Whether the format says that the whole line is bold or italic; plain text says nothing."""
    return bool(line.style) and not line.style.isdisjoint(_SET_APART)


def _removed(raw: str, notes: frozenset[str]) -> tuple[frozenset[int], list[str]]:
    """Places of ``raw`` that are no words (emphasis, zero-width, note marks), and the numbers of the marks in order."""
    places = {index for index, character in enumerate(raw) if character in _ZERO_WIDTH}
    for match in _EMPHASIS.finditer(raw):
        places.update(range(*match.span()))
    marks = []
    last = -1
    for match in _NOTE_MARK.finditer(raw):
        mark = _number(match.group())
        if mark in notes and not (mark in "23" and POWER.search(raw[max(0, match.start() - 8) : match.start()])):
            joined = last >= 0 and _BETWEEN_MARKS.fullmatch(raw, last, match.start())
            places.update(range(last if joined else match.start(), match.end()))
            marks.append(mark)
            last = match.end()
    return frozenset(places), marks


def _mapped(raw: str, offset: int, removed: frozenset[int]) -> Mapped:
    if not removed and unicodedata.is_normalized("NFC", raw):
        return Mapped.identity(raw, offset)
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(raw, removed):
        composed = unicodedata.normalize("NFC", raw[start:end])
        text.append(composed)
        starts.extend([offset + start] * len(composed))
        ends.extend([offset + end] * len(composed))
    return Mapped.placed("".join(text), starts, ends)


def _clusters(raw: str, removed: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Ranges of one character with the combining marks that follow it, the removed places left out."""
    start = -1
    for index, character in enumerate(raw):
        if index in removed:
            if start >= 0:
                yield start, index
            start = -1
        elif start >= 0 and unicodedata.combining(character):
            continue
        else:
            if start >= 0:
                yield start, index
            start = index
    if start >= 0:
        yield start, len(raw)
