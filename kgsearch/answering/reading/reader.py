"""Read clauses for the sentence that answers a question, and the words of it that do.

A unit's score is a plain sum of what speaks for it; docs/answers.md explains it, with figures.

score = own + 0.5 · lead-in + 0.7 · items + 0.35 · headings + 0.8 · title + 0.3 · pairs + 0.2 · pairs in the context + 0.35 · triples
        + 0.3 · marks + 0.6 · fit + 0.15 · near + 0.15 · side + 0.1 · cue + 0.6 · search
        − 0.4 · length − 0.25 (no value where one is asked for) − 0.8 (a heading) − 0.1 (a lead-in without a value)
        − 0.9 (another period, subject or range) − 0.4 (what only says what its document is about)

Of a lead-in without a value the items count 0.2; the cue counts 0.7 of a definition, 0.8 of a reason, 0.4 of yes or no and of a manner.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kgsearch.answering.kinds import OTHER, Normal, Question, QuestionKind, Value
from kgsearch.answering.question.several import asks_several, names_several
from kgsearch.answering.reading.coverage import Sought, Words, context_words, words_of
from kgsearch.answering.reading.cues import IS, form_of, form_places, is_definition
from kgsearch.answering.reading.fitting import FIGURES, Fit, fit_of, repeated_values
from kgsearch.answering.reading.limits import period_fit, subject_fit
from kgsearch.answering.reading.opposites import says_opposite
from kgsearch.answering.reading.quoting import MAX_QUOTE_WORDS, quote_around
from kgsearch.answering.reading.row_fitting import row_fit
from kgsearch.answering.reading.rows import FlatRow
from kgsearch.answering.reading.sentences import Unit, UnitKind, row_unit, units_of
from kgsearch.answering.values.bounds import bound_fit
from kgsearch.language import fold
from kgsearch.models import ClauseRecord, Kind, Span

__all__ = ["MAX_QUOTE_WORDS", "Features", "ReadAnswer", "Source", "read", "says_scope"]

# What a unit says of the question itself counts whole, what only its surroundings say less the further away it stands.
# What its document's title says, every clause of it is about.
LEAD_IN, ITEMS, HEADINGS, TITLE = 0.5, 0.7, 0.35, 0.8
# Where no value stands in a lead-in, it is one of its items that answers.
ITEMS_ALONE = 0.2
PAIRS, CONTEXT_PAIRS, TRIPLES = 0.3, 0.2, 0.35
MARKS = 0.3
FIT, LACKS, NEAR, SIDE = 0.6, 0.25, 0.15, 0.15
CUE, DEFINED, BECAUSE, GOVERNED, SO = 0.1, 0.7, 0.8, 0.4, 0.4
SEARCH = 0.6
# A sentence of 100 syllables covers more of any question than one of 20.
LENGTH, LONG = 0.4, 100
IS_HEADING, IS_LEAD_IN, IS_OTHER, IS_SCOPE = 0.8, 0.1, 0.9, 0.4

READ_CLOSELY = 80
"""So many units, by what they cover of the question, are looked through for values: finding them costs most."""

_TYPES = "Nghị quyết|Quyết định|Quy định|Quy chế|Thông tư|Nghị định|Luật|Pháp lệnh|Hướng dẫn|Chỉ thị|Kế hoạch"
_SCOPE = re.compile(
    rf"\(?(?:Nay )?(?:[Bb]an hành )?[Kk]èm theo (?:{_TYPES})|(?:{_TYPES}) này (?:quy định|hướng dẫn|áp dụng)"
    rf"|(?:Ban hành|Thông qua|Phê duyệt) (?:{_TYPES})|Quy định (?:về |chi tiết |mức |điều kiện |một số )"
)
_SCOPE_HEADING = re.compile(r"(?:Phạm vi|Đối tượng) (?:điều chỉnh|áp dụng)", re.IGNORECASE)
# On folded text.
_MOST = re.compile(r"(?<!\w)(?:nhieu nhat|toi da|khong (?:vuot )?qua|cao nhat|muon nhat|cham nhat|khong lon hon|duoi)(?!\w)|≤")
_LEAST = re.compile(r"(?<!\w)(?:it nhat|toi thieu|tro len|khong duoi|khong (?:it|nho|thap) hon|tu du|thap nhat)(?!\w)|≥")
_BEFORE = 400
"""Characters of its clause before a unit that may name who does what the unit says."""
_SIBLINGS = 8
"""Clauses before another under the same one in which the line that leads to it is looked for."""

_BOUND_BEFORE, _BOUND_AFTER = 40, 10
"""Characters around a value in which it is said that it is the most or the least."""

_FORMAL_SIDE = 150
"""Characters left and right of a word of reason or manner in which the question's words are looked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """A clause to be read. ``score`` is the search's for the hit that led to it, 0 where it is only read for its family (the clauses
    above and below a hit), ``title`` what stands for its document (`kgsearch.catalogue.passages.title_line`). Of a flattened ``row`` the
    clause is the one that holds it, its ``text`` the ``full_text``. ``below`` is the score of the best hit directly under the clause."""

    clause: ClauseRecord
    score: float = 0.0
    title: str = ""
    row: FlatRow | None = None
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class Features:
    """What tells a right answer from a wrong one, each from 0 to 1 unless it says otherwise; for the confidence.

    ``own``: the share of the question's idf in the unit itself; ``context``: in it, its lead-in, items, headings and document together;
    ``lead``, ``items``, ``headings``, ``title``: what each of these adds to those before it.
    ``order``: the share of the weight of the question's neighbouring pairs in the unit; ``context_order``: in its surroundings only;
    ``runs``: the same of three syllables. ``marks``: the share of its syllables with marks that stand there with the same.
    ``rarest``: its two rarest words are in the unit (1), in its surroundings (0.5) or in neither (0), on average.
    ``fit``: what is asked for is there (1), is not (0), cannot be recognised (0.5). ``near``: the share of what the unit covers of the
    question that stands in the value's own phrase; ``side``: the share of the words next to the question phrase that stand on the
    same side of the value. ``cue``: the unit has the form of an answer ("X là", "không được"). ``length``: syllables over 100, at most 1.
    ``period``, ``subject`` (or the side of it: "ngoài" for "trong") and ``bound`` (a figure that the question names against the ranges
    of the unit): 1 the question's own, 0.5 none or none asked, 0 another. ``unnamed``: the share of the question's words with capitals
    that stand nowhere around it. ``first``: the search put its clause first.
    ``search``: the hit's score over the question's whole idf, not bounded. ``margin``: how much more it scores than the best that gives
    another value; its score where there is none.
    """

    own: float = 0.0
    context: float = 0.0
    lead: float = 0.0
    items: float = 0.0
    headings: float = 0.0
    title: float = 0.0
    order: float = 0.0
    context_order: float = 0.0
    runs: float = 0.0
    marks: float = 0.0
    rarest: float = 0.0
    fit: float = 0.5
    near: float = 0.0
    side: float = 0.0
    cue: float = 0.0
    length: float = 0.0
    period: float = 0.5
    subject: float = 0.5
    search: float = 0.0
    margin: float = 0.0
    bound: float = 0.5
    unnamed: float = 0.0
    first: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A possible answer: ``quote`` is a range of ``source.clause.text`` of at most MAX_QUOTE_WORDS words (or a row), ``span`` the range
    in it that answers (the quote itself where no part does), ``value`` what was recognised there (its places are in ``unit.text``)."""

    source: Source
    unit: Unit
    quote: Span
    span: Span
    value: Value | None
    score: float
    features: Features

    @property
    def clause(self) -> ClauseRecord:
        """The clause quoted."""
        return self.source.clause

    @property
    def text(self) -> str:
        """The quote's words."""
        return self.clause.text[self.quote.start : self.quote.end]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A unit with what is known of it."""

    source: Source
    unit: Unit
    words: Words
    features: Features
    value: Value | None = None
    cue_weight: float = CUE
    is_scope: bool = False

    @property
    def score(self) -> float:
        return _score(self)


def read(question: Question, sources: Sequence[Source], idf: Callable[[str], float], limit: int = 10) -> list[ReadAnswer]:
    """The best ``limit`` units of ``sources`` for ``question``, best first, no two of which overlap.

    ``sources`` are the hits and, where at hand, the clauses above, below and beside them, which are read too; ``idf`` gives the inverse
    document frequency of a syllable's key (`kgsearch.language.syllable_key`) in the index. Empty where the question has no words.
    """
    if not question.content:
        return []
    units = [(source, unit, words_of(unit.text)) for source, unit in _units(sources)]
    sought = Sought(question, idf, [words for _source, _unit, words in units])
    several = asks_several(question)
    if several:
        units = [(*_leading(source, unit), words) for source, unit, words in units]
    readings = [_first_reading(sought, source, unit, words) for source, unit, words in units]
    readings.sort(key=lambda reading: -reading.score)
    repeated = repeated_values(question)
    close = [_close_reading(question, sought, repeated, reading) for reading in readings[:READ_CLOSELY]]
    best = _distinct(sorted(close, key=lambda reading: -reading.score))
    first = max((source.score for source in sources), default=0.0)
    return [_answer(sought, question, reading, _margin(reading, best), is_first=reading.source.score >= first) for reading in best[:limit]]


# --- the units, each in its family


def _units(sources: Sequence[Source]) -> Iterator[tuple[Source, Unit]]:
    """Every unit of the sources, each clause once."""
    yield from ((source, row_unit(source.row)) for source in sources if source.row is not None)
    known = {(source.clause.document, source.clause.eid): source for source in sources if source.row is None}
    children: dict[tuple[str, str], list[ClauseRecord]] = defaultdict(list)
    for source in sorted(known.values(), key=lambda source: source.clause.position):
        children[source.clause.document, source.clause.parent].append(source.clause)
    places = {(one.document, one.eid): place for family in children.values() for place, one in enumerate(family)}
    for key, source in known.items():
        clause = source.clause
        above = _above(clause, known)
        before, beside_parent = (_before(one, children, places) for one in (clause, above[-1] if above else None))
        for unit in units_of(clause, above, children.get(key, ()), before, beside_parent):
            yield source, unit


def _before(
    clause: ClauseRecord | None, children: Mapping[tuple[str, str], Sequence[ClauseRecord]], places: Mapping[tuple[str, str], int]
) -> Sequence[ClauseRecord]:
    """The clauses just before one under the same; none of one that stands under none."""
    if clause is None or not clause.parent:
        return ()
    place = places[clause.document, clause.eid]
    return children[clause.document, clause.parent][max(0, place - _SIBLINGS) : place]


def _above(clause: ClauseRecord, known: dict[tuple[str, str], Source]) -> list[ClauseRecord]:
    """The clauses that ``clause`` stands in, outermost first, as far as they are among the sources."""
    above: list[ClauseRecord] = []
    parent = known.get((clause.document, clause.parent)) if clause.parent else None
    while parent is not None and len(above) < 12:
        above.append(parent.clause)
        parent = known.get((clause.document, parent.clause.parent)) if parent.clause.parent else None
    return above[::-1]


# --- what speaks for a unit


def _leading(source: Source, unit: Unit) -> tuple[Source, Unit]:
    """A heading over clauses as what leads to them, found as they are: where a list is asked for, "Những trường hợp không được …" is it."""
    if not unit.items or unit.kind not in (UnitKind.HEADING, UnitKind.LEAD_IN) or not names_several(unit.text):
        return source, unit
    return replace(source, score=max(source.score, source.below)), replace(unit, kind=UnitKind.LEAD_IN)


def _first_reading(sought: Sought, source: Source, unit: Unit, words: Words) -> _Reading:
    """The unit by its words alone."""
    levels = _levels(source, unit)
    shares, held = _shares(sought, words, levels)
    own_pairs = set(pairwise(words.keys))
    around = {pair for level in levels[:3] for text in level for pair in pairwise(context_words(text).keys)}
    features = Features(
        own=shares[0],
        context=sum(shares),
        lead=shares[1],
        items=shares[2],
        headings=shares[3],
        title=shares[4],
        order=sought.pair_share(own_pairs),
        context_order=sought.pair_share(around - own_pairs),
        runs=sought.triple_share(words.keys),
        marks=sought.marks_share(words, context_words(unit.lead_in)),
        rarest=_rarest(sought, words, held),
        length=min(len(words.keys), LONG) / LONG,
        search=source.score / sought.idf,
        unnamed=sought.names_lacking(held),
    )
    return _Reading(source, unit, words, features, is_scope=says_scope(source.clause, unit))


def says_scope(clause: ClauseRecord, unit: Unit) -> bool:
    """Whether a unit has its words only because it says what its document is about."""
    is_title = clause.kind in (Kind.ATTACHMENT, Kind.ANNEX)
    return is_title or _SCOPE.match(unit.text) is not None or _SCOPE_HEADING.match(clause.heading) is not None


def _levels(source: Source, unit: Unit) -> list[tuple[str, ...]]:
    """What stands around a unit: its lead-in, its items, its headings, its document."""
    heading = source.clause.heading if unit.kind is not UnitKind.HEADING else ""
    return [(unit.lead_in,), (unit.items,), (*unit.headings, heading), (source.title,)]


def _shares(sought: Sought, words: Words, levels: Iterable[tuple[str, ...]]) -> tuple[list[float], set[str]]:
    """The share of the question that the unit covers, and what each level adds; with all keys of the unit and the levels."""
    held = set(words.keys)
    meant = set(sought.meant(words))
    shares = [sought.covered(held, meant)]
    for level in levels:
        around = [context_words(text) for text in level if text]
        held.update(*(one.keys for one in around))
        meant.update(*(sought.meant(one) for one in around))
        shares.append(sought.covered(held, meant) - sum(shares))
    return shares, held | meant


def _rarest(sought: Sought, words: Words, around: Container[str]) -> float:
    """How many of the question's most specific words are in the unit, or half of them in what is ``around`` it."""
    if not sought.rarest:
        return 0.0
    return sum(1.0 if key in words.keys else 0.5 if key in around else 0.0 for key in sought.rarest) / len(sought.rarest)


