"""Read what a person typed or pasted: which clauses of which documents it names.

"điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND", in any order, with commas or without, with marks or without, one citation or several.
Where the marks are missing "diem d" may be điểm d or điểm đ: both are candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kgsearch.citations.numbers import number_key
from kgsearch.citations.typed import (
    MAX_PATHS,
    Component,
    Mention,
    Path,
    Spelled,
    components_of,
    mentions_in,
    names,
    paths_of,
)
from kgsearch.models import Address

__all__ = [
    "FULL_TYPE",
    "Address",
    "TypedCitation",
    "components_of",
    "names_clause",
    "numbers_in",
    "plain",
    "read_address",
    "read_citation",
    "read_citations",
    "types_in",
]

MAX_CHARACTERS = 20_000
"""Of a pasted text; what follows is not read."""

MAX_DOCUMENTS = 20
"""Documents that one text may name; those after them are not read."""

# A number as typed, without marks and in small letters: what tells it from "5 - danh sách" is a stroke in it, what tells "nq 20 - điều 1"
# and "20/nq-hdnd - giải ngân" from longer numbers is that a symbol set off by spaces is all consonants, as organs' are.
_SYMBOL = r"(?!(?:[dđ]ieu|khoan|[dđ]iem|muc|chuong|phan)(?!\w))[a-zđ][a-zđ&]*\d*"
_MORE = rf"(?:[\-.]{_SYMBOL}| ?- ?(?:[bcdđghklmnpqrstvx]{{2,8}}|ubnd)\d*(?![a-zđ&])| ?/ ?{_SYMBOL})"
_NUMBER = re.compile(
    rf"(?<![\w/])(\d{{1,5}}[a-z]? ?(?:/ ?(?:19|20)\d\d ?)?(?:/ ?{_SYMBOL}|- ?{_SYMBOL}(?:-{_SYMBOL})* ?/ ?{_SYMBOL}){_MORE}*)(?!\w)"
)
_LETTERS_OF_SYMBOLS = "đư"
_NO_WORD = re.compile(r"[bcdghklmnpqrstvxy&]+\d*|u[a-z]*[bcdghklmnpqrstvx]\d*|\w*\d+|tu|tw")
# Types as typed, with the part of a number's symbol that stands for them ("*": whatever begins so) and the type's name.
_TYPES = {
    "nghi quyet": ("nq", "Nghị quyết"),
    "quyet dinh": ("qd", "Quyết định"),
    "chi thi": ("ct", "Chỉ thị"),
    "quy che": ("qc", "Quy chế"),
    "quy dinh": ("qd", "Quy định"),
    "thong cao": ("tc", "Thông cáo"),
    "thong bao": ("tb", "Thông báo"),
    "huong dan": ("hd", "Hướng dẫn"),
    "chuong trinh": ("ctr", "Chương trình"),
    "ke hoach": ("kh", "Kế hoạch"),
    "phuong an": ("pa", "Phương án"),
    "de an": ("da", "Đề án"),
    "du an": ("da", "Dự án"),
    "bao cao": ("bc", "Báo cáo"),
    "bien ban": ("bb", "Biên bản"),
    "to trinh": ("ttr", "Tờ trình"),
    "hop dong": ("hd", "Hợp đồng"),
    "cong dien": ("cd", "Công điện"),
    "giay moi": ("gm", "Giấy mời"),
    "cong van": ("", "Công văn"),
    "nghi dinh": ("nd", "Nghị định"),
    "thong tu": ("tt", "Thông tư"),
    "thong tu lien tich": ("ttlt", "Thông tư liên tịch"),
    "nghi quyet lien tich": ("nqlt", "Nghị quyết liên tịch"),
    "van ban hop nhat": ("vbhn", ""),
    "ket luan": ("kl", "Kết luận"),
    "dieu le": ("dl", "Điều lệ"),
    "thong tri": ("ttri", "Thông tri"),
    "bo luat": ("qh*", "Bộ luật"),
    "luat": ("qh*", "Luật"),
    "phap lenh": ("ubtvqh*", "Pháp lệnh"),
    "hien phap": ("", "Hiến pháp"),
}
_CODES = frozenset(re.findall(r"\w+", "nq qd ct kh bc tb ttr hd ctr nd tt cd kl qc qyd bb gm ttlt vbhn cv"))
_FIGURED = {**{name: code for name, (code, _type) in _TYPES.items() if name != "hien phap"}, **{code: code for code in _CODES}, "cv": ""}
# National programmes and schemes are known by a figure that is no document's number ("Chương trình 135", "Đề án 06").
_DOUBTFUL = frozenset(["chuong trinh", "de an", "du an", "phuong an"])


def _one_of(words: Sequence[str]) -> str:
    return "|".join(word.replace("d", "[dđ]") for word in sorted(words, key=len, reverse=True))


_TYPE = _one_of([*_FIGURED, *_TYPES])
FULL_TYPE = re.compile(rf"(?<!\w)({_one_of(list(_TYPES))})(?!\w)")
"""A type's name in text without marks."""

