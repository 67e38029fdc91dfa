"""The rooms that indexing works with, as one value, so that each can be replaced by another: an engine, a reader, a test's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgsearch.engines.base import Engine
from kgsearch.models import Document


@dataclass(frozen=True, slots=True)
class Tools:
    """What `sync` asks of others.

    ``read_documents`` raises ReadError for a file that cannot be read; ``read_by`` changes whenever it would make something
    else of the same file, so that unchanged files are read again. ``open_engine`` raises IndexStateError when the folder
    cannot be used as it is.
    """

    is_document_name: Callable[[Path], bool]
    read_documents: Callable[[Path], Sequence[Document]]
    read_by: str
    create_engine: Callable[[Path], Engine]
    open_engine: Callable[[Path], Engine]


def default_tools() -> Tools:
    """The readers, the parser and the engine of this program."""
    # Imported here: indexing is loaded to ask for the status too.
    from kgsearch import __version__, parser, readers
    from kgsearch.engines.whoosh import WhooshEngine

    return Tools(
        is_document_name=readers.is_document_name,
        read_documents=lambda path: parser.parse(readers.read(path)),
        read_by=f"{__version__}/{getattr(parser, 'PARSER_VERSION', 1)}",
        create_engine=WhooshEngine.create,
        open_engine=WhooshEngine,
    )
