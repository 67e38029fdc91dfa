"""Resolve a citation to what it names. The look-up is handed in; what is ambiguous gives every candidate, never a guess."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kgsearch.citations.numbers import number_key
from kgsearch.citations.read import TypedCitation, names_clause, plain, read_citation
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
    """What a typed citation names: the documents it may mean, and the clauses; ``typed`` is how it was read."""

    typed: TypedCitation
    documents: tuple[DocumentRecord, ...]
    clauses: tuple[Target, ...]


def resolve(text: str, lookup: Lookup, citation_key: Callable[[str], str]) -> Resolution:
    """What ``text`` names. Documents by number, with year, date and issuer where they are typed; without a number by title."""
    typed = read_citation(text)
    documents = _by_number(typed, lookup) if typed.names_document else _by_title(text, lookup)
    documents = _narrowed(documents, typed, plain(text))
    clauses: list[Target] = []
    for document in documents:
        exact = _as_written(text, document, lookup, citation_key)
        found = exact or (
            _smallest_reach([clause for clause in lookup.clauses(document.id) if names_clause(typed, clause.citation)])
            if typed.components
            else []
        )
        clauses.extend(Target(document, clause) for clause in found)
    return Resolution(typed, tuple(documents), tuple(clauses))


def _by_number(typed: TypedCitation, lookup: Lookup) -> list[DocumentRecord]:
    if typed.number:
        return list(lookup.by_number(typed.number))
    return [document for document in lookup.documents() if document.number and _begins_so(number_key(document.number), document, typed)]


def _begins_so(key: str, document: DocumentRecord, typed: TypedCitation) -> bool:
    """Whether a number's key has the figure typed first and, where a type was typed, that type's symbol."""
    first, _sep, symbol = key.partition("/")
    if first != typed.first:
        return False
    parts = symbol.split("/")
    return typed.type_code in parts if typed.type_code else document.type == "Công văn"


def _by_title(text: str, lookup: Lookup) -> list[DocumentRecord]:
    """Documents without a number whose citation the text holds; of several the one with the longest."""
    typed = plain(text)
    found = []
    for document in lookup.documents():
        if not document.number and document.title:
            named = plain(document_citation(document, full=False).removesuffix(f" của {document.issuer}"))
            if named in typed:
                found.append((len(named), document))
    longest = max((length for length, _document in found), default=0)
    return [document for length, document in found if length == longest]


def _narrowed(documents: Sequence[DocumentRecord], typed: TypedCitation, text: str) -> list[DocumentRecord]:
    """The documents that date, year and issuer, as far as they were typed, leave; all of them where they leave none."""
    by_date = [document for document in documents if typed.issued is None or document.issued == typed.issued]
    documents = by_date or documents
    by_year = [document for document in documents if typed.year is None or (document.issued and document.issued.year == typed.year)]
    documents = by_year or documents
    by_issuer = [document for document in documents if document.issuer and plain(document.issuer) in text]
    return list(by_issuer or documents)


def _as_written(text: str, document: DocumentRecord, lookup: Lookup, citation_key: Callable[[str], str]) -> list[ClauseRecord]:
    """The clauses whose citation stands before the document's in the text, letter for letter."""
    lower = " ".join(text.split())
    for full in (True, False):
        named = document_citation(document, full=full)
        if lower.endswith(named):
            before = lower[: -len(named)].strip()
            for tail in ("ban hành kèm theo", "kèm theo"):
                before = before.removesuffix(tail).strip()
            found = [clause for clause in lookup.by_citation(document.id, citation_key(before)) if clause.citation == before]
            return found
    return []


def _smallest_reach(clauses: Sequence[ClauseRecord]) -> list[ClauseRecord]:
    """Of the clauses that fit, those cited in the fewest words: "khoản 2" is khoản 2 itself before khoản 2 of an annex."""
    fewest = min((len(clause.citation.split()) for clause in clauses), default=0)
    return [clause for clause in clauses if len(clause.citation.split()) == fewest]
