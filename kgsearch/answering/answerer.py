"""The answerer: a question becomes the words of one clause that answer it, with what stands beside them, or none and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kgsearch.answering.actors import actor_above, asks_head, heading, lacks_person
from kgsearch.answering.confidence import IN_HEAD, IN_HEAD_BY_TITLE, MOST_SEARCH, THRESHOLD, confidence
from kgsearch.answering.definitions import SOUGHT_WITH, asks_definition, defining
from kgsearch.answering.disagreement import differing_headers, same_and_differing, with_disagreement
from kgsearch.answering.documents import Mention, NamedDocuments, named_documents
from kgsearch.answering.evidence import Found, evidence_of, numbered
from kgsearch.answering.gathering import MOST_WHOLE, Gathered, families_of, gather, gather_named, weights_of
from kgsearch.answering.headers import document_by_title, header_answer
from kgsearch.answering.kinds import Header, Question, QuestionKind
from kgsearch.answering.lists import chosen, list_answer, listed_features, with_items
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.reader import ReadAnswer, read
from kgsearch.answering.relations import relation_answer
from kgsearch.answering.saying import described_document, saying_document
from kgsearch.answering.tables import read_rows, rows_said_alike
from kgsearch.i18n import gettext as _
from kgsearch.language import clean, syllable_key, syllable_keys, tokenise
from kgsearch.models import Answer, DocumentRecord, Evidence, Filters, Hit
from kgsearch.retrieval.query import MAX_CHARACTERS
from kgsearch.retrieval.searcher import Searcher

NEAREST = 5
"""Clauses that are shown where there is no answer."""

READ = 12
"""Readings that are compared."""

READ_FOR_TERM = 60
"""The same where a definition is looked for among sentences that only use the term."""

BARE = 0.8
"""How much less sure the answer to words is that hold no question: it is not known what they ask."""

NAMED_ODDS = 1.8
"""How much the odds of an answer rise where the question names the document that it stands in: it need not be found any more."""

ONLY_IN_HEAD = frozenset(
    [Header.SIGNER, Header.SIGNER_TITLE, Header.NUMBER, Header.TYPE, Header.TITLE, Header.PLACE, Header.EFFECTIVE, Header.EXPIRES]
)
"""What is answered of a document that is known only: who signed it is told by none of its clauses, and each says of itself since when it
has effect."""

_PARTS = frozenset(map(syllable_key, ("điều", "khoản", "điểm", "mục", "chương", "phần", "quy", "định", "nội", "dung")))
_NO_FILTERS = Filters()


@dataclass(slots=True)
class _Attempt:
    """One way to look for an answer: the question's words without those that name the documents that are searched."""

    question: Question
    gathered: Gathered
    found: list[Found]
    others: tuple[Sequence[Evidence], Sequence[Evidence]] = ((), ())

    @property
    def sureness(self) -> float:
        return self.found[0].confidence if self.found else 0.0