def _close_reading(question: Question, sought: Sought, repeated: frozenset[Normal], reading: _Reading) -> _Reading:
    """The unit with its value, its period and its subject."""
    unit, source = reading.unit, reading.source
    context = (unit.lead_in, *reversed((*unit.headings, source.clause.heading)), source.title)
    above = (source.clause.text[max(0, unit.start - _BEFORE) : unit.start], *context[:-1])
    if source.row is not None:
        fit = row_fit(question, sought, repeated, source.row)
    else:
        fit = fit_of(question, sought, repeated, unit.text, reading.words, is_row=unit.kind is UnitKind.ROW, above=above)
    if unit.kind is UnitKind.LEAD_IN and unit.items and names_several(unit.text) and asks_several(question):
        fit = Fit(fit=max(fit.fit, Fit().fit))  # what is asked for stands in the clauses below
    features = replace(
        reading.features,
        fit=fit.fit,
        near=fit.near,
        side=fit.side,
        cue=_cue(question, sought, unit.text, reading.words, fit.value),
        period=period_fit(question, (unit.text, *context), fit.value),
        subject=OTHER if says_opposite(question, (unit.text, *context[:-1])) else subject_fit(question, unit.text, context),
        bound=bound_fit(question, (unit.text, *context), fit.value),
    )
    return replace(reading, features=features, value=fit.value, cue_weight=_cue_weight(question))


