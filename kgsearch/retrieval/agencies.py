"""Agencies whose names are written in several ways: "Ủy ban Thường vụ Quốc hội" and "Uỷ ban thường vụ Quốc hội" are one.

Case, the place of the tone mark and i or y do not tell agencies apart; other letters and marks do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kgsearch.language import normalise_syllable, tokenise
from kgsearch.models import Filters

Spellings = Mapping[str, tuple[str, ...]]
"""How agencies are written, by their keys: all spellings of each, the commonest first."""

_NONE: Spellings = {}


def agency_key(name: str) -> str:
    """The one spelling of an agency's name."""
    return " ".join(normalise_syllable(token.text) for token in tokenise(name))


def spellings(names: Iterable[str]) -> Spellings:
    """The spellings of the agencies that ``names`` are of, each name as often as it is used."""
    used = Counter(name for name in names if name)
    found: defaultdict[str, list[str]] = defaultdict(list)
    # Among equally common ones that with capitals first: small letters are where somebody took less care.
    for name in sorted(used, key=lambda name: (-used[name], name.isupper(), name)):
        found[agency_key(name)].append(name)
    return {key: tuple(written) for key, written in found.items()}


def merged(counts: Iterable[tuple[str, int]], known: Spellings = _NONE) -> list[tuple[str, int]]:
    """Counted names with all spellings of an agency as one, the commonest agency first.

    It is called what ``known`` has first; of one that is not known, as is the commonest among ``counts``.
    """
    found: Counter[str] = Counter()
    names: dict[str, str] = {}
    for name, count in sorted(counts, key=lambda counted: (-counted[1], counted[0].isupper(), counted[0])):
        key = agency_key(name)
        found[names.setdefault(key, known.get(key, (name,))[0])] += count
    return sorted(found.items(), key=lambda counted: (-counted[1], counted[0]))


def in_every_spelling(filters: Filters, known: Spellings) -> Filters:
    """``filters`` with the agencies that they name in all spellings that are known."""
    return replace(filters, issuers=tuple(dict.fromkeys(name for given in filters.issuers for name in (given, *_known(given, known)))))


def in_one_spelling(filters: Filters, known: Spellings) -> Filters:
    """``filters`` with each agency once, in its commonest spelling where it is known."""
    return replace(filters, issuers=tuple(dict.fromkeys((*_known(given, known), given)[0] for given in filters.issuers)))


def _known(name: str, known: Spellings) -> tuple[str, ...]:
    return known.get(agency_key(name), ())
