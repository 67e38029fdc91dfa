"""What is on the disk when a function returns, whatever happens to the machine afterwards."""

from __future__ import annotations

import os
from pathlib import Path


def sync_to_disk(path: Path) -> None:
    """Return when a file's content, or the names of what is in a folder, are on the disk. Raises OSError."""
    folder = path.is_dir()
    if folder and os.name == "nt":
        return  # Windows opens no folders, and keeps names without being asked.
    # A file is opened for writing because Windows syncs no other.
    descriptor = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
