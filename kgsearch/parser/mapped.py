"""Text that remembers where in the source each of its characters stands.

The parser works on cleaned text (NFC, without emphasis and footnote marks) while every clause must be found in the source
to the letter. So nothing is ever copied without its place: a ``Mapped`` is a string with, for each character, the range of
source characters that it came from, and a ``Block`` is a run of them from successive lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kgsearch.models import Span


@dataclass(slots=True)  # never changed; frozen ones take twice as long to make, and there are several for each line
class Mapped:
    """``text`` came from ``source[start:end]``, as it stands there where ``places`` is None, which is nearly everywhere.

    Else ``places`` are the ascending starts and ends of the source ranges that its characters came from, one by one.
    """

    text: str
    start: int
    end: int
    places: tuple[Sequence[int], Sequence[int]] | None = None

    @classmethod
    def identity(cls, text: str, start: int) -> Mapped:
        """Text that stands in the source as it is, from ``start``."""
        return cls(text, start, start + len(text))

    @classmethod
    def placed(cls, text: str, starts: Sequence[int], ends: Sequence[int]) -> Mapped:
        """Text whose characters came from ``source[starts[i]:ends[i]]``."""
        return cls(text, starts[0], ends[-1], (starts, ends)) if text else EMPTY

    @property
    def starts(self) -> Sequence[int]:
        """For each character the start of its source range."""
        return self.places[0] if self.places else range(self.start, self.end)

    @property
    def ends(self) -> Sequence[int]:
        """For each character the end of its source range."""
        return self.places[1] if self.places else range(self.start + 1, self.end + 1)

    def cut(self, start: int, end: int | None = None) -> Mapped:
        """The characters ``start:end``, stripped of white space."""
        piece = self.text[start:end]
        text = piece.strip()
        if not text:
            return EMPTY
        start += len(piece) - len(piece.lstrip())
        if self.places is None:
            return Mapped.identity(text, self.start + start)
        starts, ends = self.places
        return Mapped.placed(text, starts[start : start + len(text)], ends[start : start + len(text)])

    def joined(self, other: Mapped, line_end: int) -> Mapped:
        """This line's words and, after a space that stands for the line end at ``line_end``, the next one's."""
        starts = [*self.starts, line_end, *other.starts]
        ends = [*self.ends, line_end + 1, *other.ends]
        return Mapped.placed(f"{self.text} {other.text}", starts, ends)

    def ranges(self) -> list[tuple[int, int]]:
        """Ranges of the source, adjacent ones merged."""
        if self.places is None:
            return [(self.start, self.end)] if self.text else []
        found: list[tuple[int, int]] = []
        for start, end in zip(*self.places, strict=True):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def spans(self) -> list[Span]:
        """Its ranges as spans."""
        return [Span(start, end) for start, end in self.ranges()]


EMPTY = Mapped("", 0, 0)


def collapse(text: str) -> str:
    """NFC with every run of white space as one space, none at the ends: the form in which clause texts are given."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_of(source: str, spans: Iterable[Span]) -> str:
    """What the spans of a clause say: the definition of ``Clause.text``."""
    return collapse("".join([source[span.start : span.end] for span in spans]))


@dataclass(slots=True)
class Block:
    """A paragraph: pieces of successive lines, each with the source offset of its line's end.

    ``marks`` are footnote numbers whose mark was taken out of it; ``quoted`` says that it stands inside quotation marks
    opened earlier, so that its labels are text; ``emphasised`` that its lines are set in bold or italics throughout.
    """

    pieces: list[tuple[Mapped, int]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    page: int = 0
    quoted: bool = False
    emphasised: bool = False

    @property
    def text(self) -> str:
        """Its words, a space between lines."""
        if len(self.pieces) == 1:
            return self.pieces[0][0].text
        return " ".join([piece.text for piece, _ in self.pieces if piece.text])

    @property
    def first(self) -> str:
        """The text of its first line."""
        return self.pieces[0][0].text if self.pieces else ""

    def without(self, length: int) -> Block:
        """The block less the first ``length`` characters of its first line: what follows a label, in the lines that hold any of it."""
        (head, end), *rest = self.pieces
        pieces = [piece for piece in ((head.cut(length), end), *rest) if piece[0].text]
        return Block(pieces, self.marks, self.page, self.quoted, self.emphasised)

    def extend(self, words: Mapped, line_end: int, marks: Iterable[str]) -> None:
        """Append a line, with the numbers of the footnotes that it points to, as a continuation of this paragraph."""
        self.pieces.append((words, line_end))
        self.marks.extend(marks)


def spans_of(source: str, blocks: Iterable[Block]) -> tuple[Span, ...]:
    """Spans of the blocks' words in order, each line end between two pieces counted in, so that words do not run together."""
    found: list[tuple[int, int]] = []
    line_end = -1
    for block in blocks:
        for piece, after in block.pieces:
            if not piece.text:
                continue
            if found:
                _break(found, line_end, source)
            for start, end in piece.ranges():
                _add(found, start, end, source)
            line_end = after
    return tuple([Span(start, end) for start, end in _trimmed(found, source) if end > start])


def _break(found: list[tuple[int, int]], line_end: int, source: str) -> None:
    """Add the end of a line, so that it separates two words; where the text ends without one, what follows stays apart."""
    if line_end < len(source):
        _add(found, line_end, line_end + 1, source)
    else:
        found.append((line_end, line_end))


def _add(found: list[tuple[int, int]], start: int, end: int, source: str) -> None:
    """Add a range of the source, as one with the last where nothing but white space stands between them."""
    if found:
        first, last = found[-1]
        if last == start or (last < start and _is_gap(source, last, start)):
            found[-1] = (first, end)
            return
    found.append((start, end))


def _is_gap(source: str, start: int, end: int) -> bool:
    """Whether there is white space between two ranges of words, and more of it at the edge of one of them."""
    return source[start:end].isspace() and (source[start - 1].isspace() or source[end].isspace())


def _trimmed(found: list[tuple[int, int]], source: str) -> list[tuple[int, int]]:
    """The ranges without the white space at the very end."""
    if found:
        start, end = found[-1]
        while end > start and source[end - 1].isspace():
            end -= 1
        found[-1] = (start, end)
    return found
