"""What is compared, a document, an earlier version of one, or a clause of either, and the last comparisons, which are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from flask import current_app

from kgsearch.citations import cite
from kgsearch.comparing import Comparison, compare
from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord, DocumentRecord
from kgsearch.server.asked import asked_clause, asked_document
from kgsearch.server.formats import moment
from kgsearch.server.outline import subtree
from kgsearch.server.parameters import Arguments
from kgsearch.server.references import place_address, subject_of
from kgsearch.server.service import search_service
from kgsearch.server.versions import MARK, asked_version, version_address, version_key, version_number

CHANGES, EVERYTHING = "changes", "all"
"""What is shown of a comparison."""

_EXTENSION = "kgsearch.comparisons"
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Place:
    """What is compared: a document, or a clause of it with what stands in it; as it is now, or (``version`` from 1) as it was until
    ``replaced``, an ISO 8601 time."""

    record: DocumentRecord
    clause: ClauseRecord | None
    clauses: Sequence[ClauseRecord]
    version: int = 0
    replaced: str = ""

    @property
    def document_key(self) -> str:
        """How the document, or its version, is named in addresses."""
        return version_key(self.record.id, self.version) if self.version else self.record.id

    @property
    def key(self) -> str:
        """How the place is named in addresses."""
        return self.clause_key(self.clause) if self.clause else self.document_key

    @property
    def name(self) -> str:
        """How it is cited, and which version it is."""
        clause = self.clause
        name = cite(self.record, clause.citation if clause else "", full=False, attached=bool(clause and clause.eid.startswith("att_")))
        return _("{name} (version {number})").format(name=name, number=self.version) if self.version else name

    @property
    def more(self) -> str:
        """What its name does not say of it: its number, what it is about, that it was replaced."""
        name = self.name
        replaced = _("replaced on {moment}").format(moment=moment(self.replaced)) if self.version else ""
        said = (self.record.number if self.record.number not in name else "", subject_of(self.record), replaced)
        return " · ".join(part for part in said if part)

    @property
    def address(self) -> str:
        """Where it is read."""
        return self.clause_address(self.clause.eid if self.clause else "")

    def clause_key(self, clause: ClauseRecord) -> str:
        """How a clause of the document, in the same version, is named in addresses."""
        return f"{self.document_key}#{clause.eid}"

    def clause_address(self, eid: str) -> str:
        """Where a clause of the document is read in the same version."""
        return version_address(self.record.id, self.version, eid) if self.version else place_address(Address(self.record.id, eid))

    def whole(self) -> Place:
        """The document, in the same version, that the place is in."""
        return _document(self.document_key) if self.clause else self


def asked_place(name: str) -> Place:
    """What ``id``, ``id@version``, or either with ``#eid`` behind it names. Raises NotFoundError where there is no such place."""
    document, _mark, eid = name.partition("#")
    place = _document(document)
    return replace(place, clause=asked_clause(place.clauses, eid), clauses=subtree(place.clauses, eid)) if eid else place


def _document(name: str) -> Place:
    identifier, mark, number = name.partition(MARK)
    record = asked_document(identifier)
    if not mark:
        return Place(record, None, search_service().reader.clauses(record.id))
    version = asked_version(record, version_number(number))
    return Place(version.record, None, version.clauses, version.entry.number, version.entry.replaced)


def compared_view(arguments: Arguments, usual: str) -> str:
    """What is to be shown, ``usual`` where nothing is said. Raises UsageError for anything else."""
    view = arguments.get("view", "").strip() or usual
    if view not in (CHANGES, EVERYTHING):
        raise UsageError(_("“view” must be changes (only the differences) or all."))
    return view


class Comparisons:
    """The last few comparisons: who turns a page of one does not wait for it again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, ...], Comparison] = OrderedDict()

    def get(self, first: Place, second: Place, changed: str | None) -> Comparison:
        """The comparison of two places in the catalogue, which was ``changed`` last before they were read; None: it cannot be told, and
        nothing is kept."""
        key = (first.key, second.key, changed or "")
        with self._lock:
            if changed and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = compare(first.clauses, second.clauses)
        if not changed:
            return found
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def comparisons() -> Comparisons:
    """The comparisons that the application in hand keeps."""
    kept: Comparisons = current_app.extensions.setdefault(_EXTENSION, Comparisons())
    return kept
