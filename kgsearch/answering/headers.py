"""Questions about a document itself, answered from its metadata and quoted where it stands: its head, its preamble, its end, a clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from kgsearch.answering.evidence import clause_hit, count_words, evidence_of, first_words, head_hit, head_lines, head_text, words_before
from kgsearch.answering.gathering import Family, searchable
from kgsearch.answering.kinds import Header, Question
from kgsearch.answering.reading.quoting import quote_around
from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS
from kgsearch.answering.reading.sentences import sentences
from kgsearch.catalogue.passages import title_line
from kgsearch.citations.numbers import number_key
from kgsearch.language import syllable_key, syllable_keys
from kgsearch.models import ClauseRecord, DocumentRecord, Evidence, Filters, Hit, Kind, Span
from kgsearch.retrieval.searcher import Searcher

TITLE_SHARE = 0.8
"""The share of a question's idf that a document's title must have where the document is named by it alone."""

TITLE_MARGIN = 0.15
"""By how much the title meant must be better than the next."""

_CANDIDATES = 40
_OFFICE_WORDS = 16
_OFFICE = re.compile(r"(?<!\w)(?:TM|KT|TL|TUQ|T/M|K/T|Q)\s?\.?\s+(?=\w)")
_PASSED = re.compile(
    r"thông\s+qua\s+(?:vào\s+)?(?P<day>ngày\s+\d{1,2}(?:\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|[/.-]\d{1,2}[/.-]\d{4}))", re.IGNORECASE
)
_IN_FORCE = re.compile(r"(?:này|luật|quyết|định)(?!\w)[^.;]{0,160}có\s+hiệu\s+lực(?!\s+pháp\s+luật)", re.IGNORECASE)
_EFFECT = re.compile(r"(?:có|hết)\s+hiệu\s+lực|hiệu\s+lực\s+thi\s+hành", re.IGNORECASE)
_FROM = r"\s+(?:thi\s+hành\s+)?(?:kể\s+)?từ\s+(?:ngày|năm)(?!\w)"
# Where no clause says of its document in so many words that it has effect, what says since when something has.
_SINCE = (
    re.compile(rf"có\s+hiệu\s+lực{_FROM}", re.IGNORECASE),
    re.compile(
        rf"(?:này|quy\s+định|nghị\s+quyết|quyết\s+định)(?!\w)[^.;]{{0,80}}(?:áp\s+dụng|thi\s+hành|thực\s+hiện){_FROM}", re.IGNORECASE
    ),
)
_DAY = re.compile(
    r"ngày\s+(?:ký(?:\s+ban\s+hành)?|thông\s+qua|công\s+bố|ban\s+hành|\d{1,2}(?:\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|[/.-]\d{1,2}[/.-]\d{4}))"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(rf"(?<!\w)(?:do|boi|{syllable_key('ký')}) ai(?!\w)|(?<!\w)ai(?: da)? {syllable_key('ký')}(?!\w)")
_ASKS_OFFICE = re.compile(r"(?<!\w)(?:chuc vu|chuc danh|cuong vi)(?!\w)")
# Words by which a question about a document's head asks; they stand in no title.
_ASKING = frozenset(
    syllable_key(word)
    for word in re.findall(
        r"\w+",
        """ai người ký duyệt ban hành được do ngày tháng năm lúc khi nào hiệu lực từ hết đến số ký hiệu tên gọi trích yếu nơi nhận gửi
        căn cứ pháp lý chức vụ danh đồng chí lãnh đạo của về việc là gì cơ quan văn đã loại bao giờ thông qua bắt đầu áp dụng""",
    )
)

Quoted = tuple[str, list[Evidence]]
"""The answer and what it is quoted from, the evidence that holds it first."""


def header_answer(header: Header, question: Question, family: Family) -> Quoted | None:
    """What the document of ``family`` says of itself; None where it does not say it."""
    if header is Header.ISSUED and "thong qua" in " ".join(syllable_keys(question.text)):
        return _passed(family) or _issued(family)
    if header is Header.BASES:
        return _bases(family, question.noun)
    if header in (Header.SIGNER, Header.SIGNER_TITLE) and _asks_name_and_office(question):
        return _signer_with_title(family) or _signer(family)
    return _READERS[header](family)


def document_by_title(question: Question, searcher: Searcher, filters: Filters, idf: Mapping[str, float]) -> DocumentRecord | None:
    """The one document whose type, title, issuer and year a question names; None where none or several clearly do."""
    wanted = [key for key in dict.fromkeys(question.content) if key not in _ASKING]
    words = searchable(" ".join(word.text for word in question.words))
    if len(wanted) < 2 or not words:
        return None
    found = {hit.document.id: hit.document for hit in searcher.search(words, filters=filters, limit=_CANDIDATES).hits}
    scored = sorted(
        ((_share(wanted, document, idf), document) for document in found.values()), key=lambda pair: (-sum(pair[0]), pair[1].id)
    )
    if not scored or scored[0][0][0] < TITLE_SHARE:
        return None
    if len(scored) > 1 and sum(scored[0][0]) - sum(scored[1][0]) < TITLE_MARGIN:
        return None
    return scored[0][1]


def _share(wanted: Sequence[str], document: DocumentRecord, idf: Mapping[str, float]) -> tuple[float, float]:
    """How much of the question the document's title has, by idf, and how much of the title the question."""
    year = f" {document.issued.year}" if document.issued else ""
    title = syllable_keys(f"{title_line(document)} {document.issuer}{year}")
    weights = {key: idf.get(key, 0.0) for key in wanted}
    own = [key for key in dict.fromkeys(syllable_keys(document.title)) if not key.isdigit()]
    return (
        sum(weight for key, weight in weights.items() if key in set(title)) / (sum(weights.values()) or 1.0),
        sum(key in weights for key in own) / (len(own) or 1),
    )


