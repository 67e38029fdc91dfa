"""Files that were renamed or moved: the same bytes, gone from one path and new at another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kgsearch.indexing.corpus import CorpusFile
from kgsearch.indexing.file_reading import digest_of

if TYPE_CHECKING:
    from kgsearch.catalogue.reading import FileRecord


def find_moves(gone: Mapping[str, FileRecord], new: Iterable[CorpusFile]) -> list[tuple[str, CorpusFile]]:
    """Old path and file for each of ``new`` (in their order) that has the bytes of one of the files ``gone``, each of these once.

    Only files of a size that one of these had are opened.
    """
    lost: dict[int, dict[str, list[str]]] = {}
    for path, record in sorted(gone.items()):
        if record.sha256:
            lost.setdefault(record.size, {}).setdefault(record.sha256, []).append(path)
    return [(old, file) for file in new if (old := _taken(lost.get(file.size), file))]


def _taken(lost: dict[str, list[str]] | None, file: CorpusFile) -> str:
    """The old path of ``file``, taken from ``lost`` (paths by digest, of files of its size); "" where it has none."""
    if not lost or not any(lost.values()):
        return ""
    try:
        paths = lost.get(digest_of(file.full))
    except OSError:
        # It is looked at as any other new file is, and found to be unreadable then.
        return ""
    return paths.pop(0) if paths else ""
