"""What it costs to follow a typed citation in a large catalogue, as a ratio to a small one.

    python benchmarks/citations.py [DOCUMENTS]

Makes a catalogue of DOCUMENTS (default 10,000) and one of a hundredth of it in a temporary folder. The ratio is what counts: it does not
depend on the machine, and says that a citation is looked up and not searched for.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from kgsearch.catalogue import Catalogue
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.name_keys import citation_key
from kgsearch.citations.resolve import resolve
from kgsearch.models import Clause, Document, Kind

TYPES = (("NQ-HĐND", "Nghị quyết"), ("QĐ-UBND", "Quyết định"), ("KH-UBND", "Kế hoạch"), ("QH15", "Luật"))
TEXTS = (
    "khoản 1 Điều 2 Nghị quyết số 33/NQ-HĐND",
    "k1 đ2 nq 33",
    "33/NQ-HĐND",
    "Điều 1 đến Điều 2 Nghị quyết 33/NQ-HĐND",
    "khoản 1 Điều 9 Nghị quyết số 33/NQ-HĐND",
    "khoản 1 Điều 2 Luật Phân loại 35",
)
TURNS = 30


def made(number: int) -> Document:
    """A small document; every fortieth is a law."""
    symbol, kind = TYPES[3] if number % 40 == 35 else TYPES[number % 3]
    clauses = tuple(
        Clause(
            f"art_{article}",
            Kind.ARTICLE,
            f"Điều {article}",
            str(article),
            "",
            "Lời.",
            clauses=(Clause(f"art_{article}__para_1", Kind.CLAUSE, "1.", "1", "", "Lời."),),
        )
        for article in (1, 2, 3)
    )
    return Document(
        f"d-{number}", f"{number}/{symbol}", kind, f"Phân loại {number}", "Ủy ban nhân dân tỉnh Hải Giang", "", date(2021, 1, 1), "", "",
        clauses=clauses,
    )  # fmt: skip


def catalogue_of(size: int, folder: Path) -> CatalogueReader:
    """A catalogue of ``size`` documents."""
    path = folder / f"{size}.sqlite"
    with Catalogue.open(path, create=True) as catalogue:
        for start in range(1, size + 1, 500):
            catalogue.put_file(f"{start}.txt", str(start), 1, 1, [made(number) for number in range(start, min(size + 1, start + 500))])
    return CatalogueReader(path)


def milliseconds(text: str, reader: CatalogueReader) -> float:
    """The median time to resolve ``text``."""
    times = []
    for _turn in range(TURNS):
        start = time.perf_counter()
        resolve(text, reader, citation_key)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Print a line for each text: times in both catalogues, and their ratio."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        small, large = catalogue_of(size // 100, Path(folder)), catalogue_of(size, Path(folder))
        for text in TEXTS:
            few, many = milliseconds(text, small), milliseconds(text, large)
            print(f"{few:7.2f} ms {many:7.2f} ms  x{many / few:5.1f}  {text}")
        small.close()
        large.close()


if __name__ == "__main__":
    main()
