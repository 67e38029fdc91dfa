"""Find references in running text, with their exact spans and what they refer to.

The text is read from left to right. An anchor is a word that a reference may begin with; from it one form after the other is
tried, each a pattern that begins there (`components` for clauses, `naming` for documents). What was found is passed over, so
references never overlap, and each character is looked at a bounded number of times. What only the sentence tells is added at the
end: of which document a clause is that was cited without one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kgsearch.citations.alternatives import alternatives
from kgsearch.citations.components import (
    ANNEX,
    ARTICLE,
    FORM,
    OWN,
    POINT,
    UNIT_WORD,
    UNIT_WORDS,
    Components,
    Path,
    read_components,
    spelt,
)
from kgsearch.citations.issuers import CAPITAL
from kgsearch.citations.naming import (
    CARRIED,
    LAW_WORDS,
    STANDARD,
    TYPE_WORDS,
    Named,
    Naming,
    read_amending,
    read_basis,
    read_named,
    read_number,
    read_plain_name,
)
from kgsearch.citations.numbers import NUMBER

THIS, THIS_ATTACHMENT = "this", "this-attachment"


class Form(StrEnum):
    """The forms of a reference; the first that fits."""

    LIST = "list"
    ATTACHED = "attached"
    INTERNAL = "internal"
    CLAUSE = "clause"
    LAW = "law"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference in ``text[start:end]``.

    ``document`` is the number of what is cited as printed without white space, its name where it prints none, "this" for the
    document itself or "this-attachment" for the regulation attached to it that the text stands in. ``number`` is the number or "".
    ``year`` and ``issued`` are of the date that is part of the reference. ``clauses`` are written smallest component first
    ("điểm a khoản 2 Điều 1"), lists and ranges expanded; none for a whole document.
    """

    start: int
    end: int
    form: Form
    document: str
    number: str = ""
    year: int | None = None
    issued: date | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Citation:
    """What was read at one place, before the sentence is asked: the clauses and the document, either of which may be missing."""

    start: int
    end: int
    named: Named | None
    paths: tuple[Path, ...] = ()

    @property
    def elsewhere(self) -> bool:
        """Whether it is of another document, and says which."""
        return self.named is not None and self.named.naming is not Naming.THIS


# What a reference begins with, as one pattern: this is asked of every word of every text.
_BEGINS = alternatives(
    [
        # điểm, khoản, Điều, Mục, Phụ lục …; Nghị quyết, Báo cáo, Quy chế …
        *(rf"{word}(?=\s)" for word in (*UNIT_WORDS, *TYPE_WORDS)),
        # Luật, Bộ luật, Pháp lệnh, Hiến pháp
        *(rf"{word}(?!\w)" for word in LAW_WORDS),
        # số 03/VBHN-BGDĐT
        r"[Ss]ố(?=\s*+:?+\s*+\d)",
    ]
)
# With the character before it, not one of a word: the engine passes over the letters within words without trying anything there.
_ANCHOR = re.compile(rf"\W(?:{_BEGINS}|(?=[Q\d])(?:{STANDARD}|{NUMBER.pattern}))", re.VERBOSE)
_UNIT = re.compile(rf"{UNIT_WORD}(?=\s)")
_LINK = re.compile(r"(?:\s*,\s*|\s+|(?<=\d))(?:[-–]\s*)?(?:(?:của|tại|thuộc|trong)\s+)?(?:bản\s+)?")
# The label of a quoted article: "như sau: “Điều 2 Luật này có hiệu lực …"
_QUOTED_LABEL = re.compile(r"(?:(?<=:\s)|(?<=:))[“\"]\s*(?:Điều|Khoản|khoản|Điểm|điểm)\s+[\da-zđ]{1,4}(?=[.:)]?\s+[^\W\d_])")
_IN_ROW = re.compile(r"\s*[,;]\s*|\s*,?\s+và\s+")


