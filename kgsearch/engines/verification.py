"""What need not be read again to be trusted: files that were verified since this machine was started and have not been touched since.

A power cut is what leaves files other than they were written, and after it the machine is started anew. Who verifies a file notes what
the system says of it: another size, time or place on the disk, or another start, and it is read in full again. The note is a
convenience: without it, or where it cannot be written, everything is read. Where something turns out not to be what was written
all the same, the note is withdrawn.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kgsearch.engines import manifest

NOTE_FILE = "verified.json"

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def verify_once(folder: Path, last: manifest.Manifest, before: manifest.Manifest | None) -> None:
    """`manifest.verify`, but for the files of the commit ``before``, which this process has verified and holds open, and for those that
    were verified since the machine was started. Raises IndexStateError."""
    noted = _noted(folder)
    # Before they are read: what is changed meanwhile is another file.
    states = {name: _state(folder / name, facts) for name, facts in last.files.items()}
    trusted = {
        name: facts
        for name, facts in last.files.items()
        if (before and before.files.get(name) == facts) or (states[name] and noted.get(name) == states[name])
    }
    manifest.verify(folder, last, manifest.Manifest(last.generation, trusted))
    if trusted.keys() != last.files.keys():
        _write(folder, last, {name: state for name, state in states.items() if name not in trusted})


def note(folder: Path, last: manifest.Manifest, names: Iterable[str]) -> None:
    """Note that the files ``names`` of a commit are what was written; what was noted of its others stays, of all others goes."""
    _write(folder, last, {name: _state(folder / name, last.files[name]) for name in names})


def withdraw(folder: Path) -> None:
    """Who opens ``folder`` next reads everything."""
    with suppress(OSError):
        (folder / NOTE_FILE).unlink()


def _write(folder: Path, last: manifest.Manifest, states: Mapping[str, list[int] | None]) -> None:
    noted = {name: state for name, state in _noted(folder).items() if name in last.files}
    noted |= {name: state for name, state in states.items() if state}
    unfinished = folder / f"verified.{os.getpid()}.new"
    with suppress(OSError):
        try:
            unfinished.write_text(json.dumps({"start": _start(), "files": noted}), encoding="utf-8")
            unfinished.replace(folder / NOTE_FILE)
        finally:
            unfinished.unlink(missing_ok=True)


def _noted(folder: Path) -> Mapping[str, Any]:
    """What was noted since the machine was started."""
    try:
        value = json.loads((folder / NOTE_FILE).read_bytes())
        return value["files"] if value["start"] == _start() and isinstance(value["files"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _state(path: Path, facts: tuple[int, int]) -> list[int] | None:
    """What tells whether a file was touched since, with the ``facts`` that it was found to have."""
    try:
        found = path.stat()
    except OSError:
        return None
    # The time of change of the entry, which no program sets as it likes.
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, *facts]


def _start() -> str:
    """What tells one start of the machine from another."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        # To the minute: clocks are set now and then, and then everything is read once more.
        return str(round((time.time() - time.monotonic()) / 60))
