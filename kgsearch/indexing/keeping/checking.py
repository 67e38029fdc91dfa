"""Whether catalogue, engine, lexicon and files agree, and what to run where they do not. Nothing is changed and nothing is waited for.

A disagreement is either damage, which somebody has to see to, or an index that is behind its folder, which the next run mends by
itself. While a run writes, what it has begun and not ended is behind, not damaged: what differs is looked at twice.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from kgsearch.catalogue.faults import FaultReports
from kgsearch.catalogue.passages import passages_of, title_line
from kgsearch.catalogue.reading import CatalogueReader, FileRecord
from kgsearch.catalogue.state import LostCatalogueError, OlderCatalogueError, missing
from kgsearch.config import Settings
from kgsearch.engines import manifest
from kgsearch.engines.base import Engine, EngineQuery
from kgsearch.engines.home import EngineHome
from kgsearch.errors import IndexStateError, UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing import lexicon
from kgsearch.indexing.corpus import CorpusFile, Listing, check_corpus, is_listed, list_files, within
from kgsearch.indexing.keeping.restoring import STAGE
from kgsearch.indexing.lock import is_held
from kgsearch.indexing.tools import Tools, default_tools
from kgsearch.language import ANALYSIS_VERSION, analyse
from kgsearch.language.tables import LEXICON_FILE
from kgsearch.models import DocumentRecord, Filters, Passage

Part = Literal["catalogue", "engine", "lexicon", "files", "reports", "index"]
Severity = Literal["damage", "behind"]

MAX_NAMED = 1000
"""Names that one finding carries."""

_SHOWN = 5
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.5
_CHUNK = 1 << 20
_BATCH = 5000

_Cut = tuple[DocumentRecord, list[Passage]]
_Words = tuple[date | None, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: where, a sentence that says what, another that says what to run, the files or documents concerned."""

    part: Part
    severity: Severity
    what: str
    mend: str
    names: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """An entry of ``findings``."""
        return {"part": self.part, "severity": self.severity, "what": self.what, "mend": self.mend, "names": list(self.names)}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check` found. The numbers are None where their part cannot be read; ``running``: whether a run was writing the index."""

    findings: Sequence[Finding]
    deep: bool
    documents: int | None
    clauses: int | None
    passages: int | None
    files: int | None
    running: bool
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch check``."""
        return {
            "ok": self.ok,
            "damaged": any(finding.severity == "damage" for finding in self.findings),
            "findings": [finding.to_json() for finding in self.findings],
            "deep": self.deep,
            "documents": self.documents,
            "clauses": self.clauses,
            "passages": self.passages,
            "files": self.files,
            "running": self.running,
            "seconds": round(self.seconds, 3),
        }


def check(settings: Settings, *, deep: bool = False, tools: Tools | None = None) -> CheckReport:
    """Compare everything with everything. ``deep`` also reads every file of the corpus folder and every passage of the engine, and
    compares their words.

    Works on folders that may only be read and while others write. Raises nothing of its own: what cannot be opened is a finding.
    """
    started = time.monotonic()
    checking = _Check(settings, tools or default_tools(), deep, [], {})
    checking.run()
    numbers = checking.numbers
    return CheckReport(
        findings=checking.findings,
        deep=deep,
        documents=numbers.get("documents"),
        clauses=numbers.get("clauses"),
        passages=numbers.get("passages"),
        files=numbers.get("files"),
        running=is_held(settings.lock_path),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """One check."""

    settings: Settings
    tools: Tools
    deep: bool
    findings: list[Finding]
    numbers: dict[str, int]

    def run(self) -> None:
        if self._is_shut():
            return
        self._check_leftovers()
        if self._is_any():
            self._check_index()
        elif not self.findings:
            self._find("catalogue", "damage", str(missing(self.settings.catalogue_path)), _mend_no_index())
        self._check_reports()

    def _check_index(self) -> None:
        try:
            with CatalogueReader(self.settings.catalogue_path) as reader:
                whole = self._check_catalogue(reader)
                self._check_engine(reader, compared=whole)
                self._check_lexicon(reader)
                self._check_files(reader)
        except IndexStateError as error:
            self._find_unusable(error)
            self._check_engine(None, compared=False)
            self._check_lexicon(None)

    def _is_shut(self) -> bool:
        """Whether the index folder cannot be looked into: nothing else can be said of it then."""
        try:
            os.listdir(self.settings.index)
        except FileNotFoundError:
            return False
        except OSError as error:
            what = _("{folder}: cannot be opened ({reason}).").format(folder=self.settings.index, reason=reason_of(error))
            self._find("index", "damage", what, _("see to it that this user may read it, and check again."))
            return True
        return False

    def _is_any(self) -> bool:
        """Whether there is anything of an index: before the first run, or with a mistyped folder, nothing is damaged."""
        settings = self.settings
        return any(os.path.lexists(path) for path in (settings.catalogue_path, settings.engine_path, settings.lexicon_path))

    def _find(self, part: Part, severity: Severity, what: str, mend: str, names: Collection[str] = ()) -> None:
        self.findings.append(Finding(part, severity, what, mend, sorted(names)[:MAX_NAMED]))

    def _check_leftovers(self) -> None:
        found = [folder / STAGE for folder in (self.settings.index, self.settings.corpus) if os.path.exists(folder / STAGE)]
        if found:
            self._find(
                "index",
                "damage",
                _("A restore was begun and not ended: {folder} is there.").format(folder=found[0]),
                _("run the same kgsearch restore again; where everything was restored, delete that folder."),
            )

    # --- the catalogue -------------------------------------------------------------------------------------------------

    def _find_unusable(self, error: IndexStateError) -> None:
        if isinstance(error, OlderCatalogueError):
            self._find("catalogue", "behind", str(error), _mend_behind())
        elif isinstance(error, LostCatalogueError):
            self._find("catalogue", "damage", str(error), _mend_catalogue())
        else:
            self._find("catalogue", "damage", str(error), _("do what is said there, and check again."))

    def _check_catalogue(self, reader: CatalogueReader) -> bool:
        """Whether it is whole: only then can be told what the others should hold."""
        status = reader.status()
        self.numbers.update(documents=status["documents"], clauses=status["clauses"])
        faults = reader.faults()
        for fault in faults:
            mend = _mend_document() if fault.reread else _mend_catalogue()
            self._find("catalogue", "damage", fault.what, mend, [fault.reread] if fault.reread else [])
        if status["waiting"]:
            what = _("Documents that wait to be searchable, or to be taken out: {count}.").format(count=status["waiting"])
            self._find("engine", "behind", what, _mend_behind())
        return not faults

    # --- the engine ----------------------------------------------------------------------------------------------------

    def _check_engine(self, reader: CatalogueReader | None, *, compared: bool) -> None:
        try:
            engine = EngineHome(self.settings.engine_path).open(self._open_whole)
        except IndexStateError as error:
            self._find("engine", "damage", str(error), _mend_engine())
            return
        with closing(engine):
            self.numbers["passages"] = engine.passages()
            if reader is not None:
                self._compare_stamps(engine, reader)
            if reader is not None and compared:
                self._compare_documents(engine, reader)

    def _open_whole(self, folder: Path) -> Engine:
        """The engine in ``folder``, every byte of its last commit compared with its checksum."""
        if (folder / manifest.MANIFEST_FILE).exists():
            _verify(folder)
        return self.tools.open_engine(folder)

    def _compare_stamps(self, engine: Engine, reader: CatalogueReader) -> None:
        meta = reader.meta()
        if (meta.get("engine"), meta.get("analysis_version")) != (engine.name, str(ANALYSIS_VERSION)):
            self._find(
                "engine", "behind", _("The engine was made by another version of this program than the one running."), _mend_behind()
            )

    def _compare_documents(self, engine: Engine, reader: CatalogueReader) -> None:
        differing = _differences(engine, reader, deep=self.deep)
        if not any(differing):
            return
        # A run may have been between the catalogue and the engine.
        time.sleep(_PAUSE_SECONDS)
        engine.refresh()
        differing = differing.still(_differences(engine, reader, deep=self.deep))
        for names, sentence in (
            (differing.missing, _("Documents of the catalogue that are not in the engine: {count} ({names}).")),
            (differing.unknown, _("Documents in the engine that are not in the catalogue: {count} ({names}).")),
            (differing.other, _("Documents of which the engine holds other clauses or words than the catalogue: {count} ({names}).")),
        ):
            if names:
                self._find("engine", "damage", _counted(sentence, names), _mend_engine(), names)

    # --- the lexicon ---------------------------------------------------------------------------------------------------

    def _check_lexicon(self, reader: CatalogueReader | None) -> None:
        path = self.settings.lexicon_path / LEXICON_FILE
        stamp = lexicon.read_stamp(self.settings.lexicon_path)
        if stamp is None and path.exists():
            self._find("lexicon", "damage", _("{path}: damaged, or of another version of this program.").format(path=path), _mend_lexicon())
        elif reader is None:
            return
        elif stamp is None and self.numbers.get("documents"):
            self._find("lexicon", "behind", _("There is no lexicon: nothing was learnt from the documents."), _mend_lexicon())
        elif stamp is not None and stamp.changed > reader.meta().get("changed", ""):
            self._find(
                "lexicon",
                "damage",
                _("The lexicon was learnt from a later state than the catalogue is in."),
                _("delete the folder {folder}, then run: kgsearch index").format(folder=self.settings.lexicon_path),
            )

    # --- the files -----------------------------------------------------------------------------------------------------

    def _check_files(self, reader: CatalogueReader) -> None:
        try:
            corpus = check_corpus(self.settings.corpus)
        except UsageError as error:
            self._find("files", "damage", str(error), _("mount the disk or network share, or give the right folder with --corpus."))
            return
        listing = list_files(corpus, self.tools.is_document_name, leave_out=self.settings.index)
        known = reader.files()
        self.numbers["files"] = len(listing.files)
        for path in listing.closed:
            reason = listing.reasons().get(path or ".", _("it cannot be looked at."))
            self._find("files", "damage", f"{path or corpus}: {reason}", _("give the service the right to read it."))
        self._compare_files(listing, known)
        if self.deep:
            self._compare_contents(listing, known)

    def _compare_files(self, listing: Listing, known: Mapping[str, FileRecord]) -> None:
        new = listing.files.keys() - known.keys()
        gone = {path for path in known if not (is_listed(path, listing) or within(path, listing.closed))}
        same = [(listing.files[path], known[path]) for path in listing.files.keys() & known.keys()]
        changed = {file.path for file, record in same if (file.size, file.mtime_ns) != (record.size, record.mtime_ns)}
        waiting = {file.path for file, record in same if record.status == "waiting"} - changed
        # What a file could not be read for the want of is named after the version.
        older = {file.path for file, record in same if record.read_by.split(" (")[0] != self.tools.read_by} - changed - waiting
        for names, sentence in (
            (new, _("Files of the corpus folder that are not in the index: {count} ({names}).")),
            (changed, _("Files that were changed since they were indexed: {count} ({names}).")),
            (waiting, _("Files that were not complete when they were last looked at: {count} ({names}).")),
            (older, _("Files that were read by another version of this program: {count} ({names}).")),
        ):
            if names:
                self._find("files", "behind", _counted(sentence, names), _mend_behind(), names)
        if gone:
            self._find(
                "files",
                "behind",
                _counted(_("Files of the index that are no longer in the corpus folder: {count} ({names})."), gone),
                _("put them back if they should be there (is the disk or network share mounted?); if not, run: kgsearch index"),
                gone,
            )

    def _compare_contents(self, listing: Listing, known: Mapping[str, FileRecord]) -> None:
        other, unreadable = [], []
        for path, file in listing.files.items():
            record = known.get(path)
            if record is None or not record.sha256 or (file.size, file.mtime_ns) != (record.size, record.mtime_ns):
                continue
            digest = _digest(file)
            if digest is None:
                unreadable.append(path)
            elif digest not in (record.sha256, _CHANGED):
                other.append(path)
        if other:
            self._find(
                "files",
                "damage",
                _counted(_("Files with another content than was indexed, at the same size and time: {count} ({names})."), other),
                _("open them; put a damaged one back from a backup. To index one as it is, save it again, then run: kgsearch index"),
                other,
            )
        if unreadable:
            self._find(
                "files",
                "damage",
                _counted(_("Files that cannot be read: {count} ({names})."), unreadable),
                _("give the service the right to read them, check the disk, or put them back from a backup."),
                unreadable,
            )

    # --- what readers reported -----------------------------------------------------------------------------------------

    def _check_reports(self) -> None:
        try:
            FaultReports(self.settings.index).open()
        except IndexStateError as error:
            self._find(
                "reports",
                "damage",
                str(error),
                _("take reports.sqlite out of a backup (a .zip: index/reports.sqlite), or move it away; a new one is made then."),
            )


class _Differences(NamedTuple):
    """Ids of documents: ``missing`` in the engine, ``unknown`` to the catalogue, ``other`` in their clauses or words."""

    missing: Set[str]
    unknown: Set[str]
    other: Set[str]

    def still(self, later: _Differences) -> _Differences:
        """What differs here and there."""
        return _Differences(self.missing & later.missing, self.unknown & later.unknown, self.other & later.other)


def _differences(engine: Engine, reader: CatalogueReader, *, deep: bool) -> _Differences:
    """What differs, but for the documents of which the catalogue says itself that the engine has still to be told of them."""
    waiting = reader.waiting()
    held, counted = engine.documents(), engine.search(EngineQuery(terms={}, limit=0)).facets.get("document", {})
    expected: set[str] = set()
    missing: set[str] = set()
    other: set[str] = set()
    for batch in _batches(reader):
        expected |= {document.id for document, _passages in batch}
        # What has no words is in no engine.
        missing |= {document.id for document, passages in batch if passages and document.id not in held}
        shared = [(document, passages) for document, passages in batch if document.id in held]
        # An engine that counts nothing says nothing.
        if counted:
            clauses = {document.id: len({passage.clause for passage in passages}) for document, passages in shared}
            other |= {document for document, count in clauses.items() if counted.get(document, 0) != count}
            other |= _other_words(engine, shared) if deep else set()
    waiting |= reader.waiting()
    return _Differences(missing - waiting, held - expected - waiting, other - waiting)


def _batches(reader: CatalogueReader) -> Iterator[list[_Cut]]:
    """The documents cut into passages, in batches of about _BATCH passages."""
    batch: list[_Cut] = []
    for document in reader.documents():
        batch.append((document, passages_of(document.id, title_line(document), reader.clauses(document.id))))
        if sum(len(passages) for _document, passages in batch) >= _BATCH:
            yield batch
            batch = []
    yield batch


def _other_words(engine: Engine, batch: Sequence[_Cut]) -> set[str]:
    """Ids of the documents of which the engine does not give back what it would be given now."""
    limit = 1 + sum(len(passages) for _document, passages in batch)
    # All at once: each search looks at every passage.
    query = EngineQuery(terms={}, filters=Filters(documents=tuple(document.id for document, _passages in batch)), limit=limit)
    found: defaultdict[str, dict[str, _Words]] = defaultdict(dict)
    for one in engine.search(query).candidates if batch else ():
        found[one.document][one.passage] = (one.issued, tuple(one.context), tuple(one.text))
    return {document.id for document, passages in batch if found[document.id] != _words(document, passages)}


def _words(document: DocumentRecord, passages: Sequence[Passage]) -> dict[str, _Words]:
    return {passage.id: (document.issued, _syllables(passage.context), _syllables(passage.text)) for passage in passages}


@lru_cache(maxsize=64)
def _syllables(text: str) -> tuple[str, ...]:
    # Siblings have the same context. What the model of words finds is not given back.
    return analyse(text, words=False).marked


def _verify(folder: Path) -> None:
    """Compare every file of the last commit with its checksum. Raises IndexStateError."""
    for _attempt in range(_ATTEMPTS):
        last = manifest.read_manifest(folder)
        try:
            return manifest.verify(folder, last)
        except IndexStateError:
            # A commit meanwhile removes the files of the one before.
            if manifest.read_manifest(folder) == last:
                raise
    return manifest.verify(folder, manifest.read_manifest(folder))


_CHANGED = "changed"


def _digest(file: CorpusFile) -> str | None:
    """SHA-256 of a file; _CHANGED where it changed meanwhile, None where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with file.full.open("rb") as content:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
        now = file.full.stat()
    except FileNotFoundError:
        return _CHANGED
    except OSError:
        return None
    return digest.hexdigest() if (now.st_size, now.st_mtime_ns) == (file.size, file.mtime_ns) else _CHANGED


def _counted(sentence: str, names: Collection[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    return sentence.format(count=len(names), names=f"{shown}, …" if len(names) > _SHOWN else shown)


def _mend_no_index() -> str:
    return _("name the right folder with --index; where documents were indexed before, restore a backup; where not, run: kgsearch index")


def _mend_behind() -> str:
    return _("run: kgsearch index (where kgsearch watch runs, wait a minute and check again).")


def _mend_engine() -> str:
    return _("run: kgsearch index --rebuild")


def _mend_lexicon() -> str:
    return _("run: kgsearch index")


def _mend_document() -> str:
    return _("run: kgsearch index --rebuild, which reads its files again and makes the engine anew.")


def _mend_catalogue() -> str:
    return _(
        "stop the service, move the index and the corpus folder away, and run: kgsearch restore FILE. Without a backup, move the index "
        "folder away and run: kgsearch index"
    )
