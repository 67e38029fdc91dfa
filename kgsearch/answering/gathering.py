"""What is read for a question: the best clauses that the search finds, with those that complete them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kgsearch.answering.kinds import Question, Subject
from kgsearch.answering.reading.reader import Source
from kgsearch.answering.reading.rows import FlatTable, flat_tables
from kgsearch.answering.values.provinces import find_provinces
from kgsearch.catalogue.passages import title_line
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.resolve import Target
from kgsearch.engines.base import SYLLABLES, Engine, EngineQuery
from kgsearch.errors import UsageError
from kgsearch.language import has_marks, normalise_syllable, syllable_key, tokenise
from kgsearch.models import ClauseRecord, DocumentRecord, Filters, Hit, Kind
from kgsearch.retrieval.hits import hit_of
from kgsearch.retrieval.ranking import idf
from kgsearch.retrieval.searcher import Searcher

HITS = 12
"""Clauses of the search that are read."""

MAX_WHOLE = 400
"""Clauses of the documents that a question names, which are all read: in one document even an unlikely clause may be the one."""

MOST_WHOLE = 3
"""Of more documents only what the search finds is read."""

MOST_ROWS = 400
"""Rows of flattened tables that are read."""

IN_TABLE, ELSEWHERE = 0.9, 0.6
"""A row has few words: it counts as found with another cell of its table, and less where only something else of its document is."""

MAX_BELOW = 40
"""Clauses under a lead-in that are read with it."""

SMALL_WEIGHT = 0.25
"""What a small word weighs beside a word of its frequency that says something."""

SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        """phải cần được của và là có các những ở tại trong theo với cho về đến từ do bị khi nếu thì mà cũng đã sẽ đang mỗi một này đó
        vào ra lên như hay hoặc để bởi trên dưới nhằm còn nên hiện nay nào gì ai sao đâu việc cả mới so""",
    )
)
SMALL_UNMARKED = frozenset(["phai", "duoc", "cua", "nhung", "neu", "cung", "theo", "voi", "hoac", "khi"])
"""Those of them that without marks are hardly any other word."""

MORE = 3
"""Where what is another province's is left out, so many times more is looked through."""

_BESIDE = 4
_OPERATORS = re.compile(r"""["“”„:*()|~^]|(?<!\w)[-+](?=\w)""")


@dataclass(slots=True)
class Family:
    """The clauses of one document, by eId, with those directly under each."""

    document: DocumentRecord
    clauses: dict[str, ClauseRecord]
    under: dict[str, list[ClauseRecord]]
    _tables: list[FlatTable] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, document: DocumentRecord, clauses: Sequence[ClauseRecord]) -> Family:
        """The clauses of a document, in its order."""
        under: defaultdict[str, list[ClauseRecord]] = defaultdict(list)
        for clause in clauses:
            under[clause.parent].append(clause)
        return cls(document, {clause.eid: clause for clause in clauses}, under)

    def above(self, clause: ClauseRecord) -> list[ClauseRecord]:
        """The clauses that a clause stands in, outermost first."""
        found: list[ClauseRecord] = []
        while (parent := self.clauses.get(clause.parent)) is not None:
            found.append(parent)
            clause = parent
        return found[::-1]

    def below(self, clause: ClauseRecord) -> list[ClauseRecord]:
        """The clauses directly under one."""
        return self.under.get(clause.eid, [])

    def before(self, clause: ClauseRecord) -> list[ClauseRecord]:
        """The paragraphs before a paragraph, under the same clause: what it goes on from."""
        if clause.kind is not Kind.PARAGRAPH:
            return []
        return [other for other in self.under.get(clause.parent, []) if other.position < clause.position and other.kind is clause.kind]

    def tables(self) -> list[FlatTable]:
        """The document's flattened tables; they are looked for once."""
        if self._tables is None:
            self._tables = flat_tables(list(self.clauses.values()))
        return self._tables

    def columns(self, row: ClauseRecord) -> tuple[str, ...]:
        """The heads of the columns of the table that a row stands in."""
        return next((above.columns for above in reversed(self.above(row)) if above.columns), ())

    def beside(self, clause: ClauseRecord) -> list[ClauseRecord]:
        """A clause's neighbours of its kind under the same one: those before it and after it, nearest last and first."""
        row = self.under.get(clause.parent, [])
        place = next((index for index, other in enumerate(row) if other.eid == clause.eid), 0)
        near = row[max(0, place - _BESIDE) : place] + row[place + 1 : place + 1 + _BESIDE]
        return [other for other in near if other.kind is clause.kind]


