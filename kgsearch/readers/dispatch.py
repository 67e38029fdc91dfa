"""A file's bytes to the reader of their format, in this process: for the worker, and for an archive's members."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePath

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.encodings import read_text
from kgsearch.readers.formats import FORMATS, MARKED, SUFFIXES, Format, is_other_office, is_protected, recognise, zip_directory
from kgsearch.readers.progress import report_progress
from kgsearch.readers.text import check_length, decode


@dataclass(frozen=True, slots=True)
class MemberFailure:
    """A file in an archive that cannot be read: its name there, and the reason on one line."""

    member: str
    reason: str


Outcome = SourceText | MemberFailure


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a file: a text, or for an archive a text for each file in it that can be read and a reason for each that cannot."""

    sources: tuple[SourceText, ...]
    failures: tuple[MemberFailure, ...] = ()


def format_of(data: bytes, name: str) -> Format | None:
    """The format of ``data`` by its content; None for plain Unicode text. Raises ReadError for what is no document, naming ``name``."""
    marked = recognise(data, MARKED)
    if marked is not None:
        return marked
    _refuse_office(data, name)
    try:
        decode(data, name)
    except ReadError:
        if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise
        legacy = recognise(data)
        if legacy is None:
            _refuse_misnamed(name, FORMATS["legacy text"])
            raise
        return legacy
    return None


def _refuse_office(data: bytes, name: str) -> None:
    if is_protected(data):
        raise ReadError(_("{name}: locked with a password; open it and save it without one.").format(name=name))
    if is_other_office(data):
        raise ReadError(_("{name}: a spreadsheet, a presentation or a message, not a text; save it as PDF.").format(name=name))


def _refuse_misnamed(name: str, taken_for: Format) -> None:
    """Raise ReadError where the name promises another format than the bytes are ``taken_for``: advice for that one would be wrong."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES.difference(taken_for.suffixes, FORMATS["legacy text"].suffixes):
        raise ReadError(
            _("{name}: damaged, not fully copied, or no {suffix} file; copy it again, or open it and save it anew.").format(
                name=name, suffix=suffix
            )
        )


def read_bytes(data: bytes, name: str, *, archives: bool = True) -> Contents:
    """What is in the file ``name`` with the bytes ``data``.

    Raises ReadError where nothing in it can be read, and with ``archives`` false where it is an archive.
    """
    found = format_of(data, name)
    if found is None:
        return Contents((read_text(data, name),))
    if found.name == "zip" and not zip_directory(data):
        # Half of a Word document looks like half of an archive.
        _refuse_misnamed(name, found)
    if found.name == "zip" and not archives:
        raise ReadError(_("{name}: an archive inside an archive is not opened; unpack it.").format(name=name))
    return _contents(load_reader(found, name)(data, name), name)


def read_member(data: bytes, member: str) -> Outcome:
    """The text of the file ``member`` of an archive, or why it cannot be read: one bad file is no reason to give up the others.

    MemoryError passes: what was read so far may be what takes the memory.
    """
    report_progress()
    try:
        (source,) = read_bytes(data, member, archives=False).sources
    except ReadError as error:
        return MemberFailure(member, str(error).removeprefix(f"{member}: "))
    except MemoryError:
        raise
    except Exception as error:
        # Libraries raise anything at all at a damaged file.
        return MemberFailure(member, _("reading it failed ({reason}); the file may be damaged.").format(reason=type(error).__name__))
    return replace(source, member=member)


def _contents(read: SourceText | Iterable[Outcome], name: str) -> Contents:
    if isinstance(read, SourceText):
        _check_lines(read, name)
        return Contents((read,))
    outcomes = list(read)
    failures = tuple(outcome for outcome in outcomes if isinstance(outcome, MemberFailure))
    sources = tuple(outcome for outcome in outcomes if isinstance(outcome, SourceText))
    if not sources:
        reason = f"{failures[0].member}: {failures[0].reason}" if failures else _("there is no document in it.")
        raise ReadError(f"{name}: {reason}")
    return Contents(sources, failures)


def _check_lines(source: SourceText, name: str) -> None:
    """Raise ReadError where a line is longer than any that is read from plain text: every step after this one would take its time."""
    for number, line in enumerate(source.lines, 1):
        check_length(name, number, line.end - line.start)


def load_reader(found: Format, name: str) -> Callable[[bytes, str], SourceText | Iterable[Outcome]]:
    """The function that reads files of a format. Raises ReadError, naming the file, where what it needs is not installed."""
    module, function = found.reader.split(":")
    try:
        reader: Callable[[bytes, str], SourceText | Iterable[Outcome]] = getattr(import_module(module), function)
    except ImportError as error:
        raise ReadError(
            _("{name}: this format ({format}) needs the Python package {package}; install it, or save the document as text.").format(
                name=name, format=found.name, package=error.name or module
            )
        ) from error
    return reader


def installed_programs() -> list[str]:
    """Names of the programs beside Python's packages that formats need and that are installed."""
    readers = {known.needs: known.reader.split(":")[0] for known in FORMATS.values() if known.needs}
    return [name for name, module in sorted(readers.items()) if import_module(module).program()]
