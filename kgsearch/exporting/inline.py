"""Running text in XML: words with elements around some of them, and nothing in them that XML forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Elements around ``text[start:end]``, outermost first, each with its attributes."""

    start: int
    end: int
    around: tuple[tuple[str, Mapping[str, str]], ...]


def permitted(text: str) -> str:
    """``text`` without the characters that XML 1.0 has no way to write (production 2: control characters, lone surrogates, U+FFFE, U+FFFF).

    Those that it merely advises against, U+007F to U+009F, go too: a terminal obeys some of them.
    """
    return _FORBIDDEN.sub("", text)


def add(parent: Element, tag: str, words: str = "", /, **attributes: str) -> Element:
    """A new last child of ``parent``; attributes without a value are left out."""
    child = SubElement(parent, tag, {name: permitted(value) for name, value in attributes.items() if value})
    append(child, words)
    return child


def append(element: Element, words: str) -> None:
    """Add ``words`` after all that ``element`` holds."""
    if not words:
        return
    words = permitted(words)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def fill(element: Element, text: str, start: int, end: int, marks: Iterable[Mark]) -> None:
    """Add ``text[start:end]`` to ``element`` with the ``marks`` that fall into it; one that overlaps an earlier one is left out."""
    position = start
    for mark in sorted(marks, key=lambda mark: mark.start):
        opens, closes = max(mark.start, start), min(mark.end, end)
        if opens < position or opens >= closes:
            continue
        append(element, text[position:opens])
        inner = element
        for tag, attributes in mark.around:
            inner = add(inner, tag, **attributes)
        append(inner, text[opens:closes])
        position = closes
    append(element, text[position:end])
