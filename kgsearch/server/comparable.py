"""With what a document may be compared: other versions of it, what it changes and what changes it, documents of nearly its name; and
documents looked for by number or title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from kgsearch.citations import number_key
from kgsearch.comparing.alignment import likeness
from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import DocumentRecord, Filters, Hit, Relation
from kgsearch.server.connections import Connections, records_of
from kgsearch.server.highlighting import MAX_QUERY
from kgsearch.server.service import CatalogueView, SearchService

SHOWN = 8
FOUND = 20
# Of the words of two titles, figures aside: "… năm 2021" and "… năm 2022" are of one name.
NEARLY_THE_SAME = 0.7

_CHANGING = (Relation.AMENDS, Relation.REPLACES, Relation.REPEALS)


@dataclass(frozen=True, slots=True)
class Named:
    """What a document is found by: ``name`` is folded, ``title`` the words of its title without figures."""

    id: str
    type: str
    number: str
    name: str
    title: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that may be compared for one reason."""

    reason: str
    documents: tuple[DocumentRecord, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for: clauses that a citation names, and the first of ``total`` documents."""

    clauses: tuple[Hit, ...]
    documents: tuple[DocumentRecord, ...]
    total: int


# As in holdings.py: reading every document takes half a second for a province, so it is done once for each state of a catalogue.
_names: WeakKeyDictionary[CatalogueView, tuple[str | None, tuple[Named, ...]]] = WeakKeyDictionary()


def comparable(reader: CatalogueView, connections: Connections) -> list[Group]:
    """The documents that are likely to be compared with that of ``connections``, by reason, each once; groups without any left out."""
    own = connections.document
    number = number_key(own.number)
    title = _title_words(own.title)
    others = [one for one in _named(reader) if one.id != own.id]
    like = [(-likeness(title, one.title), one.id) for one in others if one.type == own.type and title and one.title]
    reasons = (
        (_("The same number"), [one.id for one in others if number and one.number == number]),
        (_("Amended, replaced or repealed by it, or doing so to it"), _changing(connections)),
        (_("Of the same type and nearly the same name"), [one for score, one in sorted(like) if -score >= NEARLY_THE_SAME]),
    )
    seen: set[str] = set()
    chosen: list[tuple[str, list[str]]] = []
    for reason, ids in reasons:
        fresh = [one for one in dict.fromkeys(ids) if one not in seen][:SHOWN]
        seen.update(fresh)
        chosen.append((reason, fresh))
    records = records_of(reader, seen)
    groups = (Group(reason, tuple(records[one] for one in ids if one in records)) for reason, ids in chosen)
    return [group for group in groups if group.documents]


def find(service: SearchService, text: str) -> Found:
    """Clauses and documents that ``text`` names: a citation, a number, an id, or words of number, type, title, issuer and year.

    Raises UsageError for too long a text.
    """
    if len(text) > MAX_QUERY:
        raise UsageError(_("The query is longer than {count} characters; use fewer words.").format(count=MAX_QUERY))
    hits, named = _shown(service, text)
    words = fold(text).split()
    key = number_key(text)
    matching = [one for one in _named(service.reader) if words and (all(word in one.name for word in words) or one.number == key != "")]
    ids = list(dict.fromkeys([*(record.id for record in named), *(one.id for one in matching)]))
    records = records_of(service.reader, set(ids[:FOUND]))
    return Found(tuple(hits[:SHOWN]), tuple(records[one] for one in ids[:FOUND] if one in records), len(ids))


def _shown(service: SearchService, text: str) -> tuple[list[Hit], list[DocumentRecord]]:
    try:
        matches: Sequence[Hit | DocumentRecord] = service.show(text)
    except (NotFoundError, UsageError):
        return [], []
    return [one for one in matches if isinstance(one, Hit)], [one for one in matches if isinstance(one, DocumentRecord)]


def _changing(connections: Connections) -> list[str]:
    """Ids of the documents that the document changes or that change it."""
    found = [one.target.document for one in connections.outgoing if one.relation in _CHANGING and one.target]
    found += [one.source.document for one in connections.incoming if one.relation in _CHANGING]
    return [one for one in found if one != connections.document.id]


def _named(reader: CatalogueView) -> tuple[Named, ...]:
    changed = reader.meta().get("changed")
    known = _names.get(reader)
    if known is not None and changed is not None and known[0] == changed:
        return known[1]
    names = tuple(_name(record) for record in reader.documents(Filters()))
    _names[reader] = (changed, names)
    return names


def _name(record: DocumentRecord) -> Named:
    year = str(record.issued.year) if record.issued else ""
    name = " ".join((record.type, record.number, record.title, record.issuer, year))
    return Named(record.id, record.type, number_key(record.number), fold(name), _title_words(record.title))


def _title_words(title: str) -> Mapping[str, int]:
    return Counter(word for word in fold(title).split() if not any(letter.isdigit() for letter in word))
