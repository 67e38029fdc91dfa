"""What a run that nobody looks at may do: asked by `sync` before it believes what it sees in the folder."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from kgsearch.indexing.corpus import CorpusFile, Listing


class Gate(Protocol):
    """Judges a folder and its files; `kgsearch.indexing.watching.watch` has one, a run by hand has none and believes everything."""

    def listed(self, listing: Listing, known: Collection[str]) -> None:
        """Called with what the folder holds and the paths that the catalogue knows, before anything is done. An error raised here ends the
        run with nothing changed."""

    def complete(self, file: CorpusFile) -> bool:
        """Whether a new or changed file may be read: False while it is still being written, and it is left as it was."""
        ...
