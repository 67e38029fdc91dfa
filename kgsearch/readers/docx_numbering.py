"""The labels that Word generates: what numbering.xml says and counters make of it, as they are printed.

Source: ECMA-376 part 1, 17.9. Lists that share an abstract definition count on together, a level starts again when a higher one
moves, and an override of the start counts once, where its list is first used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from kgsearch.readers.docx_package import COMPATIBILITY, WORD
from kgsearch.readers.docx_styles import NumberingReference, Styles, is_on, numbering_of, value, whole_number
from kgsearch.readers.label_numbers import number_text

LEVELS = 9
_MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``text`` holds %1 … %9 for the numbers of the levels; ``restart`` is the level (from 1) whose moving starts
    this one again, 0 for none, None for any higher one; ``properties`` is the w:rPr of the label."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = " "
    restart: int | None = None
    legal: bool = False
    style: str = ""
    properties: Element | None = None


@dataclass(slots=True)
class _List:
    """A w:num: its abstract definition, and for some levels another start or another definition."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """The lists of a document, counting as its paragraphs go by."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._linked: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        for element in root if root is not None else ():
            if element.tag == WORD + "abstractNum":
                self._add_abstract(element)
            elif element.tag == WORD + "num":
                self._add_list(element)

    def _add_abstract(self, element: Element) -> None:
        name = element.get(WORD + "abstractNumId", "")
        self._abstract[name] = dict(_level(level) for level in element.findall(WORD + "lvl"))
        link = value(element, "numStyleLink")
        if link:
            self._linked[name] = link

    def _add_list(self, element: Element) -> None:
        made = _List(value(element, "abstractNumId") or "")
        for override in element.findall(WORD + "lvlOverride"):
            index = whole_number(override.get(WORD + "ilvl"), 0)
            start = value(override, "startOverride")
            if start is not None:
                made.starts[index] = whole_number(start, 1)
            own = override.find(WORD + "lvl")
            if own is not None:
                made.levels[index] = _level(own)[1]
        self._lists[element.get(WORD + "numId", "")] = made

    def of_paragraph(self, properties: Element | None, style: str) -> tuple[str, int] | None:
        """The list and level of a paragraph with these properties and this style; None where it is not numbered."""
        own, inherited = numbering_of(properties), self._styles.numbering(style)
        list_id = own.list_id if own.list_id is not None else inherited.list_id
        found = self._lists.get(list_id or "")
        if found is None:
            return None
        level = own.level
        if level is None and own.list_id is None:
            level = self._level_of_style(self._definition(found), inherited, style)
        return (list_id or "", min(max(level or 0, 0), LEVELS - 1))

    def _level_of_style(self, levels: dict[int, Level], inherited: NumberingReference, style: str) -> int:
        """A list names the style of each of its levels; without that the style says which level it is."""
        for ancestor in self._styles.ancestry(style):
            for index, level in levels.items():
                if level.style and level.style == ancestor:
                    return index
        return inherited.level or 0

    def _definition(self, found: _List) -> dict[int, Level]:
        """The levels of a list; an abstract definition may only point to a list style, which names the list that has them."""
        abstract = self._followed(found.abstract)
        return {**self._abstract.get(abstract, {}), **found.levels}

    def _followed(self, abstract: str) -> str:
        link = self._linked.get(abstract)
        if link is None:
            return abstract
        target = self._lists.get(self._styles.numbering(link).list_id or "")
        return target.abstract if target is not None else abstract

    def count(self, list_id: str, index: int) -> tuple[str, Level]:
        """Count a paragraph of this list and level: the label that is printed before it, with what follows it, and its level."""
        found = self._lists[list_id]
        levels = self._definition(found)
        counters = self._counters.setdefault(self._followed(found.abstract), [None] * LEVELS)
        self._advance(found, list_id, index, levels, counters)
        level = levels.get(index, Level())
        label = _printed(level, levels, counters)
        return (label + level.suffix if label else ""), level

    def _advance(self, found: _List, list_id: str, index: int, levels: dict[int, Level], counters: list[int | None]) -> None:
        level = levels.get(index, Level())
        before = counters[index]
        if index in found.starts and (list_id, index) not in self._started:
            counters[index] = found.starts[index]
        else:
            counters[index] = level.start if before is None else before + 1
        self._started.add((list_id, index))
        for above in range(index):
            if counters[above] is None:
                counters[above] = levels.get(above, Level()).start
        for below in range(index + 1, LEVELS):
            restart = levels.get(below, Level()).restart
            if restart is None or index < restart:
                counters[below] = None


def _level(element: Element) -> tuple[int, Level]:
    restart = value(element, "lvlRestart")
    text = value(element, "lvlText") or ""
    made = Level(
        start=whole_number(value(element, "start"), 0),
        format=_format(element),
        text=text[:_MAX_LABEL],
        suffix={"nothing": ""}.get(value(element, "suff") or "", " "),
        restart=None if restart is None else whole_number(restart, 0),
        legal=is_on(value(element, "isLgl")),
        style=value(element, "pStyle") or "",
        properties=element.find(WORD + "rPr"),
    )
    return whole_number(element.get(WORD + "ilvl"), 0), made


def _format(element: Element) -> str:
    """The format of a level's number; a format that newer versions define stands beside the one that every version knows."""
    found = value(element, "numFmt")
    if found is None:
        fallback = element.find(f"{COMPATIBILITY}AlternateContent/{COMPATIBILITY}Fallback")
        found = value(fallback, "numFmt")
    return found or "decimal"


def _printed(level: Level, levels: dict[int, Level], counters: list[int | None]) -> str:
    if level.format == "bullet":
        return bullet(level.text)
    printed = level.text
    for index in range(LEVELS):
        mark = f"%{index + 1}"
        if mark in printed:
            shown = levels.get(index, Level())
            kind = "decimal" if level.legal and shown.format not in ("none", "bullet") else shown.format
            printed = printed.replace(mark, number_text(counters[index] or 0, kind))
    return printed.strip()


def bullet(text: str) -> str:
    """A bullet as Unicode has it: signs of symbol fonts stand in the private area, where they mean nothing without their font."""
    sign = text.strip()[:1]
    if sign == "o":  # Courier New's ring
        return "○"
    return _SYMBOLS.get(sign, "•") if "\ue000" <= sign <= "\uf8ff" else sign


_SYMBOLS = {
    "\uf02d": "-",
    "\uf02b": "+",
    "\uf02a": "*",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf0e8": "➢",
    "\uf06f": "○",
    "\uf0a8": "▪",
}
