"""The standing of the documents of a list: whether each has effect, in a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kgsearch.catalogue.standing import standing
from kgsearch.catalogue.wording import force_name
from kgsearch.i18n import gettext as _
from kgsearch.models import DocumentRecord, Force
from kgsearch.server.connections import records_of
from kgsearch.server.service import CatalogueView


@dataclass(frozen=True, slots=True)
class Badge:
    """The standing of a document beside its name; ``since`` is the day from which, where a clause names one."""

    force: Force
    words: str
    since: date | None


def badges(reader: CatalogueView, documents: Iterable[DocumentRecord], today: date) -> dict[str, Badge]:
    """The standing of each of ``documents`` on the day ``today``, by id: one look-up for each, and one for all that change them."""
    listed = {document.id: document for document in documents}
    changing = {document: reader.changing(document) for document in listed}
    sources = records_of(reader, {relation.source.document for relations in changing.values() for relation in relations})
    found = {name: standing(document, changing[name], sources.get, today) for name, document in listed.items()}
    return {name: Badge(one.force, _words(one.force), one.since) for name, one in found.items()}


def _words(force: Force) -> str:
    # Beside a document's name there is no heading that would say what is not known.
    return _("Standing not known") if force is Force.UNKNOWN else force_name(force)
