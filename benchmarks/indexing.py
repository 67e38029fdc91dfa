"""What indexing costs: by phase, beside segmentation alone and a bare Whoosh writer, in memory, and for one document more.

    python benchmarks/indexing.py phases [--corpus DIR] [--documents 200] [--clauses 60] [--repeats 3] [--pyvi]
    python benchmarks/indexing.py memory [--documents 5000] [--clauses 8] [--keep DIR]
    python benchmarks/indexing.py one [--documents 5000] [--clauses 8] [--repeats 7] [--keep DIR]
    python benchmarks/indexing.py all --small

``phases`` works in one process and in turn, phase by phase, over the files of DIR or over documents made by `multiplied`. It prints the
least processor seconds of the repeats, and ratios: reading, parsing and catalogue to segmentation of the same words; writing to a bare
Whoosh writer that is fed the same fields; the words field by itself. Then the whole run as a user starts it. ``memory`` does that run
over many documents and prints what it and its workers hold on the way. ``one`` adds a document to an index of fifty and to one of many,
in turn: in a process that is warm, and by the command. What it builds first it keeps in the folder ``--keep``, and takes it from there
again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

from multiplied import multiplied
from processes import family, memory
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import create_in

from kgsearch import parser, readers
from kgsearch.catalogue.writing import Catalogue
from kgsearch.config import Settings, load_settings
from kgsearch.engines.base import Entry
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.engines.whoosh_stored import schema, stored_fields
from kgsearch.errors import ReadError
from kgsearch.indexing import sync
from kgsearch.indexing.collecting import collecting_rarely
from kgsearch.indexing.entries import entries_of
from kgsearch.language import analyse, segment
from kgsearch.models import Document, DocumentRecord, Passage

FEW = 50
"""Documents of the small index that a document is added to."""

NOTED = (50, 100, 250, 500, 1000, 2000, 3000, 4000, 5000, 10_000)
"""Steps of a run after which its memory is printed."""

GATHERED = 500
"""Documents after which the first batch has been gathered, which takes the same memory as every one after it."""

CHUNK = 5000
"""Passages in one commit of the writers that are compared."""


def main() -> int:
    """Run from the command line; the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("part", choices=("phases", "memory", "one", "all"))
    arguments.add_argument("--corpus", type=Path, help="files for phases, in place of made ones")
    arguments.add_argument("--documents", type=int)
    arguments.add_argument("--clauses", type=int)
    arguments.add_argument("--repeats", type=int)
    arguments.add_argument("--keep", type=Path, help="folder in which the indexes of memory and one are kept")
    arguments.add_argument("--pyvi", action="store_true", help="measure pyvi's own tokenizer too")
    arguments.add_argument("--small", action="store_true", help="few documents, one repeat: within a minute")
    options = arguments.parse_args()
    parts = ("phases", "memory", "one") if options.part == "all" else (options.part,)
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            _PARTS[part](options, Path(folder))
    return 0


def _asked(options: argparse.Namespace, name: str, usual: int, small: int) -> int:
    """A number as it was asked for, else the usual one or, where little is to be done, the small one."""
    given: int | None = getattr(options, name)
    return given if given is not None else small if options.small else usual


def _home(keep: Path, documents: int, clauses: int) -> Path:
    """Where the corpus and the index of so many documents are kept."""
    return keep / f"{documents}-{clauses}"


def _make(folder: Path, documents: int, clauses: int) -> Path:
    for number in range(documents):
        multiplied(number, clauses=clauses).write(folder)
    return folder


