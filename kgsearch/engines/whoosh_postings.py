"""The postings that a commit writes: gathered term by term, joined with those of the segments that it writes anew, in Whoosh's format.

Whoosh's own way is a list of all postings, one tuple each, that is sorted, put away in files and merged again, and a call or two for
each posting; it takes three times as long. Here passages come in their order, so each term's postings are in order as they are gathered,
and segments are joined term by term, in memory that does not grow with them.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from kgsearch.engines.whoosh_stored import NUMBER

Term = tuple[tuple[str, bytes], Sequence[int], Sequence[float]]
"""Field and token, the numbers of the passages that hold it, in order, and how often each does."""

# What is shorter grows when it is compressed.
_LEAST_COMPRESSED = 12


class GatheredPostings:
    """The postings of the passages of a batch, in memory."""

    def __init__(self, names: Iterable[str]) -> None:
        # Of each token number and count of one passage after another: in lists of their own they take twice as much.
        self._terms: dict[str, dict[str, array[int]]] = {name: {} for name in names}

    def add(self, name: str, number: int, tokens: Iterable[str]) -> None:
        """Field ``name`` of passage ``number``, which is greater than any before it, holds ``tokens``."""
        terms = self._terms[name]
        for token, count in Counter(tokens).items():
            held = terms.get(token)
            if held is None:
                terms[token] = array(NUMBER, (number, count))
            else:
                held.append(number)
                held.append(count)

    def terms(self) -> Iterator[Term]:
        """All of them, in the order of Whoosh's files; each is let go of as it is given."""
        for name in sorted(self._terms):
            terms = self._terms[name]
            # UTF-8 keeps the order of the characters.
            for token in sorted(terms):
                held = terms.pop(token)
                yield (name, token.encode()), held[::2], held[1::2]


def terms_of(reader: Any, new_numbers: Sequence[int] | range) -> Iterator[Term]:
    """The postings of a segment, its passages renumbered: to -1 those that are left out."""
    for term, facts in reader._terms.items():
        numbers, counts = reader.postings_at(facts)
        numbers = [new_numbers[number] for number in numbers]
        if -1 in numbers:
            kept = [place for place, number in enumerate(numbers) if number >= 0]
            numbers, counts = [numbers[place] for place in kept], [counts[place] for place in kept]
        if numbers:
            yield term, numbers, counts


class TermPlaces:
    """What Whoosh's table of terms holds of each, its hash and its place in the file; a list of tuples takes seven times as much."""

    def __init__(self) -> None:
        self._numbers = array("Q")

    def append(self, place: tuple[int, int]) -> None:
        """Add a pair."""
        self._numbers.extend(place)

    def __len__(self) -> int:
        return len(self._numbers) // 2

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._numbers[::2], self._numbers[1::2], strict=True)


def write_postings(field_writer: Any, schema: Any, sources: Sequence[Iterator[Term]]) -> None:
    """Write the terms of all ``sources``; the passages of each come after those of the one before."""
    table = field_writer._tindex
    table.buckets = [TermPlaces() for _bucket in table.buckets]
    key = itemgetter(0)
    begun = None
    for (name, token), parts in groupby(heapq.merge(*sources, key=key), key):
        if name != begun:
            if begun is not None:
                field_writer.finish_field()
            field_writer.start_field(name, schema[name])
            begun = name
        field_writer.start_term(token)
        _write_term(field_writer._postwriter, list(parts))
        field_writer.finish_term()
    if begun is not None:
        field_writer.finish_field()


def _write_term(writer: Any, parts: Sequence[Term]) -> None:
    (_term, numbers, counts), *others = parts
    if others:
        numbers, counts = list(numbers), list(counts)
        for _same, more_numbers, more_counts in others:
            numbers += more_numbers
            counts += more_counts
    size = writer._blocklimit
    writer._compression = 3 if len(numbers) >= _LEAST_COMPRESSED else 0
    for start in range(0, len(numbers), size):
        if start:
            writer._write_block()
        # As if they had been added one by one; the last block is written at the end of the term.
        writer._ids = array(NUMBER, numbers[start : start + size])
        writer._weights = array("f", counts[start : start + size])
        writer._maxweight = max(writer._weights)
