"""What it costs to keep the links of a large catalogue true when a document arrives and when it leaves.

    python benchmarks/linking.py [DOCUMENTS]

Makes a catalogue of DOCUMENTS (default 10,000) small documents with twice as many references in a temporary folder: by number (some numbers
are those of several documents), to clauses, to laws by name, to what is missing. Prints how many references one arrival, one reading
again and one departure link, and the time of each as a ratio to linking every reference.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from kgsearch.catalogue import Catalogue
from kgsearch.citations.find import find_references
from kgsearch.models import Clause, Document, Kind, Reference, Span

BATCH = 500
LAWS = ("Đất đai", "Xây dựng", "Đầu tư công", "Ngân sách nhà nước", "Giáo dục", "Quản lý thuế", "Viên chức", "Thủ đô")


def made(number: int, size: int) -> Document:
    """Document ``number`` of a catalogue of ``size``: it cites two others, the one after it on the list among them.

    Every fiftieth shares the number of the one before it; a hundred years' laws have eight names between them.
    """
    later = (number + 1) % size
    issued = date(2001, 1, 1) + timedelta(days=number % 365)
    if number % 100 == 99:
        name = LAWS[number // 100 % len(LAWS)]
        return document(number, f"{number}/2001/QH10", "Luật", name, issued, f"Theo Nghị quyết số {later}/NQ-HĐND.", "Theo Luật Kế toán.")
    shared = number - 1 if number % 50 == 1 else number
    first = f"Theo khoản 1 Điều 2 Nghị quyết số {later}/NQ-HĐND."
    second = (
        f"Theo Điều 1 Luật {LAWS[number % len(LAWS)]}." if number % 4 == 0 else f"Theo Nghị quyết số {number * 7 % (2 * size)}/NQ-HĐND."
    )
    return document(number, f"{shared}/NQ-HĐND", "Nghị quyết", f"Về việc thứ {number}", issued, first, second)


def document(number: int, symbol: str, kind: str, title: str, issued: date, *texts: str) -> Document:
    """A document with an article for each text, and the references that are found in it."""
    clauses = tuple(
        Clause(
            f"art_{place}", Kind.ARTICLE, f"Điều {place}", str(place), "", text,
            clauses=(Clause(f"art_{place}__para_1", Kind.CLAUSE, "1.", "1", "", "Lời."),),
        )
        for place, text in enumerate(texts, start=1)
    )  # fmt: skip
    references = tuple(
        Reference(
            clause.eid, clause.text[one.start : one.end], Span(one.start, one.end), one.number, str(one.form), one.document, one.year,
            one.issued, one.clauses,
        )
        for clause in clauses
        for one in find_references(clause.text)
    )  # fmt: skip
    issuer = "Quốc hội" if kind == "Luật" else "Hội đồng nhân dân tỉnh Hải Giang"
    return Document(f"d-{number}", symbol, kind, title, issuer, "", issued, "", "", clauses=clauses, references=references)


def fill(catalogue: Catalogue, size: int) -> None:
    """Write the ``size`` documents into an empty catalogue, in files of many."""
    documents = [made(number, size) for number in range(size)]
    for start in range(0, size, BATCH):
        catalogue.put_file(f"{start}.txt", str(start), 1, 1, documents[start : start + BATCH])


def arrival(size: int) -> Document:
    """A document that others cite already: another of the number that document 0 has, and with it the last document cites."""
    return document(size, "0/NQ-HĐND", "Nghị quyết", "Về việc đến sau", date(2000, 12, 1), "Theo Luật Thủ đô.", "Theo Điều 1.")


def measured(catalogue: Catalogue, change: Callable[[], object]) -> tuple[int, float]:
    """How many references ``change`` links, and the seconds it takes."""
    before, start = catalogue.linked, time.perf_counter()
    change()
    return catalogue.linked - before, time.perf_counter() - start


def main() -> None:
    """Print a line for each change."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, Catalogue.open(Path(folder) / "catalogue.sqlite", create=True) as catalogue:
        fill(catalogue, size)
        late = arrival(size)
        every, whole = measured(catalogue, catalogue.link_all)
        print(f"{every:7} references linked in {whole:.2f} s: all of {size} documents")
        changes: dict[str, Callable[[], object]] = {
            "a document arrives": lambda: catalogue.put_file("late.txt", "0", 1, 1, [late]),
            "it is read again": lambda: catalogue.put_file("late.txt", "1", 1, 1, [late]),
            "it leaves": lambda: catalogue.remove_file("late.txt"),
        }
        for name, change in changes.items():
            linked, seconds = measured(catalogue, change)
            print(f"{linked:7} references linked in {seconds * 1000:.1f} ms: {name}; 1/{whole / seconds:.0f} of the time")


if __name__ == "__main__":
    main()
