"""Resolve a citation to what it names. The look-up is handed in; what is ambiguous gives every candidate, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kgsearch.citations.name_keys import in_full, law_keys_in, unmarked
from kgsearch.citations.numbers import number_key
from kgsearch.citations.read import (
    FULL_TYPE,
    TypedCitation,
    numbers_in,
    read_address,
    read_citations,
    types_in,
)
from kgsearch.citations.typed import Path, Spelled, components_of, names, spellings, without_components
from kgsearch.citations.write import LAWS, cited_name, document_citation
from kgsearch.models import Address, ClauseRecord, DocumentRecord

MAX_TARGETS = 300
"""Clauses that one text resolves to; a number that many documents share could name more."""

_MAX_NUMBERS = 20
_ORGAN = re.compile(r"(?:uy ban|hoi dong) nhan dan (?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran) (?=\w)")
_LOCALITY = re.compile(r"(?:^| )(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran) (.+)$")
_CONSOLIDATED = "vbhn"


class Lookup(Protocol):
    """What resolving needs of a catalogue; each is answered from an index."""

    def document(self, document_id: str, /) -> DocumentRecord | None:
        """The document with this id."""

    def by_number(self, number_key: str, /) -> Sequence[DocumentRecord]:
        """The documents with a number of this key."""

    def by_figure(self, figure: str, /) -> Sequence[DocumentRecord]:
        """The documents whose number's key begins with this figure."""

    def by_name(self, types: Sequence[str], /, *, numbered: bool) -> Sequence[DocumentRecord]:
        """The documents of these types that have a number, or those that have none."""

    def by_names(self, name_keys: Sequence[str], /) -> Sequence[DocumentRecord]:
        """The documents with a name of one of these keys, as `kgsearch.citations.name_keys` spells them."""

    def citations(self, document_id: str, /) -> Sequence[tuple[str, str]]:
        """(eId, citation) of the clauses of a document in order."""

    def clause(self, document_id: str, eid: str, /) -> ClauseRecord | None:
        """A clause of a document."""

    def by_citation(self, document_id: str, citation_key: str, /) -> Sequence[ClauseRecord]:
        """The clauses of a document cited so."""


@dataclass(frozen=True, slots=True)
class Target:
    """A document, and the clause of it that was named, if one was."""

    document: DocumentRecord
    clause: ClauseRecord | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text names: the documents it may mean, and the clauses; ``typed`` is how its first citation was read.

    ``alone`` are the documents that are cited without a clause. ``rest`` is what of the text neither cites nor describes the
    documents: the words that are looked for besides.
    """

    typed: TypedCitation
    documents: tuple[DocumentRecord, ...]
    clauses: tuple[Target, ...]
    rest: str
    alone: tuple[DocumentRecord, ...] = ()


@dataclass(slots=True)
class _Catalogue:
    """The look-up for one text: what was read of a document is not read again."""

    lookup: Lookup
    citation_key: Callable[[str], str]
    _citations: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def citations(self, document_id: str) -> Sequence[tuple[str, str]]:
        if document_id not in self._citations:
            self._citations[document_id] = self.lookup.citations(document_id)
        return self._citations[document_id]

    def cited(self, document_id: str, citation: str) -> Sequence[ClauseRecord]:
        return self.lookup.by_citation(document_id, self.citation_key(citation))


def resolve(text: str, lookup: Lookup, citation_key: Callable[[str], str]) -> Resolution:
    """What ``text`` names: a pasted address or id, a citation as we write it, or citations as people type them.

    Documents are found by number, with year, date and issuer where they are typed; laws and documents without a number by name.
    A citation as we write it comes first: only the document that it ends with says which of the numbers in it is the document's.
    """
    address = read_address(text)
    found = _at(address, lookup) if address else None
    if found is not None:
        return found
    catalogue = _Catalogue(lookup, citation_key)
    numbers = numbers_in(text)
    held = [document for number in numbers[:_MAX_NUMBERS] for document in lookup.by_number(number)]
    types = types_in(text)
    unnumbered = _named_in(text, lookup.by_name(types, numbered=False), set(numbers))
    laws = [] if numbers or set(LAWS).isdisjoint(types) else _laws_in(text, lookup)
    written = [
        Target(document, clause)
        for document in dict.fromkeys([*held, *laws, *unnumbered])
        for clause in _as_written(text, document, catalogue)
    ]
    if written:
        documents = tuple(dict.fromkeys(target.document for target in written))
        return Resolution(TypedCitation(), documents, tuple(written), "")
    # A law that amends others has their articles in its name.
    unnumbered += [law for law in laws if components_of(cited_name(law))]
    typed = read_citations(_without_names(text, held, unnumbered))
    documents_of = [_documents_of(citation, unnumbered, lookup) for citation in typed]
    targets = [
        Target(document, clause)
        for citation, documents in zip(typed, documents_of, strict=True)
        for document in documents
        for clause in _clauses_of(citation, document, catalogue)
    ]
    every = tuple(dict.fromkeys(document for documents in documents_of for document in documents))
    alone = tuple(
        dict.fromkeys(document for one, documents in zip(typed, documents_of, strict=True) if not one.paths for document in documents)
    )
    return Resolution(typed[0], every, tuple(dict.fromkeys(targets))[:MAX_TARGETS], _undescribed(text, typed, every), alone)


def _at(address: Address, lookup: Lookup) -> Resolution | None:
    """What an address names; None where there is no such document or clause, so that the text may be something else."""
    document = lookup.document(address.document)
    if document is None:
        return None
    clause = lookup.clause(document.id, address.eid) if address.eid else None
    if address.eid and clause is None:
        return None
    targets = (Target(document, clause),) if clause else ()
    return Resolution(TypedCitation(), (document,), targets, "", () if clause else (document,))


def _as_written(text: str, document: DocumentRecord, catalogue: _Catalogue) -> list[ClauseRecord]:
    """The clauses whose citation stands before the document's in the text, letter for letter."""
    text = " ".join(text.split())
    for full in (True, False):
        before = text.removesuffix(document_citation(document, full=full)).strip()
        if not before or before == text:
            continue
        for tail in ("ban hành kèm theo", "kèm theo", ""):
            cited = before.removesuffix(tail).strip()
            found = [clause for clause in catalogue.cited(document.id, cited) if clause.citation == cited]
            if found and before.endswith(tail):
                return found
    return []


