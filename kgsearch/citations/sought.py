"""What a reference looks for: what it says itself, and what the rest of its document says of it.

A document is cited in full once and briefly after that ("Nghị quyết số 20/NQ-HĐND"), so that date and issuer of the first mention are
those of the later ones. And what stands in words quoted from another act, or says what is amended in it, is not of the document itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kgsearch.citations.find import THIS, THIS_ATTACHMENT
from kgsearch.citations.issuers import issuer_end
from kgsearch.citations.name_keys import in_full, name_key, same_organ, unmarked
from kgsearch.citations.numbers import number_key
from kgsearch.citations.read import FULL_TYPE
from kgsearch.citations.write import cited_name
from kgsearch.models import Clause, Document, DocumentRecord, Reference

_YEAR_OF_NUMBER = re.compile(r"\d+[a-z]?/((?:19|20)\d\d)(?:/|$)")


_GIVEN = ("type", "year", "issuer", "several", "foreign", "attached")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reference looks for in the catalogue.

    Of ``number_key`` and ``name_key`` at most one is given; without either the citing document itself is meant. ``type`` and ``issuer``
    are in plain letters, ``year`` and ``issued`` of the document cited; each "" or None where nothing says so. ``several``: the citing
    document names several documents so, and does not say here which. ``foreign``: the words are another act's, quoted or amended, and
    nothing says whose. ``attached``: clauses are meant of what is issued with the document.
    """

    number_key: str = ""
    name_key: str = ""
    type: str = ""
    year: int | None = None
    issued: date | None = None
    issuer: str = ""
    several: bool = False
    foreign: bool = False
    attached: bool = False

    @property
    def own(self) -> bool:
        """Whether the citing document itself is meant."""
        return not (self.number_key or self.name_key or self.foreign)

    def to_json(self) -> dict[str, Any]:
        """What is given beside the two keys; ``from_json`` reads it back."""
        given: dict[str, Any] = {name: value for name in _GIVEN if (value := getattr(self, name))}
        if self.issued:
            given["issued"] = self.issued.isoformat()
        return given

    @classmethod
    def from_json(cls, number_key: str, name_key: str, given: Mapping[str, Any]) -> Sought:
        """What ``to_json`` wrote, with its keys."""
        issued = date.fromisoformat(given["issued"]) if "issued" in given else None
        return cls(number_key, name_key, **{**given, "issued": issued})


def document_name_key(document: Document) -> str:
    """The key of the name by which a document is cited; "" for what is cited by its number alone."""
    described = {name: getattr(document, name) for name in ("id", "number", "type", "title", "issuer", "place", "issued")}
    return name_key(cited_name(DocumentRecord(**described, signer="", signer_title="")))


def named_year(document: Document) -> int | None:
    """The year of the act that a document is named after: its own, but of a consolidated text that of the law in it, if it says so."""
    if not _is_consolidated(document):
        return document.issued.year if document.issued else None
    key = document_name_key(document)
    for reference in document.references:
        if key and name_key(reference.text).startswith(key) and (year := _year(reference)):
            return year
    return None


def sought_by(document: Document) -> list[Sought]:
    """What each of a document's references looks for, in their order."""
    places = _Places(document)
    found = [_alone(reference) for reference in document.references]
    found = [places.placed(reference, one) for reference, one in zip(document.references, found, strict=True)]
    return _inherited(found)


def _is_consolidated(document: Document) -> bool:
    return "vbhn" in number_key(document.number).split("/")


def _year(reference: Reference) -> int | None:
    if reference.year:
        return reference.year
    match = _YEAR_OF_NUMBER.match(number_key(reference.number))
    return int(match[1]) if match else None


def _alone(reference: Reference) -> Sought:
    """What a reference says itself."""
    if reference.document in (THIS, THIS_ATTACHMENT):
        return Sought()
    number = number_key(reference.number) if reference.number else ""
    return Sought(
        number_key=number,
        name_key="" if number else name_key(reference.document),
        type=_type(reference) if number else "",
        year=reference.year,
        issued=reference.issued,
        issuer=_issuer(reference),
    )


def _type(reference: Reference) -> str:
    """The type named last: "Quy chế … ban hành kèm theo Quyết định số 7/QĐ-UBND" is the decision's."""
    types = FULL_TYPE.findall(unmarked(reference.text))
    return str(types[-1]).replace("đ", "d") if types else ""


