"""Searches shown as examples: taken from the documents at hand, and those of words tried, so that each of them finds something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from weakref import WeakKeyDictionary

from kgsearch.citations import cite
from kgsearch.errors import KgsearchError
from kgsearch.language import fold, has_marks, segment, tokenise
from kgsearch.models import ClauseRecord, DocumentRecord, Kind, SearchResult
from kgsearch.server.holdings import Holdings, holdings
from kgsearch.server.service import CatalogueView, SearchService

# Phrases that the titles of the latest documents hold are tried, those of the most words first.
MOST_TRIED = 6
MOST_WORDS = 4
LEAST_SYLLABLES, MOST_SYLLABLES = 3, 6
# Where the corpus has no frequent phrases yet, the first words of a clause are taken.
FIRST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Examples:
    """What can be typed and finds something; "" where the documents give no such example. ``document`` is the one with that number and
    citation, ``clause`` the one cited."""

    words: str = ""
    unmarked: str = ""
    number: str = ""
    citation: str = ""
    question: str = ""
    document: DocumentRecord | None = None
    clause: ClauseRecord | None = None


@dataclass(frozen=True, slots=True)
class SyntaxExamples:
    """Queries that use signs, each "" where none finds something: words together, a word left out, a filter in the query."""

    together: str = ""
    without: str = ""
    limited: str = ""


_known: WeakKeyDictionary[CatalogueView, tuple[str | None, Examples]] = WeakKeyDictionary()


def examples_of(service: SearchService) -> Examples:
    """Examples from what ``service`` searches, kept until the catalogue changes. Raises IndexStateError where it cannot be read."""
    reader = service.reader
    changed = reader.meta().get("changed")
    known = _known.get(reader)
    if known is not None and changed is not None and known[0] == changed:
        return known[1]
    found = _examples(service, holdings(reader))
    _known[reader] = (changed, found)
    return found


def examples_if_any(service: SearchService) -> Examples:
    """The same; no example where the index cannot be read."""
    try:
        return examples_of(service)
    except KgsearchError:
        return Examples()


def syntax_examples(service: SearchService, words: str) -> SyntaxExamples:
    """Queries with signs around ``words``, which find something. Raises IndexStateError where the index cannot be read."""
    if not words:
        return SyntaxExamples()
    result = service.search(words, limit=MOST_TRIED)
    years = [year for year, _count in result.facets.get("year", ())]
    return SyntaxExamples(
        together=next(_finding(service, [f'"{words}"']), ""),
        without=next(_finding(service, (f'{words} -"{word}"' for word in _other_words(words, result))), ""),
        # The count of a year is of what the search finds in it.
        limited=f"{words} năm:{max(years)}" if years else "",
    )


def _examples(service: SearchService, held: Holdings) -> Examples:
    numbered = next((record for record in held.latest if record.number), None)
    clause = _deepest_clause(service, numbered or next(iter(held.latest), None))
    words = next(_finding(service, _phrases(service, held.latest, clause)), "")
    unmarked = fold(words) if has_marks(words) else ""
    if numbered is None:
        return Examples(words, unmarked)
    name = cite(numbered, "", full=False)
    return Examples(
        words,
        unmarked,
        numbered.number,
        cite(numbered, clause.citation, full=False) if clause else "",
        f"Ai ký {name}?" if numbered.signer else "",
        numbered,
        clause,
    )


def _deepest_clause(service: SearchService, document: DocumentRecord | None) -> ClauseRecord | None:
    """The first point, else numbered clause, else article: as exact an example as the document gives."""
    clauses = service.reader.clauses(document.id) if document else ()
    return next((clause for kind in (Kind.POINT, Kind.CLAUSE, Kind.ARTICLE) for clause in clauses if clause.kind is kind), None)


def _phrases(service: SearchService, documents: Sequence[DocumentRecord], clause: ClauseRecord | None) -> Iterator[str]:
    """Frequent phrases of the corpus that titles hold, since these say what there is; then the first words of a clause."""
    agencies = " | ".join(fold(record.issuer) for record in documents)
    types = {fold(record.type) for record in documents} - {""}
    found = dict.fromkeys(phrase for record in documents for phrase in _frequent_in(service, record.title))
    telling = [phrase for phrase in found if fold(phrase) not in agencies and not any(name in fold(phrase) for name in types)]
    yield from sorted(telling, key=lambda phrase: -len(phrase.split()))[:MOST_TRIED]
    if clause is not None:
        yield " ".join(token.text for token in tokenise(clause.text)[:FIRST_WORDS])


def _frequent_in(service: SearchService, title: str) -> Iterator[str]:
    """What stands in ``title`` from the beginning of a word to the end of one, and is suggested to whoever types its first word."""
    words = [token.text.replace("_", " ").lower() for token in segment(title)]
    for place, word in enumerate(words):
        # A word of one syllable begins a phrase less often than it only stands before one.
        if " " not in word:
            continue
        begun = list(accumulate(words[place : place + MOST_WORDS], "{} {}".format))
        suggested = {suggestion.phrase.lower() for suggestion in service.suggest(fold(word))}
        yield from (phrase for phrase in begun if phrase in suggested and LEAST_SYLLABLES <= len(phrase.split()) <= MOST_SYLLABLES)


def _finding(service: SearchService, queries: Iterable[str]) -> Iterator[str]:
    """Those of ``queries`` that find something."""
    for query in queries:
        try:
            if query and service.search(query, limit=1).total:
                yield query
        except KgsearchError:
            continue


def _other_words(words: str, result: SearchResult) -> Sequence[str]:
    """Words of two syllables that stand in some hits, so that leaving one of them out leaves out these, and perhaps not all."""
    own = set(fold(words).split())
    found = (token.text.replace("_", " ").lower() for hit in result.hits for token in segment(hit.clause.text))
    pairs = (word for word in dict.fromkeys(found) if len(word.split()) == 2 and word.replace(" ", "").isalpha())
    return [word for word in pairs if own.isdisjoint(fold(word).split())][:MOST_TRIED]