# --- By phase ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Clock:
    """Processor seconds of each phase, the least of all repeats."""

    least: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure the block."""
        started = time.process_time()
        yield
        taken = time.process_time() - started
        self.least[name] = min(taken, self.least.get(name, taken))

    def sum(self, *names: str) -> float:
        """Seconds of several phases together."""
        return sum(self.least[name] for name in names)


def print_phases(options: argparse.Namespace, folder: Path) -> None:
    """Print the phases' times and their ratios, then a whole run of a user's."""
    corpus = options.corpus or _make(folder / "corpus", _asked(options, "documents", 200, 20), _asked(options, "clauses", 60, 20))
    files = sorted(path for path in corpus.rglob("*") if path.is_file() and readers.is_document_name(path))
    clock = Clock()
    for repeat in range(_asked(options, "repeats", 3, 1)):
        # As in a run.
        with collecting_rarely():
            words = _repeat(clock, files, folder / str(repeat), pyvi=options.pyvi)
        shutil.rmtree(folder / str(repeat))
    print(f"{len(files)} files; {words}")
    for name, seconds in clock.least.items():
        print(f"  {name:<52}{seconds:9.3f} s")
    _print_ratios(clock)
    _print_whole_run(corpus, folder / "index")


def _repeat(clock: Clock, files: Sequence[Path], folder: Path, *, pyvi: bool) -> str:
    """Do every phase once; says what there was to do."""
    folder.mkdir()
    documents = _read(clock, files)
    with Catalogue.open(folder / "catalogue.sqlite", create=True) as catalogue:
        with clock.phase("catalogue"):
            for path, held in documents.items():
                catalogue.put_file(path.name, path.name, 1, 1, held)
        with clock.phase("passages read back"):
            passages = [(record, catalogue.passages(record.id)) for record in catalogue.pending()]
        counts = catalogue.counts()
    texts = [passage.text for _record, cut in passages for passage in cut]
    segment("đầu tư công")  # the model is loaded by the first call
    with clock.phase("segmentation alone"):
        for text in texts:
            segment(text)
    with clock.phase("segmentation of texts and contexts"):
        for _record, cut in passages:
            _segment_all(cut)
    if pyvi:
        _segment_by_pyvi(clock, texts)
    entries = _analyse(clock, passages)
    _write(clock, entries, folder)
    syllables = sum(len(text.split()) for text in texts)
    return f"{counts.documents} documents, {counts.clauses} clauses, {len(texts)} passages, {syllables} syllables"


def _read(clock: Clock, files: Sequence[Path]) -> dict[Path, list[Document]]:
    contents, documents = {}, {}
    with clock.phase("reading"):
        for path in files:
            contents[path] = readers.read_all(path)
    with clock.phase("parsing"):
        for path, read in contents.items():
            try:
                documents[path] = [document for source in read.sources for document in parser.parse(source)]
            except ReadError:
                documents[path] = []
    return documents


def _segment_all(passages: Sequence[Passage]) -> None:
    """What indexing segments of a document: the words of each passage, and its context where that is another than the last one's."""
    context = ""
    for passage in passages:
        if passage.context != context:
            context = passage.context
            segment(context)
        segment(passage.text)


def _segment_by_pyvi(clock: Clock, texts: Sequence[str]) -> None:
    from pyvi import ViTokenizer

    ViTokenizer.tokenize("đầu tư công")  # its model is loaded by the first call
    with clock.phase("segmentation alone, by pyvi's own tokenizer"):
        for text in texts:
            ViTokenizer.tokenize(text)


def _analyse(clock: Clock, passages: Sequence[tuple[DocumentRecord, Sequence[Passage]]]) -> list[Entry]:
    with clock.phase("analysis"):
        entries = [entry for record, cut in passages for entry in entries_of(record, cut)]
    for words, name in ((False, "analysis of texts, no words"), (True, "analysis of texts, with words")):
        with clock.phase(name):
            for _record, cut in passages:
                for passage in cut:
                    analyse(passage.text, words=words)
    return entries


def _write(clock: Clock, entries: Sequence[Entry], folder: Path) -> None:
    """Write entries as the engine does and by a writer of Whoosh's own, in one commit and in several."""
    chunks = [entries[start : start + CHUNK] for start in range(0, len(entries), CHUNK)]
    # A document's entries belong together: cut where one ends.
    for number, (name, batches) in enumerate({"one commit": [entries], f"commits of {CHUNK}": _whole_documents(chunks)}.items()):
        if number and len(batches) == 1:
            continue
        with clock.phase(f"engine, {name}"):
            _write_engine(folder / f"engine{number}", batches)
        fields = [[stored_fields(entry, 0) for entry in batch] for batch in batches]
        with clock.phase(f"bare Whoosh writer, {name}"):
            _write_bare(folder / f"bare{number}", fields, W3Codec())
        with clock.phase(f"bare writer told not to look for lengths, {name}"):
            codec = W3Codec()
            codec.length_stats = False
            _write_bare(folder / f"told{number}", fields, codec)
        del fields


