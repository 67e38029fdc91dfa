"""Files and folders given by name, to be added to the corpus.

What is in the corpus folder already is indexed where it is. What is outside is copied into it first, a file under its own
name, a folder with what is in it: otherwise the next plain run would drop it again. No file is ever overwritten.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kgsearch.errors import UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.corpus import list_files
from kgsearch.indexing.report import Failure


@dataclass(slots=True)
class Arrivals:
    """What was given: ``scope`` are its paths in the corpus folder, ``failures`` what could not be taken in."""

    scope: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def check_given(corpus: Path, paths: Iterable[Path]) -> None:
    """Raise UsageError, before anything is done, when one of ``paths`` does not exist or holds the corpus folder."""
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(_("{path} does not exist; check the name.").format(path=path))
        if os.path.isdir(path) and _real(path) != corpus and corpus.is_relative_to(_real(path)):
            raise UsageError(_("{path} holds the corpus folder itself; name the files or folders to add.").format(path=path))


def take_in(corpus: Path, paths: Iterable[Path], is_document_name: Callable[[Path | str], bool]) -> Arrivals:
    """Copy what is outside ``corpus`` (resolved) into it and say what is to be indexed."""
    arrivals = Arrivals()
    for path in paths:
        absolute = Path(os.path.abspath(path))
        # Where it is, not what it links to: a link in the corpus folder is judged when that is listed.
        place = _real(absolute.parent) / absolute.name
        if place.is_relative_to(corpus) or _real(path) == corpus:
            inside = "" if _real(path) == corpus else place.relative_to(corpus).as_posix()
            if os.path.isfile(place) and not is_document_name(place):
                _fail(arrivals, path, _not_a_document())
            else:
                arrivals.scope.append(inside)
        elif os.path.isdir(path):
            _take_in_folder(arrivals, corpus, path, is_document_name)
        else:
            _take_in_file(arrivals, corpus, path, path, path.name, is_document_name)
    return arrivals


def _take_in_folder(arrivals: Arrivals, corpus: Path, folder: Path, is_document_name: Callable[[Path | str], bool]) -> None:
    root = _real(folder)
    listing = list_files(root, is_document_name)
    arrivals.failures.extend(Failure(str(folder / path), reason) for path, reason in listing.reasons().items())
    for path, file in listing.files.items():
        _take_in_file(arrivals, corpus, folder / path, file.full, f"{root.name}/{path}", is_document_name)


def _take_in_file(
    arrivals: Arrivals, corpus: Path, given: Path, source: Path, path: str, is_document_name: Callable[[Path | str], bool]
) -> None:
    """Copy ``source`` to ``path`` in the corpus folder; ``given`` is how the user knows it."""
    target = corpus / path
    try:
        if not os.path.isfile(source) or not is_document_name(source):
            _fail(arrivals, given, _not_a_document())
        elif not _real(target.parent).is_relative_to(corpus):
            _fail(arrivals, given, _("its place in the corpus folder is a link that leads out of it."))
        elif _copy(source, target):
            arrivals.scope.append(path)
        else:
            _fail(arrivals, given, _("the corpus folder holds another file named {name}; rename one of them.").format(name=path))
    except OSError as error:
        _fail(arrivals, given, _("cannot be copied into the corpus folder ({reason}).").format(reason=reason_of(error)))


def _copy(source: Path, target: Path) -> bool:
    """Put a copy of ``source`` at ``target``, whole or not at all; False where another file is there."""
    if os.path.lexists(target):
        return target.is_file() and filecmp.cmp(source, target, shallow=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Hidden until it is complete, so that nobody reads half a document.
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    unfinished = Path(name)
    try:
        with open(descriptor, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        # The time of the last change says which of two files is the newer.
        shutil.copystat(source, unfinished)
        _name_without_overwriting(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def _name_without_overwriting(unfinished: Path, target: Path) -> None:
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links. Nothing is at `target`: that was looked at before.
        unfinished.rename(target)


def _real(path: Path) -> Path:
    """``path`` with links resolved; unlike Path.resolve, no error where they go round."""
    return Path(os.path.realpath(path))


def _fail(arrivals: Arrivals, given: Path, reason: str) -> None:
    arrivals.failures.append(Failure(str(given), reason))


def _not_a_document() -> str:
    return _(
        "not a document by its name; documents are Word, OpenDocument, RTF, PDF, web and text files, pictures of pages and "
        "archives (.zip) of these, neither hidden nor temporary."
    )