def find_references(text: str, *, attached: bool = False, attachments: Collection[str] = ()) -> list[FoundReference]:
    """The references in ``text``, in order, none overlapping another.

    ``attached``: the text stands in a regulation issued with a document, where "Điều này" is the regulation's. ``attachments`` are the
    types of what is issued with the document, in small letters ("quy chế"): in it too, "Quy chế này" is what is attached.
    """
    prepared, offsets = _prepared(text)
    citations = _completed(prepared, list(_citations(prepared)))
    if not citations:
        return []
    quoted = _quoted_acts(prepared, citations)
    place = _Place(attached, frozenset(attachments))
    found = [_reference(citation, quoted.get(number), place) for number, citation in enumerate(citations)]
    if offsets is None:
        return found
    return [replace(reference, start=offsets[reference.start], end=offsets[reference.end]) for reference in found]


_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "\xa0": " ", "\0": " "})
_OTHER = re.compile(r"[Ðð\xa0\0]")
# A paragraph's end, and a gap as it sets columns apart: no reference goes on over it, and no pattern has to look over it.
_GAP = re.compile(r"\n[^\S\n]*\n\s*|\s{40,}")
_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f]*")
# A text without any other character, and with single spaces, is as the patterns want it. Nearly all are, and this is soon known.
_UNUSUAL = re.compile(r"[^ -~À-ÏÑ-ïñ-ɏẠ-ỿ“”‘’–—…•≤≥²³]")


def _prepared(text: str) -> tuple[str, list[int] | None]:
    """The text as the patterns want it, and where each of its characters is in ``text``; None where they are one to one."""
    if not _UNUSUAL.search(text) and "  " not in text:
        return text, None
    offsets: list[int] | None = None
    if not unicodedata.is_normalized("NFC", text):
        clusters = [(unicodedata.normalize("NFC", match[0]), match.start()) for match in _CLUSTER.finditer(text)]
        offsets = [start for cluster, start in clusters for _character in cluster] + [len(text)]
        text = "".join(cluster for cluster, _start in clusters)
    if _OTHER.search(text):
        text = text.translate(_LOOK_ALIKES)
    return _GAP.sub(lambda match: "\0" * len(match[0]), text), offsets


def _citations(text: str) -> Iterator[_Citation]:
    position, row_end = 0, -1
    # The text's first word has a character before it too, so that a place in the text is there that of the character before it.
    spaced = f" {text}"
    while anchor := _ANCHOR.search(spaced, position):
        start, end = anchor.start(), anchor.end() - 1
        if _UNIT.match(text, start):
            citation, position = _clause_citation(text, start)
            if citation is None and position == start:
                citation, position = _document_citation(text, start, in_row=False, fallback=end)
        else:
            in_row = row_end >= 0 and _IN_ROW.fullmatch(text, row_end, start) is not None
            citation, position = _document_citation(text, start, in_row=in_row, fallback=end)
        if citation is not None:
            yield citation
            row_end = citation.end if citation.elsewhere and not citation.paths else -1


def _document_citation(text: str, start: int, *, in_row: bool, fallback: int) -> tuple[_Citation | None, int]:
    """The whole document named at ``start``, and where to go on."""
    named = read_named(text, start) or read_number(text, start, in_row=in_row) or read_basis(text, start)
    return (_Citation(start, named.end, named), named.end) if named else (None, fallback)


def _clause_citation(text: str, start: int) -> tuple[_Citation | None, int]:
    """The clauses named at ``start`` with their document, and where to go on; ``start`` itself where no components stand there."""
    components = read_components(text, start)
    if components is None:
        return None, start
    if label := _QUOTED_LABEL.match(text, start - 1) if start else None:
        return None, label.end()
    if not components.own:
        if named := _document_of(text, components):
            return _Citation(start, named.end, named, components.paths), named.end
        if not _stands_alone(text, start, components):
            return None, components.end
    elif not _is_own(text, start, components):
        return None, components.end
    return _Citation(start, components.end, None, components.paths), components.end


