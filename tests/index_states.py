"""What an index holds, to be compared: every row of the catalogue but times and keys, what the engine holds, and the hits of queries."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from kgsearch.citations.resolve import Target
from kgsearch.config import Settings
from kgsearch.errors import IndexStateError
from kgsearch.language import fold
from kgsearch.language.tables import LEXICON_FILE
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.hits import hits_of as as_hits

LISTED = 10

Hits = tuple[tuple[Any, ...], ...]
"""(document, eId, full citation, text, score) of each."""

_VOLATILE = {"changed", "last_run", "engine_commit"}
"""What the catalogue stamps with the time of a run, and with the name of a commit, which is another in every one."""


@dataclass(frozen=True, slots=True)
class State:
    """What an index holds: ``rows`` by table, of the catalogue; ``engine`` its documents and number of passages; ``hits`` by query;
    ``lexicon`` a digest of what was learnt."""

    rows: Mapping[str, Counter[str]]
    engine: tuple[frozenset[str], int]
    lexicon: int | None
    hits: Mapping[str, Hits]

    def differences_of_hits(self, settings: Settings) -> list[str]:
        """What a search of the index of ``settings`` finds otherwise. Raises IndexStateError where it cannot be searched."""
        searcher = Searcher(settings)
        try:
            found = {query: hits_of(searcher, query) for query in self.hits}
        finally:
            close(searcher)
        return [f"hits of {query!r}: {hits} became {found[query]}" for query, hits in self.hits.items() if hits != found[query]]

    def differences(self, other: State) -> list[str]:
        """What is other in ``other``, in words; nothing where they are the same."""
        found = []
        for table in sorted({*self.rows, *other.rows}):
            ours, theirs = self.rows.get(table, Counter()), other.rows.get(table, Counter())
            if ours != theirs:
                found.append(f"{table}: lost {list(ours - theirs)[:3]}, came {list(theirs - ours)[:3]}")
        if self.engine != other.engine:
            found.append(f"engine: {self.engine} became {other.engine}")
        if self.lexicon != other.lexicon:
            found.append(f"lexicon: {self.lexicon} became {other.lexicon}")
        found += [
            f"hits of {query!r}: {hits} became {other.hits.get(query)}"
            for query, hits in self.hits.items()
            if hits != other.hits.get(query)
        ]
        return found


def state_of(settings: Settings, queries: Iterable[str] = ()) -> State:
    """What the index of ``settings`` holds. Raises IndexStateError where it cannot be opened."""
    searcher = Searcher(settings)
    try:
        hits = {query: hits_of(searcher, query) for query in queries}
        return State(rows_of(settings.catalogue_path), (searcher.engine.documents(), searcher.engine.passages()), _lexicon(settings), hits)
    finally:
        close(searcher)


def _lexicon(settings: Settings) -> int | None:
    """A digest of the lexicon's tables; what is before them says when they were learnt."""
    try:
        _magic, _header, tables = (settings.lexicon_path / LEXICON_FILE).read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    return crc32(tables)


def close(searcher: Searcher) -> None:
    """Let go of a searcher's files."""
    searcher.engine.close()
    searcher.reader.close()


def hits_of(searcher: Searcher, query: str) -> Hits:
    """(document, eId, citation, text, score) of the first hits of a query."""
    found = searcher.search(query, limit=LISTED)
    return tuple((hit.document.id, hit.clause.eid, hit.citation_full, hit.clause.text, round(hit.score, 6)) for hit in found.hits)


