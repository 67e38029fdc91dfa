"""What an engine's folder must hold to be trusted: its version, and the files of its last commit with size and checksum.

Whoosh does not sync its files, so after a power cut a file may be there and be cut short or full of zeros, and a byte that
a disk has turned over would be taken for another number. The manifest is written, synced and renamed into place once all that
it names is on the disk: it is the commit. Files that it does not name are of no commit.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from kgsearch.durable import sync_to_disk
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

VERSION_FILE = "version.json"
MANIFEST_FILE = "manifest.json"

CHUNK = 1 << 20
"""Bytes that are read at once to be measured."""

# On Windows no file is replaced at the moment when somebody reads it, nor read while it is replaced.
_ATTEMPTS = 1 if os.name == "posix" else 50
_PAUSE = 0.02

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A commit: its generation, and for each of its files the size in bytes and the CRC-32."""

    generation: int
    files: Mapping[str, tuple[int, int]]


def read_version(folder: Path) -> Mapping[str, Any]:
    """The version stamped on ``folder``. Raises IndexStateError where there is no index or the stamp cannot be read."""
    try:
        return _read_json(folder / VERSION_FILE)
    except FileNotFoundError:
        raise IndexStateError(_("There is no search index in {folder}; make it with: kgsearch index").format(folder=folder)) from None
    except (OSError, ValueError) as error:
        raise damaged(folder, VERSION_FILE) from error


def write_version(folder: Path, version: Mapping[str, Any]) -> None:
    """Stamp ``folder``, for good once this returns."""
    _write_json(folder / VERSION_FILE, version)


def read_manifest(folder: Path) -> Manifest:
    """The last commit of ``folder``. Raises IndexStateError where it cannot be read."""
    try:
        value = _read_json(folder / MANIFEST_FILE)
        files = {str(name): (int(size), int(checksum)) for name, (size, checksum) in value["files"].items()}
        return Manifest(int(value["generation"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, MANIFEST_FILE) from error


def commit(folder: Path, generation: int, names: Iterable[str], before: Manifest | None = None) -> Manifest:
    """Bring the files ``names`` of ``folder`` to the disk and make them its last commit; those of the commit ``before`` are on the disk
    and measured already. Raises OSError."""
    files = {}
    for name in names:
        known = before.files.get(name) if before else None
        if known is None:
            sync_to_disk(folder / name)
            known = _measure(folder / name)
        files[name] = known
    sync_to_disk(folder)
    _write_json(folder / MANIFEST_FILE, {"generation": generation, "files": {name: list(facts) for name, facts in files.items()}})
    return Manifest(generation, files)


def verify(folder: Path, manifest: Manifest, verified: Manifest | None = None) -> None:
    """Compare the files of a commit with what is on the disk, but for those that an earlier commit had too and that were
    ``verified`` with it: a file once committed is never written again. Raises IndexStateError."""
    for name, facts in manifest.files.items():
        if verified and verified.files.get(name) == facts:
            continue
        try:
            measured = _measure(folder / name)
        except OSError as error:
            raise damaged(folder, name) from error
        if measured != facts:
            raise damaged(folder, name)


def damaged(folder: Path, what: str) -> IndexStateError:
    """The error for a part of the index that is missing or not what was written."""
    return IndexStateError(
        _("The search index in {folder} is damaged ({what}); rebuild it from the catalogue with: kgsearch index").format(
            folder=folder, what=what
        )
    )


def measured(chunks: Iterable[bytes]) -> tuple[int, int]:
    """Size in bytes and CRC-32 of a file that is read in ``chunks``."""
    size = checksum = 0
    for chunk in chunks:
        size += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
    return size, checksum


def read_file(path: Path) -> bytes:
    """The content of a small file that others replace by `replace_file`. Raises OSError."""
    return _patiently(path.read_bytes)


def _measure(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        return measured(iter(partial(file.read, CHUNK), b""))


def _read_json(path: Path) -> Mapping[str, Any]:
    value = json.loads(read_file(path))
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} holds no object")
    return value


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write whole or not at all, and to the disk."""
    replace_file(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all; it is on the disk when this returns. Raises OSError."""
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(content)
    sync_to_disk(unfinished)
    _patiently(lambda: unfinished.replace(path))
    sync_to_disk(path.parent)


def _patiently(action: Callable[[], _T]) -> _T:
    """Do ``action``, again where it is refused for the moment."""
    for _attempt in range(_ATTEMPTS - 1):
        try:
            return action()
        except PermissionError:
            time.sleep(_PAUSE)
    return action()
