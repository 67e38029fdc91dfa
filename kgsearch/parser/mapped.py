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
    """``text[i]`` came from ``source[starts[i]:ends[i]]``; the ranges ascend."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def identity(cls, text: str, start: int) -> Mapped:
        """Text that stands in the source as it is, from ``start``."""
        return cls(text, range(start, start + len(text)), range(start + 1, start + 1 + len(text)))

    def cut(self, start: int, end: int | None = None) -> Mapped:
        """The characters ``start:end``, stripped of white space."""
        end = len(self.text) if end is None else min(end, len(self.text))
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start >= end:
            return EMPTY
        return Mapped(self.text[start:end], self.starts[start:end], self.ends[start:end])

    def joined(self, other: Mapped, line_end: int) -> Mapped:
        """This line's words and, after a space that stands for the line end at ``line_end``, the next one's."""
        starts = [*self.starts, line_end, *other.starts]
        ends = [*self.ends, line_end + 1, *other.ends]
        return Mapped(f"{self.text} {other.text}", starts, ends)

    def spans(self) -> list[Span]:
        """Ranges of the source, adjacent ones merged."""
        if isinstance(self.starts, range):
            return [Span(self.starts[0], self.ends[-1])] if self.text else []
        found: list[Span] = []
        for start, end in zip(self.starts, self.ends, strict=True):
            if found and start <= found[-1].end:
                found[-1] = Span(found[-1].start, max(end, found[-1].end))
            else:
                found.append(Span(start, end))
        return found


EMPTY = Mapped("", range(0), range(0))


def collapse(text: str) -> str:
    """NFC with every run of white space as one space, none at the ends: the form in which clause texts are given."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_of(source: str, spans: Iterable[Span]) -> str:
    """What the spans of a clause say: the definition of ``Clause.text``."""
    return collapse("".join(source[span.start : span.end] for span in spans))


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
        return " ".join(piece.text for piece, _ in self.pieces if piece.text)

    @property
    def first(self) -> str:
        """The text of its first line."""
        return self.pieces[0][0].text if self.pieces else ""

    def without(self, length: int) -> Block:
        """The block less the first ``length`` characters of its first line: what follows a label."""
        (head, end), *rest = self.pieces
        return Block([(head.cut(length), end), *rest], self.marks, self.page, self.quoted, self.emphasised)

    def extend(self, other: Block) -> None:
        """Append the lines of ``other`` as a continuation of this paragraph."""
        self.pieces.extend(other.pieces)
        self.marks.extend(other.marks)


def spans_of(source: str, blocks: Iterable[Block]) -> tuple[Span, ...]:
    """Spans of the blocks' words in order, each line end between two pieces counted in, so that words do not run together."""
    found: list[Span] = []
    for block in blocks:
        for piece, line_end in block.pieces:
            if not piece.text:
                continue
            if found:
                _break(found, source)
            for span in piece.spans():
                _add(found, span, source)
            found.append(Span(line_end, line_end))
    found = [span for span in found if span.end > span.start]
    return tuple(_trim(found, source))


def _break(found: list[Span], source: str) -> None:
    """Turn the line end noted after the last piece into a span of its own, so that it separates two words."""
    end = found[-1].start
    if end < len(source):
        found[-1] = Span(end, end + 1)
    _merge_last(found, source)


def _add(found: list[Span], span: Span, source: str) -> None:
    found.append(span)
    _merge_last(found, source)


def _merge_last(found: list[Span], source: str) -> None:
    if len(found) < 2 or found[-1].start == found[-1].end:
        return
    before, last = found[-2], found[-1]
    between = source[before.end : last.start]
    separated = between.isspace() and (source[before.end - 1].isspace() or source[last.start].isspace())
    if last.start >= before.end and (not between or separated):
        found[-2:] = [Span(before.start, last.end)]


def _trim(found: list[Span], source: str) -> list[Span]:
    """Spans without the white space at the very end."""
    if found:
        last = found[-1]
        end = last.end
        while end > last.start and source[end - 1].isspace():
            end -= 1
        found[-1] = Span(last.start, end)
        if end == last.start:
            found.pop()
    return found
