"""Abbreviations and what they stand for: the entries of the table that is learnt (`kgsearch.language.definitions`). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgsearch.language.fold import fold_syllable
from kgsearch.language.normalise import clean
from kgsearch.language.tokenise import tokenise


@dataclass(frozen=True, slots=True)
class Expansion:
    """What an abbreviation stands for: ``text`` in lower case ("thủ tục hành chính"), ``documents`` how many documents define it so;
    0: the built-in list alone says so."""

    text: str
    documents: int


Table = Mapping[str, Sequence[Expansion]]


def abbreviation_key(text: str) -> str:
    """What an abbreviation is looked up by: folded, letters and digits alone ("KT-XH", "ktxh" -> "ktxh")."""
    return "".join(fold_syllable(token.text) for token in tokenise(clean(text)))
