"""Which files of a folder are documents to be indexed, and which are refused by name.

Passed over without a word: hidden and temporary files, and formats that hold no documents. Reported: what has a document's
name and cannot or must not be opened.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kgsearch.errors import UsageError, reason_of
from kgsearch.i18n import gettext as _


class CorpusFile(NamedTuple):
    """A file to index: ``path`` relative to the folder listed, with forward slashes; ``place`` where it is opened."""

    path: str
    place: str
    size: int
    mtime_ns: int

    @property
    def full(self) -> Path:
        """Where it is opened. Made when it is asked for: most files of a run are not."""
        return Path(self.place)


@dataclass(slots=True)
class Listing:
    """What a folder holds: files by path, and for each path that is refused the reason.

    ``unreachable`` are files that the disk or the network did not let be looked at this time, each with the reason; ``closed`` are
    folders that could not be listed: of what is below them nothing is known.
    """

    files: dict[str, CorpusFile] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)

    def reasons(self) -> dict[str, str]:
        """Why what is not among the files cannot be read, by path."""
        return {**self.refused, **self.unreachable}


def check_corpus(corpus: Path) -> Path:
    """The corpus folder with links resolved. Raises UsageError where there is none or it cannot be listed."""
    try:
        resolved = corpus.resolve()
        os.scandir(resolved).close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(
            _(
                "The corpus folder {folder} does not exist; connect its disk or network share, name another with --corpus, "
                "or create it and put the documents into it."
            ).format(folder=corpus)
        ) from error
    except (OSError, RuntimeError) as error:
        raise UsageError(
            _("The corpus folder {folder} cannot be opened ({reason}); check its permissions.").format(
                folder=corpus, reason=reason_of(error)
            )
        ) from error
    return resolved


# Of the disk, the network or the machine, not of the file: what it held is not withdrawn for them.
_PASSING_NAMES = (
    "EIO",
    "ESTALE",
    "ETIMEDOUT",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENETUNREACH",
    "ENOTCONN",
    "EMFILE",
    "ENFILE",
    "ENOMEM",
)
_PASSING = frozenset(getattr(errno, name) for name in _PASSING_NAMES if hasattr(errno, name))


def is_passing(error: OSError) -> bool:
    """Whether the fault is not the file's and may be over at the next look."""
    return error.errno in _PASSING


def within(path: str, scope: Iterable[str]) -> bool:
    """Whether ``path`` is one of ``scope`` or below one; "" is the folder itself."""
    return any(start in ("", path) or path.startswith(f"{start}/") for start in scope)


def is_listed(path: str, listing: Listing) -> bool:
    """Whether a file that the catalogue knows was seen in the folder: itself, as refused, or the archive that it stands in."""
    if path in listing.files or path in listing.refused or path in listing.unreachable:
        return True
    return any(str(parent) in listing.files for parent in PurePosixPath(path).parents)


def list_files(
    root: Path, is_document_name: Callable[[Path | str], bool], *, leave_out: Path | None = None, scope: Iterable[str] = ("",)
) -> Listing:
    """What of ``scope`` (paths below ``root``, which is resolved) is to be indexed; ``leave_out`` is a folder not to look into.

    Links are followed to files inside ``root`` only: one that leads out of it is refused, so that nobody who can write the
    folder can have any other file of the machine indexed.
    """
    walk = _Walk(root, is_document_name, leave_out.resolve() if leave_out else None, Listing())
    for start in scope:
        walk.look_at(root / start, start)
    return walk.listing


@dataclass(frozen=True, slots=True)
class _Walk:
    root: Path
    is_document_name: Callable[[Path | str], bool]
    leave_out: Path | None
    listing: Listing

    def look_at(self, full: Path, path: str) -> None:
        """Take in a file, or a folder with all below it. Not recursive: folders may be nested to any depth."""
        left_out = str(self.leave_out) if self.leave_out else ""
        # Plain strings, and one look at each: most runs find thousands of files as they were.
        waiting = [(str(full), path)]
        while waiting:
            name, path = waiting.pop()
            found = self._looked_at(name, path)
            if found is None:
                continue
            if stat.S_ISDIR(found.st_mode):
                if name != left_out:
                    waiting.extend(self._entries(name, path))
            elif stat.S_ISLNK(found.st_mode):
                self._link(Path(name), path)
            else:
                self._file(name, path, found)

    def _looked_at(self, full: str, path: str) -> os.stat_result | None:
        """What is at ``full``; None where nothing is, or where that cannot be told: then of what is below it nothing is known."""
        try:
            return os.lstat(full)
        except FileNotFoundError:
            self._miss(path)
            return None
        except OSError as error:
            self.listing.closed.append(path)
            if self.is_document_name(full):
                self._refuse_unopened(path, error)
            return None

    def _miss(self, path: str) -> None:
        """Something is gone; but a whole corpus that is gone was rather unmounted than removed."""
        if not path:
            self.listing.closed.append(path)

    def _entries(self, folder: str, path: str) -> Iterator[tuple[str, str]]:
        try:
            names = sorted(os.listdir(folder), reverse=True)
        except FileNotFoundError:
            self._miss(path)
            return
        except OSError as error:
            self.listing.closed.append(path)
            reason = _("the folder cannot be opened ({reason}); check its permissions.").format(reason=reason_of(error))
            self.listing.refused[path or "."] = reason
            return
        above, start = os.path.join(folder, ""), f"{path}/" if path else ""
        for name in names:
            if not _is_text(name):
                below = os.fsencode(start + name).decode("utf-8", "replace")
                self.listing.refused[below] = _("the name is not valid Unicode; rename it.")
            elif not name.startswith("."):
                yield above + name, start + name

    def _link(self, full: Path, path: str) -> None:
        target = Path(os.path.realpath(full))
        inside = target.is_relative_to(self.root) and not (self.leave_out and target.is_relative_to(self.leave_out))
        # A folder inside is listed at its own place, and following links to folders could go round for ever.
        if os.path.isdir(target):
            if not inside:
                self._refuse_link(path)
        elif self.is_document_name(full):
            if inside:
                self._linked_file(full, path)
            else:
                self._refuse_link(path)

    def _refuse_link(self, path: str) -> None:
        self.listing.refused[path] = _("a link that leads out of the folder; put the file itself there.")

    def _linked_file(self, full: Path, path: str) -> None:
        try:
            self._file(str(full), path, full.stat())
        except OSError as error:
            self._refuse_unopened(path, error)

    def _refuse_unopened(self, path: str, error: OSError) -> None:
        unopened = self.listing.unreachable if is_passing(error) else self.listing.refused
        unopened[path] = _("the file cannot be opened ({reason}).").format(reason=reason_of(error))

    def _file(self, full: str, path: str, found: os.stat_result) -> None:
        if not self.is_document_name(full):
            return
        if stat.S_ISREG(found.st_mode):
            self.listing.files[path] = CorpusFile(path, full, found.st_size, found.st_mtime_ns)
        else:
            # Opening a pipe would wait for ever.
            self.listing.refused[path] = _("not a regular file.")


def _is_text(name: str) -> bool:
    """Whether a file's name is valid Unicode: bytes that are not arrive as lone surrogates, which no database takes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
