"""The rooms that indexing works with, as one value, so that each can be replaced by another: an engine, a reader, a test's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kgsearch.engines.base import Engine
from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import Document


@dataclass(frozen=True, slots=True)
class FileDocuments:
    """The documents of a file, in order; of an archive also its files that cannot be read, each with the reason."""

    documents: Sequence[Document]
    failures: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What `sync` asks of others.

    ``read_documents`` raises ReadError for a file that cannot be read; ``read_by`` changes whenever it would make something
    else of the same file, so that unchanged files are read again; ``programs`` names what of the programs that some formats need is
    installed, so that files that failed are read again with others. ``open_engine`` raises IndexStateError when the folder
    cannot be used as it is.
    """

    is_document_name: Callable[[Path | str], bool]
    read_documents: Callable[[Path], FileDocuments]
    read_by: str
    create_engine: Callable[[Path], Engine]
    open_engine: Callable[[Path], Engine]
    programs: Callable[[], str] = str


def default_tools() -> Tools:
    """The readers, the parser and the engine of this program."""
    # Imported here: indexing is loaded to ask for the status too.
    from kgsearch import __version__, parser, readers
    from kgsearch.engines.whoosh import WhooshEngine
    from kgsearch.readers.dispatch import installed_programs

    return Tools(
        is_document_name=readers.is_document_name,
        read_documents=read_documents,
        read_by=f"{__version__}/{readers.READERS_VERSION}/{parser.PARSER_VERSION}",
        create_engine=WhooshEngine.create,
        open_engine=WhooshEngine.to_write,
        programs=cache(lambda: ", ".join(installed_programs())),
    )


def read_documents(path: Path) -> FileDocuments:
    """The documents of a file, or of the files in an archive. Raises ReadError, naming the file, where nothing in it can be read."""
    from kgsearch import parser, readers

    contents = readers.read_all(path)
    documents: list[Document] = []
    failures = [(failure.member, failure.reason) for failure in contents.failures]
    for source in contents.sources:
        try:
            documents += (_with_member(document, source.member) for document in parser.parse(source))
        except ReadError as error:
            # The parser sees text alone; only here is it known which file it came from.
            failures.append((source.member, str(error)))
    if not documents:
        member, reason = failures[0]
        raise ReadError(f"{path.name}: {member}: {reason}" if member else f"{path.name}: {reason}")
    return FileDocuments(documents, failures)


def _with_member(document: Document, member: str) -> Document:
    """``document`` with a remark of the file in the archive in which it stands."""
    if not member:
        return document
    return replace(document, warnings=(*document.warnings, _("In the archive it is the file {member}.").format(member=member)))
