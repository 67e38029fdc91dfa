"""What the catalogue holds, counted for the start page and for browsing; kept until the catalogue changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from kgsearch.models import DocumentRecord, Filters
from kgsearch.retrieval.agencies import Spellings, agency_key, spellings
from kgsearch.server.formats import collation_key
from kgsearch.server.service import CatalogueView

LATEST = 6


@dataclass(frozen=True, slots=True)
class Holdings:
    """Documents counted. ``latest`` are the newest ones; the counts of types and agencies are greatest first, years newest first.
    ``signers`` are those of the documents that were signed, by id; ``agencies`` how they are all written: one in several spellings
    is counted once, in the commonest."""

    documents: int
    newest: date | None
    latest: tuple[DocumentRecord, ...]
    types: tuple[tuple[str, int], ...]
    issuers: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    signers: Mapping[str, str] = field(default_factory=dict)
    agencies: Spellings = field(default_factory=dict)


# Counting reads every document, half a second for a province, so it is done once for each state of a catalogue.
_counted: WeakKeyDictionary[CatalogueView, tuple[str | None, Holdings]] = WeakKeyDictionary()


def holdings(reader: CatalogueView) -> Holdings:
    """What ``reader`` holds now. Raises IndexStateError where it cannot be read."""
    changed = reader.meta().get("changed")
    known = _counted.get(reader)
    if known is not None and changed is not None and known[0] == changed:
        return known[1]
    held = count(reader.documents(Filters()))
    _counted[reader] = (changed, held)
    return held


def count(documents: Sequence[DocumentRecord]) -> Holdings:
    """Holdings of ``documents``, which come newest first."""
    dates = [record.issued for record in documents if record.issued]
    agencies = spellings(record.issuer for record in documents)
    return Holdings(
        documents=len(documents),
        newest=max(dates, default=None),
        latest=tuple(documents[:LATEST]),
        types=_by_count([record.type for record in documents]),
        issuers=_by_count([agencies[agency_key(record.issuer)][0] for record in documents if record.issuer]),
        years=tuple(sorted(_by_count([str(day.year) for day in dates]), reverse=True)),
        signers={record.id: record.signer for record in documents if record.signer},
        agencies=agencies,
    )


def _by_count(values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], collation_key(item[0]))))