@dataclass(slots=True)
class Gathered:
    """What was found for a question: ``hits`` in the search's order, ``families`` of their documents."""

    hits: tuple[Hit, ...] = ()
    families: dict[str, Family] = field(default_factory=dict)
    whole: bool = False
    """Whether nothing else is read than clauses that the question names."""
    within: bool = False
    """Whether only documents were searched that the question names: they are read whole."""

    @property
    def sources(self) -> list[Source]:
        """What is read, the hits first; a clause once."""
        found: dict[tuple[str, str], Source] = {}
        for hit in self.hits:
            found.setdefault((hit.document.id, hit.clause.eid), Source(hit.clause, hit.score, _named(hit.document)))
        for hit in self.hits:
            for clause, score in self._relatives(hit):
                found.setdefault((hit.document.id, clause.eid), Source(clause, score, _named(hit.document)))
        if self.within:
            for family in self.families.values():
                for clause in list(family.clauses.values())[:MAX_WHOLE]:
                    found.setdefault((family.document.id, clause.eid), Source(clause, 0.0, _named(family.document)))
        below = self._scores_below()
        rows, cells = self._flat_rows()
        return [*(replace(source, below=below.get(key, 0.0)) for key, source in found.items() if key not in cells), *rows]

    def _scores_below(self) -> dict[tuple[str, str], float]:
        """Of the clauses above hits the score of the best hit directly below."""
        scores: dict[tuple[str, str], float] = {}
        for hit in self.hits:
            key = (hit.document.id, hit.clause.parent)
            scores[key] = max(scores.get(key, 0.0), hit.score)
        return scores

    def _flat_rows(self) -> tuple[list[Source], set[tuple[str, str]]]:
        """The rows of the flattened tables of the documents in which there is a hit, and the clauses that are their cells.

        What a row says is read in it, and nowhere else: beside a figure alone its neighbour's name may stand.
        """
        rows: list[Source] = []
        cells: set[tuple[str, str]] = set()
        for family in self.families.values():
            scores = {hit.clause.eid: hit.score for hit in reversed(self.hits) if hit.document.id == family.document.id}
            for table in family.tables():
                holder = table.rows[0].clause
                above = max(scores.get(clause.eid, 0.0) for clause in (holder, *family.above(holder)))
                found = max((scores.get(eid, 0.0) for eid in table.cells), default=0.0)
                rows += self._rows_of(family, table, scores, max(above, IN_TABLE * found, ELSEWHERE * max(scores.values(), default=0.0)))
                cells |= {(family.document.id, eid) for eid in table.cells}
        return sorted(rows, key=lambda source: -source.score)[:MOST_ROWS], cells

    def _rows_of(self, family: Family, table: FlatTable, scores: Mapping[str, float], above: float) -> Iterator[Source]:
        for row in table.rows:
            score = max((scores.get(eid, 0.0) for eid in row.lines), default=0.0)
            if not self.whole or score or row.clause.eid in scores:
                clause = replace(row.clause, kind=Kind.ROW, text=row.clause.full_text)
                yield Source(clause, max(score, above), _named(family.document), row)

    def joined(self, other: Gathered) -> Gathered:
        """This and what else was found, a clause once."""
        known = {(hit.document.id, hit.clause.eid) for hit in self.hits}
        more = tuple(hit for hit in other.hits if (hit.document.id, hit.clause.eid) not in known)
        return Gathered((*self.hits, *more), {**other.families, **self.families})

    def rows(self) -> list[tuple[Family, ClauseRecord]]:
        """The rows of tables among what is read."""
        read = [(self.families[source.clause.document], source.clause) for source in self.sources if source.clause.kind is Kind.ROW]
        return [(family, row) for family, row in read if row.cells]

    def hit(self, clause: ClauseRecord, rank: int = 1) -> Hit:
        """The hit of a clause that was read."""
        found = next((hit for hit in self.hits if hit.clause.eid == clause.eid and hit.document.id == clause.document), None)
        family = self.families[clause.document]  # of a row the clause that holds it, as the catalogue has it
        return found or hit_of(Target(family.document, family.clauses.get(clause.eid, clause)), rank, 0.0, None)

    def _relatives(self, hit: Hit) -> Iterator[tuple[ClauseRecord, float]]:
        """What completes a hit: the clauses it stands in, those under its lead-in, its neighbours in a table."""
        family = self.families[hit.document.id]
        for clause in family.above(hit.clause):
            yield clause, 0.0
        if hit.clause.text.rstrip().endswith(":") or self.whole:
            for clause in family.below(hit.clause)[:MAX_BELOW]:
                yield clause, hit.score
        if hit.clause.kind in (Kind.ROW, Kind.PARAGRAPH):
            for clause in family.beside(hit.clause):
                yield clause, 0.0