def rows_of(path: Path) -> dict[str, Counter[str]]:
    """The rows of the database at ``path`` by table, without what no two runs have in common: times, and numbers of rows."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        known = _identities(connection, names)
        return {name: Counter(_plain_rows(connection, name, known)) for name in names}


def _identities(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, dict[int, str]]:
    """By table, what stands for the number of a row."""
    sql = {
        "documents": "SELECT key, id FROM documents",
        "files": "SELECT key, path FROM files",
        "references": """
            SELECT r.key, d.id || r.eid || r.start || ' ' || r."end" FROM "references" r JOIN documents d ON d.key = r.document_key""",
    }
    return {name: dict(connection.execute(sql[name])) for name in names if name in sql}


def _plain_rows(connection: sqlite3.Connection, table: str, known: Mapping[str, Mapping[int, str]]) -> Iterator[str]:
    foreign = {row[3]: row[2] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")')}
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    for row in connection.execute(f'SELECT * FROM "{table}"'):
        if table == "meta" and (row[columns.index("key")] in _VOLATILE or row == ("lexicon_behind", "0")):
            continue
        values = dict(zip(columns, row, strict=True))
        if table != "meta":
            for name in ("key", "seen_ns", "replaced"):
                values.pop(name, None)
        for column, target in foreign.items():
            values[column] = known.get(target, {}).get(values[column], "")
        yield repr(values)


def integrity(path: Path) -> list[str]:
    """What SQLite finds wrong with a database."""
    with closing(sqlite3.connect(path)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        found += [f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    return [line for line in found if line != "ok"]


def queries_of(settings: Settings, count: int) -> list[str]:
    """``count`` queries that an index answers: words of its clauses, with marks and without, and numbers of its documents; the same ones
    for the same documents."""
    searcher = Searcher(settings)
    documents = sorted(searcher.reader.documents(), key=lambda one: crc32(one.id.encode()))
    queries: list[str] = []
    with closing(searcher.reader):
        for place in range(max(1, -(-count // max(1, 2 * len(documents))))):
            for document in documents:
                queries += _phrases(document.id, [clause.text for clause in searcher.reader.clauses(document.id)], place)
                queries += [document.number] if document.number and not place else []
    searcher.engine.close()
    return list(dict.fromkeys(queries))[:count]


def _phrases(name: str, texts: Sequence[str], place: int) -> list[str]:
    worded = [words for words in (re.findall(r"\w+", text) for text in texts) if len(words) >= 8]
    if not worded:
        return []
    digest = crc32(f"{name} {place}".encode())
    words = worded[digest % len(worded)]
    start = digest % (len(words) - 5)
    phrase = " ".join(words[start : start + 5]).lower()
    return [fold(phrase) if digest % 3 == 0 else phrase]


# --- what must hold between a fault and the next run


@dataclass(frozen=True, slots=True)
class Expected:
    """The states before and after an undisturbed run, and what may be shown between the two."""

    old: State | None
    new: State
    clauses: frozenset[tuple[str, str, str, str]] = field(default_factory=frozenset)

    def wrong(self, settings: Settings) -> list[str]:
        """What a fresh search of the index shows that neither state would, in words."""
        try:
            searcher = Searcher(settings)
        except IndexStateError as error:
            return [] if self.old is None else [f"the index cannot be opened: {error}"]
        try:
            return [fault for query in self.new.hits for fault in self.wrong_hits(query, hits_of(searcher, query))]
        except IndexStateError as error:
            return [f"the index cannot be searched: {error}"]
        finally:
            close(searcher)

    def wrong_hits(self, query: str, hits: Sequence[tuple[Any, ...]]) -> list[str]:
        """What is wrong with the hits of one query: doubled, of neither state, or without the one that is first in both."""
        places = [hit[:2] for hit in hits]
        faults = [f"{query!r}: doubled hits {places}"] if len(set(places)) < len(places) else []
        faults += [f"{query!r}: of neither state: {hit[:4]}" for hit in hits if hit[:4] not in self.clauses]
        if self.old is not None:
            before, after = self.old.hits[query][:1], self.new.hits[query][:1]
            if before and after and before[0][:2] == after[0][:2] and after[0][:2] not in places and _answer_alike(query, before, after):
                faults.append(f"{query!r}: {after[0][:2]} is first before and after, and missing between; found: {places}")
        return faults


def _answer_alike(query: str, before: Hits, after: Hits) -> bool:
    """Whether the first hits hold the same words of the query: one that has lost some must not be shown to who asks for them."""
    words = set(fold(query).lower().split())
    held = [words & set(re.findall(r"\w+", fold(hits[0][3]).lower())) for hits in (before, after)]
    return held[0] == held[1]


def clauses_of(settings: Settings) -> frozenset[tuple[str, str, str, str]]:
    """(document, eId, full citation, text) of everything in an index."""
    searcher = Searcher(settings)
    try:
        reader = searcher.reader
        targets = [Target(document, clause) for document in reader.documents() for clause in reader.clauses(document.id)]
        return frozenset((hit.document.id, hit.clause.eid, hit.citation_full, hit.clause.text) for hit in as_hits(targets, None))
    finally:
        close(searcher)