def _document_of(text: str, components: Components) -> Named | None:
    """The document that the clauses are said to be of: "Điều 5 của Nghị định số …", "Phụ lục I ban hành kèm theo Thông tư số …"."""
    if link := _LINK.match(text, components.end):
        for reader in (read_amending, read_named, read_number, read_plain_name):
            if named := reader(text, link.end()):
                return named
    carried = CARRIED.match(text, components.end) if components.top >= FORM else None
    named = read_named(text, carried.end()) if carried else None
    if named is None or named.naming is Naming.THIS:
        return named
    return replace(named, naming=Naming.ATTACHED)


_CUE = re.compile(
    r"(?:tại|của|theo|trong|thuộc|các|những|ở|như|và|hoặc|từ|với|trừ|vào|cứ|định|nêu|khoản|hành|đổi|sung|bỏ|thế|tên|[(,;])\s*$",
    re.IGNORECASE,
)
_OWN_CUE = re.compile(
    r"(?:tại|của|theo|trong|thuộc|ở|và|hoặc|với|trừ|định|tên|vào|chi\s+tiết|cụ\s+thể|sung|đổi|bỏ|hành)\s+$", re.IGNORECASE
)
_QUOTED_HEAD = re.compile(rf"\.?\s+[{CAPITAL}\d“\"]|\.$")
_STATES = re.compile(r"\s+(?:được|bị|quy\s+định|áp\s+dụng|có\s+hiệu|hết\s+hiệu|không\s+áp|chỉ\s+áp|thay\s+thế|sửa\s+đổi)")


def _stands_alone(text: str, start: int, components: Components) -> bool:
    """Whether components without a document are a reference: "khoản 1 Điều 6", "Phụ lục XV"; no head of a quoted article, no label.

    "Mẫu 1" and "điểm 8" are too little by themselves.
    """
    # Only of its own paragraph: what ends the one before says nothing of this.
    before = text[max(0, start - 12) : start].rpartition("\0")[2]
    top = components.top
    if top == ARTICLE:
        opens = not before.strip() or before.rstrip()[-1:] in '“”":.'
        return not (opens and _QUOTED_HEAD.match(text, components.end))
    if top == FORM:
        return False
    several = len(components.paths[0]) > 1
    if top == ANNEX:
        return several or bool(before.strip())
    if top <= POINT:
        figures = components.paths[0][0][1][:1].isdigit()
        return bool(_CUE.search(before)) and not figures
    if top < ARTICLE:
        return True
    return several or bool(_CUE.search(before))


def _is_own(text: str, start: int, components: Components) -> bool:
    """Whether "khoản này", "Điều này" stand for a clause: "Điều này cho thấy …" and "các khoản này" do not."""
    if len(components.paths[0]) > 1:
        return True
    before = text[max(0, start - 12) : start].rpartition("\0")[2]
    if not before.strip() or before.rstrip()[-1:] in '.“"':
        return text[start].isupper() and bool(_STATES.match(text, components.end))
    return text[start].isupper() or bool(_OWN_CUE.search(before))


# --- what the sentence tells ----------------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(rf"[.!?…](?=\s+[{CAPITAL}“\"(\-–])|\0+")


def _completed(text: str, citations: Sequence[_Citation]) -> list[_Citation]:
    """Clauses without a document get the one that the sentence names for their neighbours.

    "điểm a khoản 1 và đáp ứng khoản 2 Điều 19 Nghị định số …": what lacks its article takes article and document from the next;
    "Điều 11 và Điều 17 Thông tư số … tại điểm b Điều 17": what names the same article is of the same document.
    """
    if len(citations) < 2:
        # There is no neighbour to learn from.
        return list(citations)
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    result = list(citations)
    sentences: dict[int, list[int]] = {}
    for number, citation in enumerate(citations):
        sentences.setdefault(bisect_right(ends, citation.start), []).append(number)
    for numbers in sentences.values():
        _complete_sentence(result, numbers)
    return result


