"""How much of a question a text says: by syllables, by neighbours, by marks."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kgsearch.answering.kinds import Question
from kgsearch.answering.reading.synonyms import DISCOUNT, Alternative, alternatives
from kgsearch.language import has_marks, normalise_syllable, syllable_key, tokenise
from kgsearch.language.thesaurus import Phrase

_SIDE = 4
"""So many content words left and right of the question phrase tell where the value stands."""

RAREST = 2
"""So many of a question's words are its most specific ones."""

LOCALLY = 0.7
"""How much of a word's weight depends on how rare it is in what is read."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's syllables in order: their keys, where they start, and as they are written."""

    keys: tuple[str, ...]
    starts: tuple[int, ...]
    written: tuple[str, ...]

    def between(self, start: int, end: int) -> frozenset[str]:
        """The keys of the syllables that start in ``[start, end)``."""
        return frozenset(self.keys[bisect_left(self.starts, start) : bisect_left(self.starts, end)])

    def has(self, phrase: Sequence[str], place: int) -> bool:
        """Whether the syllables of ``phrase``, normalised, stand from a place on."""
        return all(normalise_syllable(word) == syllable for word, syllable in zip(self.written[place:], phrase, strict=False)) and (
            place + len(phrase) <= len(self.written)
        )

    def spelled(self, keys: Container[str]) -> frozenset[str]:
        """The syllables with one of ``keys``, normalised, with their marks."""
        return frozenset(normalise_syllable(written) for key, written in zip(self.keys, self.written, strict=True) if key in keys)


def words_of(text: str) -> Words:
    """The syllables of ``text``."""
    tokens = tokenise(text)
    return Words(
        tuple([syllable_key(token.text) for token in tokens]),
        tuple([token.start for token in tokens]),
        tuple([token.text for token in tokens]),
    )


#: For lead-ins, headings and titles, which many units share.
context_words = lru_cache(maxsize=4096)(words_of)


class Sought:
    """The content words of a question with their weights, to be compared with many texts. All shares are from 0 to 1."""

    def __init__(self, question: Question, idf: Callable[[str], float], read: Collection[Words] = ()) -> None:
        """``idf`` is that of the whole index; a word that stands in most of what is ``read`` tells little there."""
        keys = question.content
        self.keys = keys
        general = {key: idf(key) for key in keys}
        self.idf = sum(general.values()) or 1.0
        self.weights: Mapping[str, float] = _locally(general, read)
        self.whole = sum(self.weights.values()) or 1.0
        self._others = _by_first_key(question, alternatives([word.text for word in question.words]))
        self.pairs: Mapping[tuple[str, str], float] = {pair: min(self.weights[pair[0]], self.weights[pair[1]]) for pair in pairwise(keys)}
        self.triples = frozenset(zip(keys, keys[1:], keys[2:], strict=False))
        self.rarest = sorted(self.weights, key=lambda key: (-self.weights[key], key))[:RAREST]
        self._marked = {
            normalise_syllable(word.text): self.weights[syllable_key(word.text)]
            for word in question.words
            if has_marks(normalise_syllable(word.text))
        }
        self.left, self.right = question.left[:_SIDE], question.right[:_SIDE]
        self.names = frozenset(_names(question))

    def share(self, keys: Iterable[str]) -> float:
        """The share of the question's weight that ``keys`` have."""
        return sum(self.weights[key] for key in self.weights.keys() & keys) / self.whole

    def meant(self, words: Words) -> frozenset[str]:
        """The question's keys for which something else of their meaning stands in a text, with its marks."""
        found: set[str] = set()
        for key in self._others.keys() & set(words.keys):
            places = [place for place, other in enumerate(words.keys) if other == key]
            for written, asked in self._others[key]:
                if not asked <= found and any(words.has(written, place) for place in places):
                    found |= asked
        return frozenset(found)

    def covered(self, keys: Container[str], meant: Container[str]) -> float:
        """The share of the question's weight that ``keys`` have, and with a discount what is ``meant``."""
        return (
            sum(weight if key in keys else weight * DISCOUNT if key in meant else 0.0 for key, weight in self.weights.items()) / self.whole
        )

    def pair_share(self, pairs: Iterable[tuple[str, str]]) -> float:
        """The share of the weight of the question's neighbouring pairs that are neighbours there too."""
        whole = sum(self.pairs.values())
        return sum(self.pairs[pair] for pair in self.pairs.keys() & pairs) / whole if whole else 0.0

    def triple_share(self, keys: tuple[str, ...]) -> float:
        """The share of the question's runs of three syllables that stand there."""
        return len(self.triples.intersection(zip(keys, keys[1:], keys[2:], strict=False))) / len(self.triples) if self.triples else 0.0

    def marks_share(self, *texts: Words) -> float:
        """The share of the idf of the question's syllables with marks that stand in one of ``texts`` with the same; 0 without marks."""
        whole = sum(self._marked.values())
        if not whole:
            return 0.0
        held = {syllable for text in texts for syllable in text.spelled(self.weights)}
        return sum(weight for syllable, weight in self._marked.items() if syllable in held) / whole

    def names_lacking(self, keys: Container[str]) -> float:
        """The share of what the question writes with capitals that is not among ``keys``: it asks of something else's."""
        return sum(name not in keys for name in self.names) / len(self.names) if self.names else 0.0

    def side_share(self, before: frozenset[str], after: frozenset[str]) -> float:
        """How many of the words next to the question phrase stand on the same side of a value, by idf."""
        whole = sum(self.weights[key] for key in {*self.left, *self.right})
        met = sum(self.weights[key] for key in before.intersection(self.left) | after.intersection(self.right))
        return met / whole if whole else 0.0


def _names(question: Question) -> Iterator[str]:
    """The keys of the words with capitals, but for the first one and the provinces, which `limits.subject_fit` holds against a text."""
    for word in question.words:
        in_province = any(subject.province and subject.start <= word.start < subject.end for subject in question.subjects)
        if word.start and word.text[0].isupper() and not in_province:
            yield syllable_key(word.text)


def _by_first_key(question: Question, others: Iterable[Alternative]) -> dict[str, list[tuple[Phrase, frozenset[str]]]]:
    """What may be written for a question's words: by the key of its first syllable it and the keys of those words."""
    found: dict[str, list[tuple[Phrase, frozenset[str]]]] = {}
    for other in others:
        asked = frozenset(question.content[place] for place in other.asked)
        found.setdefault(syllable_key(other.written[0]), []).append((other.written, asked))
    return found


def _locally(weights: Mapping[str, float], read: Collection[Words]) -> dict[str, float]:
    """The weights, less for words that many of the texts hold that are ``read``."""
    if not read:
        return dict(weights)
    holding: Counter[str] = Counter()
    for words in read:
        holding.update(weights.keys() & set(words.keys))
    most = math.log(len(read) + 1)
    return {
        key: weight * (1 - LOCALLY + LOCALLY * math.log((len(read) + 1) / (holding[key] + 1)) / most) for key, weight in weights.items()
    }