def _without_names(text: str, numbered: Sequence[DocumentRecord], unnumbered: Sequence[DocumentRecord]) -> str:
    """The text without the titles and names of the documents it cites, which may have citations in them."""
    described = {document.title for document in numbered} | {cited_name(document) for document in unnumbered}
    bare = unmarked(text)
    within = [title for title in described if title and unmarked(title) in bare]
    if not within:
        return text
    spelled = Spelled.of(text)
    return spelled.without([match.span() for title in within for match in [_words(title).search(spelled.plain)] if match]).marked


def _words(title: str) -> re.Pattern[str]:
    """A title in a spelled text, with commas or without."""
    return re.compile(r"(?:ve )?" + r"[\s,]+".join(re.escape(word).replace("d", "[dđ]") for word in unmarked(title).split()))


def _undescribed(text: str, typed: Sequence[TypedCitation], documents: Sequence[DocumentRecord]) -> str:
    """What of ``text`` neither cites nor gives the documents' title, name, issuer or type beside the number."""
    rest = in_full(unmarked(text))
    for document in documents:
        # Beside a figure alone the type is how it is read ("nghị quyết 12").
        own = document.type if typed[0].number else ""
        for described in (cited_name(document), document.title, document.issuer, own):
            if described:
                rest = re.sub(rf"(?<!\w)(?:ve )?{re.escape(unmarked(described))}(?!\w)", " ", rest)
    read = read_citations(rest)[0]
    return "" if read.year and read.rest == str(read.year) else read.rest


def _documents_of(citation: TypedCitation, unnumbered: Sequence[DocumentRecord], lookup: Lookup) -> list[DocumentRecord]:
    if citation.number:
        return _narrowed(lookup.by_number(citation.number), citation)
    if citation.first:
        return _narrowed([document for document in lookup.by_figure(citation.first) if _begins_so(document, citation)], citation)
    if unnumbered:
        return _narrowed(unnumbered, citation)
    laws = _laws_in(citation.context, lookup) if citation.named else []
    return _narrowed(laws, citation)


def _laws_in(text: str, lookup: Lookup) -> list[DocumentRecord]:
    """The laws that ``text`` names."""
    keys = law_keys_in(text)
    laws = [document for document in lookup.by_names(keys) if document.number and document.type in LAWS] if keys else []
    return _named_in(text, laws, set())


def _begins_so(document: DocumentRecord, typed: TypedCitation) -> bool:
    """Whether a document's number has the symbol of the type that was typed with the figure."""
    symbol = number_key(document.number).split("/")[1:]
    if not typed.type_code:
        return document.type == "Công văn"
    if typed.type_code.endswith("*"):
        return any(part.startswith(typed.type_code[:-1]) for part in symbol)
    return typed.type_code in symbol


