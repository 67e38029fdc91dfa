"""Indexes of folders of documents, built once in a run of the tests, whichever of them asks first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync


def indexed(corpus: Path, factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index of ``corpus`` that tests only read; every file of it must have been indexed."""
    settings = load_settings(corpus, factory.getbasetemp() / f"index-of-{corpus.name}")
    if not settings.index.exists():
        report = sync(settings, (), None)
        assert not report.failures
    return settings


@dataclass(frozen=True)
class Rewritten:
    """An index of some documents, one of which was rewritten after it had been indexed: ``added`` stands in it since, ``failed`` is a
    file that cannot be read."""

    settings: Settings
    document: str
    added: str
    failed: str


def rewritten(samples: Path, factory: pytest.TempPathFactory) -> Rewritten:
    """An index with an earlier version, built once in a run of the tests; tests only read it."""
    folder = factory.getbasetemp() / "rewritten"
    settings = load_settings(folder / "corpus", folder / "index")
    added, failed = "Kinh phí được bố trí từ nguồn tiết kiệm chi.", "tep-rong.txt"
    if not folder.exists():
        settings.corpus.mkdir(parents=True)
        files = sorted(samples.glob("*.txt"))[:5]
        for file in files:
            (settings.corpus / file.name).write_bytes(file.read_bytes())
        sync(settings, (), None)
        changed = settings.corpus / files[-1].name
        lines = changed.read_text(encoding="utf-8").splitlines()
        # Behind the longest line, which is no heading.
        longest = max(range(len(lines)), key=lambda number: len(lines[number]))
        lines[longest] += f" {added}"
        changed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (settings.corpus / failed).write_text("", encoding="utf-8")
        sync(settings, (), None)
    with CatalogueReader(settings.catalogue_path) as reader:
        document = next(record.id for record in reader.documents() if reader.versions(record.id))
    return Rewritten(settings, document, added, failed)


@contextmanager
def documents_arriving(settings: Settings, like: Path, number: str) -> Iterator[None]:
    """Meanwhile, without pause: one of four files is written anew with the words of ``like`` under another ``number``, and indexed."""
    text = like.read_text("utf-8")
    stop = threading.Event()

    def arrive() -> None:
        count = 0
        while not stop.is_set():
            count += 1
            other = f"{100 + count}{number.lstrip('0123456789')}"
            (settings.corpus / f"new-{count % 4}.txt").write_text(text.replace(number, other), "utf-8")
            sync(settings)

    arriving = threading.Thread(target=arrive)
    arriving.start()
    try:
        yield
    finally:
        stop.set()
        arriving.join()
