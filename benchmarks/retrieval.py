"""How often the right passage comes first, on any table of passages and questions (.csv with the columns context, question).

Each distinct context is one passage, its first line its heading; a row without a question only adds a passage. What is measured is the
project's own analysis, query plan and ranking through an engine; the questions are asked as they are and with their marks stripped.
Needs the extra "evaluation".

    python benchmarks/retrieval.py FILE.csv [--engine whoosh|memory] [--save NOW.json] [--compare BEFORE.json]

The memory engine gives the same figures and takes many times as long.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from kgsearch.errors import KgsearchError
from kgsearch.evaluation import Evaluation, earlier_report, evaluate
from kgsearch.evaluation.passages import ENGINES

MEASURES = ("P@1", "R@10", "MRR@10", "nDCG@10")
VARIANTS = {"as they are": False, "without marks": True}


def main() -> int:
    """Measure and print; 0 unless the file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    parser.add_argument("--save", type=Path, metavar="JSON", help="write both reports here, for a later --compare")
    parser.add_argument("--compare", type=Path, metavar="JSON", help="an earlier --save: print what changed, with paired tests")
    arguments = parser.parse_args()
    try:
        earlier = json.loads(arguments.compare.read_text("utf-8")) if arguments.compare else {}
        saved = {name: report(arguments.file, name, arguments.engine, earlier) for name in VARIANTS}
    except (KgsearchError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.save:
        arguments.save.write_text(json.dumps(saved, ensure_ascii=False), "utf-8")
    return 0


def report(file: Path, name: str, engine: str, earlier: Mapping[str, object]) -> dict[str, object]:
    """Measure one variant of the questions and print its figures; the report as JSON."""
    start = time.perf_counter()
    before = earlier_report(earlier[name], name) if name in earlier else None
    found = evaluate(None, file, strip_marks=VARIANTS[name], engine=engine, compare=before)
    print(f"questions {name}: {len(found.queries)}, {time.perf_counter() - start:.0f} s through {engine}")
    show(found)
    return found.to_json()


def show(found: Evaluation) -> None:
    """Print the means with their 95 % intervals, and what changed."""
    for measure in MEASURES:
        one = found.kinds()["passage"][measure]
        line = f"  {measure:<8}{100 * one.mean:6.2f}  [{100 * one.low:.2f}, {100 * one.high:.2f}]"
        if found.compared:
            change = found.compared.differences["passage"][measure]
            line += f"  {100 * change.mean:+.2f}, p = {change.p:.3f}"
        print(line)
    if found.compared:
        print(f"  better: {len(found.compared.better)}, worse: {len(found.compared.worse)}")


if __name__ == "__main__":
    sys.exit(main())
