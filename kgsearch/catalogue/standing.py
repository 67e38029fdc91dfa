"""Whether a document has effect, by what clauses in the catalogue say; nothing is concluded that no clause says.

Pure: the records are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from kgsearch.models import Address, DocumentRecord, Force, Relation, RelationRecord, Standing

_ENDING = (Relation.REPLACES, Relation.REPEALS)
_CHANGING = (*_ENDING, Relation.AMENDS)

_DRAFT = re.compile(r"^\W*dự\s+thảo(?:\s+(?:lần\s+)?(?:thứ\s+)?[\w/.]{1,10})?\W*$", re.IGNORECASE | re.MULTILINE)
"""A line of its own in the head of a draft; a title may go on with the word."""

_Dated = tuple[date, Address]
"""A day and the clause that makes something hold from it on."""


def standing(
    document: DocumentRecord,
    incoming: Sequence[RelationRecord],
    source_of: Callable[[str], DocumentRecord | None],
    today: date,
) -> Standing:
    """The standing of ``document`` on the day ``today``.

    ``incoming`` are the relations that other documents state to it, those alone whose target is certain; ``source_of`` gives the record of
    a document by its id. A document ends, or is changed, by another from the day on which that one takes effect by its own words, or a
    later one that its clause names: where these name no day, it changes nothing here. Whether that one was itself repealed later is not
    asked: a repeal is not undone by it.

    UNKNOWN for a consolidated text, which has no effect of its own but that of the acts it consolidates, and for a draft, which has
    none; for the same reason neither ends another document.
    """
    if not _has_effect_of_its_own(document):
        return Standing(Force.UNKNOWN)
    changes = _changes(document, incoming, source_of, today)
    ends = sorted([*_expiry(document, today), *(_dated(change) for change in changes if _ends(change[1]))], key=_day)
    if ends:
        return Standing(Force.ENDED, ends[0][0], _clauses(ends))
    own = Address(document.id, document.effective_in) if document.effective else None
    if document.effective and own and document.effective > today:
        return Standing(Force.NOT_YET, document.effective, (own,))
    if changes:
        clauses = _clauses(sorted(map(_dated, changes), key=_day))
        return Standing(Force.PARTLY_ENDED, min(day for day, _relation in changes), (*clauses, own) if own else clauses)
    return Standing(Force.IN_FORCE, document.effective, (own,)) if own else Standing(Force.UNKNOWN)


def _has_effect_of_its_own(document: DocumentRecord) -> bool:
    """Whether it is neither a consolidated text nor a draft, which says so, or has neither a number nor a date yet."""
    consolidated = "VBHN" in document.number.upper() or document.type == "Văn bản hợp nhất"
    named = document.type.lower().startswith("dự thảo") or document.title.lower().startswith("dự thảo")
    draft = named or _DRAFT.search(document.head) is not None or not (document.number or document.issued)
    return not (consolidated or draft)


def _changes(
    document: DocumentRecord,
    incoming: Sequence[RelationRecord],
    source_of: Callable[[str], DocumentRecord | None],
    today: date,
) -> list[tuple[date, RelationRecord]]:
    """The relations that end or change ``document`` and hold by ``today``, each with the day from which it does."""
    found: list[tuple[date, RelationRecord]] = []
    for relation in incoming:
        if relation.relation not in _CHANGING or relation.target is None or relation.target.document != document.id:
            continue
        source = source_of(relation.source.document) if relation.source.document != document.id else None
        if source is None or source.effective is None or not _has_effect_of_its_own(source):
            continue
        day = max(source.effective, relation.since or source.effective)
        if day > today:
            continue
        # What is older cannot have changed it: then another document is meant.
        if source.issued and document.issued and source.issued < document.issued:
            continue
        found.append((day, relation))
    return found


def _ends(relation: RelationRecord) -> bool:
    return relation.whole and relation.relation in _ENDING


def _expiry(document: DocumentRecord, today: date) -> list[_Dated]:
    """The day after its last one, where that has passed; not where it would end before it begins, which is a slip of its text."""
    expires = document.expires
    if expires is None or expires >= today or (document.effective and document.effective > expires):
        return []
    return [(expires + timedelta(days=1), Address(document.id, document.expires_in))]


def _dated(change: tuple[date, RelationRecord]) -> _Dated:
    day, relation = change
    return day, relation.source


def _day(dated: _Dated) -> tuple[date, bool]:
    """What comes first decides; of a day what an article says, before what only leads to it."""
    day, clause = dated
    return day, clause.eid.startswith("preamble")


def _clauses(dated: Sequence[_Dated]) -> tuple[Address, ...]:
    """The clauses in this order, each once."""
    return tuple(dict.fromkeys(clause for _day_of, clause in dated))