def gather(searcher: Searcher, text: str, filters: Filters, limit: int = HITS, places: Sequence[Subject] = ()) -> Gathered:
    """What the search finds for the words ``text``, with the documents' clauses around it; nothing where there is no word in it.

    ``places`` are those that a question is limited to: what is another province's is left out.
    """
    words = searchable(text)
    if not tokenise(words):
        return Gathered()
    provinces = frozenset(place.province for place in places if place.province)
    try:
        found = searcher.search(words, filters=filters, limit=limit * MORE if provinces else limit).hits
    except UsageError:  # words that are none of the search's, or too many
        return Gathered()
    hits = tuple(hit for hit in found if not provinces or not _is_elsewhere(hit, provinces))[:limit]
    families = families_of(searcher.reader, (hit.document for hit in hits))
    return Gathered(hits, families, within=0 < len(filters.documents) <= MOST_WHOLE)


def gather_named(reader: CatalogueReader, targets: Iterable[Target]) -> Gathered:
    """The clauses that a question names, with all that stands under them."""
    chosen = [target for target in targets if target.clause is not None]
    families = families_of(reader, (target.document for target in chosen))
    hits: list[Hit] = []
    for target in chosen:
        for clause in _subtree(families[target.document.id], target.clause):
            hits.append(hit_of(Target(target.document, clause), len(hits) + 1, 0.0, None))
    return Gathered(tuple(hits[: MAX_BELOW * 2]), families, whole=True)


def searchable(text: str) -> str:
    """``text`` without what the search's own syntax reads."""
    return " ".join(_OPERATORS.sub(" ", text).split())


def weights_of(engine: Engine, question: Question) -> dict[str, float]:
    """The weight of each of the question's syllables, by key: its inverse document frequency in the index; that of a small word, which
    only seems rare in a small index, counts little."""
    keys = tuple(dict.fromkeys(question.content))
    if not keys:
        return {}
    statistics = engine.search(EngineQuery({SYLLABLES: keys}, 1.0, limit=1)).statistics
    counted = statistics.frequencies.get(SYLLABLES, {})
    small = _small_words(question)
    return {key: idf(statistics.passages, counted.get(key, 0)) * (SMALL_WEIGHT if key in small else 1.0) for key in keys}


def _small_words(question: Question) -> frozenset[str]:
    """The keys of the question's small words, as far as no other of its words has the same."""
    marked = any(has_marks(word.text) for word in question.words)
    listed = SMALL_WORDS if marked else SMALL_UNMARKED
    words = {normalise_syllable(word.text): syllable_key(word.text) for word in question.words}
    others = {key for word, key in words.items() if word not in listed}
    return frozenset(key for word, key in words.items() if word in listed and key not in others)


def _named(document: DocumentRecord) -> str:
    """What stands for a document: its type, number, title and issuer."""
    return f"{title_line(document)} {document.issuer}".strip()


def _is_elsewhere(hit: Hit, provinces: Collection[tuple[str, ...]]) -> bool:
    """Whether a clause is of another province than the question's: its document is issued there, and neither it nor the document's
    title names the question's."""
    own = {province.name for province in find_provinces(hit.document.issuer)}
    if not own or own & set(provinces):
        return False
    said = f"{hit.document.title}. {'. '.join(hit.clause.headings)}. {hit.clause.text}"
    return not any(province.name in provinces for province in find_provinces(said))


def families_of(reader: CatalogueReader, documents: Iterable[DocumentRecord]) -> dict[str, Family]:
    """The clauses of documents, by id, in the order given."""
    distinct = {document.id: document for document in documents}
    return {identifier: Family.of(document, reader.clauses(identifier)) for identifier, document in distinct.items()}


def _subtree(family: Family, clause: ClauseRecord | None) -> Iterator[ClauseRecord]:
    if clause is not None:
        yield clause
        for child in family.below(clause):
            yield from _subtree(family, child)
