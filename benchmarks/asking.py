"""What an answer costs, as a multiple of the search for the same words, and what it adds to the page of results.

Asked are the questions of a file of JSON lines, on an index of its documents; each is asked and searched for in turn, so that both find
the same things cached, after one round that warms up. Printed are the ratios of the sums, and of the medians.

    python benchmarks/asking.py FILE --corpus DIR --index DIR
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from kgsearch.answering import Answerer
from kgsearch.config import load_settings
from kgsearch.errors import KgsearchError
from kgsearch.evaluation.questions import read_questions
from kgsearch.retrieval import Searcher
from kgsearch.server import create_app

PAGE = 10


def main() -> int:
    """Run from the command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    options = parser.parse_args()
    try:
        settings = load_settings(options.corpus, options.index)
        searcher = Searcher(settings)
        questions = [question.query for question in read_questions(options.file)]
    except KgsearchError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    answerer, client = Answerer(searcher), create_app(settings, searcher).test_client()
    ways: dict[str, Callable[[str], object]] = {
        "search": lambda question: searcher.search(question, limit=PAGE),
        "ask": lambda question: answerer.ask(question),
        "page without answer": lambda question: client.get("/search", query_string={"q": question, "exact": "1"}),
        "page with answer": lambda question: client.get("/search", query_string={"q": question}),
    }
    for name, (total, middle) in ratios(ways, questions).items():
        print(f"{name:<22}{total:6.2f}  median {middle:6.2f}")
    return 0


def ratios(ways: dict[str, Callable[[str], object]], questions: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Of each way the time for all questions as a multiple of the first way's, and the same of the medians."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for question in questions:
        for way in ways.values():
            way(question)
        for name, way in ways.items():
            start = time.perf_counter()
            way(question)
            times[name].append(time.perf_counter() - start)
    first = next(iter(times.values()))
    return {name: (sum(taken) / sum(first), median(taken) / median(first)) for name, taken in times.items()}


if __name__ == "__main__":
    sys.exit(main())
