"""The documents and clauses that a question names, and whether it asks about them or mentions them in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.find import Form, find_references
from kgsearch.citations.issuers import issuer_end
from kgsearch.citations.name_keys import citation_key, unmarked
from kgsearch.citations.numbers import number_key
from kgsearch.citations.read import FULL_TYPE, numbers_in, read_citations
from kgsearch.citations.resolve import Resolution, Target, resolve
from kgsearch.citations.typed import Spelled, mentions_in
from kgsearch.citations.write import cited_name
from kgsearch.language import syllable_key, tokenise
from kgsearch.models import DocumentRecord, Filters, Span
from kgsearch.retrieval.hits import passes

MAX_NAMED = 8
"""Documents that one question may name; those after them are not looked up."""

_TYPED = rf"(?:(?:{FULL_TYPE.pattern}|(?<!\w)[a-zđ]{{2,5}})\.? ?)?(?:(?<!\w)so ?:? ?)?"
_SYMBOL = r"(?: ?[/-] ?[a-zđ&][\wđ&]*(?:[-./][\wđ&]+)*)+"
_NUMBER = re.compile(rf"{_TYPED}(?<![\w/])(?P<number>\d{{1,5}}[a-zđ]?(?: ?[/-] ?\d{{4}})?{_SYMBOL})(?!\w)")
_DAY = re.compile(r",? ngay \d{1,2}(?:[/.-]\d{1,2}[/.-]| thang \d{1,2} nam )\d{4}")
_YEAR = re.compile(r",? nam (?:19|20)\d\d(?! *[-–] *\d)")
# What follows a figure that is a document's number where no "số" stands before it: "quyết định 3 vấn đề" decides three things.
_AFTER_FIGURE = re.compile(
    r" *(?:$|[?.,:;)]|(?:cua|ve|quy [dđ]inh|co|[dđ]uoc|[dđ]at|ban hanh|nam (?=(?:19|20)\d\d)|ngay|do|neu|thi|phai|[dđ]e ra|giao|ap dung|cho"
    r"|la|noi|het|bi|[dđ]a|hien|dua|xac [dđ]inh)(?!\w))"
)
# Before a document's name: the question is of something that stands in a relation to it.
_IN_PASSING = re.compile(
    r"(?:thuc hien|trien khai|can cu|sua [dđ]oi|bo sung|thay the|bai bo|huong dan|chi tiet|thi hanh|kem theo|kem|so voi|hien|to chuc|khai"
    r"|phuc|ap dung|tinh than|kien|voi"
    r"|(?<=\w )(?:theo|boi)(?: (?:quy [dđ]inh|noi dung|tinh than|yeu cau|chi [dđ]ao)(?: (?:tai|cua|trong))?)?)(?: (?:cac|nhung))? *$"
)

# Around a law's name: the question is of what the law says.
_OF_LAW_BEFORE = re.compile(
    r"(?:^|[,:;] *)$|(?<!\w)(?:theo|trong|tai|can cu(?: vao| theo)?|chieu theo|quy [dđ]inh (?:cua|tai|trong)|cua)(?: (?:quy [dđ]inh"
    r"(?: (?:cua|tai|trong))?|noi dung))? *$"
)
_LAW_SAYS = re.compile(
    r" *(?:thi |co |[dđ]a |hien hanh )*(?:quy [dđ]inh|giao|neu|[dđ]inh nghia|giai thich|cho phep|cam|yeu cau|hieu|goi|co hieu luc|ap dung"
    r"|noi|xac [dđ]inh|bat buoc)(?!\w)"
)
# Before or after a law's name: it is drafted, and no document yet.
_DRAFTED_BEFORE = re.compile(
    r"(?<!\w)(?:du an|du thao|[dđ]e nghi xay dung|ho so|xay dung|soan thao|hoan thien|trinh|thong qua|ban hanh"
    r"|sua [dđ]oi|cho y kien (?:ve|doi voi))(?: (?:cac|nhung|du an|du thao|ve))* *$"
)
_DRAFTED_AFTER = re.compile(r" *\(? *(?:sua [dđ]oi|thay the|moi)(?!\w)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place ``span`` of a question that names a document: ``documents`` are those that it may mean, newest first, none where the
    catalogue has none. ``in_passing``: the question is not of it; ``figures`` are the keys of its number's figures."""

    span: Span
    text: str
    documents: tuple[DocumentRecord, ...]
    in_passing: bool
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """What a question names: ``clauses`` where it names clauses of documents, and the places of it all."""

    mentions: tuple[Mention, ...] = ()
    clauses: tuple[Target, ...] = ()
    clause_spans: tuple[Span, ...] = ()

    @property
    def asked(self) -> tuple[Mention, ...]:
        """The documents that the question is about."""
        return tuple(mention for mention in self.mentions if not mention.in_passing)

    @property
    def missing(self) -> Mention | None:
        """The first that it is about and that the catalogue does not have; None where it is also about one that the catalogue has."""
        if self.documents:
            return None
        return next((mention for mention in self.asked if not mention.documents), None)

    @property
    def documents(self) -> tuple[DocumentRecord, ...]:
        """The documents that it is about."""
        return tuple(dict.fromkeys(document for mention in self.asked for document in mention.documents))

    @property
    def in_passing(self) -> tuple[Mention, ...]:
        """Those that it only mentions."""
        return tuple(mention for mention in self.mentions if mention.in_passing)


