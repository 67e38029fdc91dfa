"""The main text of a page, told from what stands around it: menus, side columns, scripts, forms, what is not shown.

No site is known by name. Words in links weigh nothing, so that a menu is empty, and the text is followed down from the page's body into the
one element that holds most of what is left, as long as nothing by which documents are known is left behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

_NEVER_SHOWN_NAMES = (
    "head script style noscript template iframe object embed applet svg canvas audio video map math select option datalist textarea input "
    "button title meta link"
)
_NEVER_SHOWN = frozenset(_NEVER_SHOWN_NAMES.split())
_AROUND = frozenset(("nav", "aside", "footer", "header", "dialog", "menu"))
_AROUND_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "menubar", "alert", "toolbar")
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MIN_SHARE = 0.6
"""Of an element's words that one of its children must hold to be gone into."""

_LINKS_ONLY = 0.95
_MIN_LINKS = 3
_LISTS = frozenset(("ul", "ol", "dl", "div", "table", "section", "form"))
_PARTS_OF_TABLES = frozenset(("tr", "tbody", "thead", "tfoot"))
_PARAGRAPHS = frozenset(("p", "li"))

# By these an official document is known, wherever on a page they stand.
_MARKS = re.compile(
    r"""C[ỘộỌ]NG\s+(?:H[ÒO]A|HOÀ)\s+X[ÃA]\s+H[ỘO]I | [ĐÐ][ẢA]NG\s+C[ỘO]NG\s+S[ẢA]N\s+VI[ỆE]T | Độc\s+lập\s*[-–]\s*Tự\s+do
    | (?:^|\n)\s*
      (?: (?:Số|Nơi\s+nhận|NƠI\s+NHẬN|Kính\s+gửi)\s*: | Căn\s+cứ\s | (?:PHỤ\s+LỤC|Phụ\s+lục)\s | [ĐÐ]iều\s+\d{1,3}\s*[.:]
        | (?:CHƯƠNG|Chương)\s+[IVX\d] | (?:TM|T/M|KT|TL|TUQ)\s*[./]\s*[A-ZĐ] | (?:QUY\s+CHẾ|QUY\s+ĐỊNH|DANH\s+MỤC|KẾ\s+HOẠCH|MẪU)\s )""",
    re.VERBOSE,
)
# The same in the bytes of TCVN3 and VNI, whose fonts are only minded later.
_OLD_MARKS = re.compile(r"(?:^|\n)\s*(?:§iÒu\s+\d|Ñieàu\s+\d|Sè\s*:\s*\d|Soá\s*:\s*\d|N¬i\s+nhËn|Nôi\s+nhaän|C¨n\s+cø|Caên\s+cöù)")
_NUMBERED = re.compile(r"(?:^|\n)\s*(?:\d{1,2}(?:\.\d{1,2})*\s*[.)]|[a-zđ]\s*\))\s+\S")
_MIN_NUMBERED = 5


@dataclass(slots=True)
class _Weight:
    """Of an element: characters of its words outside links and inside, and how many links lead to other pages."""

    words: int = 0
    linked: int = 0
    links: int = 0


_Weights = Mapping[HtmlElement, _Weight]


def without_surroundings(page: HtmlElement) -> HtmlElement:
    """The element of ``page`` that holds its main text; what is never shown, and lists of links in it, taken out."""
    for element in list(page.iter()):
        if element.tag in _NEVER_SHOWN and element.getparent() is not None:
            element.drop_tree()
    body = page.find("body")
    body = page if body is None else body
    _drop(body, _weights(body))
    return _main(body, _weights(body))


def _weights(body: HtmlElement) -> _Weights:
    weights: dict[HtmlElement, _Weight] = {}
    for element in reversed(list(body.iter())):
        weight = _Weight(len((element.text or "").strip()))
        for child in element:
            below = weights[child]
            weight.words += below.words + len((child.tail or "").strip())
            weight.linked += below.linked
            weight.links += below.links
        if element.tag == "a" and element.get("href"):
            elsewhere = not element.get("href", "").startswith("#")
            weight = _Weight(0, weight.words + weight.linked, weight.links + elsewhere)
        weights[element] = weight
    return weights


def _drop(body: HtmlElement, weights: _Weights) -> None:
    """Take out what is hidden or said to stand around the text, and lists of links, unless a document stands there."""
    half = weights[body].words / 2
    gone: dict[HtmlElement, None] = {}
    for element in list(body.iter())[1:]:
        menu = _is_only_links(element, weights[element])
        around = not menu and _stands_around(element) and weights[element].words <= half
        if element.getparent() in gone or menu or (around and not holds_document(element)):
            gone[element] = None
    for element in gone:
        if element.getparent() not in gone:
            element.drop_tree()


def _stands_around(element: HtmlElement) -> bool:
    hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None
    return hidden or element.tag in _AROUND or (element.get("role") or "").lower() in _AROUND_ROLES


def _is_only_links(element: HtmlElement, weight: _Weight) -> bool:
    """Whether the element is a menu: several links to other pages, and hardly a word outside them."""
    menu = element.tag in _LISTS and weight.links >= _MIN_LINKS
    return menu and weight.linked >= _LINKS_ONLY * (weight.linked + weight.words)


def _main(body: HtmlElement, weights: _Weights) -> HtmlElement:
    """The innermost element that holds a document and most of the words, nothing of a document left beside it."""
    main = body
    while True:
        largest = max(main, key=lambda child: weights[child].words, default=None)
        if largest is None or largest.tag in _PARAGRAPHS or weights[largest].words < _MIN_SHARE * weights[main].words:
            break
        alone = weights[largest].words + weights[largest].linked == weights[main].words + weights[main].linked
        if not alone and (_leaves_document(main, largest) or not holds_document(largest)):
            break
        main = largest
    while main.tag in _PARTS_OF_TABLES:
        # A row is read in its table.
        main = main.getparent()
    return main


def _leaves_document(parent: HtmlElement, child: HtmlElement) -> bool:
    """Whether something of a document stands in ``parent`` beside ``child``."""
    loose = "\n".join([parent.text or "", *(sibling.tail or "" for sibling in parent)])
    return is_of_document(loose) or any(holds_document(sibling) for sibling in parent if sibling is not child)


def holds_document(element: HtmlElement) -> bool:
    """Whether the words in the element outside links are some by which documents are known."""
    return is_of_document(_lines(element))


def is_of_document(text: str) -> bool:
    """Whether lines of ``text`` are some by which documents are known: a letterhead, an article, an annex, several numbered items."""
    return bool(_MARKS.search(text) or _OLD_MARKS.search(text)) or len(_NUMBERED.findall(text)) >= _MIN_NUMBERED


def _lines(element: HtmlElement) -> str:
    """The element's text, a line for each element in it, links that are all of their line left out."""
    pieces: list[str] = []
    for one in element.iter():
        linked = one.tag == "a" and one.get("href") is not None
        pieces.append("" if linked else " ".join((one.text or "").split()))
        pieces.append(" ".join((one.tail or "").split()) if one is not element else "")
    return "\n".join(pieces)
