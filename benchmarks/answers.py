"""How often the sentence that answers comes first, on any questions over contexts: .csv (context, question, answer) or SQuAD's .json.

Measured are: (a) given the context, how often the first sentence (one of the first three) contains the answer, over the questions whose
answer stands in one sentence; (b) with --end-to-end the same over all contexts, found by the project's own search and ranking, and the
time of reading as a multiple of the search's; (c) with it, whether the questions whose context is there can be told from those whose
context is taken away (a random half, the same each time): the area under the ROC curve of the product's confidence, and of the plain
sum of search score and coverage. Means have 95 % bootstrap intervals.

A context of a .csv is read by the project's parser as the words of an article, where every word of it comes out, else line by line.
Answers of one letter and "Đúng", "Sai" stand in no sentence and are not counted. Needs the extra "evaluation" for the intervals.

    python benchmarks/answers.py FILE [--end-to-end] [--json]
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kgsearch.answering.confidence import confidence
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.reader import ReadAnswer, Source, read
from kgsearch.answering.reading.sentences import sentences
from kgsearch.catalogue.flattening import clause_rows
from kgsearch.engines.base import Engine, Entry
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.errors import KgsearchError
from kgsearch.evaluation.figures import Estimate, estimate
from kgsearch.language import analyse, fields, has_marks, syllable_key, tokenise
from kgsearch.models import ClauseRecord, Document, Kind
from kgsearch.parser import parse
from kgsearch.readers.text import split_lines
from kgsearch.retrieval.candidates import ask, ordered, reach
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.retrieval.plan import understood
from kgsearch.retrieval.query import clean_query
from kgsearch.retrieval.ranking import idf
from kgsearch.retrieval.syntax import read_syntax

SEED = 20_240_601
CONTEXTS_READ = 10
"""So many of the contexts found are read for a question."""

_NO_ANSWER = frozenset({"đúng", "sai"})
_FIRST = 3
_LARGEST_FIELD = 1 << 24


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its answer and the number of its context."""

    question: str
    answer: str
    context: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Contexts as clauses, with the questions over them."""

    contexts: list[list[ClauseRecord]]
    headings: list[str]
    questions: list[Asked]
    frequencies: Counter[str] = field(default_factory=Counter)
    clauses: int = 0

    def idf(self, key: str) -> float:
        """The inverse document frequency of a syllable's key, over the clauses."""
        return idf(self.clauses, self.frequencies[key])


@dataclass(frozen=True, slots=True)
class Found:
    """What the search gives for a question: contexts with their scores, best first, in seconds."""

    contexts: Sequence[tuple[int, float]]
    seconds: float


