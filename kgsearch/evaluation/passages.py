"""Questions judged on passages alone: the project's analysis, query plan and ranking through a real engine, without documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kgsearch.engines.base import Engine, Entry
from kgsearch.engines.memory import MemoryEngine
from kgsearch.evaluation.figures import DEPTH, Judged
from kgsearch.evaluation.questions import JudgedPassages
from kgsearch.language import analyse, fields, fold, has_marks
from kgsearch.retrieval.candidates import ask, ordered, reach
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.retrieval.plan import understood
from kgsearch.retrieval.query import MAX_CHARACTERS, clean_query
from kgsearch.retrieval.syntax import read_syntax

ENGINES = ("whoosh", "memory")

_CLAUSE = "art_1"


def judged_rankings(judged: JudgedPassages, *, engine: str = "whoosh", strip_marks: bool = False) -> list[Judged]:
    """For each question, which of the first passages found is its own. ``strip_marks``: the questions are asked without marks."""
    with _opened(engine) as opened, TemporaryDirectory() as nothing:
        with opened.writer() as writer:
            writer.add(_entries(judged.passages))
        lexicon = Lexicon(Path(nothing))
        return [
            Judged([[0] if place == right else [] for place in _found(opened, lexicon, fold(question) if strip_marks else question)], 1)
            for question, right in judged.questions
        ]


@contextmanager
def _opened(name: str) -> Iterator[Engine]:
    """An empty engine, gone when the block ends."""
    if name == "memory":
        yield MemoryEngine()
        return
    from kgsearch.engines.whoosh import WhooshEngine

    with TemporaryDirectory() as folder:
        engine = WhooshEngine.create(Path(folder) / "engine")
        try:
            yield engine
        finally:
            engine.close()


def _entries(passages: Sequence[tuple[str, str]]) -> Iterator[Entry]:
    for place, (heading, words) in enumerate(passages):
        context, text = analyse(heading), analyse(words)
        yield Entry(
            passage=f"{place:06}",
            document=f"{place:06}",
            clause=_CLAUSE,
            type="",
            issuer="",
            issued=None,
            tokens=fields(context, text),
            context=context.marked,
            text=text.marked,
        )


def _found(engine: Engine, lexicon: Lexicon, question: str) -> list[int]:
    """The places of the first passages found for a question; none where nothing of it can be looked for."""
    # A longer one is refused by a search; what it begins with is asked.
    syntax = read_syntax(clean_query(_shortened(question)))
    query = understood(syntax, lexicon, marked=has_marks(syntax.sought)).query
    if query is None:
        return []
    query, coverage = reach(engine, query)
    return [int(one.candidate.passage) for one in ordered(query, ask(engine, query, coverage))[:DEPTH]]


def _shortened(question: str) -> str:
    return question if len(question) <= MAX_CHARACTERS else question[:MAX_CHARACTERS].rpartition(" ")[0]
