"""From a query as typed to what is looked for, step by step; every step that changes anything leaves a reading that can be undone.

typed -> raw Telex or VNI decoded -> marks restored -> stop phrases left out -> abbreviations and spellings beside what was typed.
Words in quotes are never restored, left out or widened; filters by field are not touched at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import Token, codes, has_marks, tokenise
from kgsearch.language.spelling import Correction
from kgsearch.language.stop_phrases import without_stop_phrases
from kgsearch.language.telex import decode_typing
from kgsearch.models import Reading, ReadingKind, Span
from kgsearch.retrieval.query import Query, phrase_of, read_query
from kgsearch.retrieval.synonyms import Expander, synonyms_in
from kgsearch.retrieval.syntax import Syntax, read_syntax

Edit = tuple[int, int, str]
"""A range of a text and what is put there."""


class Vocabulary(Expander, Protocol):
    """What is needed of the lexicon: `kgsearch.retrieval.lexicon.Lexicon`."""

    def status(self) -> Mapping[str, Any] | None:
        """What it was learnt from; None where there is none."""

    def is_word(self, syllable: str) -> bool:
        """Whether the corpus holds a syllable."""

    def restore(self, syllables: Sequence[str]) -> tuple[str, ...] | None:
        """Syllables with their marks."""

    def correct(self, syllables: Sequence[str]) -> Correction | None:
        """What was probably meant by syllables with slips."""

    def phrases(self, prefix: str, limit: int) -> Sequence[str]:
        """The commonest phrases that begin so."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query comes to: ``text`` as it was read in the end; ``query`` None where there is nothing but filters; ``suggestion``
    another query that was probably meant; not ``understood`` where it is to be taken as typed."""

    text: str
    query: Query | None
    readings: tuple[Reading, ...] = ()
    suggestion: str | None = None
    understood: bool = True


def decoded(syntax: Syntax, vocabulary: Vocabulary) -> tuple[Syntax, tuple[Reading, ...]]:
    """A query with its words in raw Telex or VNI as they were meant."""
    filters = [one.span for one in syntax.filters]
    changes = [change for change in decode_typing(syntax.text, vocabulary.is_word).changes if not _in_any(change.start, filters)]
    if not changes:
        return syntax, ()
    text = edited(syntax.text, [(change.start, change.end, change.meant) for change in changes])
    typed, meant = " ".join(change.typed for change in changes), " ".join(change.meant for change in changes)
    return read_syntax(text), (Reading(ReadingKind.TELEX, typed, meant, syntax.text, exact=True),)


def as_typed(syntax: Syntax) -> Plan:
    """The plan of a query in which nothing is read otherwise than as typed. Raises UsageError where it looks for nothing."""
    return Plan(syntax.text, _query(syntax, syntax.sought), understood=False)


def understood(syntax: Syntax, vocabulary: Vocabulary, *, marked: bool) -> Plan:
    """The plan of a query, of which raw typing is decoded already; ``marked``: some of its marks were typed as such.
    Raises UsageError where it looks for nothing."""
    typed = syntax
    syntax, restored = (syntax, ()) if marked else _restored(syntax, vocabulary)
    shortened, stopped = _without_stop_phrases(syntax, typed)
    query = _query(shortened, shortened.sought)
    if query is None:
        return Plan(syntax.text, None)
    query, widened = _widened(query, shortened, typed, vocabulary)
    suggestion = _suggestion(typed, vocabulary, marked=marked)
    return Plan(shortened.text, query, (*restored, *stopped, *widened), suggestion)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with ranges of it replaced, single-spaced."""
    for start, end, new in sorted(edits, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return " ".join(text.split())


def exclusions(syntax: Syntax) -> tuple[Reading, ...]:
    """What is left out, said, because a dash may have been meant as one."""
    found = []
    for excluded in syntax.excluded:
        undone = edited(syntax.text, [(excluded.span.start, excluded.span.start + 1, "")])
        found.append(Reading(ReadingKind.EXCLUSION, syntax.text[excluded.span.start : excluded.span.end], excluded.text, undone))
    return tuple(found)


def _query(syntax: Syntax, sought: str) -> Query | None:
    if not tokenise(sought):
        if syntax.excluded:
            raise UsageError(_("The query only leaves words out; add the words to look for."))
        if syntax.filters:
            return None
    query = read_query(sought or syntax.text)
    return replace(
        query,
        phrases=tuple(dict.fromkeys(phrase_of(phrase.text) for phrase in syntax.phrases)),
        excluded=tuple(dict.fromkeys(phrase_of(excluded.text) for excluded in syntax.excluded)),
    )


def _restored(syntax: Syntax, vocabulary: Vocabulary) -> tuple[Syntax, tuple[Reading, ...]]:
    """The query with its marks, where none were typed; those that raw typing gave help to tell the others."""
    tokens = _free(syntax)
    restored = vocabulary.restore([token.text for token in tokens])
    if restored is None:
        return syntax, ()
    # A change of no mark is one of the case or the spelling, which is no reading.
    edits = [(token.start, token.end, new) for token, new in zip(tokens, restored, strict=True) if new != token.text and has_marks(new)]
    if not edits:
        return syntax, ()
    text = edited(syntax.text, edits)
    return read_syntax(text), (Reading(ReadingKind.MARKS, syntax.text, text, syntax.text, exact=True),)


def _without_stop_phrases(syntax: Syntax, typed: Syntax) -> tuple[Syntax, tuple[Reading, ...]]:
    if syntax.phrases:
        return syntax, ()
    tokens = _looked_for(syntax)
    kept = without_stop_phrases([token.text for token in tokens])
    if all(kept):
        return syntax, ()
    dropped = [token for token, stays in zip(tokens, kept, strict=True) if not stays]
    text = edited(syntax.text, [(token.start, token.end, "") for token in dropped]).strip(" ,;:?!.")
    reading = Reading(ReadingKind.STOP, " ".join(token.text for token in dropped), "", typed.text, exact=True)
    return read_syntax(text), (reading,)


def _widened(query: Query, syntax: Syntax, typed: Syntax, vocabulary: Vocabulary) -> tuple[Query, tuple[Reading, ...]]:
    """The query with what may stand for its words, and a reading of each abbreviation."""
    found = synonyms_in(syntax.text, _unquoted(syntax), vocabulary)
    readings = []
    for one in found:
        if one.meanings:
            written = syntax.text[one.start : one.end]
            undone = _quoting(typed.text, written)
            readings.append(Reading(ReadingKind.ABBREVIATION, written, " / ".join(one.meanings), undone, exact=undone == typed.text))
    return replace(query, synonyms=tuple(dict.fromkeys(each for one in found for each in one.synonyms))), tuple(dict.fromkeys(readings))


def _quoting(text: str, written: str) -> str:
    """The query with an abbreviation in quotes, which keep it as it is; where it cannot be found again, the query itself."""
    start = text.find(written)
    quoted = f'{text[:start]}"{written}"{text[start + len(written) :]}' if start >= 0 else text
    return quoted if start >= 0 and any(phrase.text == written for phrase in read_syntax(quoted).phrases) else text


def _suggestion(typed: Syntax, vocabulary: Vocabulary, *, marked: bool) -> str | None:
    """The query without its slips, and with marks where none were typed."""
    tokens = [token for token in _free(typed) if not any(character.isdigit() for character in token.text)]
    correction = vocabulary.correct([token.text for token in tokens]) if tokens else None
    if correction is None or not correction.changes:
        return None
    edits = [
        (tokens[change.first].start, tokens[change.last - 1].end, " ".join(change.meant))
        for change in correction.changes
        # Words with something else between them, a quote or a code, are not neighbours.
        if not typed.text[tokens[change.first].start : tokens[change.last - 1].end].count('"')
    ]
    syntax = read_syntax(edited(typed.text, edits))
    if not marked:
        syntax, _readings = _restored(syntax, vocabulary)
    return syntax.text if edits and syntax.text != typed.text else None


def _looked_for(syntax: Syntax) -> list[Token]:
    """The syllables that are looked for, where they stand in the text."""
    return [token for token in tokenise(syntax.text) if not _in_any(token.start, syntax.aside)]


def _unquoted(syntax: Syntax) -> list[Token]:
    quoted = [phrase.span for phrase in syntax.phrases]
    return [token for token in _looked_for(syntax) if not _in_any(token.start, quoted)]


def _free(syntax: Syntax) -> list[Token]:
    """The syllables that may be changed: neither quoted nor part of a code."""
    coded = [Span(code.start, code.end) for code in codes(syntax.text)]
    return [token for token in _unquoted(syntax) if not _in_any(token.start, coded)]


def _in_any(place: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= place < span.end for span in spans)