def _issuer(reference: Reference) -> str:
    """The issuer that the reference ends with or has before its date, as an organ's plain name."""
    text = reference.text
    start = 0
    if not reference.number:
        # A law's own name may speak of an organ.
        start = text.find(reference.document) + len(reference.document) if reference.document in text else len(text)
    issuer = ""
    for match in re.finditer(r"(?:\s*,)?\s+của\s", text[start:]):
        begin = start + match.start()
        end = issuer_end(text, begin, joint=True)
        if end > begin:
            issuer = in_full(unmarked(text[start + match.end() : end]))
    return issuer


# --- where it stands ------------------------------------------------------------------------------------------------------

_AMENDS = re.compile(r"(?:Điều\s+\d+[.:]?\s*)?(?:[-–\d.)\s]*)(?:Sửa đổi|Bổ sung|Bãi bỏ|Thay thế|Đính chính)(?!\w)", re.IGNORECASE)
_AMENDING_TITLE = re.compile(r"(?:về\s+)?(?:việc\s+)?(?:sửa đổi|bổ sung|bãi bỏ|thay thế|đính chính)(?!\w)", re.IGNORECASE)
_AMENDS_BEFORE = re.compile(
    r"(?:sửa đổi|bổ sung|bãi bỏ|thay thế)(?:,?\s+(?:và\s+)?(?:sửa đổi|bổ sung|bãi bỏ|thay thế))*(?:\s+(?:các|một số))?\s*$", re.IGNORECASE
)
_AMENDED_AFTER = re.compile(r"\s+(?:được|bị)\s+(?:sửa đổi|bổ sung|bãi bỏ|thay thế)", re.IGNORECASE)
_VERBS = 120
"""Characters that the verbs before a clause may take."""
_WHOLE_OWN = re.compile(r"\w+\s+này$", re.IGNORECASE)
_OWN = re.compile(r"\b[Nn]ày\b")


class _Places:
    """Where the references of a document stand: in words quoted from another act, in an article that amends another act."""

    def __init__(self, document: Document) -> None:
        self._tops: dict[str, Clause] = {}
        self._texts: dict[str, str] = {}
        self._quoted: dict[str, _Quoted] = {}
        for top in document.clauses:
            self._enter(top, top, False)
        self._amending = _AMENDING_TITLE.match(document.title) is not None
        self._type = document.type
        self._consolidated = _is_consolidated(document)
        self._named: dict[str, list[Sought]] = {}
        self._whole: dict[str, list[Reference]] = {}
        for reference in document.references:
            if reference.document not in (THIS, THIS_ATTACHMENT) and not reference.clauses and reference.eid in self._tops:
                self._whole.setdefault(self._tops[reference.eid].eid, []).append(reference)

    def _enter(self, clause: Clause, article: Clause, open_quote: bool) -> bool:
        """Note of a clause and each below it the article it stands in and whether a quotation is open where it begins.

        ``article`` is the outermost above it, or what stands at the top where there is none. Whether a quotation is open at the end.
        """
        if not _is_article(article) and _is_article(clause):
            article = clause
        if clause is article:
            open_quote = False
        self._tops[clause.eid] = article
        self._texts[clause.eid] = clause.text
        self._quoted[clause.eid] = quoted = _quoted(clause.text, open_quote)
        open_quote = quoted.at(len(clause.text))
        for child in clause.clauses:
            open_quote = self._enter(child, article, open_quote)
        return open_quote

    def placed(self, reference: Reference, sought: Sought) -> Sought:
        """``sought`` as it is where the reference stands."""
        if not sought.own or reference.eid not in self._tops:
            return sought
        article, text = self._tops[reference.eid], self._texts[reference.eid]
        start, end = reference.span.start, reference.span.end
        quoted = self._quoted[reference.eid].at(start)
        if not _AMENDS.match(article.text) and not (self._amending and _is_attached(reference.eid)):
            # The notes of a consolidated text say what the laws say that amended it.
            note = self._consolidated and reference.eid.startswith("fn_") and not _WHOLE_OWN.match(reference.text)
            return replace(sought, foreign=True) if quoted or note else sought
        if not reference.clauses:
            own_type = unmarked(reference.text).startswith(unmarked(self._type))
            return replace(sought, foreign=quoted or _is_attached(reference.eid) or not own_type)
        acts = self._acts(article)
        said = _AMENDS_BEFORE.search(text, max(0, start - _VERBS), start) or _AMENDED_AFTER.match(text, end)
        if quoted or not said or len(acts) != 1 or _OWN.search(reference.text):
            return replace(sought, foreign=True)
        return replace(acts[0], attached="kèm theo" in article.text)

    def _acts(self, article: Clause) -> list[Sought]:
        """The acts that the head of an article names."""
        if article.eid not in self._named:
            found = [_alone(reference) for reference in self._whole.get(article.eid, ()) if reference.eid == article.eid]
            self._named[article.eid] = list({(one.number_key, one.name_key): one for one in found}.values())
        return self._named[article.eid]