_ORGANS = "hdnd|hđnd|ubnd|cp|ttg|tw|tu"
_YEAR_IN = r"(?:19|20)\d\d"
_NAMED = re.compile(
    rf"(?<!\w)({_one_of(list(_FIGURED))})(?:\.(?=\d))? ?(?P<so>so ?:? ?)?(?P<first>\d{{1,5}}[a-z]?)"
    rf"(?: ?[/-] ?(?P<year>{_YEAR_IN})| (?P<apart>{_YEAR_IN}))?(?: (?P<organ>{_ORGANS}))?(?![\w%/]|[.,]\d| ?%)"
)
_SPACED = re.compile(rf"(?<!\w)(\d{{1,5}}(?: {_YEAR_IN})? (?:{_one_of(sorted(_CODES))}) (?:{_ORGANS}))(?!\w)")
_LAW = re.compile(r"(?<!phap )(?<!ky )(?<!\w)(?:bo luat|luat|phap lenh|hien phap)(?= \w)")
_BEFORE_NUMBER = re.compile(rf"(?:(?<!\w)(?:{_TYPE})\.? )?(?:(?<!\w)so ?:? ?)?$")
_DATE = re.compile(r"(?<!\w)ngay (\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:[/.-]| nam )(\d{4})(?!\d)")
_YEAR = re.compile(rf"(?<!\w)nam ({_YEAR_IN})(?!\w)")
_BARE_YEAR = re.compile(rf"(?<![\w/.-])({_YEAR_IN})(?![\w/-])")
_FILLER = re.compile(
    rf"(?<!\w)(?:so|cua|thuoc|tai|theo|va|cac|tu|[dđ]en|hoac|o|trong|van ban|can cu|kem theo|ban hanh|quy [dđ]inh|{_TYPE})(?!\w)"
)
_ATTACHED_TO = re.compile(r"kem theo ?$")
# What is typed in one letter for a component, and what it stands for; the order is that in which it is tried.
_SHORT = (
    (re.compile(r"(?<!\w)k\.? ?(\d{1,3}[a-zđ]?)(?!\w)"), r"khoan \1"),
    (re.compile(r"(?<!\w)đ\.? ?(\d{1,3}[a-z]?)(?!\w)"), r"đieu \1"),
    (re.compile(r"(?<!\w)(?:đ |[dđ]\. ?)([a-zđ])(?!\w)"), r"điem \1"),
)
_SHORT_UNMARKED = (re.compile(r"(?<!\w)d\.? ?(\d{1,3}[a-z]?)(?!\w)"), r"dieu \1")
_URL = re.compile(r"(?:https?://[^/\s]+)?/documents/([\w-]+)(?:\?[^#\s]*)?(?:[#/]([\w.-]+))?/?", re.ASCII)
_ID = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)+)(?:#([\w.-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedCitation:
    """One document that a text cites, with the clauses of it.

    ``paths`` are the clauses, each its components from the smallest to the largest, as typed; ``number`` the key of the document's
    number or ""; ``type_code`` and ``first`` stand for a number of which only the figure was typed ("nq 535"), ``organ`` is the organ's
    part of its symbol ("nq 20 hđnd"), ``type`` the type's name where it was typed in full; ``year`` and ``issued`` what was typed beside
    it. ``named`` says that it is cited by its name: a law, or a document without number. ``context`` is the text that may tell it from
    others of its number, ``rest`` what of the whole text was not understood, both without marks; ``marked`` says that marks were typed,
    so that d and đ are told apart. ``doubtful``: the figure may be no document's number.
    """

    paths: tuple[Path, ...] = ()
    number: str = ""
    type_code: str = ""
    type: str = ""
    first: str = ""
    organ: str = ""
    year: int | None = None
    issued: date | None = None
    marked: bool = False
    named: bool = False
    doubtful: bool = False
    context: str = ""
    rest: str = ""

    @property
    def components(self) -> tuple[Component, ...]:
        """The components of the first clause named."""
        return self.paths[0] if self.paths else ()

    @property
    def cites(self) -> bool:
        """Whether this is a citation and no ordinary words: a clause alone, of no document, is none, and beside other words a figure
        alone is none either ("kế hoạch 5 năm")."""
        numbered = any(number for path in self.paths for _name, number in path)
        if self.number or (self.paths and self.first) or (numbered and self.named):
            return True
        return bool(self.first) and not self.rest and not self.doubtful

    @property
    def names_document(self) -> bool:
        """Whether a document's number, or its figure with a type, was typed."""
        return bool(self.number or self.first)


@dataclass(frozen=True, slots=True)
class _Named:
    """A place that names a document: what of a TypedCitation stands there."""

    start: int
    end: int
    citation: TypedCitation
    law: bool = False


def plain(text: str) -> str:
    """Small letters without marks but with đ, single-spaced, plain hyphens, no commas: what typed text is compared in."""
    return " ".join(Spelled.of(text).plain.replace(",", " ").split())


def numbers_in(text: str) -> tuple[str, ...]:
    """The keys of all document numbers in ``text``, in its order."""
    return tuple(dict.fromkeys(number_key(match[1]) for match in _numbers(Spelled.of(text))))


def types_in(text: str) -> list[str]:
    """The types that ``text`` names in full, and "": a document may have none."""
    typed = {match[1].replace("đ", "d") for match in FULL_TYPE.finditer(plain(text))}
    return ["", *sorted({_TYPES[name][1] for name in typed} - {""})]


def read_address(text: str) -> Address | None:
    """The document and clause that a pasted address ("/documents/ID#EID", with a host or without) or an id ("ID", "ID#EID") may name."""
    match = _URL.fullmatch(text.strip()) or _ID.fullmatch(text.strip())
    return Address(match[1], match[2] or "") if match else None


def read_citation(text: str) -> TypedCitation:
    """The first citation in ``text``; its components and number are empty where it cites nothing."""
    return read_citations(text)[0]


def read_citations(text: str) -> tuple[TypedCitation, ...]:
    """The citations in ``text``, one for each document in the order named; a single one with an empty number where it names none."""
    text = text[:MAX_CHARACTERS]
    marked = any(character in "đĐðÐ" or unicodedata.combining(character) for character in unicodedata.normalize("NFD", text))
    spelled = Spelled.of(text)
    written_out = _written_out(spelled.plain, marked)
    if written_out != spelled.plain:
        found = _read(Spelled(written_out, written_out), marked)
        if found[0].names_document and not found[0].rest:
            return found
    return _read(spelled, marked)


def names_clause(typed: TypedCitation, citation: str) -> bool:
    """Whether a clause cited as ``citation`` is one that was typed."""
    return any(names(path, citation, marked=typed.marked) for path in typed.paths)


def _written_out(text: str, marked: bool) -> str:
    """``text`` with "k2 đ1" as "khoản 2 điều 1"; a d without its stroke is đ only where no marks were typed."""
    for pattern, replacement in (*_SHORT, *(() if marked else (_SHORT_UNMARKED,))):
        text = pattern.sub(replacement, text)
    return text


def _read(text: Spelled, marked: bool) -> tuple[TypedCitation, ...]:
    documents = _documents_in(text)
    bare = text.without([(found.start, found.end) for found in documents])
    dates = [(match.start(), match.end()) for pattern in (_DATE, _YEAR) for match in pattern.finditer(bare.plain)]
    mentions = mentions_in(bare.without(dates))
    documents, shares = _shared_out(text.plain, documents, mentions)
    rest = bare.without([*dates, *((mention.start, mention.end) for mention in mentions)]).plain
    common = replace(TypedCitation(), marked=marked, rest=_without_fillers(rest), named=FULL_TYPE.search(bare.plain) is not None)
    if not documents:
        return (_dated(replace(common, paths=paths_of(bare.plain, mentions), context=text.plain), text.plain),)
    ends = [*(found.start for found in documents[1:]), len(text.plain)]
    found: list[TypedCitation] = []
    for index, (document, share) in enumerate(zip(documents, shares, strict=True)):
        start = min([document.start, *(mention.start for mention in share)])
        context = text.plain if len(documents) == 1 else text.plain[start : ends[index]]
        known = document.citation
        citation = replace(
            common,
            paths=paths_of(bare.plain, share)[: MAX_PATHS - sum(len(other.paths) for other in found)],
            number=known.number,
            type_code=known.type_code,
            type=known.type,
            first=known.first,
            organ=known.organ,
            year=known.year,
            doubtful=known.doubtful and not share,
            named=document.law,
            context=context,
        )
        found.append(_dated(citation, context))
    return tuple(found)


def _dated(citation: TypedCitation, context: str) -> TypedCitation:
    """The citation with the date and year that its context gives."""
    issued = _date_in(context)
    year = citation.year
    if year is None and not issued:
        pattern = _BARE_YEAR if citation.named and not _YEAR.search(context) else _YEAR
        match = pattern.search(context)
        year = int(match[1]) if match else None
    return replace(citation, issued=issued, year=year)


def _date_in(text: str) -> date | None:
    for match in _DATE.finditer(text):
        try:
            return date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            continue
    return None


def _without_fillers(text: str) -> str:
    """Plain text without the words that only join the parts of a citation, or name a type beside its number."""
    return " ".join(word for word in _FILLER.sub(" ", text.replace(",", " ")).split() if any(map(str.isalnum, word)))


def _documents_in(text: Spelled) -> list[_Named]:
    """The places that name documents, in order: numbers, figures with a type, laws by name."""
    found = [_numbered(text.plain, match) for match in _numbers(text)]
    bare = text.without([(one.start, one.end) for one in found])
    found += [_numbered(bare.plain, match) for match in _SPACED.finditer(bare.plain)]
    bare = text.without([(one.start, one.end) for one in found])
    found += [one for match in _NAMED.finditer(bare.plain) if (one := _figured(match)) is not None]
    found.sort(key=lambda one: one.start)
    bare = text.without([(one.start, one.end) for one in found])
    laws = [_Named(match.start(), match.end(), TypedCitation(), law=True) for match in _LAW.finditer(bare.plain)]
    alone = [law for law in laws if not _has_number(law, found, text.plain)]
    return sorted([*found, *alone], key=lambda one: one.start)[:MAX_DOCUMENTS]


def _numbers(text: Spelled) -> list[re.Match[str]]:
    """The document numbers in ``text``: "20/NQ-HĐND", but not "14/Tòa án" or "15.000/bản"."""
    return [match for match in _NUMBER.finditer(text.plain) if _is_number(match, text.marked[match.start() : match.end()])]


def _is_number(match: re.Match[str], marked: str) -> bool:
    """Whether what looks like a number has a symbol: no word, and, where it is one part alone, none that could be a word typed without
    its marks."""
    if any(character not in _LETTERS_OF_SYMBOLS for character in marked if character.isalpha() and not character.isascii()):
        return False
    symbol = [part for part in number_key(match[1]).split("/")[1:] if not part.isdigit()]
    return len(symbol) > 1 or _NO_WORD.fullmatch(symbol[0]) is not None or symbol[0] in _CODES


def _numbered(text: str, match: re.Match[str]) -> _Named:
    before = _BEFORE_NUMBER.search(text[max(0, match.start() - 60) : match.start()])
    lead = before.group() if before else ""
    typed = FULL_TYPE.search(lead)
    name = _TYPES[typed[1].replace("đ", "d")][1] if typed else ""
    return _Named(match.start() - len(lead), match.end(), TypedCitation(number=number_key(match[1]), type=name))


def _figured(match: re.Match[str]) -> _Named | None:
    """A figure with a type as a document; None for a year ("kế hoạch 2021", "kế hoạch 2021-2025")."""
    name = match[1].replace("đ", "d")
    year = match["year"] or match["apart"]
    if not match["so"] and re.fullmatch(_YEAR_IN, match["first"]):
        return None
    citation = TypedCitation(
        type_code=_FIGURED[name],
        type=_TYPES[name][1] if name in _TYPES else "",
        first=match["first"].lstrip("0") or match["first"],
        organ=(match["organ"] or "").replace("đ", "d"),
        year=int(year) if year else None,
        doubtful=name in _DOUBTFUL and not (match["so"] or year),
    )
    return _Named(match.start(), match.end(), citation)


def _has_number(law: _Named, documents: Sequence[_Named], text: str) -> bool:
    """Whether a law's number follows its name: "Luật Đất đai số 45/2013/QH13"."""
    number = next((document for document in documents if document.start >= law.end), None)
    if number is None or not number.citation.number:
        return False
    between = text[law.end : number.start]
    number_alone = text[number.start : number.end].startswith(("so", *"0123456789"))
    return number_alone and len(between) < 200 and " va " not in between and not mentions_in(Spelled(between, between))


def _shared_out(text: str, documents: Sequence[_Named], mentions: Sequence[Mention]) -> tuple[list[_Named], list[list[Mention]]]:
    """The documents that are cited, and the components that belong to each."""
    runs = [
        [mention for mention in mentions if start <= mention.start < end]
        for start, end in zip([0, *(one.end for one in documents)], [*(one.start for one in documents), len(text)], strict=True)
    ]
    shares: list[list[Mention]] = [[] for _document in documents]
    for index, run in enumerate(runs):
        if run and documents:
            shares[_owner(text, documents, runs, index)] += run
    dropped: set[int] = set()
    for index in range(1, len(documents)):
        if not runs[index] and _ATTACHED_TO.search(text[documents[index - 1].end : documents[index].start]):
            # What stood before was in the name of what is attached to this one.
            shares[index] = shares[index - 1] + shares[index]
            dropped.add(index - 1)
    # A law without a clause is mostly part of another document's name; the first is it where nothing else is cited.
    kept = [i for i, one in enumerate(documents) if i not in dropped and (shares[i] or not one.law)] or list(range(min(1, len(documents))))
    return [documents[i] for i in kept], [shares[i] for i in kept]


def _owner(text: str, documents: Sequence[_Named], runs: Sequence[list[Mention]], index: int) -> int:
    """Which document the components before document ``index`` belong to: that one, unless they follow closely on the one before it."""
    last = len(documents) - 1
    if index == 0 or index > last:
        return min(index, last)
    run = runs[index]
    follows = _is_close(text[documents[index - 1].end : run[0].start])
    leads = _is_close(text[run[-1].end : documents[index].start])
    document_first = not runs[0] and bool(runs[-1])
    return index - 1 if follows and (document_first or not leads) else index


def _is_close(between: str) -> bool:
    """Whether nothing but joining words and a date stands between a component and a document."""
    words = _YEAR.sub(" ", _DATE.sub(" ", between))
    return re.search(r"(?<!\w)(?:va|hoac)(?!\w)", words) is None and not _without_fillers(words)
