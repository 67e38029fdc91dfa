"""Where the words of a query stand in a clause's text, as they are written there."""

from __future__ import annotations

from collections.abc import Sequence

from kgsearch.language import Token, segment, syllable_key, tokenise
from kgsearch.models import Span
from kgsearch.retrieval.query import Query

_JOINS = frozenset(" -–/.,")
# Syllables on either side by which the words around one are told; with the whole clause it takes many times as long.
_CONTEXT = 6


def highlight(text: str, query: Query) -> tuple[Span, ...]:
    """Ranges of ``text`` to mark, in order, neighbours in one range.

    Vietnamese words are mostly of several syllables, and a single one of them is in half of all sentences. So a lone syllable is
    marked only where it stands nowhere in the text beside its neighbour in the query, and is no piece of another word ("công" of
    "công tác" where "đầu tư công" is looked for); but where that left no mark at all, those pieces are why the text was found.
    """
    wanted, pairs = query.shown_syllables, query.shown_bigrams
    tokens = tokenise(text)
    runs = _runs([syllable_key(token.text) for token in tokens], wanted, pairs)
    in_company = {syllable_key(tokens[index].text) for start, end in runs if end - start > 1 for index in range(start, end)}
    kept = [(start, end) for start, end in runs if end - start > 1 or syllable_key(tokens[start].text) not in in_company]
    whole = [(start, end) for start, end in kept if end - start > 1 or not _in_another_word(text, tokens, start, wanted)]
    return tuple(span for start, end in whole or kept for span in _spans(text, tokens[start:end]))


def _in_another_word(text: str, tokens: Sequence[Token], place: int, wanted: frozenset[str]) -> bool:
    """Whether the word that a syllable belongs to has one that is not ``wanted``."""
    around = tokens[max(0, place - _CONTEXT) : place + _CONTEXT + 1]
    start = around[0].start
    lone = tokens[place].start - start
    word = next((word for word in segment(text[start : around[-1].end]) if word.start <= lone < word.end), None)
    # A number is one word too, of which a part may be looked for.
    if word is None or "_" not in word.text:
        return False
    return not wanted.issuperset(map(syllable_key, word.text.split("_")))


def _runs(keys: Sequence[str], wanted: frozenset[str], pairs: frozenset[str]) -> list[tuple[int, int]]:
    """Half-open ranges of successive matched tokens, each a neighbour in the query of the one before it."""
    runs: list[tuple[int, int]] = []
    for index, key in enumerate(keys):
        if key not in wanted:
            continue
        if runs and runs[-1][1] == index and f"{keys[index - 1]}_{key}" in pairs:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _spans(text: str, tokens: Sequence[Token]) -> list[Span]:
    """One range for tokens with only a space or a joining mark between them, else several."""
    spans: list[Span] = []
    for token in tokens:
        if spans and set(text[spans[-1].end : token.start]) <= _JOINS and token.start - spans[-1].end <= 3:
            spans[-1] = Span(spans[-1].start, token.end)
        else:
            spans.append(Span(token.start, token.end))
    return spans