def _cue(question: Question, sought: Sought, text: str, words: Words, value: Value | None) -> float:
    """How much the unit has the form of an answer; of a figure a bound where one is asked for."""
    if question.kind in FIGURES or question.kind is QuestionKind.HOW_LONG:
        return _bound(question, text, value)
    return form_of(question, sought, text, words)


def _cue_weight(question: Question) -> float:
    weights = {QuestionKind.WHY: BECAUSE, QuestionKind.YES_NO: GOVERNED, QuestionKind.HOW: SO}
    return DEFINED if is_definition(question) else weights.get(question.kind, CUE)


def _bound(question: Question, text: str, value: Value | None) -> float:
    """Whether a value is the most where the most is asked for, or the least; 0.5 where it does not say so, 0 where it is the other."""
    asked = _bounds(question.text)
    if value is None or not asked:
        return 0.0
    said = _bounds(text[max(0, value.start - _BOUND_BEFORE) : value.end + _BOUND_AFTER])
    return 1.0 if asked & said else 0.0 if said else 0.5


def _bounds(text: str) -> set[str]:
    folded = fold(text)
    return {name for name, pattern in (("most", _MOST), ("least", _LEAST)) if pattern.search(folded)}


def _score(reading: _Reading) -> float:
    features, kind, has_value = reading.features, reading.unit.kind, reading.value is not None
    items = ITEMS if kind is not UnitKind.LEAD_IN or has_value else ITEMS_ALONE
    said = features.own + LEAD_IN * features.lead + items * features.items + HEADINGS * features.headings + TITLE * features.title
    order = PAIRS * features.order + CONTEXT_PAIRS * features.context_order + TRIPLES * features.runs + MARKS * features.marks
    cue = reading.cue_weight * features.cue
    fits = FIT * features.fit + NEAR * features.near + SIDE * features.side + cue + SEARCH * features.search
    return said + order + fits - _against(features, kind, has_value, reading.is_scope)