def _is_article(clause: Clause) -> bool:
    return clause.eid.rpartition("__")[2].startswith("art_")


def _is_attached(eid: str) -> bool:
    return eid.startswith("att_")


_QUOTE = re.compile('[“”"]')


class _Quoted:
    """Where quotations are open in a text; ``already``: one is where it begins."""

    def __init__(self, text: str, already: bool) -> None:
        self._places: list[int] = []
        self._states = [already]
        for quote in _QUOTE.finditer(text):
            self._places.append(quote.start())
            self._states.append(quote[0] == "“" or (quote[0] == '"' and not self._states[-1]))

    def at(self, place: int) -> bool:
        """Whether one is open before ``place``."""
        return self._states[bisect_left(self._places, place)]


_UNQUOTED = {already: _Quoted("", already) for already in (False, True)}


def _quoted(text: str, already: bool) -> _Quoted:
    return _Quoted(text, already) if _QUOTE.search(text) else _UNQUOTED[already]


# --- what other mentions say ----------------------------------------------------------------------------------------------


_MOST_MENTIONS = 100
"""Different mentions of one number that are compared with one another; a document with more does not say which is meant."""


def _inherited(found: Sequence[Sought]) -> list[Sought]:
    """The same, each with what the other mentions of the document's number or name say where they all say the same."""
    found = _with_whole_numbers(found)
    mentions: dict[tuple[str, str], dict[Sought, None]] = {}
    for one in found:
        mentions.setdefault((one.number_key, one.name_key), {})[one] = None
    completed = {
        one: one if one.own or one.foreign else _completed(one, list(different)) for different in mentions.values() for one in different
    }
    return [completed[one] for one in found]


def _with_whole_numbers(found: Sequence[Sought]) -> list[Sought]:
    """ "Nghị định 65" is the decree of that figure that the document cites by its whole number, if there is one."""
    whole: dict[str, dict[str, None]] = {}
    for one in found:
        parts = one.number_key.split("/")
        if len(parts) > 2:
            for beginning in (parts[0], "/".join(parts[:2])):
                whole.setdefault(beginning, {})[one.number_key] = None
    short = {(one.number_key, one.type) for one in found if one.number_key in whole}
    meant = {(key, kind): [longer for longer in whole[key] if _of_type(longer, kind)] for key, kind in short}
    keys = {brief: longer[0] for brief, longer in meant.items() if len(longer) == 1}
    return [replace(one, number_key=known) if (known := keys.get((one.number_key, one.type))) else one for one in found]


_SYMBOLS = {
    "nghi dinh": "nd",
    "nghi quyet": "nq",
    "quyet dinh": "qd",
    "thong tu": "tt",
    "chi thi": "ct",
    "ke hoach": "kh",
    "to trinh": "ttr",
}


def _of_type(key: str, type_name: str) -> bool:
    symbol = _SYMBOLS.get(type_name)
    return symbol is None or symbol in key.split("/")


def _completed(one: Sought, mentions: Sequence[Sought]) -> Sought:
    """``one`` with year, date and issuer of the other mentions: only what all that say anything agree in."""
    if len(mentions) > _MOST_MENTIONS:
        return replace(one, several=True)
    fitting = [other for other in mentions if _agree(one, other)]
    dates = {other.issued for other in fitting if other.issued}
    years = {other.year for other in fitting if other.year}
    issuers = sorted({other.issuer for other in fitting if other.issuer}, key=len)
    agreeing = all(same_organ(issuer, issuers[-1]) for issuer in issuers)
    return replace(
        one,
        issued=one.issued or (next(iter(dates)) if len(dates) == 1 and len(years) == 1 else None),
        year=one.year or (next(iter(years)) if len(years) == 1 else None),
        issuer=one.issuer or (issuers[-1] if issuers and agreeing else ""),
        several=(not one.issued and len(dates) > 1) or (not one.year and len(years) > 1) or (not one.issuer and not agreeing),
    )


def _agree(one: Sought, other: Sought) -> bool:
    """Whether two mentions may be of one document."""
    same_day = not (one.issued and other.issued) or one.issued == other.issued
    same_year = not (one.year and other.year) or one.year == other.year
    return same_day and same_year and (not (one.issuer and other.issuer) or same_organ(one.issuer, other.issuer))
