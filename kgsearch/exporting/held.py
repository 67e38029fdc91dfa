"""A document as the catalogue holds it, whole: its record, its tree of clauses, what it cites and where that leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from kgsearch.models import Clause, ClauseRecord, DocumentRecord, Filters, Kind, LinkedReference, LinkState


class Holdings(Protocol):
    """What an export needs of the catalogue; its reader has it. Each method raises IndexStateError where it cannot be read."""

    def documents(self, filters: Filters, /) -> Sequence[DocumentRecord]:
        """The documents that ``filters`` let through."""

    def clauses(self, document: str, /) -> Sequence[ClauseRecord]:
        """Every clause of a document, in its order."""

    def references(self, document: str, /) -> Sequence[LinkedReference]:
        """What a document cites and what that leads to, in the order of its text."""


@dataclass(frozen=True)
class HeldDocument:
    """What an export is made of. ``links`` are the document's references in order, ``cited`` the documents that they lead to, by id."""

    record: DocumentRecord
    clauses: tuple[Clause, ...]
    links: tuple[LinkedReference, ...] = ()
    cited: Mapping[str, DocumentRecord] = field(default_factory=dict)

    @cached_property
    def by_eid(self) -> dict[str, Clause]:
        """Every clause by its eId, in document order."""
        return {clause.eid: clause for top in self.clauses for clause, _ancestors in top.walk()}

    @cached_property
    def notes_at(self) -> dict[str, list[Clause]]:
        """The footnotes that are marked in each clause, by the clause's eId; not those that are marked in a footnote."""
        notes = [clause for clause in self.by_eid.values() if clause.kind is Kind.FOOTNOTE]
        within = {below.eid for note in notes for below, _ancestors in note.walk()}
        placed: defaultdict[str, list[Clause]] = defaultdict(list)
        for note in notes:
            if note.marked_in in self.by_eid and note.marked_in not in within:
                placed[note.marked_in].append(note)
        return dict(placed)

    @cached_property
    def columns_at(self) -> dict[str, tuple[str, ...]]:
        """The heads of the table that each row stands in, by the row's eId; none where the source has no heads."""
        heads: dict[str, tuple[str, ...]] = {}
        for top in self.clauses:
            for clause, ancestors in top.walk():
                if clause.kind is Kind.ROW:
                    heads[clause.eid] = next((above.columns for above in reversed(ancestors) if above.columns), ())
        return heads


def read_held(reader: Holdings, document: DocumentRecord) -> HeldDocument:
    """``document`` with all that ``reader`` knows of it. Raises IndexStateError when the catalogue cannot be read."""
    links = reader.references(document.id)
    wanted = sorted({target.document for link in links for target in link.targets})
    cited = reader.documents(Filters(documents=tuple(wanted))) if wanted else []
    return hold(document, reader.clauses(document.id), links, {found.id: found for found in cited})


def hold(
    document: DocumentRecord,
    clauses: Sequence[ClauseRecord],
    links: Sequence[LinkedReference] = (),
    cited: Mapping[str, DocumentRecord] | None = None,
) -> HeldDocument:
    """``document`` from its records; ``clauses`` are all of it, in order."""
    return HeldDocument(document, tree_of(clauses), tuple(links), dict(cited or {}))


def tree_of(records: Sequence[ClauseRecord]) -> tuple[Clause, ...]:
    """The tree that ``records``, a document's clauses in order, were taken from; without spans, which point into the file."""
    below: defaultdict[str, list[Clause]] = defaultdict(list)
    # Descendants stand after what they stand in, so from the end every clause finds its own complete.
    for record in reversed(records):
        below[record.parent].append(_clause(record, below.pop(record.eid, [])))
    return tuple(reversed(below.pop("", [])))


def resolved(held: HeldDocument) -> list[LinkedReference]:
    """The references of a document that lead to something, in order."""
    return [link for link in held.links if link.state is LinkState.RESOLVED and link.targets]


def _clause(record: ClauseRecord, below: Sequence[Clause]) -> Clause:
    return Clause(
        eid=record.eid,
        kind=record.kind,
        label=record.label,
        number="",
        heading=record.heading if record.text.startswith(record.heading) else "",
        text=record.text,
        page=record.page,
        clauses=tuple(reversed(below)),
        footnotes=record.footnotes,
        marked_in=record.marked_in,
        columns=record.columns,
        cells=record.cells,
    )