# --- what stands at the end


def _signature(family: Family) -> tuple[ClauseRecord, Span, Span] | None:
    """The clause that is signed, the signature in it (office and name), and the name."""
    signer = family.document.signer
    if not signer:
        return None
    ends = [clause for clause in family.clauses.values() if clause.kind is Kind.CONCLUSIONS]
    for clause in [*ends, *reversed(family.clauses.values())]:
        names = list(_places(clause.text, signer))
        if names:
            name = names[-1]
            return clause, Span(_office_start(clause.text, name, family.document.signer_title), name.end), name
    return None


def _office_start(text: str, name: Span, office: str) -> int:
    window = words_before(text, name.start, _OFFICE_WORDS)
    begun = _OFFICE.search(text, window, name.start)
    if begun is not None:
        return begun.start()
    place = next(_places(text[window : name.start], office), None) if office else None
    return window + place.start if place else words_before(text, name.start, 4)


def _signer(family: Family) -> Quoted | None:
    found = _signature(family)
    if found is None:
        return None
    clause, quote, name = found
    return clause.text[name.start : name.end], [evidence_of(clause_hit(family.document, clause), clause.text, quote, name)]


def _signer_title(family: Family) -> Quoted | None:
    found = _signature(family)
    if found is None or not family.document.signer_title:
        return None
    clause, quote, name = found
    offices = [span for span in _places(clause.text, family.document.signer_title) if quote.start <= span.start and span.end <= name.start]
    if not offices:
        return None
    office = offices[-1]
    return clause.text[office.start : office.end], [evidence_of(clause_hit(family.document, clause), clause.text, quote, office)]


def _asks_name_and_office(question: Question) -> bool:
    line = " ".join(syllable_keys(question.text))
    return _ASKS_NAME.search(line) is not None and _ASKS_OFFICE.search(line) is not None


def _signer_with_title(family: Family) -> Quoted | None:
    """The office with the name under it."""
    found = _signature(family)
    if found is None:
        return None
    clause, quote, _name = found
    return clause.text[quote.start : quote.end], [evidence_of(clause_hit(family.document, clause), clause.text, quote, quote)]


def _recipients(family: Family) -> Quoted | None:
    """Those of "Kính gửi" in the head, else those of "Nơi nhận" at the end."""
    ends = [clause for clause in family.clauses.values() if clause.kind is Kind.CONCLUSIONS]
    texts = [(head_hit(family.document), head_text(family.document), "Kính gửi")]
    texts += [(clause_hit(family.document, clause), clause.text, "Nơi nhận") for clause in ends]
    for hit, text, lead in texts:
        begins = next(_places(text, lead), None)
        if begins is None:
            continue
        listed = [span.end for name in family.document.recipients for span in _places(text, name) if span.start >= begins.end]
        end = max(listed, default=len(text))
        last = first_words(text, begins.start)
        if last < end:  # whole entries only
            end = max((place for place in listed if place <= last), default=last)
        quote = Span(begins.start, end)
        return text[begins.start : end], [evidence_of(hit, text, quote, quote)]
    return None