def _against(features: Features, kind: UnitKind, has_value: bool, is_scope: bool) -> float:
    """What speaks against a unit."""
    against = LENGTH * features.length
    if kind is UnitKind.HEADING:
        against += IS_HEADING
    if kind is UnitKind.LEAD_IN and not has_value:
        against += IS_LEAD_IN
    if features.fit == 0.0:
        against += LACKS
    if OTHER in (features.period, features.subject, features.bound):
        against += IS_OTHER
    return against + IS_SCOPE if is_scope else against


# --- from readings to answers


def _distinct(readings: Iterable[_Reading]) -> list[_Reading]:
    """The readings without those that overlap a better one: a sentence and its phrases are one answer."""
    kept: list[_Reading] = []
    taken: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for reading in readings:
        place = taken[reading.source.clause.document, reading.unit.eid]
        if all(reading.unit.end <= unit.start or unit.end <= reading.unit.start for unit in place):
            place.append(reading.unit)
            kept.append(reading)
    return kept


def _margin(reading: _Reading, best: Sequence[_Reading]) -> float:
    """How much more it scores than the best of the others that gives something else."""
    others = (other.score for other in best if other is not reading and not _says_same(reading, other))
    return reading.score - next(others, 0.0)


def _says_same(one: _Reading, other: _Reading) -> bool:
    if one.value is not None and other.value is not None:
        return one.value.normal == other.value.normal
    return one.unit.text == other.unit.text


