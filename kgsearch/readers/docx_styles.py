"""What Word's styles say of a run or a paragraph: the font, what is hidden, in capitals, bold; what each inherits from what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from kgsearch.readers.docx_package import WORD
from kgsearch.readers.paragraphs import RunFormat

_OFF = frozenset({"0", "false", "off", "none"})
_MAX_INHERITANCE = 20


@dataclass(frozen=True, slots=True)
class NumberingReference:
    """The list that a paragraph stands in and its level there; None where the paragraph or its style does not say."""

    list_id: str | None = None
    level: int | None = None


def value(parent: Element | None, tag: str) -> str | None:
    """The value of ``parent``'s child ``tag``; "" where it has none; None where there is no such child."""
    child = parent.find(WORD + tag) if parent is not None else None
    return None if child is None else child.get(WORD + "val", "")


def is_on(said: str | None) -> bool:
    """Whether a property that is on or off is on, from its value; None where it is not there."""
    return said is not None and said.lower() not in _OFF


def whole_number(text: str | None, default: int) -> int:
    """``text`` as a number that a list may count to, else ``default``."""
    try:
        return min(max(int(text or ""), -1), 1_000_000)
    except ValueError:
        return default


def apply(base: RunFormat, properties: Element | None) -> RunFormat:
    """``base`` with what a w:rPr says."""
    if properties is None:
        return base
    changes: dict[str, bool | str] = {}
    for field, tag in (("hidden", "vanish"), ("capitals", "caps"), ("bold", "b"), ("italic", "i")):
        said = value(properties, tag)
        if said is not None:
            changes[field] = is_on(said)
    fonts = properties.find(WORD + "rFonts")
    if fonts is not None:
        font = fonts.get(WORD + "hAnsi") or fonts.get(WORD + "ascii")
        if font or fonts.get(WORD + "hAnsiTheme") or fonts.get(WORD + "asciiTheme"):
            changes["font"] = font or ""
    return replace(base, **changes) if changes else base  # type: ignore[arg-type]


def numbering_of(properties: Element | None) -> NumberingReference:
    """What a w:pPr itself says of numbering."""
    found = properties.find(WORD + "numPr") if properties is not None else None
    if found is None:
        return NumberingReference()
    level = value(found, "ilvl")
    return NumberingReference(value(found, "numId"), None if level is None else whole_number(level, 0))


class Styles:
    """The styles of a document, each with what it inherits."""

    def __init__(self, root: Element | None) -> None:
        styles = root.findall(WORD + "style") if root is not None else []
        self._styles = {style.get(WORD + "styleId", ""): style for style in styles}
        self._default = next(
            (
                style.get(WORD + "styleId", "")
                for style in styles
                if style.get(WORD + "type") == "paragraph" and is_on(style.get(WORD + "default"))
            ),
            "",
        )
        defaults = root.find(f"{WORD}docDefaults/{WORD}rPrDefault/{WORD}rPr") if root is not None else None
        self._base = apply(RunFormat(), defaults)
        self._known: dict[tuple[str, str], RunFormat] = {}

    def style_of(self, properties: Element | None) -> str:
        """The style of a paragraph with these properties."""
        return value(properties, "pStyle") or self._default

    def run_format(self, paragraph_style: str, properties: Element | None) -> RunFormat:
        """How a run is set, in a paragraph of this style."""
        run_style = value(properties, "rStyle") or ""
        key = (paragraph_style, run_style)
        if key not in self._known:
            found = self._base
            for style in (*self._lineage(paragraph_style)[::-1], *self._lineage(run_style)[::-1]):
                found = apply(found, style.find(WORD + "rPr"))
            self._known[key] = found
        return apply(self._known[key], properties)

    def numbering(self, paragraph_style: str) -> NumberingReference:
        """The numbering that a style, or one that it is based on, gives its paragraphs."""
        for style in self._lineage(paragraph_style):
            found = numbering_of(style.find(WORD + "pPr"))
            if found.list_id is not None:
                return found
        return NumberingReference()

    def said(self, paragraph_style: str, tag: str) -> str | None:
        """What a style, or one that it is based on, says with ``tag`` of its paragraphs."""
        for style in self._lineage(paragraph_style):
            found = value(style.find(WORD + "pPr"), tag)
            if found is not None:
                return found
        return None

    def ancestry(self, style: str) -> tuple[str, ...]:
        """The ids of a style and of those that it is based on."""
        return tuple(found.get(WORD + "styleId", "") for found in self._lineage(style))

    def _lineage(self, style: str) -> list[Element]:
        """The style and those that it is based on, nearest first."""
        return list(self._walk(style))

    def _walk(self, style: str) -> Iterator[Element]:
        for _step in range(_MAX_INHERITANCE):
            found = self._styles.get(style)
            if found is None:
                return
            yield found
            style = value(found, "basedOn") or ""
