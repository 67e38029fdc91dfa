"""What reading a query costs beside the engine's own search for it: the ratio of the two, on one index, in one run.

Queries are taken from the documents themselves: six neighbouring words of a clause, as written, without marks, as a question and with a
slip. Reading one is everything from the text as typed to what the engine is asked for; the engine's search is all that it is asked for
that query. Both are measured with everything read once before. The ratio is to stay under 1.

    python benchmarks/understanding.py [--index index] [--queries 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.read import read_citations
from kgsearch.engines.base import EngineQuery, EngineResult
from kgsearch.engines.home import EngineHome
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.errors import UsageError
from kgsearch.language import fold, has_marks, tokenise
from kgsearch.retrieval import Searcher
from kgsearch.retrieval import plan as planning
from kgsearch.retrieval.fields import Metadata, extended, limits_of
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.retrieval.query import clean_query
from kgsearch.retrieval.syntax import read_syntax

BOUND = 1.0
WORDS = 6


class TimedEngine(WhooshEngine):
    """Adds up the seconds of its searches."""

    seconds = 0.0

    def search(self, query: EngineQuery) -> EngineResult:
        """As the engine does, timed."""
        start = time.perf_counter()
        try:
            return super().search(query)
        finally:
            self.seconds += time.perf_counter() - start


def queries_of(reader: CatalogueReader, count: int, seed: int) -> list[tuple[str, str]]:
    """(kind, query) of ``count`` places in the documents, four kinds of each."""
    chance = random.Random(seed)
    documents = reader.documents()
    found: list[tuple[str, str]] = []
    while len(found) < 4 * count:
        clause = chance.choice(reader.clauses(chance.choice(documents).id))
        words = [token.text for token in tokenise(clause.text)]
        if len(words) < WORDS or not has_marks(clause.text):
            continue
        start = chance.randrange(len(words) - WORDS + 1)
        query = " ".join(words[start : start + WORDS])
        found += [("words", query), ("no marks", fold(query)), ("question", f"{query} là gì?"), ("slip", slipped(query, chance))]
    return found


def slipped(query: str, chance: random.Random) -> str:
    """The query without one of its letters."""
    place = chance.choice([place for place, letter in enumerate(query) if letter.isalpha()])
    return query[:place] + query[place + 1 :]


def read(text: str, lexicon: Lexicon, metadata: Metadata) -> None:
    """What a search makes of a query before it asks the engine."""
    syntax = extended(read_syntax(clean_query(text)), metadata)
    limits_of(syntax, metadata)
    read_citations(syntax.words)
    meant, _readings = planning.decoded(syntax, lexicon)
    planning.understood(meant, lexicon, marked=has_marks(syntax.sought))


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(index: Path, queries: Sequence[tuple[str, str]]) -> dict[str, list[tuple[float, float]]]:
    """By kind of query, for each the seconds of reading it and of the engine's search for it."""
    reader, lexicon = CatalogueReader(index / "catalogue.sqlite"), Lexicon(index / "lexicon")
    engine = EngineHome(index / "engine").open(TimedEngine)
    searcher, metadata = Searcher(reader=reader, engine=engine, lexicon=lexicon), Metadata(reader)
    measured: dict[str, list[tuple[float, float]]] = {}
    for warm in (False, True):
        for kind, query in queries:
            try:
                reading = seconds(lambda query=query: read(query, lexicon, metadata))  # type: ignore[misc]
            except UsageError:
                continue
            engine.seconds = 0.0
            searcher.search(query)
            if warm:
                measured.setdefault(kind, []).append((reading, engine.seconds))
    return measured


def main() -> int:
    """Measure, print medians and ratios; 0 where the ratio over all is under the bound, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"), help="folder of the index")
    parser.add_argument("--queries", type=int, default=100, help="places in the documents that queries are taken from")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with CatalogueReader(arguments.index / "catalogue.sqlite") as reader:
        queries = queries_of(reader, arguments.queries, arguments.seed)
    measured = measure(arguments.index, queries)
    measured["all"] = [pair for pairs in measured.values() for pair in pairs]
    for kind, pairs in measured.items():
        reading, searching = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
        print(f"{kind:9} reading {reading:6.2f} ms, engine {searching:6.2f} ms, ratio {reading / searching:.2f} ({len(pairs)} queries)")
    readings, searches = (sum(times) for times in zip(*measured["all"], strict=True))
    print(f"ratio of the sums: {readings / searches:.2f} (bound: {BOUND:.0f})")
    return 0 if readings / searches < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