def _answer(sought: Sought, question: Question, reading: _Reading, margin: float, *, is_first: bool) -> ReadAnswer:
    unit, clause = reading.unit, reading.source.clause
    whole = Span(unit.start, unit.end)
    span = _span(question, sought, reading)

    def worth(start: int, end: int) -> float:
        return sought.share(reading.words.between(start - unit.start, end - unit.start))

    core = span or _formal(question, sought, reading)
    quote = whole if unit.kind is UnitKind.ROW else quote_around(clause.text, whole, core, worth)
    marked = Span(max(span.start, quote.start), min(span.end, quote.end)) if span is not None else quote
    features = replace(reading.features, margin=margin, first=float(is_first))
    return ReadAnswer(reading.source, unit, quote, marked, reading.value, reading.score, features)


def _formal(question: Question, sought: Sought, reading: _Reading) -> Span | None:
    """Where a reason or a manner begins in the clause's text: the one by whose side most of the question stands; None without one."""
    unit = reading.unit
    places = form_places(question, unit.text)
    if not places:
        return None

    def beside(place: tuple[int, int]) -> float:
        return sought.share(reading.words.between(place[0] - _FORMAL_SIDE, place[1] + _FORMAL_SIDE))

    start, end = max(places, key=beside)
    return Span(unit.start + start, unit.start + end)


def _span(question: Question, sought: Sought, reading: _Reading) -> Span | None:
    """What answers, in the clause's text: the value, or of a definition the other side of "là"; None where it is not told apart."""
    unit, text = reading.unit, reading.unit.text
    if reading.value is not None:
        return Span(unit.start + reading.value.start, unit.start + reading.value.end)
    match = IS.search(text) if is_definition(question) else None
    if match is None:
        return None
    defined = sought.share(reading.words.between(0, match.start()))
    described = sought.share(reading.words.between(match.end(), len(text)))
    start, end = (match.end(), len(text)) if defined >= described else (0, match.start())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip(" .;,"))
    return Span(unit.start + start, unit.start + end) if start < end else None
