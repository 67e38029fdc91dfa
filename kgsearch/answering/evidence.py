"""From words found in a clause to the evidence that is shown: what is quoted, with its citation and the span that answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS, Features
from kgsearch.answering.reading.recognise import Value
from kgsearch.citations.resolve import Target
from kgsearch.models import ClauseRecord, DocumentRecord, Evidence, Hit, Kind, Span
from kgsearch.retrieval.hits import hit_of


@dataclass(frozen=True, slots=True)
class Found:
    """A possible answer: ``text`` stands in the quote of the first evidence; ``value`` is what was recognised in it."""

    text: str
    evidence: tuple[Evidence, ...]
    confidence: float
    features: Features = field(default_factory=Features)
    value: Value | None = None

    @property
    def first(self) -> Evidence:
        """The evidence that it stands in."""
        return self.evidence[0]


def evidence_of(hit: Hit, text: str, quote: Span, span: Span, remark: str = "") -> Evidence:
    """The words ``quote`` of ``text`` (the clause's, or its whole) with the range ``span`` marked in them."""
    start, end = max(span.start, quote.start), min(span.end, quote.end)
    marked = (Span(start - quote.start, end - quote.start),) if start < end else ()
    return Evidence(hit, text[quote.start : quote.end], marked, remark)


def head_hit(document: DocumentRecord) -> Hit:
    """The head of a document, which is no clause, as a hit; what it prints on several lines is on one."""
    text = head_text(document)
    head = ClauseRecord(
        document=document.id,
        eid="",
        parent="",
        position=-1,
        kind=Kind.PREAMBLE,
        label="",
        heading="",
        text=text,
        full_text=text,
        citation="",
    )
    return hit_of(Target(document, head), 1, 0.0, None)


def head_lines(document: DocumentRecord) -> str:
    """The lines of the head that hold something, each single-spaced."""
    lines = (" ".join(line.split()) for line in document.head.splitlines())
    return "\n".join(line for line in lines if line)


def head_text(document: DocumentRecord) -> str:
    """The head on one line, single-spaced: a place in it is that place in `head_lines`."""
    return head_lines(document).replace("\n", " ")


def clause_hit(document: DocumentRecord, clause: ClauseRecord) -> Hit:
    """A clause that was not searched for, as a hit."""
    return hit_of(Target(document, clause), 1, 0.0, None)


def numbered(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Evidences with the ranks of their hits from 1; the same words of the same clause once."""
    kept: dict[tuple[str, str, str], Evidence] = {}
    for one in evidence:
        kept.setdefault((one.hit.document.id, one.hit.clause.eid, one.quote), one)
    return tuple(replace(one, hit=replace(one.hit, rank=rank)) for rank, one in enumerate(kept.values(), start=1))


def first_words(text: str, start: int, limit: int = MAX_QUOTE_WORDS) -> int:
    """Where the first ``limit`` words of ``text`` from ``start`` on end."""
    end = start
    for count, word in enumerate(_words(text, start), start=1):
        if count > limit:
            break
        end = word.end
    return end


def words_before(text: str, end: int, limit: int) -> int:
    """Where the last ``limit`` words of ``text`` before ``end`` begin."""
    words = _words(text[:end], 0)
    return words[max(0, len(words) - limit)].start if words else end


def count_words(text: str) -> int:
    """Words between white space."""
    return len(text.split())


def _words(text: str, start: int) -> Sequence[Span]:
    found: list[Span] = []
    place = start
    for word in text[start:].split():
        place = text.index(word, place)
        found.append(Span(place, place + len(word)))
        place += len(word)
    return found
