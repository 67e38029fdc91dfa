"""The phrases that make words a question ("bao nhiêu", "theo quy định của pháp luật") and say nothing of what is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from kgsearch.language.fold import fold_syllable
from kgsearch.language.normalise import has_marks, normalise_syllable

FEWEST_LEFT = 3
"""A question of which fewer syllables would remain stays as it is: there the phrase may well be what is looked for."""

# Short on purpose. "là" stays, because "X là gì" looks for the clause that says "X là"; "mấy", "từ đâu" and "do đâu" are missing,
# because without marks they are "máy", "từ đầu" and "do đầu (tư)".
_ANYWHERE = """
ai|gì|những gì|nào|khi nào|lúc nào|bao giờ|bao lâu|bao nhiêu|thế nào|như thế nào|như nào|ra sao|tại sao|vì sao|ở đâu
theo quy định|theo quy định của|theo quy định của pháp luật|theo quy định pháp luật|theo quy định hiện hành
nào sau đây|nào dưới đây|đúng hay sai|hay không|xin hỏi|cho hỏi|xin cho biết|hãy cho biết|cho biết
"""
# Within a sentence these are statements ("phải không ngừng học tập").
_AT_THE_END = "đúng không|có đúng không|phải không|có phải không|được không|có được không"

_Phrases = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]


def without_stop_phrases(syllables: Sequence[str]) -> list[bool]:
    """For each of a question's syllables, as typed, whether it stays: False within a stop phrase, the longest one first.

    Works with marks and without: a syllable typed with marks is compared with them ("não" is not "nào"), one without by its
    letters; what is typed in capitals without marks is an abbreviation ("AI") unless the whole question is. All stay where fewer
    than FEWEST_LEFT would.
    """
    capitals = "".join(syllables).isupper()
    keys = [_key(syllable, capitals) for syllable in syllables]
    kept = [True] * len(keys)
    place = 0
    while place < len(keys):
        length = _phrase_at(keys, place)
        kept[place : place + length] = [False] * length
        place += length or 1
    return kept if sum(kept) >= FEWEST_LEFT else [True] * len(keys)


def _key(syllable: str, capitals: bool) -> tuple[str, str]:
    """A syllable's letters, and its spelling with marks where it has any: ("nao", "nào"), ("nao", "")."""
    normalised = normalise_syllable(syllable)
    if has_marks(normalised):
        return fold_syllable(normalised), normalised
    return (syllable if syllable.isupper() and not capitals else normalised), ""


def _phrase_at(keys: Sequence[tuple[str, str]], place: int) -> int:
    """How many syllables the longest phrase has that stands at ``place``; 0 where none does."""
    for length in range(min(_longest(), len(keys) - place), 0, -1):
        window = keys[place : place + length]
        if _is_phrase(window, _phrases(_ANYWHERE)) or (place + length == len(keys) and _is_phrase(window, _phrases(_AT_THE_END))):
            return length
    return 0


def _is_phrase(keys: Sequence[tuple[str, str]], phrases: _Phrases) -> bool:
    spellings = phrases.get(tuple(letters for letters, _marked in keys), ())
    return any(all(marked in ("", syllable) for (_letters, marked), syllable in zip(keys, spelling, strict=True)) for spelling in spellings)


@cache
def _phrases(listed: str) -> _Phrases:
    """The phrases of a list by their letters without marks, each with its marks."""
    phrases: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for phrase in listed.replace("\n", "|").split("|"):
        syllables = tuple(normalise_syllable(syllable) for syllable in phrase.split())
        if syllables:
            phrases.setdefault(tuple(map(fold_syllable, syllables)), []).append(syllables)
    return phrases


@cache
def _longest() -> int:
    return max(len(letters) for listed in (_ANYWHERE, _AT_THE_END) for letters in _phrases(listed))
