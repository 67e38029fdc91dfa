"""How much of a document comes back from each format: typed out, saved in it, and read again.

    python benchmarks/round_trips.py [--count 20] [--shared ../shared] [--keep FOLDER]

The documents are those of `tests/written.py`: all of the corpus and COUNT real ones. They are written as .docx with labels that Word
counts (.rtf with typed ones: LibreOffice cannot write the others), as pages of four kinds of law sites, and by LibreOffice as .doc, .odt,
.rtf and .pdf; each is read back as any file is. Prints Markdown: the documents, of how many number, type and date are right, the mean
share of clauses that came back with their eId and of words in the right clause, and the documents below 97 %. FOLDER keeps what
LibreOffice wrote.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from kgsearch.errors import ReadError
from kgsearch.models import Document
from kgsearch.parser import parse
from kgsearch.readers.dispatch import read_bytes
from kgsearch.readers.libreoffice import program

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

# The tests' writers are the benchmark's too.
from html_pages import SITES, page_of  # noqa: E402
from written import Agreement, agreement, documents_to_write, docx_of  # noqa: E402

FILTERS = {"doc": "doc:MS Word 97", "odt": "odt:writer8", "rtf": "rtf:Rich Text Format", "pdf": "pdf:writer_pdf_Export"}
ENOUGH = 0.97
SECONDS = 1800

Written = dict[str, bytes]
"""The file of each document, by the document's name."""


def main() -> int:
    """Write, read back and compare."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=20)
    arguments.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    arguments.add_argument("--keep", type=Path)
    options = arguments.parse_args()
    chosen = {Path(name).stem: (source, documents) for name, source, documents in documents_to_write(options.shared, options.count)}
    typed = {name: docx_of(documents, source) for name, (source, documents) in chosen.items()}
    counted = {name: docx_of(documents, source, numbered=True) for name, (source, documents) in chosen.items()}
    documents = {name: found for name, (_source, found) in chosen.items()}
    print("| format | documents | number, type, date | clauses | words | below 97 % |\n|---|---|---|---|---|---|")
    print(_line("docx", counted, documents), flush=True)
    for site in SITES:
        print(_line("html", {name: page_of(data, site).encode() for name, data in typed.items()}, documents), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        for suffix in FILTERS if program() else ():
            print(_line(suffix, _converted(typed if suffix == "rtf" else counted, suffix, folder), documents), flush=True)
    return 0


def _converted(written: Written, suffix: str, folder: Path) -> Written:
    """What LibreOffice makes of the files, one call for all that are not in ``folder`` yet."""
    place = folder / suffix
    place.mkdir(parents=True, exist_ok=True)
    for name, data in written.items():
        (place / f"{name}.docx").write_bytes(data)
    wanted = [str(place / f"{name}.docx") for name in written if not (place / f"{name}.{suffix}").exists()]
    if wanted:
        profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
        command = [str(program()), profile, "--headless", "--convert-to", FILTERS[suffix], "--outdir", str(place), *wanted]
        # A new profile makes it end once, with status 81, to be started again.
        if subprocess.run(command, check=False, capture_output=True, timeout=SECONDS).returncode:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return {name: (place / f"{name}.{suffix}").read_bytes() for name in written}


def _line(suffix: str, written: Written, documents: Mapping[str, list[Document]]) -> str:
    """The table's line of a format."""
    compared = {name: list(_compared(data, f"{name}.{suffix}", documents[name])) for name, data in written.items()}
    every = [one for ones in compared.values() for one in ones]
    right = sum(one.number and one.type and one.issued for one in every)
    clauses, words = (sum(values) / len(every) for values in ([one.clauses for one in every], [one.words for one in every]))
    low = [
        f"{name} {one.clauses:.2f}/{one.words:.2f}"
        for name, ones in compared.items()
        for one in ones
        if min(one.clauses, one.words) < ENOUGH
    ]
    return f"| .{suffix} | {len(every)} | {right} | {clauses:.2%} | {words:.2%} | {', '.join(low) or '–'} |"


def _compared(data: bytes, name: str, before: list[Document]) -> Iterator[Agreement]:
    """What came back of each document of a file; nothing of it where it could not be read."""
    try:
        after = [document for source in read_bytes(data, name).sources for document in parse(source)]
    except ReadError as error:
        print(error, file=sys.stderr)
        after = []
    for place, document in enumerate(before):
        yield agreement(document, after[place]) if place < len(after) else Agreement(False, False, False, 0.0, 0.0, ())


if __name__ == "__main__":
    sys.exit(main())
