"""Resolve a citation to what it names. The look-up is handed in; what is ambiguous gives every candidate, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kgsearch.citations.numbers import number_key
from kgsearch.citations.read import (
    TypedCitation,
    components_of,
    names_clause,
    plain,
    read_citation,
    without_components,
)
from kgsearch.citations.write import document_citation
from kgsearch.models import ClauseRecord, DocumentRecord


class Lookup(Protocol):
    """What resolving needs of a catalogue."""

    def documents(self) -> Sequence[DocumentRecord]:
        """Every document."""

    def by_number(self, number_key: str, /) -> Sequence[DocumentRecord]:
        """The documents with a number of this key."""

    def clauses(self, document_id: str, /) -> Sequence[ClauseRecord]:
        """The clauses of a document in order."""

    def by_citation(self, document_id: str, citation_key: str, /) -> Sequence[ClauseRecord]:
        """The clauses of a document cited so."""


@dataclass(frozen=True, slots=True)
class Target:
    """A document, and the clause of it that was named, if one was."""

    document: DocumentRecord
    clause: ClauseRecord | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a typed citation names: the documents it may mean, and the clauses; ``typed`` is how it was read.

    ``rest`` is what of the text neither cites nor describes the documents: the words that are looked for besides.
    """

    typed: TypedCitation
    documents: tuple[DocumentRecord, ...]
    clauses: tuple[Target, ...]
    rest: str


def resolve(text: str, lookup: Lookup, citation_key: Callable[[str], str]) -> Resolution:
    """What ``text`` names. Documents by number, with year, date and issuer where they are typed; without a number by title.

    A citation as we write it comes first: only the document that it ends with says which of the numbers in it is the document's.
    """
    typed = read_citation(text)
    written = _written(text, typed, lookup, citation_key)
    if written:
        documents = list(dict.fromkeys(target.document for target in written))
        return Resolution(typed, tuple(documents), tuple(written), "")
    documents = _narrowed(_by_title(text, typed, lookup) or _by_number(typed, lookup), typed, _bare(text))
    clauses = [Target(document, clause) for document in documents for clause in _named(typed, _bare(text), lookup.clauses(document.id))]
    return Resolution(typed, tuple(documents), tuple(clauses), _undescribed(text, typed, documents))


def _written(text: str, typed: TypedCitation, lookup: Lookup, citation_key: Callable[[str], str]) -> list[Target]:
    """The clauses whose citation is the text, letter for letter."""
    documents = [document for number in typed.numbers for document in lookup.by_number(number)] + _by_title(text, typed, lookup)
    return [Target(document, clause) for document in documents for clause in _as_written(text, document, lookup, citation_key)]


def _undescribed(text: str, typed: TypedCitation, documents: Sequence[DocumentRecord]) -> str:
    """What of ``text`` neither cites nor gives the documents' title, issuer or type beside the number."""
    rest = _bare(text)
    for document in documents:
        # Beside a figure alone the type is how it is read ("nghị quyết 12").
        for described in (document.title, document.issuer, document.type if typed.number else ""):
            if described:
                rest = re.sub(rf"(?<!\w)(?:ve )?{re.escape(_bare(described))}(?!\w)", " ", rest)
    return read_citation(rest).rest


def _bare(text: str) -> str:
    """Plain text without any marks: what is typed without them has no đ either."""
    return plain(text).replace("đ", "d")


def _by_number(typed: TypedCitation, lookup: Lookup) -> list[DocumentRecord]:
    if typed.number:
        return list(lookup.by_number(typed.number))
    if not typed.first:
        return []
    return [document for document in lookup.documents() if document.number and _begins_so(number_key(document.number), document, typed)]


def _begins_so(key: str, document: DocumentRecord, typed: TypedCitation) -> bool:
    """Whether a number's key has the figure typed first and, where a type was typed, that type's symbol."""
    first, _sep, symbol = key.partition("/")
    if first != typed.first:
        return False
    parts = symbol.split("/")
    return typed.type_code in parts if typed.type_code else document.type == "Công văn"


def _by_title(text: str, typed: TypedCitation, lookup: Lookup) -> list[DocumentRecord]:
    """Documents without a number whose citation the text holds; of several the one with the longest.

    Where a number is typed it must be part of the title: else it names another document.
    """
    whole = _bare(text)
    found = []
    for document in lookup.documents():
        if not document.number and document.title:
            named = _bare(document_citation(document, full=False).removesuffix(f" của {document.issuer}"))
            if named in whole and set(typed.numbers) <= set(read_citation(named).numbers):
                found.append((len(named), document))
    longest = max((length for length, _document in found), default=0)
    return [document for length, document in found if length == longest]


def _narrowed(documents: Sequence[DocumentRecord], typed: TypedCitation, text: str) -> list[DocumentRecord]:
    """The documents that date, year and issuer, as far as they were typed, leave; all of them where they leave none."""
    by_date = [document for document in documents if typed.issued is None or document.issued == typed.issued]
    documents = by_date or documents
    by_year = [document for document in documents if typed.year is None or (document.issued and document.issued.year == typed.year)]
    documents = by_year or documents
    by_issuer = [document for document in documents if document.issuer and _bare(document.issuer) in text]
    return list(by_issuer or documents)


def _as_written(text: str, document: DocumentRecord, lookup: Lookup, citation_key: Callable[[str], str]) -> list[ClauseRecord]:
    """The clauses whose citation stands before the document's in the text, letter for letter."""
    text = " ".join(text.split())
    for full in (True, False):
        before = text.removesuffix(document_citation(document, full=full)).strip()
        if not before or before == text:
            continue
        for tail in ("ban hành kèm theo", "kèm theo", ""):
            cited = before.removesuffix(tail).strip()
            found = [clause for clause in lookup.by_citation(document.id, citation_key(cited)) if clause.citation == cited]
            if found and before.endswith(tail):
                return found
    return []


def _named(typed: TypedCitation, text: str, clauses: Sequence[ClauseRecord]) -> list[ClauseRecord]:
    """The clauses that fit what was typed, those of an attachment before others where the text speaks of it."""
    if not typed.components:
        return []
    fitting = [clause for clause in clauses if names_clause(typed, clause.citation)]
    attached = [clause for clause in fitting if _is_attached(clause) and ("kem theo" in text or _begins_name(clause) in text)]
    return _smallest_reach(attached or fitting)


def _is_attached(clause: ClauseRecord) -> bool:
    return clause.eid.startswith("att_")


def _begins_name(clause: ClauseRecord) -> str:
    """The first two words of the name of what a clause is attached in ("quy che"), without marks."""
    return " ".join(_bare(without_components(clause.citation)).split()[:2])


def _smallest_reach(clauses: Sequence[ClauseRecord]) -> list[ClauseRecord]:
    """Of the clauses that fit, those the fewest steps down: "khoản 2" is khoản 2 itself before khoản 2 of an annex.

    Of clauses in several annexes none is nearer because its annex has the shorter name.
    """
    nearest = min(map(_reach, clauses), default=(False, 0))
    return [clause for clause in clauses if _reach(clause) == nearest]


def _reach(clause: ClauseRecord) -> tuple[bool, int]:
    attached = _is_attached(clause)
    return attached, len(components_of(clause.citation)) if attached else len(clause.citation.split())
