"""What the parser finds in a folder of documents, against what a careful reader found, and what it costs.

    python benchmarks/parsing.py FOLDER [--files]

Reads ``expected.tsv`` where the folder has one (columns: file, type, number, issued, issuer, articles, attached; tab separated). Prints
Markdown: metadata and article labels right, words accounted for, words outside any numbered clause, and the time of parsing as a ratio
of the time that pyvi's tagger takes to segment the same text in the same run. ``--files`` names what differs.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kgsearch.language import segment
from kgsearch.models import Clause, Document, Kind, SourceText
from kgsearch.parser import parse
from kgsearch.parser.mapped import text_of
from kgsearch.readers import read

WORD = re.compile(r"[^\W_]+")
NUMBERED = (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT, Kind.SUBPOINT, Kind.SECTION, Kind.SUBSECTION, Kind.CHAPTER, Kind.PART, Kind.ROW)
UNNUMBERED_NOTED = 0.3


@dataclass
class Report:
    """Counts over all files; ``differences`` holds, for each measure, (file, found, expected)."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    differences: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    loose: dict[str, float] = field(default_factory=dict)
    words: int = 0
    kept: int = 0
    parse_seconds: float = 0.0
    segment_seconds: float = 0.0

    def check(self, measure: str, file: str, found: str, expected: str) -> None:
        """Count one comparison."""
        self.asked[measure] += 1
        if found == expected:
            self.right[measure] += 1
        else:
            self.differences[measure].append((file, found, expected))


def labels(text: str) -> str:
    """ "1-3,12a" spelled out: "1,2,3,12a"; attached texts apart by "; "."""
    return "; ".join(",".join(_spelled(part)) for part in text.split(";") if part.strip())


def _spelled(text: str) -> Iterable[str]:
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        span = re.fullmatch(r"(\d+)-(\d+)", part)
        yield from map(str, range(int(span[1]), int(span[2]) + 1)) if span else (part,)


def articles(clauses: Iterable[Clause]) -> str:
    """The numbers of the articles among the clauses and below them."""
    return ",".join(clause.number for top in clauses for clause, _above in top.walk() if clause.kind is Kind.ARTICLE)


def compare(report: Report, row: dict[str, str], document: Document) -> None:
    """One document against its row of expected.tsv."""
    file = row["file"]
    report.check("type", file, document.type.lower(), row["type"].lower())
    report.check("number", file, document.number, row["number"])
    if row["issued"]:
        report.check("date", file, document.issued.isoformat() if document.issued else "", row["issued"])
    if row["issuer"]:
        report.check("issuer", file, document.issuer.lower(), row["issuer"].lower())
    attached = [clause for clause in document.clauses if clause.kind in (Kind.ATTACHMENT, Kind.ANNEX)]
    report.check("articles", file, articles(clause for clause in document.clauses if clause not in attached), labels(row["articles"]))
    if row["attached"]:
        found = "; ".join(filter(None, (articles([clause]) for clause in attached)))
        report.check("attached articles", file, found, labels(row["attached"]))


def weigh(report: Report, file: str, source: SourceText, documents: Sequence[Document]) -> None:
    """Words of the source, of the clauses, labels and heads; the share of words in paragraphs outside any numbered clause."""
    words = len(WORD.findall(source.text))
    spans = [span for document in documents for span in document.header]
    spans += [span for document in documents for clause, _above in document.walk() for span in (*clause.spans, *clause.label_spans)]
    kept = len(WORD.findall(text_of(source.text, []) + " ".join(source.text[span.start : span.end] for span in spans)))
    report.words += words
    report.kept += min(words, kept)
    report.check("at least 97 % of words kept", file, str(kept >= 0.97 * words), "True")
    loose = sum(len(WORD.findall(clause.text)) for document in documents for clause, above in document.walk() if _is_loose(clause, above))
    report.loose[file] = loose / max(1, words)


def _is_loose(clause: Clause, above: Sequence[Clause]) -> bool:
    top = (above or (clause,))[0]
    inside = any(ancestor.kind in NUMBERED for ancestor in above)
    return clause.kind is Kind.PARAGRAPH and not inside and top.kind is not Kind.PREAMBLE


def whole(report: Report, file: str, source: SourceText, documents: Sequence[Document]) -> None:
    """eIds unique, texts what their spans say."""
    found = [(document.id, clause.eid) for document in documents for clause, _above in document.walk()]
    report.check("eIds unique", file, str(len(set(found))), str(len(found)))
    wrong = [c.eid for document in documents for c, _above in document.walk() if text_of(source.text, c.spans) != c.text]
    report.check("texts as their spans say", file, ",".join(wrong), "")


def run(folder: Path) -> Report:
    """Parse every text file of the folder."""
    report = Report()
    table = folder / "expected.tsv"
    rows: dict[str, dict[str, str]] = {}
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as lines:
            rows = {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    segment("giải ngân")
    for path in sorted(folder.glob("*.txt")):
        source = read(path)
        started = time.perf_counter()
        documents = parse(source)
        parsed = time.perf_counter()
        for line in source.lines:
            segment(line.text)
        report.parse_seconds += parsed - started
        report.segment_seconds += time.perf_counter() - parsed
        whole(report, path.name, source, documents)
        weigh(report, path.name, source, documents)
        if path.name in rows:
            compare(report, rows[path.name], documents[0])
    return report


def show(report: Report, *, files: bool) -> None:
    """Print the report as Markdown."""
    print("| measure | right | of | % |\n|---|---|---|---|")
    for measure, asked in report.asked.items():
        print(f"| {measure} | {report.right[measure]} | {asked} | {100 * report.right[measure] / asked:.1f} |")
    print(f"\nWords kept: {100 * report.kept / max(1, report.words):.2f} % of {report.words:,}.")
    ratio = report.parse_seconds / report.segment_seconds if report.segment_seconds else 0.0
    print(f"Parsing takes {ratio:.2f} of the time of segmenting the same text with pyvi's tagger.")
    high = sorted(((share, file) for file, share in report.loose.items() if share > UNNUMBERED_NOTED), reverse=True)
    if high:
        print("\nMore than 30 % of the words in paragraphs outside any numbered clause: ", end="")
        print(", ".join(f"{file} {100 * share:.0f} %" for share, file in high))
    if files:
        print("\n## share of words in paragraphs outside any numbered clause\n")
        for file, share in report.loose.items():
            print(f"- {file}: {100 * share:.1f} %")
        for measure, differences in report.differences.items():
            print(f"\n## {measure}\n")
            for file, found, expected in differences:
                print(f"- {file}: found {found or '-'}; expected {expected or '-'}")


def main() -> None:
    """Read the arguments and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", action="store_true", help="name what differs")
    arguments = parser.parse_args()
    show(run(arguments.folder), files=arguments.files)


if __name__ == "__main__":
    main()
