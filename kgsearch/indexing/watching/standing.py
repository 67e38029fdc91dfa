"""How the watch of an index stands, for whoever asks for the status: whether one goes on, and since when it cannot do its work."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kgsearch.indexing.lock import holder_of, is_held

WATCH_LOCK_FILE = "watch.lock"
"""In the index folder: held by the one process that watches for it."""

WATCH_FILE = "watch.json"
"""Beside it, while the watch cannot do its work."""

_MOST = 1000


class Standing:
    """What the process that watches writes down in the folder of ``index``. What is wrong itself is said where it was started: it names
    folders, and the status is served to the network."""

    def __init__(self, index: Path) -> None:
        self._path = index / WATCH_FILE
        self._troubled: bool | None = None

    def troubled(self) -> None:
        """Something is wrong, from now on unless it was before."""
        # Without the lock nobody asks, and the folder may be none of an index.
        if not self._troubled and self._path.with_name(WATCH_LOCK_FILE).exists():
            # A folder that cannot be written is perhaps what is wrong.
            with suppress(OSError):
                self._path.write_text(json.dumps({"trouble_since": datetime.now(UTC).isoformat(timespec="seconds")}), encoding="ascii")
                self._troubled = True

    def well(self) -> None:
        """Nothing is wrong any more."""
        if self._troubled is not False:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
                self._troubled = False


def watching(index: Path) -> dict[str, Any] | None:
    """The process that watches for the index in a folder: ``pid``, None where it is not known, and ``trouble_since``, an ISO 8601 time,
    None where nothing is wrong. None where none watches."""
    lock = index / WATCH_LOCK_FILE
    if not is_held(lock):
        return None
    pid = holder_of(lock)
    return {"pid": int(pid) if pid else None, "trouble_since": _trouble_since(index / WATCH_FILE)}


def _trouble_since(path: Path) -> str | None:
    try:
        with path.open(encoding="ascii") as file:
            since = json.loads(file.read(_MOST))["trouble_since"]
        return datetime.fromisoformat(since).isoformat()
    except (OSError, ValueError, TypeError, KeyError):
        return None
