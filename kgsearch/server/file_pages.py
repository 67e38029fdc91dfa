"""The page of the original file on which a clause begins: where it opens, and how sure its words are."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from kgsearch.models import ClauseRecord, DocumentRecord

OPEN = "open"
"""The parameter with which an original is shown by the browser instead of kept, where a browser can."""


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page: ``address`` opens the original there, "" where a browser cannot; ``confidence`` is how sure its words are, in percent,
    where they were recognised from a picture."""

    number: int
    address: str
    confidence: int | None


def file_page(document: DocumentRecord, clause: ClauseRecord) -> FilePage | None:
    """The page on which ``clause`` begins; None where its file has no pages."""
    if not clause.page:
        return None
    recognised = next((page for page in document.recognised if page.page == clause.page), None)
    return FilePage(clause.page, _address(document, clause.page), None if recognised is None else round(recognised.confidence))


def _address(document: DocumentRecord, page: int) -> str:
    # Browsers have a viewer for this format alone; the words and their pages are those of the first file.
    if not (document.files and document.files[0].lower().endswith(".pdf")):
        return ""
    return f"/documents/{quote(document.id)}/file/1?{OPEN}=1#page={page}"
