"""What a process and its children hold: memory and open files, as Linux tells them in /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MEGABYTE = 1 << 20


def family(pid: int) -> list[int]:
    """``pid`` and the processes that it started, and they, as far as they live."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def memory(pid: int) -> float:
    """MB of memory that ``pid`` alone holds (its resident pages that no file backs); 0 where it is gone."""
    with suppress(OSError, ValueError):
        _size, resident, shared, *_rest = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
    return 0.0


def open_files(pid: int) -> int:
    """How many files ``pid`` has open; 0 where it is gone."""
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0
