"""Words that are spelt in several ways: "vắc xin", "vắcxin", "vaccine". Pure.

Two kinds are known: the few that are listed here, and what a corpus itself writes in one word and in two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from kgsearch.language.bigrams import BOUNDARY, Bigrams

LEAST_COUNT = 2
"""How often a corpus must write a word in each way: once may be a slip."""

# Folded. Only what a corpus holds is looked for.
_LISTED = (
    ("vac xin", "vacxin", "vaccine", "vaccin"),
    ("covid 19", "covid19"),
    ("dak lak", "dac lac", "daklak", "darlac"),
    ("dak nong", "dac nong", "daknong"),
    ("kon tum", "kontum"),
    ("bac kan", "bac can"),
    ("plei ku", "pleiku", "play cu"),
    ("cam pu chia", "campuchia"),
    ("logistic", "logistics"),
    ("e mail", "email"),
    ("web site", "website"),
    ("oxi", "oxy", "o xi"),
    ("axit", "a xit", "acid"),
    ("karaoke", "ka ra o ke"),
    ("internet", "in to net"),
)
# A Vietnamese syllable is no two words run together, though "thuong" is "thu" and "ong".
_SYLLABLE = re.compile(r"(?:ngh?|nh|ch?|gh?|gi|kh?|ph|qu|t[hr]?|[bdhlmnrsvx])?[aeiouy]{1,3}(?:ch|n[gh]?|[cmpt])?")


def learn(folded: Bigrams) -> Mapping[str, Sequence[str]]:
    """Folded phrase -> the other spellings of it that the corpus holds, commonest first."""
    table: defaultdict[str, list[str]] = defaultdict(list)
    for group in (*_LISTED, *_joined(folded)):
        counts = {phrase: count for phrase in group if (count := _count(phrase, folded))}
        commonest = sorted(counts, key=lambda phrase: (-counts[phrase], phrase))
        for phrase in group:
            table[phrase] += [other for other in commonest if other != phrase and other not in table[phrase]]
    return {phrase: others for phrase, others in table.items() if others}


def is_syllable(folded: str) -> bool:
    """Whether folded letters can be one Vietnamese syllable."""
    return _SYLLABLE.fullmatch(folded) is not None


def _joined(folded: Bigrams) -> list[tuple[str, ...]]:
    """The words that the corpus writes as one and as two, each at least LEAST_COUNT times."""
    found: list[tuple[str, ...]] = []
    for number, word in enumerate(folded.words):
        if len(word) < 4 or folded.counts[number] < LEAST_COUNT or is_syllable(word):
            continue
        for cut in range(2, len(word) - 1):
            halves = folded.ids.get(word[:cut], BOUNDARY), folded.ids.get(word[cut:], BOUNDARY)
            if BOUNDARY not in halves and folded.pair(*halves) >= LEAST_COUNT:
                found.append((f"{word[:cut]} {word[cut:]}", word))
    return found


def _count(phrase: str, folded: Bigrams) -> int:
    """How often the corpus holds a phrase, judged by the rarest of its words and pairs."""
    ids = [folded.ids.get(word, BOUNDARY) for word in phrase.split() if not word.isdigit()]
    if BOUNDARY in ids:
        return 0
    return min([*(folded.counts[number] for number in ids), *(folded.pair(*pair) for pair in pairwise(ids))])