def _whole_documents(chunks: Sequence[Sequence[Entry]]) -> list[Sequence[Entry]]:
    batches: list[list[Entry]] = []
    for chunk in chunks:
        batch: list[Entry] = []
        for entry in chunk:
            last = batches[-1] if batches and not batch else batch
            (last if last and last[-1].document == entry.document else batch).append(entry)
        batches.append(batch)
    return [batch for batch in batches if batch]


def _write_engine(folder: Path, batches: Sequence[Sequence[Entry]]) -> None:
    with closing(WhooshEngine.create(folder)) as engine:
        for batch in batches:
            with engine.writer() as writer:
                writer.add(batch)


def _write_bare(folder: Path, batches: Sequence[Sequence[dict[str, Any]]], codec: Any) -> None:
    folder.mkdir()
    with closing(create_in(str(folder), schema())) as index:
        for batch in batches:
            writer = index.writer(codec=codec)
            for fields in batch:
                writer.add_document(**fields)
            writer.commit()


def _print_ratios(clock: Clock) -> None:
    before = clock.sum("reading", "parsing", "catalogue")
    alone, whole = clock.least["segmentation alone"], clock.least["segmentation of texts and contexts"]
    print(f"reading, parsing and catalogue: {before / alone:.2f} of segmentation alone, {before / whole:.2f} of it with contexts", end="")
    own = clock.least.get("segmentation alone, by pyvi's own tokenizer")
    print(f", {before / own:.2f} of pyvi's own tokenizer" if own else "")
    words = clock.least["analysis of texts, with words"] / clock.least["analysis of texts, no words"]
    print(f"analysis of texts with the words field: {words:.2f} of that without")
    for name, seconds in clock.least.items():
        kind, _comma, commits = name.partition(", ")
        if kind == "engine":
            bare, told = (
                clock.least[f"{other}, {commits}"] for other in ("bare Whoosh writer", "bare writer told not to look for lengths")
            )
            print(
                f"engine, {commits}: {seconds / bare:.2f} of a bare Whoosh writer, {seconds / told:.2f} of one told not to look for lengths"
            )


def _print_whole_run(corpus: Path, index: Path) -> None:
    """A run as by the command: wall seconds by phase, processor seconds of it and of its workers."""
    before, started = getrusage(RUSAGE_CHILDREN), time.process_time()
    report = sync(load_settings(corpus, index))
    after = getrusage(RUSAGE_CHILDREN)
    workers = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"a whole run: {report.seconds:.1f} s on {os.cpu_count()} cores; processor {time.process_time() - started:.1f} s", end="")
    print(f" and {workers:.1f} s in workers", end="")
    print("".join(f"; {name} {phase.done} in {phase.seconds:.1f} s" for name, phase in report.phases.items()))


# --- Memory --------------------------------------------------------------------------------------------------------------


def print_memory(options: argparse.Namespace, folder: Path) -> None:
    """Print what a run over many documents holds after so many of them. The run is a process of its own, so that it begins with nothing."""
    documents, clauses = _asked(options, "documents", 5000, 200), _asked(options, "clauses", 8, 8)
    home = _home(options.keep, documents, clauses) if options.keep else folder
    shutil.rmtree(home / "index", ignore_errors=True)
    corpus = _make(home / "corpus", documents, clauses)
    print(f"memory of a run over {documents} documents, MB of its own pages (of the largest of its workers)")
    asked = [sys.executable, __file__, "_memory", str(corpus), str(home / "index")]
    subprocess.run(asked, check=True)


def _print_memory_of(corpus: Path, index: Path) -> None:
    """The run itself: it notes its memory at each step of each phase."""
    held: dict[int, tuple[float, float]] = {}

    def note(done: int, _total: int, _name: str) -> None:
        if done in NOTED or done % FEW == 0:
            first, *workers = family(os.getpid())
            held[done] = memory(first), max(map(memory, workers), default=0.0)

    started = time.process_time()
    report = sync(load_settings(corpus, index), (), note)
    print(f"  {report.seconds:.0f} s, {time.process_time() - started:.0f} s of processor time of its own")
    begun = 0
    for name, phase in report.phases.items():
        steps = {done - begun: held[done] for done in held if begun < done <= begun + phase.done}
        _print_steps(name, steps)
        begun += phase.done