# --- what stands in the head


def _issued(family: Family) -> Quoted | None:
    document = family.document
    if document.issued is None:
        return None
    written = _written(document.issued)
    for hit, text in _texts(family):
        match = written.search(text)
        if match is not None:
            place = Span(*match.span())
            lines = head_lines(family.document) if not hit.clause.eid else text
            return match[0], [evidence_of(hit, text, _line(lines, place), place)]
    return None


def _number(family: Family) -> Quoted | None:
    number = family.document.number
    if not number:
        return None
    pattern = re.compile(r"\s*".join(re.escape(character) for character in number if not character.isspace()))
    match = pattern.search(head_text(family.document))
    return _in_head(family, Span(*match.span())) if match and number_key(match[0]) == number_key(number) else None


def _type(family: Family) -> Quoted | None:
    return _head_words(family, family.document.type)


def _title(family: Family) -> Quoted | None:
    document = family.document
    head = head_text(document)
    place = next(_places(head, document.title), None) if document.title else None
    if place is None:
        return None
    place = Span(place.start, min(place.end, first_words(head, place.start)))
    return _in_head(family, place)


def _place(family: Family) -> Quoted | None:
    return _head_words(family, family.document.place)


def _issuer(family: Family) -> Quoted | None:
    """The issuer as the head prints it, or as a clause writes it where the head has it in capitals alone."""
    issuer = family.document.issuer
    if not issuer:
        return None
    for hit, text in _texts(family):
        place = next(_places(text, issuer, exactly=True), None)
        if place is not None:
            quote = _around(text, place)
            return text[place.start : place.end], [evidence_of(hit, text, quote, place)]
    return _head_words(family, issuer)


def _head_words(family: Family, words: str) -> Quoted | None:
    place = next(_places(head_text(family.document), words), None) if words else None
    return _in_head(family, place) if place else None


def _in_head(family: Family, place: Span) -> Quoted:
    head = head_text(family.document)
    return head[place.start : place.end], [evidence_of(head_hit(family.document), head, _line(head_lines(family.document), place), place)]


# --- what clauses say


def _passed(family: Family) -> Quoted | None:
    for hit, text in _texts(family):
        match = _PASSED.search(text)
        if match is not None:
            return _sentence(hit, text, Span(*match.span()), Span(*match.span("day")))
    return None


def _effective(family: Family) -> Quoted | None:
    clause = family.clauses.get(family.document.effective_in)
    if clause is not None:
        return _effect_in(family, clause)
    own = [one for one in family.clauses.values() if not one.eid.startswith("att_")]
    clause = next((one for one in own if _IN_FORCE.search(one.text)), None)
    if clause is not None:
        return _effect_in(family, clause)
    found = (
        (one, match) for pattern in _SINCE for one in own if (match := pattern.search(one.text)) and _DAY.search(one.text, match.start())
    )
    return next((_effect_in(family, one, Span(*match.span())) for one, match in found), None)


def _expires(family: Family) -> Quoted | None:
    return _effect_in(family, family.clauses.get(family.document.expires_in))


def _effect_in(family: Family, clause: ClauseRecord | None, core: Span | None = None) -> Quoted | None:
    if clause is None:
        return None
    effect = _EFFECT.search(clause.text)
    core = core or (Span(*effect.span()) if effect else Span(0, 0))
    day = _DAY.search(clause.text, core.start) or _DAY.search(clause.text)
    return _sentence(clause_hit(family.document, clause), clause.text, core, Span(*day.span()) if day else core)


def _sentence(hit: Hit, text: str, core: Span, marked: Span) -> Quoted:
    """The sentence around ``core``, cut to MAX_QUOTE_WORDS words around what answers."""
    unit = next((span for span in sentences(text) if span.start <= core.start < span.end), Span(0, len(text)))
    inside = Span(min(core.start, marked.start), max(core.end, marked.end)) if unit.start <= marked.start < unit.end else core
    quote = quote_around(text, unit, inside, lambda start, end: 0.0)
    return text[quote.start : quote.end], [evidence_of(hit, text, quote, marked)]


