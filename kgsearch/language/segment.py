"""Words of several syllables: "giải ngân đầu tư công" -> "giải_ngân", "đầu_tư_công".

The words are those of pyvi's model (`pyvi_model`), over a text made ready for it: lower-cased, because capitals break its
words, each document number a mere figure, because it would be cut up, and each word led back to where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from kgsearch.language.normalise import has_marks, nfc, normalise_syllable
from kgsearch.language.tokenise import Token, codes, tokenise

# One call of the tagger, and of the expressions that cut its text up, stays small whatever the text.
_LONGEST_SEQUENCE = 400
_LONGEST_FORM = 64
_LONGEST_GAP = 16

_LINE = re.compile(r"[^\r\n]+")
# What stands between two syllables: ASCII punctuation, which pyvi's rule never joins; anything else (also what \w would take) a space.
_PUNCTUATION = str.maketrans("–—“”‘’…", "--\"\"''.")
_NO_PUNCTUATION = re.compile(r"[^ -/:-@\[-^`{-~]")
_FIGURE = "0"
# The model was trained on "tỷ lệ", "kỹ thuật", "lý do", "công ty": it knows these with y, or better with y.
_TRAINED_WITH_Y = re.compile("(h|k|l|m|t|qu)([iìíỉĩị])")
_WITH_Y = str.maketrans("iìíỉĩị", "yỳýỷỹỵ")


def segment(text: str) -> list[Token]:
    """The words of ``text``, in order: ``Token.text`` is lower-cased and normalised, its syllables joined by "_"; the range is
    that of the whole word in ``text`` as it was given, in any Unicode form.

    Punctuation is left out; a code ("535/NQ-HĐND") is one word. A line without any Vietnamese mark gives its syllables one by
    one and does not load the model, which knows no such text.
    """
    return [word for line in _LINE.finditer(text) for word in _segment_line(line[0], line.start())]


class _Unit(NamedTuple):
    """A syllable or a code of a line: ``form`` is what the model sees, ``name`` what a word is made of."""

    form: str
    name: str
    start: int
    end: int


def _segment_line(line: str, offset: int) -> Iterator[Token]:
    units = _units(line)
    if not has_marks(line):
        yield from (Token(unit.name, offset + unit.start, offset + unit.end) for unit in units)
        return
    while sequence := list(islice(units, _LONGEST_SEQUENCE)):
        for word in _join(line, sequence):
            yield Token("_".join(unit.name for unit in word), offset + word[0].start, offset + word[-1].end)


def _units(line: str) -> Iterator[_Unit]:
    """Codes, and the syllables outside them, in order."""
    whole = {code.start: code for code in codes(line)}
    taken = 0
    for token in tokenise(line):
        if code := whole.get(token.start):
            yield _Unit(_FIGURE, nfc(code.text).lower(), code.start, code.end)
            taken = code.end
        elif token.start >= taken:
            name = normalise_syllable(token.text)
            yield _Unit(_as_trained(name)[:_LONGEST_FORM], name, token.start, token.end)


def _as_trained(syllable: str) -> str:
    match = _TRAINED_WITH_Y.fullmatch(syllable)
    return match[1] + match[2].translate(_WITH_Y) if match else syllable


def _join(line: str, units: Sequence[_Unit]) -> Iterator[Sequence[_Unit]]:
    """The words of ``units``: their forms and what stands between them as one text, tagged, and led back to the units."""
    # The model's room is only entered for text with marks: a query without them must not pay for it.
    from kgsearch.language.pyvi_model import pieces_of, words_of

    text, starts = _prepared(line, units)
    pieces = pieces_of(text)
    index = 0
    for first, last in words_of([piece.text for piece in pieces]):
        word: list[_Unit] = []
        end = pieces[last - 1].end
        while index < len(units) and starts[index] < end:
            word.append(units[index])
            index += 1
        if not word:
            continue  # A letter that its lower case makes two ("İ") can leave a word of the model without a syllable of ours.
        if last - first > 1 or len(word) == 1:
            yield word
        else:
            # One token of pyvi over several syllables is an address or a figure that `codes` does not know: not one word.
            yield from ([unit] for unit in word)


def _prepared(line: str, units: Sequence[_Unit]) -> tuple[str, list[int]]:
    parts: list[str] = []
    starts: list[int] = []
    length, position = 0, units[0].start
    for unit in units:
        gap = _NO_PUNCTUATION.sub(" ", line[position : unit.start][:_LONGEST_GAP].translate(_PUNCTUATION))
        starts.append(length + len(gap))
        parts += [gap, unit.form]
        length += len(gap) + len(unit.form)
        position = unit.end
    return "".join(parts), starts
