"""Where an engine lives: numbered folders, and one small file that names the one in use.

An engine that is made anew is made in a folder beside the one in use; then the file that names it is replaced, by one rename:
at every moment the one or the other is in use, on Windows too, where a folder with open files cannot be renamed. Files that lie
in the home itself, as an older version of this program left them, are no engine.

Who calls `prepare`, `switch` and `clean` must be alone in it: they are for who holds the lock of the index.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kgsearch.durable import sync_to_disk
from kgsearch.engines.manifest import VERSION_FILE, read_file, replace_file
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

CURRENT_FILE = "current"

_MAX_DIGITS = 12
_ATTEMPTS = 5

_T = TypeVar("_T")


class EngineHome:
    """The home at ``path``, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def current(self) -> Path | None:
        """The folder in use; None where there is none, or where that cannot be read. Quick: a small file is read."""
        try:
            return self._used()
        except OSError:
            return None

    def opened(self) -> Path:
        """The folder in use. Raises IndexStateError where there is none."""
        folder = self.current()
        if folder is not None:
            return folder
        if os.path.exists(self.path / VERSION_FILE):
            raise IndexStateError(
                _("The search index in {folder} was made by another version of kgsearch; rebuild it with: kgsearch index").format(
                    folder=self.path
                )
            )
        raise IndexStateError(_("There is no search index in {folder}; make it with: kgsearch index").format(folder=self.path))

    def open(self, opening: Callable[[Path], _T]) -> _T:
        """What ``opening`` makes of the folder in use; asked again where another has been put in its place meanwhile. Raises what it
        raises, and IndexStateError where there is no folder in use."""
        for _attempt in range(_ATTEMPTS):
            folder = self.opened()
            try:
                return opening(folder)
            except IndexStateError:
                if self.current() == folder:
                    raise
        return opening(self.opened())

    def prepare(self) -> Path:
        """A new empty folder beside the one in use; what earlier attempts have left is removed.

        Raises OSError, also where it cannot be told which folder is in use: nothing is removed then.
        """
        if self.path.exists() and not self.path.is_dir():
            self.path.unlink()
        self.path.mkdir(parents=True, exist_ok=True)
        used = self._used()
        for folder in self._numbered():
            if folder != used:
                _remove(folder)
        # What cannot be removed now keeps its number.
        number = max((int(folder.name) for folder in self._numbered()), default=0) + 1
        folder = self.path / str(number)
        folder.mkdir()
        return folder

    def switch(self, folder: Path) -> None:
        """From now on ``folder``, made by `prepare`, is in use; on the disk when this returns. Raises OSError.

        Its files must be on the disk already, as after every commit.
        """
        if folder.parent != self.path or not _is_number(folder.name):
            raise ValueError(f"{folder} is no folder of {self.path}")
        sync_to_disk(self.path)
        replace_file(self.path / CURRENT_FILE, _text_of(folder.name))
        sync_to_disk(self.path.parent)

    def clean(self) -> None:
        """Remove what is not in use, also what older versions left; what cannot be removed now stays for the next time."""
        used = self.current()
        if used is None:
            return
        kept = {used.name, CURRENT_FILE}
        beside = [self.path.with_name(f"{self.path.name}.{ending}") for ending in ("new", "old")]
        with suppress(OSError):
            for leftover in [*(entry for entry in self.path.iterdir() if entry.name not in kept), *beside]:
                _remove(leftover)

    def _used(self) -> Path | None:
        """As `current`. Raises OSError where it cannot be read."""
        name = self._named()
        while name and not (self.path / name).is_dir():
            # Another may have been put in its place since the file was read, and it removed.
            before, name = name, self._named()
            if name == before:
                return None
        return self.path / name if name else None

    def _named(self) -> str:
        """The name of the folder in use; "" where none is named. Raises OSError where that cannot be read."""
        try:
            return _name_in(read_file(self.path / CURRENT_FILE))
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def _numbered(self) -> list[Path]:
        return [entry for entry in self.path.iterdir() if _is_number(entry.name)]


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= _MAX_DIGITS


def _text_of(name: str) -> bytes:
    """With a checksum: of a number, one bit makes another number."""
    return f"{name} {zlib.crc32(name.encode()):08x}\n".encode()


def _name_in(content: bytes) -> str:
    """The name in a file of `_text_of`; "" where it is damaged."""
    name = content.split(b" ", 1)[0].decode("ascii", "replace")
    return name if _is_number(name) and content == _text_of(name) else ""


def _remove(path: Path) -> None:
    """Remove a file or a folder, as far as that can be done."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.lexists(path):
            path.unlink()