class Answerer:
    """Answers questions from one index. Safe to use from several threads, as its searcher is."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher

    def ask(self, text: str, *, filters: Filters = _NO_FILTERS, nearest: int = NEAREST) -> Answer:
        """What the documents that ``filters`` let through answer to ``text``; without an answer the reason, and at most ``nearest``
        clauses to look at.

        No text is refused: of one that cannot be answered the reason says why. Raises IndexStateError when the index cannot be read.
        """
        asked = " ".join(clean(text[: 8 * MAX_CHARACTERS]).split())
        refusal = _refusal(text, asked)
        if refusal:
            return Answer(asked[:MAX_CHARACTERS], None, 0.0, reason=refusal)
        question = read_question(asked)
        named = named_documents(asked, self.searcher.reader, filters)
        answer = relation_answer(question, named, self.searcher, filters)
        if answer is not None:
            return answer
        if named.missing is not None:
            return self._missing(question, named.missing, filters, nearest)
        answer = self._from_head(question, named, filters)
        return answer or self._from_text(question, named, filters, nearest)

    # --- a document's head

    def _from_head(self, question: Question, named: NamedDocuments, filters: Filters) -> Answer | None:
        """The answer to a question about a document itself."""
        if question.header is None or named.clauses:
            return None
        sureness, documents = IN_HEAD, named.documents
        if not documents:
            sureness, documents = IN_HEAD_BY_TITLE, self._by_title(question, named, filters)
        families = families_of(self.searcher.reader, documents)
        found = []
        for family in families.values():
            quoted = header_answer(question.header, question, family)
            if quoted is not None:
                found.append(Found(quoted[0], tuple(quoted[1]), sureness))
        if not found:
            return None
        return Answer(question.text, found[0].text, sureness, numbered(found[0].evidence), numbered(differing_headers(found)))

    def _by_title(self, question: Question, named: NamedDocuments, filters: Filters) -> tuple[DocumentRecord, ...]:
        """The document that a question describes without naming it; none where it mentions another, for it may be of that."""
        if any(mention.documents == () for mention in named.mentions):
            return ()
        idf = weights_of(self.searcher.engine, question)
        document = document_by_title(question, self.searcher, filters, idf)
        return (document,) if document else ()

    # --- the text of documents

    def _from_text(self, question: Question, named: NamedDocuments, filters: Filters, nearest: int) -> Answer:
        if not named.mentions and not filters.documents and _is_vague(question):
            gathered = gather(self.searcher, question.search_text, filters, nearest)
            return self._none(question, gathered.hits[:nearest], _("The question says too little of what it is about."))
        attempts = list(self._attempts(question, named, filters))
        best = max(attempts, key=lambda attempt: attempt.sureness)
        if best.sureness < THRESHOLD or question.header in ONLY_IN_HEAD:
            hits = next((attempt.gathered.hits for attempt in attempts if attempt.gathered.hits), ())
            return self._none(question, hits[:nearest], _unanswered(bool(hits), bool(hits[:nearest])), best.sureness)
        found = best.found[0]
        same, differing = best.others
        return Answer(question.text, found.text, found.confidence, numbered((*found.evidence, *same)), numbered(differing))

    def _attempts(self, question: Question, named: NamedDocuments, filters: Filters) -> Iterator[_Attempt]:
        """Within what the question names, else everywhere; where it only mentions a document, both."""
        spans = [mention.span for mention in named.mentions]
        if named.clauses:
            yield self._attempt(question.without([*spans, *named.clause_spans]), gather_named(self.searcher.reader, named.clauses))
            return
        if named.documents:
            asked = question.without([mention.span for mention in named.asked])
            yield self._within(asked, filters, named.documents)
            return
        mentioned = tuple(dict.fromkeys(document for mention in named.mentions for document in mention.documents))
        if mentioned:
            yield self._within(question.without(spans), filters, mentioned)
        attempt = self._attempt(question, self._gather(question, filters))
        if not named.mentions:
            described = described_document(question, self.searcher, filters, weights_of(self.searcher.engine, question))
            if described is not None:
                attempt = self._described(attempt, described)
        yield _naming(attempt, named.mentions) if named.mentions else attempt

    def _within(self, question: Question, filters: Filters, documents: Sequence[DocumentRecord]) -> _Attempt:
        """In the documents that are named, which are read even where the search finds nothing in them."""
        narrowed = replace(filters, documents=tuple(document.id for document in documents))
        gathered = self._gather(question, narrowed)
        if len(documents) <= MOST_WHOLE:
            gathered = replace(gathered, families={**families_of(self.searcher.reader, documents), **gathered.families}, within=True)
        attempt = self._attempt(question, gathered)
        return replace(attempt, found=[replace(one, confidence=_surer(one.confidence)) for one in attempt.found])

    def _gather(self, question: Question, filters: Filters) -> Gathered:
        """What is read for a question; for a term also what stands where terms are explained."""
        gathered = gather(self.searcher, question.query_text, filters, places=question.subjects)
        if not asks_definition(question) or not question.words:
            return gathered
        explained = gather(self.searcher, f"{question.search_text} {SOUGHT_WITH}", filters, places=question.subjects)
        return gathered.joined(explained)

    def _attempt(self, question: Question, gathered: Gathered) -> _Attempt:
        """What the clauses that were gathered answer, the surest first."""
        idf = weights_of(self.searcher.engine, question)
        limit = READ_FOR_TERM if asks_definition(question) or asks_head(question) else READ
        readings = read(question, gathered.sources, lambda key: idf.get(key, 0.0), limit)
        if gathered.whole:  # what a question names needs no search to be found
            readings = [replace(one, features=replace(one.features, search=MOST_SEARCH)) for one in readings]
        rows = read_rows(question, gathered, idf)
        best = defining(question, readings) if asks_definition(question) else heading(question, readings) if asks_head(question) else None
        best = best or with_disagreement(chosen(question, readings), readings)
        read_best = _read_found(question, best, gathered) if best else None
        if rows and (read_best is None or _is_row_meant(rows[0], read_best)):
            alike = [one.first for one in rows_said_alike(rows)]
            return _Attempt(question, gathered, rows[:1], (alike, []))
        if best is None or read_best is None:
            return _Attempt(question, gathered, [])
        rest = [one for one in readings if (one.clause, one.unit) != (best.clause, best.unit)]
        others = same_and_differing(question, best, rest, lambda one: _evidence(one, gathered))
        return _Attempt(question, gathered, [read_best], others)

    def _described(self, attempt: _Attempt, described: Found) -> _Attempt:
        """The document that a question describes, with what was read in it."""
        read_in_it = [one.first for one in attempt.found if one.first.hit.document.id == described.first.hit.document.id]
        found = replace(described, evidence=(described.evidence[0], *read_in_it, *described.evidence[1:]))
        return _Attempt(attempt.question, attempt.gathered, [found])

    # --- no answer

    def _missing(self, question: Question, mention: Mention, filters: Filters, nearest: int) -> Answer:
        """The document that is asked about is not there: so it is said, with what mentions it to look at."""
        gathered = gather(self.searcher, f"{mention.text} {question.without([mention.span]).search_text}", filters, nearest)
        reason = _("{document} is not among the documents; nothing is answered from others.").format(document=mention.text)
        return self._none(question, gathered.hits[:nearest], reason)

    def _none(self, question: Question, hits: Sequence[Hit], reason: str, sureness: float = 0.0) -> Answer:
        return Answer(question.text, None, sureness, nearest=tuple(hits), reason=reason)


def _refusal(text: str, asked: str) -> str:
    """Why a text is not even read; "" where it is."""
    if len(text) > 8 * MAX_CHARACTERS or len(asked) > MAX_CHARACTERS:
        return _("The question has {length} characters; at most {limit} are read. Shorten it.").format(
            length=len(text), limit=MAX_CHARACTERS
        )
    if not tokenise(asked):
        return _("The question holds no word. Type a question, with marks or without.")
    return ""


def _surer(confidence: float) -> float:
    odds = NAMED_ODDS * confidence
    return odds / (odds + 1 - confidence)


def _is_vague(question: Question) -> bool:
    """Whether a question has fewer than two syllables that say what it is about: figures and the parts of a document do not."""
    return sum(not key.isdigit() and key not in _PARTS for key in set(question.content)) < 2


def _unanswered(found: bool, shown: bool) -> str:
    if shown:
        return _("The documents do not answer this; the nearest clauses are shown.")
    if found:
        return _("The documents do not answer this.")
    return _("Nothing in the documents has the words of this question.")


def _read_found(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """The best reading, with who is said above it to do it, the document that says it, or the list that it belongs to, as is asked for."""
    if lacks_person(question, best):
        return None
    above = actor_above(question, best, gathered) or saying_document(question, best, gathered)
    if above is not None:
        return above
    sureness = confidence(best.features) * (BARE if question.kind is QuestionKind.OTHER else 1.0)
    listed = list_answer(question, best, gathered)
    if listed is not None:
        features = listed_features(question, best)
        return Found(listed[0], tuple(listed[1]), max(sureness, confidence(features)), features)
    quote = with_items(question, best)
    if quote is None:
        return None
    text = best.clause.text
    evidence = evidence_of(gathered.hit(best.clause), text, quote, best.span if quote == best.quote else quote)
    return Found(text[quote.start : quote.end], (evidence,), sureness, best.features, best.value)


def _is_row_meant(row: Found, best: Found) -> bool:
    """Whether a row answers better than the best reading, or is what was read."""
    same = (row.first.hit.document.id, row.first.hit.clause.eid) == (best.first.hit.document.id, best.first.hit.clause.eid)
    return row.confidence >= THRESHOLD and (same or row.confidence >= best.confidence)


def _evidence(answer: ReadAnswer, gathered: Gathered) -> Evidence:
    return evidence_of(gathered.hit(answer.clause), answer.clause.text, answer.quote, answer.span)


def _naming(attempt: _Attempt, mentions: Iterable[Mention]) -> _Attempt:
    """An attempt whose answers come from clauses that name what the question mentions: others are of something else."""
    kept = [found for found in attempt.found if all(_names(mention, found.first.hit, attempt.gathered) for mention in mentions)]
    return attempt if kept else _Attempt(attempt.question, attempt.gathered, [])


def _names(mention: Mention, hit: Hit, gathered: Gathered) -> bool:
    """Whether a clause, what it stands in or after, or its document's head has the figure of a document's number, or its name."""
    family = gathered.families[hit.document.id]
    around = [*family.above(hit.clause), *family.before(hit.clause)]
    text = " ".join((hit.document.title, hit.document.head, *(clause.text for clause in around), hit.clause.full_text))
    held = set(syllable_keys(text))
    return all(key in held for key in mention.figures or syllable_keys(mention.text))