def _print_steps(name: str, steps: dict[int, tuple[float, float]]) -> None:
    noted = [done for done in steps if done in NOTED] or list(steps)[-1:]
    if not noted:
        return
    print(f"  {name}: " + "; ".join(f"{done}: {steps[done][0]:.0f} ({steps[done][1]:.0f})" for done in noted), end="")
    first, last = steps[noted[0]], steps[noted[-1]]
    print(f"; the most {max(own for own, _worker in steps.values()):.0f} ({max(worker for _own, worker in steps.values()):.0f})", end="")
    print(f"; last to first {last[0] / first[0]:.2f}", end="")
    gathered = steps.get(GATHERED)
    print(f", to {GATHERED} {last[0] / gathered[0]:.2f}" if gathered and noted[-1] > GATHERED else "")


# --- One document more -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Kept:
    """An index and how many documents its corpus folder holds."""

    settings: Settings
    documents: int

    def add(self, clauses: int) -> Path:
        """Put one more file into the corpus folder."""
        self.documents += 1
        return multiplied(self.documents - 1, clauses=clauses).write(self.settings.corpus)


def print_one(options: argparse.Namespace, folder: Path) -> None:
    """Print what it costs to add a document to a small index and to a large one."""
    clauses = _asked(options, "clauses", 8, 8)
    sizes = (FEW, _asked(options, "documents", 5000, 200))
    indexes = [_kept(options.keep, folder / str(size), size, clauses) for size in sizes]
    ways: dict[str, Callable[[Kept, Path], float]] = {
        "named, warm": lambda one, path: _warm(one, [path]),
        "whole folder, warm": lambda one, _path: _warm(one, []),
        "nothing to do, warm": lambda one, _path: _warm(one, []),
        "named, by command": lambda one, path: _by_command(one, [path]),
        "whole folder, by command": lambda one, _path: _by_command(one, []),
        "nothing to do, by command": lambda one, _path: _by_command(one, []),
    }
    print(f"adding one document of {clauses} clauses, processor ms: the least (the median)")
    print(f"{'':<28}" + "".join(f"{f'to {size}':>20}" for size in sizes) + f"{'ratio':>10}")
    for name, way in ways.items():
        taken: list[list[float]] = [[] for _size in sizes]
        for _turn in range(_asked(options, "repeats", 7, 2)):
            for seconds, one in zip(taken, indexes, strict=True):
                path = one.settings.corpus if name.startswith("nothing") else one.add(clauses)
                seconds.append(way(one, path))
        small, large = (min(seconds) for seconds in taken)
        cells = "".join(f"{f'{1000 * min(seconds):.0f} ({1000 * median(seconds):.0f})':>20}" for seconds in taken)
        print(f"{name:<28}{cells}{large / small:>10.2f}")


def _kept(keep: Path | None, folder: Path, size: int, clauses: int) -> Kept:
    """A copy, in ``folder``, of an index of ``size`` documents: of one that was kept, or of a new one that is then kept."""
    home = _home(keep, size, clauses) if keep else folder / "kept"
    if not (home / "index").exists():
        sync(load_settings(_make(home / "corpus", size, clauses), home / "index"))
    for name in ("corpus", "index"):
        # With their times, so that the files are taken for the ones that were read.
        shutil.copytree(home / name, folder / name)
    settings = load_settings(folder / "corpus", folder / "index")
    sync(settings)
    return Kept(settings, size)


def _warm(one: Kept, paths: Sequence[Path]) -> float:
    started = time.process_time()
    sync(one.settings, paths)
    return time.process_time() - started


def _by_command(one: Kept, paths: Sequence[Path]) -> float:
    """Processor seconds of ``kgsearch index`` with all that it starts."""
    before = getrusage(RUSAGE_CHILDREN)
    asked = [sys.executable, "-m", "kgsearch", "index", *map(str, paths), "--corpus", str(one.settings.corpus)]
    subprocess.run([*asked, "--index", str(one.settings.index), "--json"], check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


_PARTS: dict[str, Callable[[argparse.Namespace, Path], None]] = {"phases": print_phases, "memory": print_memory, "one": print_one}

if __name__ == "__main__":
    if sys.argv[1:2] == ["_memory"]:
        _print_memory_of(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main())
