"""The embedded engine: Whoosh keeps the posting lists, the matching and the scoring are done here.

What Whoosh is used for, and what not (all of it measured):

- It stores, merges and deletes. Its searchers are not used: a posting costs them a microsecond and more, they know lengths
  only to a byte, and one shared by threads fails. Each term's postings are read once a commit and kept as scores.
- Its readers copy the whole index into memory and have a position: ours read at a place, under a lock, and what is read is kept.
- Its writer takes a tuple and several calls for each posting: ours gathers them term by term, in Whoosh's own format.
- Its commits reach the disk some time later. Here a commit is the `manifest`: files are synced, then named in it, and what
  is read is the generation that it names, whatever else lies in the folder. Files of the commit before are removed only then.
- Its files are unpickled: the folder must belong to the service alone.

This is the engine: which commit is searched, and who still reads it. `whoosh_stored` says what the files hold, `whoosh_files` and
`whoosh_segment` read one of them, `whoosh_snapshot` a commit, `whoosh_searching` searches it; `whoosh_writing` makes the next, with
`whoosh_postings` and, for what is written anew, `whoosh_merging`. `verification` says what need not be read again to be trusted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from kgsearch.engines import manifest
from kgsearch.engines.base import EngineQuery, EngineResult
from kgsearch.engines.whoosh_searching import search
from kgsearch.engines.whoosh_snapshot import Snapshot, open_snapshot
from kgsearch.engines.whoosh_stored import NAME, version, writing
from kgsearch.engines.whoosh_writing import CommittedIndex, CommitWriter, WhooshWriter, create
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _


class WhooshEngine:
    """An `Engine` in a folder that `create` has made.

    ``WhooshEngine(folder)`` opens it; raises IndexStateError where there is no index, or one of another version, or a damaged
    one: it never makes one. Who mostly writes opens it ``prepared`` for nothing: what only a search needs of every passage is read
    when somebody searches.
    """

    name = NAME

    def __init__(self, folder: Path, *, prepared: bool = True) -> None:
        self._folder = Path(folder)
        self._lock = Lock()
        self._refreshing = Lock()
        self._snapshot = open_snapshot(self._folder, None, prepared=prepared)

    @classmethod
    def to_write(cls, folder: Path) -> WhooshEngine:
        """Open the index in ``folder`` for a batch or two. Raises as opening it does."""
        return cls(folder, prepared=False)

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        """Make an empty index in ``folder``, new or empty, and open it. Raises IndexStateError where that cannot be done."""
        folder = Path(folder)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise IndexStateError(_("An index cannot be made in {folder}: the folder is not empty.").format(folder=folder))
            create(folder)
            # Last: a folder without it is no index, so half a creation is never taken for one.
            manifest.write_version(folder, version())
        # Made to be written: what a search needs of every passage would be held for nothing.
        return cls(folder, prepared=False)

    def search(self, query: EngineQuery) -> EngineResult:
        """Matches of ``query``. Raises IndexStateError when the engine's files cannot be read."""
        with self._leased() as snapshot:
            snapshot.prepare()
            return search(snapshot, query)

    @contextmanager
    def writer(self) -> Iterator[WhooshWriter]:
        """A batch: on the disk and seen by searches of this engine when the block ends, dropped when it raises.

        Raises IndexLockedError while another process or thread writes, IndexStateError when the folder cannot be written.
        """
        with writing(self._folder):
            writer = CommitWriter(CommittedIndex(self._folder))
        try:
            # Only now, under the lock, is the last commit sure to stay the last.
            self.refresh()
            with self._leased() as snapshot:
                batch = WhooshWriter(self._folder, writer, snapshot)
                yield batch
                batch.commit()
        except BaseException:
            writer.abandon()
            raise
        self.refresh()

    def passages(self) -> int:
        """How many passages are held."""
        return self._snapshot.live

    def documents(self) -> frozenset[str]:
        """Ids of the documents held."""
        with self._leased() as snapshot:
            snapshot.prepare()
            return snapshot.documents

    def commit_name(self) -> str:
        """What tells the last commit from all others."""
        last = self._snapshot.manifest
        return f"{last.generation} {zlib.crc32(repr(sorted(last.files.items())).encode()):08x}"

    def refresh(self) -> None:
        """See what other processes have committed since, or put in the folder's place. Raises IndexStateError.

        Searches do not wait for it; they go on with the commit before.
        """
        with self._refreshing, self._leased_if_open() as before:
            if before is not None and manifest.read_manifest(self._folder) != before.manifest:
                self._replace_by(open_snapshot(self._folder, before, prepared=False))

    def _replace_by(self, opened: Snapshot) -> None:
        with self._lock:
            if self._snapshot.retired:  # closed meanwhile
                opened.retire()
                return
            self._snapshot.retire()
            self._snapshot = opened

    def close(self) -> None:
        """Let go of the files; searches under way end first."""
        with self._lock:
            self._snapshot.retire()

    @contextmanager
    def _leased(self) -> Iterator[Snapshot]:
        """The newest snapshot, kept open for as long as it is used."""
        with self._leased_if_open() as snapshot:
            if snapshot is None:
                raise IndexStateError(_("The search index in {folder} is closed.").format(folder=self._folder))
            yield snapshot

    @contextmanager
    def _leased_if_open(self) -> Iterator[Snapshot | None]:
        with self._lock:
            snapshot = self._snapshot
            closed = snapshot.retired
            if not closed:
                snapshot.users += 1
        if closed:
            yield None
            return
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.users -= 1
                snapshot.close_if_unused()