def _named_in(text: str, documents: Sequence[DocumentRecord], numbers: set[str]) -> list[DocumentRecord]:
    """The documents whose name the text holds; of several those with the longest.

    Where a number is typed it must be part of the name: else it names another document.
    """
    whole = unmarked(text)
    found = []
    for document in documents:
        name = unmarked(cited_name(document))
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole) and numbers <= set(numbers_in(name)):
            found.append((len(name), document))
    longest = max((length for length, _document in found), default=0)
    return [document for length, document in found if length == longest]


def _narrowed(documents: Sequence[DocumentRecord], typed: TypedCitation) -> list[DocumentRecord]:
    """The documents that type, date, year and issuer, as far as they were typed, leave.

    Numbers start again every year and in every province: another year, or another province's organ, names another document.
    """
    found = [document for document in documents if document.type == typed.type] or list(documents)
    if typed.issued:
        found = [document for document in found if document.issued == typed.issued] or _of_year(found, typed.issued.year, typed)
    found = _of_year(found, typed.year, typed)
    context = in_full(unmarked(typed.context))
    organs = [document for document in found if typed.organ and typed.organ in number_key(document.number).split("/")]
    return _of_issuer(organs or found, context)


def _of_year(documents: Sequence[DocumentRecord], year: int | None, typed: TypedCitation) -> list[DocumentRecord]:
    """The documents of a year, if one was typed; a law's consolidated text is younger than the law that it is named after."""
    if year is None:
        return list(documents)
    exact = [document for document in documents if document.issued is None or document.issued.year == year]
    if exact or not typed.named:
        return exact
    consolidated = [document for document in documents if _CONSOLIDATED in number_key(document.number).split("/")]
    return [document for document in consolidated if document.issued and document.issued.year > year]


def _of_issuer(documents: Sequence[DocumentRecord], context: str) -> list[DocumentRecord]:
    issuers = [(document, unmarked(document.issuer)) for document in documents if document.issuer]
    whole = [document for document, issuer in issuers if issuer in context]
    if whole:
        return whole
    local = [document for document, issuer in issuers if (place := _LOCALITY.search(issuer)) and f" {place[1]} " in f" {context} "]
    if local:
        return local
    return [] if _ORGAN.search(context) and any(_LOCALITY.search(issuer) for _document, issuer in issuers) else list(documents)


def _clauses_of(citation: TypedCitation, document: DocumentRecord, catalogue: _Catalogue) -> list[ClauseRecord]:
    """The clauses of a document that a citation names."""
    return [clause for path in citation.paths for clause in _clauses_at(path, citation, document, catalogue)]


def _clauses_at(path: Path, citation: TypedCitation, document: DocumentRecord, catalogue: _Catalogue) -> list[ClauseRecord]:
    context = unmarked(citation.context)
    if not citation.rest and "kem theo" not in context and len(FULL_TYPE.findall(context)) <= 1:
        # Nothing speaks of an attachment: the clause of the document itself, if there is one that is cited just so.
        for spelling in spellings(path):
            found = [one for one in catalogue.cited(document.id, spelling) if _fits(path, one.citation, citation)]
            if found and not any(_is_attached(one.eid) for one in found):
                return found
    fitting = [(eid, cited) for eid, cited in catalogue.citations(document.id) if _fits(path, cited, citation)]
    attached = [(eid, cited) for eid, cited in fitting if _is_attached(eid) and ("kem theo" in context or _begins_name(cited) in context)]
    clauses = (catalogue.lookup.clause(document.id, eid) for eid, _cited in _smallest_reach(attached or fitting)[:MAX_TARGETS])
    return [clause for clause in clauses if clause is not None]


def _fits(path: Path, cited: str, citation: TypedCitation) -> bool:
    return names(path, cited, marked=citation.marked)


def _is_attached(eid: str) -> bool:
    return eid.startswith("att_")


def _begins_name(cited: str) -> str:
    """The first two words of the name of what a clause is attached in ("quy che"), without marks."""
    return " ".join(without_components(cited).replace("đ", "d").split()[:2]) or "\0"


def _smallest_reach(clauses: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the clauses that fit, those the fewest steps down: "khoản 2" is khoản 2 itself before khoản 2 of an annex.

    Of clauses in several annexes none is nearer because its annex has the shorter name.
    """
    reaches = [_reach(eid, cited) for eid, cited in clauses]
    nearest = min(reaches, default=None)
    return [clause for clause, reach in zip(clauses, reaches, strict=True) if reach == nearest]


def _reach(eid: str, cited: str) -> tuple[bool, int]:
    attached = _is_attached(eid)
    return attached, len(components_of(cited)) if attached else len(cited.split())
