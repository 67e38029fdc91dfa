"""The relation diagram (lược đồ) of a document: boxes of related documents around it, laid out for SVG, which wraps no text itself.

One layout for wide screens, the document between what it acts on and what acts on it, and one for phones, one box under the other; the
style sheet shows one of them. The same relations stand below as a list, for everyone who does not see the drawing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from kgsearch.citations import cite
from kgsearch.models import DocumentRecord
from kgsearch.server.relations import RelatedDocument, RelationGroup

SHOWN_IN_A_BOX = 5
LINES_OF_A_NAME = 2
LINE, PADDING, GAP = 20, 12, 18
WIDE, NARROW = 1080, 340
_BOX, _ARROW = 320, 70
# The width of a letter beside the height of a line: a little more than the mean of the faces used, so that nothing leaves its box.
_LETTER = 0.38


@dataclass(frozen=True, slots=True)
class Entry:
    """A line or two of a box: ``lines`` are (text, y of its foot); ``address`` "" for what is not at hand; ``whole`` is its name uncut."""

    address: str
    lines: tuple[tuple[str, int], ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its head and entries; ``kind`` is "own" for the document, "out" for what it acts on, "in" for what acts on it."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    head: tuple[tuple[str, int], ...]
    entries: tuple[Entry, ...]

    @property
    def text_x(self) -> int:
        """Where its lines begin."""
        return self.x + PADDING


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from a point to another, where its head is."""

    points: tuple[tuple[int, int], ...]

    @property
    def path(self) -> str:
        """The points as SVG's ``polyline`` takes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One layout. ``name`` tells it from the other."""

    name: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawings(document: DocumentRecord, groups: Sequence[RelationGroup], more: str) -> tuple[Drawing, ...]:
    """The layouts for ``groups`` around ``document``; ``more`` is what is said of those left out, with ``{count}``. None without groups."""
    if not groups:
        return ()
    return _wide(document, groups, more), _narrow(document, groups, more)


def _wide(document: DocumentRecord, groups: Sequence[RelationGroup], more: str) -> Drawing:
    left = _column([group for group in groups if _direction(group) == "out"], 0, _BOX, more)
    right = _column([group for group in groups if _direction(group) == "in"], WIDE - _BOX, _BOX, more)
    own_x = _BOX + _ARROW
    own = _own(document, own_x, 0, WIDE - 2 * own_x)
    height = max([own.height, *(box.y + box.height for box in (*left, *right))])
    own = _own(document, own_x, (height - own.height) // 2, own.width)
    middle = own.y + own.height // 2
    arrows = [_across(own.x, middle, box.x + box.width, box.y + box.height // 2) for box in left]
    arrows += [_across(box.x, box.y + box.height // 2, own.x + own.width, middle) for box in right]
    return Drawing("wide", WIDE, height, (own, *left, *right), tuple(arrows))


def _across(x: int, y: int, to_x: int, to_y: int) -> Arrow:
    """From one column to the next, with a bend half-way."""
    half = (x + to_x) // 2
    return Arrow(((x, y), (half, y), (half, to_y), (to_x, to_y)))


def _narrow(document: DocumentRecord, groups: Sequence[RelationGroup], more: str) -> Drawing:
    """What acts on the document above it, what it acts on below; a line at the left edge joins the boxes with it."""
    edge = 2 * GAP
    above = _column([group for group in groups if _direction(group) == "in"], edge, NARROW - edge, more)
    own = _own(document, 0, above[-1].y + above[-1].height + GAP if above else 0, NARROW)
    top = own.y + own.height + GAP
    below = _column([group for group in groups if _direction(group) == "out"], edge, NARROW - edge, more, top)
    arrows = [Arrow(((box.x, box.y + box.height // 2), (GAP, box.y + box.height // 2), (GAP, own.y))) for box in above]
    arrows += [Arrow(((GAP, own.y + own.height), (GAP, box.y + box.height // 2), (box.x, box.y + box.height // 2))) for box in below]
    last = below[-1] if below else own
    return Drawing("narrow", NARROW, last.y + last.height, (*above, own, *below), tuple(arrows))


def _column(groups: Sequence[RelationGroup], x: int, width: int, more: str, top: int = 0) -> list[Box]:
    boxes: list[Box] = []
    for group in groups:
        box = _group_box(group, x, top, width, more)
        boxes.append(box)
        top = box.y + box.height + GAP
    return boxes


def _group_box(group: RelationGroup, x: int, y: int, width: int, more: str) -> Box:
    shown = group.documents[:SHOWN_IN_A_BOX]
    left_out = group.count - len(shown)
    named = [(one.address, one.name, _whole(one)) for one in shown]
    named += [(group.address, more.format(count=left_out), "")] if left_out else []
    head, foot = _lines(f"{group.name} ({group.count})", y, width, 1)
    entries: list[Entry] = []
    for address, name, whole in named:
        lines, foot = _lines(name, foot + 4 - PADDING, width, LINES_OF_A_NAME)
        entries.append(Entry(address, lines, whole))
    return Box(_direction(group), x, y, width, foot + PADDING - y, head, tuple(entries))


def _own(document: DocumentRecord, x: int, y: int, width: int) -> Box:
    head, foot = _lines(cite(document, "", full=False), y, width, 4)
    return Box("own", x, y, width, foot + PADDING - y, head, ())


def _lines(text: str, y: int, width: int, most: int) -> tuple[tuple[tuple[str, int], ...], int]:
    """``text`` in at most so many lines below ``y``, each with its foot, and where the last line ends."""
    letters = int((width - 2 * PADDING) / (LINE * _LETTER))
    wrapped = textwrap.wrap(text, letters, max_lines=most, placeholder="…") or [""]
    top = y + PADDING
    return tuple((line, top + LINE * number + LINE - 5) for number, line in enumerate(wrapped)), top + LINE * len(wrapped)


def _whole(one: RelatedDocument) -> str:
    return f"{one.name} – {one.title}" if one.title else one.name


def _direction(group: RelationGroup) -> str:
    return group.key.split("-", 1)[0]