def named_documents(text: str, reader: CatalogueReader, filters: Filters) -> NamedDocuments:
    """What a question, single-spaced, names of the catalogue; of its documents those that ``filters`` let through."""
    spelled = Spelled.of(text)
    if len(spelled.plain) != len(text):  # letters that have no single small letter: places would not agree
        return NamedDocuments()
    places = list(_places(text, spelled.plain))[:MAX_NAMED]
    mentions = [_mention(text, spelled.plain, span, reader, filters) for span in places]
    whole = resolve(text, reader, citation_key)
    mentions += _by_name(text, spelled.plain, whole, [mention.span for mention in mentions], filters)
    mentions.sort(key=lambda mention: mention.span.start)
    clauses = tuple(target for target in whole.clauses if target.clause is not None and passes(target.document, filters))
    components = mentions_in(spelled.without([(span.start, span.end) for span in places])) if clauses else ()
    return NamedDocuments(tuple(mentions), clauses, tuple(Span(one.start, one.end) for one in components))


def _places(text: str, plain: str) -> Iterator[Span]:
    """Where documents are named by number, by figure or as a law, in order."""
    found: list[Span] = []
    keys = set(numbers_in(text))
    for match in _NUMBER.finditer(plain):
        if number_key(match["number"]) in keys:
            found.append(_with_tail(text, plain, match.start(), match.end()))
    for citation in read_citations(text):
        if citation.first and not citation.doubtful and (place := _figure(plain, citation.first)):
            found.append(_with_tail(text, plain, place.start, place.end))
    for reference in find_references(text):
        if reference.form is Form.LAW and not reference.clauses:
            found.append(Span(reference.start, reference.end))
    end = 0
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            end = span.end
            yield span


def _figure(plain: str, first: str) -> Span | None:
    """The place of a document named by type and figure; None where the figure may count something."""
    code = rf"(?:{FULL_TYPE.pattern}|(?<!\w)[a-zđ]{{2,4}})"
    for match in re.finditer(rf"{code}\.? ?(?P<so>so ?:? ?)?0*{re.escape(first)}(?!\w)(?:[/-](?:19|20)\d\d(?!\d))?", plain):
        if match["so"] or _AFTER_FIGURE.match(plain, match.end()):
            return Span(match.start(), match.end())
    return None


def _with_tail(text: str, plain: str, start: int, end: int) -> Span:
    """The place of a number with the date and the issuer that follow it."""
    day = _DAY.match(plain, end) or _YEAR.match(plain, end)
    end = day.end() if day else end
    return Span(start, max(end, issuer_end(text, end)))


def _mention(text: str, plain: str, span: Span, reader: CatalogueReader, filters: Filters) -> Mention:
    typed = text[span.start : span.end]
    documents = tuple(document for document in resolve(typed, reader, citation_key).documents if passes(document, filters))
    figures = _figures(typed)
    in_passing = _is_in_passing(plain, span) or (not documents and not figures and not _is_asked_of(plain, span))
    return Mention(span, typed, documents, in_passing or _is_drafted(plain, span), figures)


def _is_in_passing(plain: str, span: Span) -> bool:
    return _IN_PASSING.search(plain, 0, span.start) is not None


def _is_asked_of(plain: str, span: Span) -> bool:
    """Whether what a law says is asked for; else it may only be what the question is about."""
    return _OF_LAW_BEFORE.search(plain, 0, span.start) is not None or _LAW_SAYS.match(plain, span.end) is not None


def _is_drafted(plain: str, span: Span) -> bool:
    return _DRAFTED_BEFORE.search(plain, 0, span.start) is not None or _DRAFTED_AFTER.match(plain, span.end) is not None


def _figures(typed: str) -> tuple[str, ...]:
    """The key of the number's own figure: that of "20/NQ-HĐND" is "20"."""
    return tuple(syllable_key(token.text) for token in tokenise(typed) if token.text[:1].isdigit())[:1]


def _by_name(text: str, plain: str, whole: Resolution, taken: Sequence[Span], filters: Filters) -> Iterator[Mention]:
    """Documents without a number, and laws, whose name stands in the question."""
    for document in whole.documents:
        name = cited_name(document) or document.title
        match = re.search(rf"(?<!\w){_words(name)}(?!\w)", plain) if name else None
        if match is None or not passes(document, filters) or any(span.start < match.end() and match.start() < span.end for span in taken):
            continue
        span = Span(*match.span())
        yield Mention(span, text[span.start : span.end], (document,), _is_in_passing(plain, span), ())


def _words(name: str) -> str:
    return r"[\s,]+".join(re.escape(word).replace("d", "[dđ]") for word in unmarked(name).split())
