"""Which documents a document replaces, repeals, amends or guides, and which do so to it: quoted where a clause says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kgsearch.answering.confidence import IN_HEAD
from kgsearch.answering.documents import Mention, NamedDocuments
from kgsearch.answering.evidence import Found, clause_hit, evidence_of, numbered
from kgsearch.answering.gathering import families_of, gather
from kgsearch.answering.headers import header_answer
from kgsearch.answering.kinds import Header, Question
from kgsearch.answering.reading.quoting import quote_around
from kgsearch.answering.reading.sentences import sentences
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.read import numbers_in
from kgsearch.language import syllable_keys
from kgsearch.models import Address, Answer, DocumentRecord, Evidence, Filters, Relation, RelationRecord, Span
from kgsearch.retrieval.hits import passes
from kgsearch.retrieval.searcher import Searcher


def _keys(text: str) -> str:
    return " ".join(syllable_keys(text))


def _any_of(*words: str) -> str:
    return "|".join(_keys(word) for word in words)


_VERBS = {
    Relation.REPLACES: _any_of("thay thế cho", "thay thế", "thay cho", "thay"),
    Relation.REPEALS: _any_of("bãi bỏ", "hủy bỏ", "huỷ bỏ", "chấm dứt hiệu lực"),
    Relation.AMENDS: _any_of("sửa đổi bổ sung", "sửa đổi", "bổ sung"),
    Relation.GUIDES: _any_of("hướng dẫn thi hành", "hướng dẫn thực hiện", "hướng dẫn", "quy định chi tiết"),
}
_NEARLY_THE_SAME = {Relation.REPLACES: (Relation.REPEALS,), Relation.REPEALS: (Relation.REPLACES,)}
_TYPES = _any_of(
    *("văn bản", "quyết định", "nghị quyết", "nghị định", "thông tư", "chỉ thị", "bộ luật", "luật", "pháp lệnh", "kế hoạch", "quy định"),
    *("công văn", "thông báo", "hướng dẫn", "quy chế"),
)
_WHAT = rf"(?:(?:{_any_of('những', 'các')}) )?(?:{_TYPES})(?: \w+){{0,2}}? (?:{_any_of('nào', 'gì')})"
_PASSIVE = _any_of("bị", "được")
_OF = _any_of("một số điều của", "một số nội dung của", "một số", "điều", "của", "cho", "toàn bộ", "một phần")
_BY = _any_of("bởi", "bằng", "theo", "trong")
# "@" is where the document is named.
_OUT = (
    r"@(?: \w+){{0,12}}? (?:{verb})(?: (?:{of}))* {what}",
    r"{what} (?:{passive}) @ (?:{verb})",
)
_IN = (
    r"@(?: \w+){{0,12}}? (?:{passive}) (?:{verb})(?: (?:{by}))? {what}",
    r"@(?: \w+){{0,12}}? (?:{passive}) {what} (?:{verb})",
    r"{what}(?: \w+){{0,2}}? (?:{verb})(?: (?:{of}))* @",
)


def relation_answer(question: Question, named: NamedDocuments, searcher: Searcher, filters: Filters) -> Answer | None:
    """What a document that the question names is said to replace, repeal, amend or guide, or what does so to it; None where it is not
    asked, or no clause says it."""
    for mention in named.mentions:
        asked = _asked(question, mention)
        if asked is None:
            continue
        found = _found(question, mention, *asked, searcher, filters)
        if found:
            return Answer(question.text, found[0].text, IN_HEAD, numbered(one for each in found for one in each.evidence))
    return None


def _found(
    question: Question, mention: Mention, relation: Relation, incoming: bool, searcher: Searcher, filters: Filters
) -> Sequence[Found]:
    reader = searcher.reader
    if incoming and not mention.documents:
        return list(_incoming(_to_missing(mention, relation, searcher, filters), question, reader, filters))
    for document in mention.documents:
        records = _of(reader.relations(document.id)[int(incoming)], relation)
        found = list(_incoming(records, question, reader, filters) if incoming else _outgoing(records, document, reader))
        if found:
            return found
    return ()


def _of(records: Sequence[RelationRecord], relation: Relation) -> list[RelationRecord]:
    """Those of a relation; what is replaced is often only said to be repealed, and the other way round."""
    for one in (relation, *_NEARLY_THE_SAME.get(relation, ())):
        found = [record for record in records if record.relation is one]
        if found:
            return found
    return []


def _to_missing(mention: Mention, relation: Relation, searcher: Searcher, filters: Filters) -> list[RelationRecord]:
    """What documents that mention one that the catalogue does not have say of it; nothing where several do, for they may be of others
    with the same number."""
    numbers = set(numbers_in(mention.text))
    hits = gather(searcher, mention.text, filters).hits if numbers else ()
    said = [record for document in dict.fromkeys(hit.document.id for hit in hits) for record in searcher.reader.relations(document)[0]]
    records = _of([record for record in said if numbers.intersection(numbers_in(record.named))], relation)
    return records if len({record.source.document for record in records}) == 1 else []


def _asked(question: Question, mention: Mention) -> tuple[Relation, bool] | None:
    """The relation that is asked for, and whether of what stands in it to the document."""
    text = question.text
    line = f"{_keys(text[: mention.span.start])} @ {_keys(text[mention.span.end :])}"
    for incoming, forms in ((True, _IN), (False, _OUT)):
        for relation, verb in _VERBS.items():
            for form in forms:
                pattern = form.format(verb=verb, what=_WHAT, passive=_PASSIVE, of=_OF, by=_BY)
                if re.search(rf"(?<!\S){pattern}(?!\S)", line):
                    return relation, incoming
    return None


def _outgoing(records: Sequence[RelationRecord], document: DocumentRecord, reader: CatalogueReader) -> Iterator[Found]:
    """The sentences that say it, each with all that it names."""
    clauses = reader.clauses_of([(document.id, record.source.eid) for record in records])
    told: set[tuple[str, int]] = set()
    for record in records:
        clause = clauses.get((document.id, record.source.eid))
        start = clause.text.find(record.named) if clause is not None else -1
        if clause is None or start < 0:
            continue
        unit = _sentence(clause.text, start)
        if (clause.eid, unit.start) in told:
            continue
        told.add((clause.eid, unit.start))
        places = list(_named(clause.text, unit, [one for one in records if one.source == record.source]))
        core = Span(min(place.start for place in places), max(place.end for place in places))
        quote = quote_around(clause.text, unit, core, lambda start, end: 0.0)
        evidence = evidence_of(clause_hit(document, clause), clause.text, quote, core)
        yield Found(evidence.quote, (evidence,), IN_HEAD)


def _incoming(records: Sequence[RelationRecord], question: Question, reader: CatalogueReader, filters: Filters) -> Iterator[Found]:
    """The numbers of the documents that say it, each with the clause that does."""
    for record in records:
        document = reader.document(record.source.document)
        said = _said(record.source, record.named, document, reader) if document is not None else None
        if document is None or said is None or not passes(document, filters):
            continue
        family = families_of(reader, [document])[document.id]
        quoted = header_answer(Header.NUMBER, question, family) or header_answer(Header.TITLE, question, family)
        if quoted is not None:
            yield Found(quoted[0], (*quoted[1], said), IN_HEAD)


def _said(source: Address, named: str, document: DocumentRecord, reader: CatalogueReader) -> Evidence | None:
    clause = reader.clause(source.document, source.eid)
    start = clause.text.find(named) if clause is not None else -1
    if clause is None or start < 0:
        return None
    core = Span(start, start + len(named))
    quote = quote_around(clause.text, _sentence(clause.text, start), core, lambda start, end: 0.0)
    return evidence_of(clause_hit(document, clause), clause.text, quote, core)


def _sentence(text: str, place: int) -> Span:
    return next((span for span in sentences(text) if span.start <= place < span.end), Span(0, len(text)))


def _named(text: str, unit: Span, records: Sequence[RelationRecord]) -> Iterator[Span]:
    """Where what ``records`` name stands in a sentence."""
    for record in records:
        start = text.find(record.named, unit.start, unit.end)
        if start >= 0:
            yield Span(start, start + len(record.named))