def _bases(family: Family, noun: str = "") -> Quoted | None:
    """The legal bases: those that fit from the first on that is one of what is asked for ("luật"), each with the paragraph that it
    stands in."""
    preamble = next((clause for clause in family.clauses.values() if clause.kind is Kind.PREAMBLE), None)
    if preamble is None:
        return None
    listed = family.document.bases
    bases = [clause for clause in family.below(preamble) if any(clause.text.startswith(base) for base in listed)]
    if not bases:
        return None
    asked = re.compile(rf"\W*căn\s+cứ\s+{re.escape(noun)}(?!\w)", re.IGNORECASE) if noun else None
    first = next((place for place, clause in enumerate(bases) if asked and asked.match(clause.text)), 0)
    bases = bases[first:]
    each = [
        evidence_of(clause_hit(family.document, clause), clause.text, Span(0, first_words(clause.text, 0)), Span(0, len(clause.text)))
        for clause in bases
    ]
    lines = "\n".join(clause.text for clause in bases)
    start = preamble.full_text.find(lines)
    if start < 0 or len(bases) == 1:
        return each[0].quote, each
    end = start
    for clause in bases:
        stop = end + len(clause.text) + (end > start)
        if count_words(preamble.full_text[start:stop]) > MAX_QUOTE_WORDS:
            break
        end = stop
    if end == start:
        return each[0].quote, each
    quote = Span(start, end)
    return preamble.full_text[start:end], [evidence_of(clause_hit(family.document, preamble), preamble.full_text, quote, quote), *each]


# --- where words stand


def _texts(family: Family) -> Iterator[tuple[Hit, str]]:
    """The head, the preamble, the end, then the other clauses, each with its hit."""
    document = family.document
    yield head_hit(document), head_text(document)
    order = {Kind.PREAMBLE: 0, Kind.CONCLUSIONS: 1}
    own = [clause for clause in family.clauses.values() if not clause.eid.startswith("att_")]
    for clause in sorted(
        own, key=lambda clause: (order.get(clause.kind, 2 if not clause.eid.startswith("preamble") else 0), clause.position)
    ):
        yield clause_hit(document, clause), clause.text


def _places(text: str, words: str, *, exactly: bool = False) -> Iterator[Span]:
    """Where ``words`` stand in ``text``, whatever the white space between them and, unless ``exactly``, the case."""
    if not words.split():
        return
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, 0 if exactly else re.IGNORECASE):
        yield Span(*match.span())


def _written(day: date) -> re.Pattern[str]:
    """A date as it may be printed."""
    numbers = rf"0?{day.day}\s*[/.-]\s*0?{day.month}\s*[/.-]\s*{day.year}"
    return re.compile(
        rf"(?:ngày\s*)?(?:(?<!\d)0?{day.day}\s*tháng\s*0?{day.month}\s*năm\s*{day.year}|(?<!\d){numbers})(?!\d)", re.IGNORECASE
    )


def _line(text: str, place: Span) -> Span:
    """The lines that a place stands on, as far as they are short."""
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", place.end)
    line = Span(start, end if end >= 0 else len(text))
    return line if count_words(text[line.start : line.end]) <= MAX_QUOTE_WORDS else _around(text, place)


def _around(text: str, place: Span) -> Span:
    """The sentence that a place stands in, cut to what may be quoted."""
    unit = next((span for span in sentences(text) if span.start <= place.start and place.end <= span.end), place)
    return quote_around(text, unit, place, lambda start, end: 0.0)


_READERS: Mapping[Header, Callable[[Family], Quoted | None]] = {
    Header.SIGNER: _signer,
    Header.SIGNER_TITLE: _signer_title,
    Header.ISSUED: _issued,
    Header.ISSUER: _issuer,
    Header.EFFECTIVE: _effective,
    Header.EXPIRES: _expires,
    Header.NUMBER: _number,
    Header.TYPE: _type,
    Header.TITLE: _title,
    Header.BASES: _bases,
    Header.RECIPIENTS: _recipients,
    Header.PLACE: _place,
}
