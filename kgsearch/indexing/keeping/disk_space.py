"""Whether a disk has room for what is about to be written, as far as that can be known."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

_MARGIN = 1 << 24
_MEGABYTE = 1 << 20


def check_space(needs: Iterable[tuple[Path, int]]) -> None:
    """Raise IndexStateError where a disk has less room than is needed; ``needs`` are folders, which need not exist, with bytes.

    Folders on one disk share its room. Of a disk that does not tell, nothing is said.
    """
    together: dict[int, tuple[Path, int]] = {}
    for folder, size in needs:
        existing, disk = _disk_of(folder)
        first, sum_before = together.get(disk, (existing, 0))
        together[disk] = (first, sum_before + size)
    for folder, size in together.values():
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            continue
        if free < size + _MARGIN:
            raise IndexStateError(
                _("{folder}: the disk has {free} MB free and {needed} MB are needed; make room, or name another place.").format(
                    folder=folder, free=free // _MEGABYTE, needed=(size + _MARGIN) // _MEGABYTE + 1
                )
            )


def _disk_of(folder: Path) -> tuple[Path, int]:
    """The nearest folder above that there is, and the number of its disk."""
    for path in (folder.absolute(), *folder.absolute().parents):
        with suppress(OSError):
            return path, path.stat().st_dev
    # A drive that is not there: whoever writes will say so.
    return folder, -1
