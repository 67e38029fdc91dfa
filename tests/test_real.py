"""The 180 real documents beside the project against what a careful reader found in each; no word of any of them is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from invariants import assert_whole

from kgsearch.models import Document, Kind, SourceText
from kgsearch.parser import parse
from kgsearch.readers import read

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
COLUMNS = ("file", "type", "number", "issued", "issuer", "articles", "attached", "note")

# Shares of the files that must be right. What is missing is what the reader himself notes as unusual: lost headings, cut sources.
REQUIRED = {"type": 0.98, "number": 0.98, "issued": 0.97, "issuer": 0.97, "articles": 0.97, "attached": 0.93}


@cache
def expected() -> tuple[Mapping[str, str], ...]:
    """The reader's table, a row a file; none where the folder beside the project is missing."""
    table = REAL / "expected.tsv"
    if not table.exists():
        return ()
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    assert tuple(rows[0]) == COLUMNS
    return tuple(dict(zip(COLUMNS, [*row, *[""] * (len(COLUMNS) - len(row))], strict=True)) for row in rows[1:])


@cache
def parsed(name: str) -> tuple[SourceText, list[Document]]:
    source = read(REAL / name)
    return source, parse(source)


def labels(ranges: str) -> list[str]:
    """The labels of "1-3,12a"."""
    found: list[str] = []
    for part in filter(None, map(str.strip, ranges.split(","))):
        ends = re.fullmatch(r"(\d+)-(\d+)", part)
        found.extend(map(str, range(int(ends[1]), int(ends[2]) + 1)) if ends else [part])
    return found


def articles(document: Document) -> tuple[list[str], list[list[str]]]:
    """Labels of the document's own articles, and of those of each text attached that has any."""
    own: list[str] = []
    attached: list[list[str]] = []
    for top in document.clauses:
        numbers = [clause.number for clause, _above in top.walk() if clause.kind is Kind.ARTICLE]
        if not top.eid.startswith("att_"):
            own.extend(numbers)
        elif numbers:
            attached.append(numbers)
    return own, attached


def found(document: Document) -> dict[str, object]:
    own, attached = articles(document)
    return {
        "type": document.type,
        "number": document.number,
        "issued": document.issued.isoformat() if document.issued else "",
        "issuer": document.issuer.casefold(),
        "articles": own,
        "attached": attached,
    }


def wanted(row: Mapping[str, str]) -> dict[str, object]:
    return {
        "type": row["type"],
        "number": row["number"],
        "issued": row["issued"],
        "issuer": row["issuer"].casefold(),
        "articles": labels(row["articles"]),
        "attached": [labels(part) for part in row["attached"].split(";") if part.strip()],
    }


def test_ranges_of_labels() -> None:
    assert labels("1-3, 12a,13") == ["1", "2", "3", "12a", "13"]
    assert labels("") == []


@pytest.mark.parametrize("column", REQUIRED)
def test_what_a_careful_reader_found(shared: Path, column: str) -> None:
    rows = expected()
    assert len(rows) == 180
    wrong = [row["file"] for row in rows if found(parsed(row["file"])[1][0])[column] != wanted(row)[column]]
    assert 1 - len(wrong) / len(rows) >= REQUIRED[column], wrong


@pytest.mark.parametrize("column", REQUIRED)
def test_the_comparison_notices_a_difference(shared: Path, column: str) -> None:
    row = next(row for row in expected() if row[column])
    assert found(parsed(row["file"])[1][0])[column] != wanted({**row, column: "999"})[column]


@pytest.mark.parametrize("name", [row["file"] for row in expected()])
def test_no_word_is_lost(name: str) -> None:
    source, documents = parsed(name)
    assert_whole(source, documents)


@pytest.mark.parametrize("name", [row["file"] for row in expected()])
def test_articles_keep_their_order(name: str) -> None:
    """Every clause stands behind the one before it in the source: nothing is moved, nothing is read twice."""
    for document in parsed(name)[1]:
        starts: Sequence[int] = [
            clause.spans[0].start for clause, _above in document.walk() if clause.spans and clause.kind is not Kind.FOOTNOTE
        ]
        assert starts == sorted(starts)
