"""Passages: the units that are matched, cut out of a document's clauses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kgsearch.models import ClauseRecord, DocumentRecord, Kind, Passage

MAX_SYLLABLES = 220
"""Longest passage. Vietnamese writes each syllable as a word of its own, so syllables are what stands between spaces."""

_SYLLABLE = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.;!?…][\"'”’)\]]*$")


def title_line(document: DocumentRecord) -> str:
    """What stands for the document in the context of its passages: type, number, title."""
    return " ".join(part for part in (document.type, document.number, document.title) if part)


def passages_of(document_id: str, title: str, clauses: Sequence[ClauseRecord]) -> list[Passage]:
    """The passages of a document: one for each clause with words of its own, several for a clause over MAX_SYLLABLES.

    ``clauses`` are all the document's, in order; ``title`` is its `title_line`. A row has the heads of its table's columns
    as context too, because "Cơ quan chủ trì" stands only there.
    """
    by_eid = {clause.eid: clause for clause in clauses}
    return [passage for clause in clauses for passage in _passages_of_clause(document_id, title, clause, by_eid)]


def cut(text: str) -> list[str]:
    """``text`` in pieces of at most MAX_SYLLABLES, cut at ends of sentences, inside one only where it alone is longer."""
    pieces: list[str] = []
    start = end = held = 0
    for sentence_start, sentence_end, syllables in _sentences(text):
        if held and held + syllables > MAX_SYLLABLES:
            pieces.append(text[start:end])
            held = 0
        if not held:
            start = sentence_start
        end, held = sentence_end, held + syllables
    return [*pieces, text[start:end]] if held else pieces


def _sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, syllables) of each sentence, one over MAX_SYLLABLES in several."""
    start, end, syllables = 0, 0, 0
    for match in _SYLLABLE.finditer(text):
        if not syllables:
            start = match.start()
        end, syllables = match.end(), syllables + 1
        if syllables == MAX_SYLLABLES or _SENTENCE_END.search(match.group()):
            yield start, end, syllables
            syllables = 0
    if syllables:
        yield start, end, syllables


def _passages_of_clause(document_id: str, title: str, clause: ClauseRecord, by_eid: Mapping[str, ClauseRecord]) -> Iterator[Passage]:
    heads = _column_heads(clause, by_eid) if clause.kind is Kind.ROW else ()
    context = "\n".join(part for part in (title, *clause.headings, " ".join(heads)) if part)
    for number, piece in enumerate(cut(clause.text), start=1):
        suffix = f"/{number}" if number > 1 else ""
        yield Passage(id=f"{document_id}#{clause.eid}{suffix}", document=document_id, clause=clause.eid, context=context, text=piece)


def _column_heads(row: ClauseRecord, by_eid: Mapping[str, ClauseRecord]) -> Sequence[str]:
    """The column heads of the nearest clause above ``row`` that has any."""
    above = by_eid.get(row.parent)
    while above is not None and not above.columns:
        above = by_eid.get(above.parent)
    return above.columns if above is not None else ()