def main() -> int:
    """Measure and print; 0 unless the file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--end-to-end", action="store_true", help="search the contexts too, and tell answerable questions from others")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    try:
        collection = load(arguments.file)
        figures: dict[str, object] = {"file": arguments.file.name, "questions": len(collection.questions), **given_the_context(collection)}
        if arguments.end_to_end:
            figures |= end_to_end(collection)
    except (KgsearchError, OSError, ValueError, KeyError) as error:
        print(f"{arguments.file.name}: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        for name, value in figures.items():
            print(f"{name:<32}{shown(value)}")
    return 0


def shown(value: object) -> str:
    """A figure for a person."""
    if isinstance(value, dict):
        return f"{100 * value['mean']:.1f} %  [{100 * value['low']:.1f}, {100 * value['high']:.1f}]"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


# --- the questions


def load(file: Path) -> Collection:
    """The contexts and questions of a file. Raises ValueError or KeyError where it has another form."""
    rows = list(_squad(file) if file.suffix == ".json" else _table(file))
    places: dict[str, int] = {}
    for context, _question, _answer in rows:
        places.setdefault(context, len(places))
    read_context = _as_lines if file.suffix == ".json" else _as_article
    contexts = [read_context(context, str(place)) for context, place in places.items()]
    headings = ["" if file.suffix == ".json" else context.partition("\n")[0] for context in places]
    questions = [Asked(question, answer, places[context]) for context, question, answer in rows if question]
    if not questions:
        raise ValueError("no question in it")
    frequencies: Counter[str] = Counter()
    for clauses in contexts:
        for clause in clauses:
            frequencies.update({syllable_key(token.text) for token in tokenise(clause.text)})
    return Collection(contexts, headings, questions, frequencies, sum(map(len, contexts)))


def _table(file: Path) -> Iterator[tuple[str, str, str]]:
    csv.field_size_limit(_LARGEST_FIELD)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if context := _nfc(row["context"]).strip():
                yield context, _nfc(row["question"] or ""), _nfc(row["answer"] or "")


def _squad(file: Path) -> Iterator[tuple[str, str, str]]:
    for article in json.loads(file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                yield _nfc(paragraph["context"]), _nfc(asked["question"]), _nfc(asked["answers"][0]["text"])


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _as_article(context: str, name: str) -> list[ClauseRecord]:
    """The clauses of an article of law, as the parser reads it; line by line where words are lost or it is no article to it."""
    try:
        documents = parse(split_lines(f"Điều 1. {context}", "utf-8"))
    except KgsearchError:
        return _as_lines(context, name)
    clauses = [clause for document in documents for clause in _records(document, name)]
    held = Counter(token.text for clause in clauses for token in tokenise(f"{clause.label} {clause.text}"))
    lost = Counter(token.text for token in tokenise(context)) - held
    return _as_lines(context, name) if lost or len(documents) != 1 else clauses


def _records(document: Document, name: str) -> Iterator[ClauseRecord]:
    for row, (clause, _ancestors) in zip(clause_rows(document), document.walk(), strict=True):
        yield ClauseRecord(
            document=name,
            eid=clause.eid,
            parent=str(row["parent"]),
            position=int(row["position"]),
            kind=clause.kind,
            label=clause.label,
            heading=clause.heading,
            text=clause.text,
            full_text=clause.full_text,
            citation=str(row["citation"]),
            headings=tuple(row["headings"]),
            columns=clause.columns,
            cells=clause.cells,
        )


def _as_lines(context: str, name: str) -> list[ClauseRecord]:
    lines = [" ".join(line.split()) for line in context.splitlines() if line.strip()]
    return [
        ClauseRecord(name, f"p_{place}", "", place, Kind.PARAGRAPH, "", "", line, line, "") for place, line in enumerate(lines, start=1)
    ]


def spelled(text: str) -> str:
    """How answers are compared: one case, plain spaces."""
    return " ".join(text.casefold().split())


def stands_in_one_sentence(asked: Asked, clauses: Sequence[ClauseRecord]) -> bool:
    """Whether the answer is a part of one sentence of its context."""
    answer = spelled(asked.answer)
    if len(answer) < 2 or answer in _NO_ANSWER:
        return False
    return any(answer in spelled(clause.text[span.start : span.end]) for clause in clauses for span in sentences(clause.text))


# --- (a) the sentence, given the context


def given_the_context(collection: Collection) -> dict[str, object]:
    """How often the first sentence contains the answer, and the quote cut out of it."""
    first, among, quoted = [], [], []
    for asked in collection.questions:
        clauses = collection.contexts[asked.context]
        if stands_in_one_sentence(asked, clauses):
            answers = read(read_question(asked.question), [Source(clause) for clause in clauses], collection.idf)
            right = [answers_it(answer, asked) for answer in answers[:_FIRST]]
            first.append(float(right[:1] == [True]))
            among.append(float(any(right)))
            quoted.append(float(bool(answers) and spelled(asked.answer) in spelled(answers[0].text)))
    return {
        "answer in one sentence": len(first),
        "sentence first": _estimated(first),
        "sentence among three": _estimated(among),
        "quote contains the answer": _estimated(quoted),
    }


def answers_it(answer: ReadAnswer, asked: Asked) -> bool:
    """Whether the sentence that ``answer`` is in contains the right answer."""
    text = answer.clause.text
    whole = next((span for span in sentences(text) if span.start <= answer.unit.start < span.end), None)
    sentence = text[whole.start : whole.end] if whole and whole.end >= answer.unit.end else answer.unit.text
    return spelled(asked.answer) in spelled(sentence)


def _estimated(values: Sequence[float]) -> dict[str, float]:
    return estimate(values).to_json() if values else Estimate(0.0, 0.0, 0.0).to_json()


# --- (b) found among all contexts, (c) answerable or not


def end_to_end(collection: Collection) -> dict[str, object]:
    """The same over all contexts through the search, and the area under the curve with half of the contexts taken away."""
    with TemporaryDirectory() as folder:
        engine = WhooshEngine.create(Path(folder) / "engine")
        try:
            with engine.writer() as writer:
                writer.add(_entries(collection))
            return _searched(collection, engine, Lexicon(Path(folder)))
        finally:
            engine.close()


def _searched(collection: Collection, engine: Engine, lexicon: Lexicon) -> dict[str, object]:
    without = set(random.Random(SEED).sample(range(len(collection.questions)), len(collection.questions) // 2))
    right, searching, reading = [], 0.0, 0.0
    judged: list[tuple[float, bool]] = []
    told: list[tuple[float, bool]] = []
    for place, asked in enumerate(collection.questions):
        found = _search(engine, lexicon, asked.question)
        start = time.perf_counter()
        answers = _read_contexts(collection, asked.question, found.contexts[:CONTEXTS_READ])
        reading += time.perf_counter() - start
        searching += found.seconds
        if stands_in_one_sentence(asked, collection.contexts[asked.context]):
            right.append(float(bool(answers) and answers_it(answers[0], asked)))
        if place in without:
            others = [one for one in found.contexts if one[0] != asked.context]
            answers = _read_contexts(collection, asked.question, others[:CONTEXTS_READ])
        judged.append((coverage(answers), place not in without))
        told.append((confidence(answers[0].features) if answers else 0.0, place not in without))
    return {
        "contexts": len(collection.contexts),
        "found end to end": _estimated(right),
        "answerable or not, confidence": area_under_curve(told),
        "answerable or not, coverage": area_under_curve(judged),
        "reading as a share of search": reading / searching if searching else math.nan,
    }


def coverage(answers: Sequence[ReadAnswer]) -> float:
    """What speaks, without any learning, for the first answer being one: the search's score over the idf of the question, and how much
    of the question the sentence and what it stands under say."""
    if not answers:
        return 0.0
    features = answers[0].features
    return features.search / 2 + features.context + features.order + features.context_order


def area_under_curve(judged: Sequence[tuple[float, bool]]) -> float:
    """How often an answerable question has the higher confidence of a pair; half of the ties count."""
    yes = [score for score, answerable in judged if answerable]
    no = [score for score, answerable in judged if not answerable]
    wins = sum((one > other) + (one == other) / 2 for one in yes for other in no)
    return wins / (len(yes) * len(no)) if yes and no else math.nan


def _read_contexts(collection: Collection, question: str, found: Sequence[tuple[int, float]]) -> list[ReadAnswer]:
    sources = [Source(clause, score) for context, score in found for clause in collection.contexts[context]]
    return read(read_question(question), sources, collection.idf)


def _entries(collection: Collection) -> Iterator[Entry]:
    for place, clauses in enumerate(collection.contexts):
        heading = collection.headings[place]
        words = "\n".join(clause.text for clause in clauses)
        context, text = analyse(heading), analyse(words.removeprefix(heading))
        yield Entry(f"{place:06}", f"{place:06}", "art_1", "", "", None, fields(context, text), context.marked, text.marked)


def _search(engine: Engine, lexicon: Lexicon, question: str) -> Found:
    start = time.perf_counter()
    syntax = read_syntax(clean_query(question))
    query = understood(syntax, lexicon, marked=has_marks(syntax.sought)).query
    if query is None:
        return Found((), time.perf_counter() - start)
    query, coverage = reach(engine, query)
    ranked = ordered(query, ask(engine, query, coverage))
    return Found([(int(one.candidate.passage), one.score) for one in ranked], time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