def _complete_sentence(citations: list[_Citation], numbers: Sequence[int]) -> None:
    """Complete the citations with these numbers, in place, from the last to the first."""
    tops: dict[tuple[int, str], Named] = {}
    for number in numbers:
        citation = citations[number]
        if citation.named is not None and citation.paths:
            for path in citation.paths:
                tops.setdefault(path[-1], citation.named)
    following: _Citation | None = None
    for number in reversed(numbers):
        citation = citations[number]
        if citation.named is None and citation.paths:
            citation = citations[number] = _completed_one(citation, following, tops)
        if citation.paths and citation.named is not None:
            following = citation


def _completed_one(citation: _Citation, following: _Citation | None, tops: dict[tuple[int, str], Named]) -> _Citation:
    top, value = citation.paths[-1][-1]
    if value == OWN:
        return citation
    if top < ARTICLE and following is not None and following.elsewhere:
        above = tuple(component for component in following.paths[0] if component[0] > top)
        if above and above[0][0] <= ARTICLE:
            paths = tuple((*path, *above) for path in citation.paths)
            return replace(citation, named=_undated(following.named), paths=paths)
    named = tops.get((top, value)) if top != ANNEX else None
    return replace(citation, named=_undated(named)) if named else citation


def _undated(named: Named | None) -> Named | None:
    """A document as another reference names it: the date and the name of what is attached are that one's, not this one's."""
    if named is None:
        return None
    naming = Naming.DOCUMENT if named.naming is Naming.ATTACHED else named.naming
    return replace(named, naming=naming, year=None, issued=None)


_QUOTING = re.compile(r"như\s+sau\s*:\s*[“\"]")


def _quoted_acts(text: str, citations: Sequence[_Citation]) -> dict[int, Named]:
    """For each "Luật này" within words quoted from another act, by its place in ``citations``, that act.

    "Điều 3 của Pháp lệnh số 06/2013/UBTVQH13 … quy định như sau: “Pháp lệnh này có hiệu lực …”".
    """
    quotes = [match.end() for match in _QUOTING.finditer(text)]
    if not quotes:
        return {}
    acts: dict[int, Named] = {}
    first: dict[str, Named] = {}
    for number, citation in enumerate(citations):
        named = citation.named
        if named is None:
            continue
        if named.naming is Naming.THIS and citation.start >= quotes[0]:
            act = first.get(named.type.lower())
            if act:
                acts[number] = act
        elif citation.elsewhere and named.number and citation.end <= quotes[0]:
            first.setdefault(named.type.lower(), named)
    return acts


# --- the reference ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands: in what is attached to a document, or in a document with such attachments."""

    attached: bool
    attachments: frozenset[str]


def _reference(citation: _Citation, quoted: Named | None, place: _Place) -> FoundReference:
    named = citation.named
    clauses = tuple(map(spelt, citation.paths))
    document = _target(citation, quoted, place)
    number = quoted.number if quoted else named.number if named else ""
    year, issued = (named.year, named.issued) if named else (None, None)
    return FoundReference(citation.start, citation.end, _form(citation), document, number, year, issued, clauses)


def _target(citation: _Citation, quoted: Named | None, place: _Place) -> str:
    if quoted is not None:
        return quoted.document
    named = citation.named
    if named is not None and named.naming is not Naming.THIS:
        return named.document
    if named is not None:
        of_attached = named.regulation if place.attached else " ".join(named.type.lower().split()) in place.attachments
        return THIS_ATTACHMENT if of_attached else THIS
    if not place.attached:
        return THIS
    # Annexes are the document's, also those that the regulation speaks of.
    return THIS if citation.paths[-1][-1][0] == ANNEX else THIS_ATTACHMENT


_FORMS = {Naming.THIS: Form.INTERNAL, Naming.ATTACHED: Form.ATTACHED, Naming.LAW: Form.LAW, Naming.DOCUMENT: Form.DOCUMENT}


def _form(citation: _Citation) -> Form:
    if len(citation.paths) > 1:
        return Form.LIST
    if citation.named is None:
        return Form.INTERNAL
    form = _FORMS[citation.named.naming]
    return Form.CLAUSE if citation.paths and form in (Form.LAW, Form.DOCUMENT) else form
