"""Which words of a text are quoted: those of another act, as this one words it anew, are not what the document itself says."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"[“”\"]")


@dataclass(frozen=True, slots=True)
class Quotations:
    """The quoted parts of a text as ``(start, end)``, marks included, in order; ``is_open``: the last one goes on in the next text."""

    spans: tuple[tuple[int, int], ...]
    is_open: bool


_NONE = Quotations((), is_open=False)


def find_quotations(text: str, *, is_open: bool = False) -> Quotations:
    """The quoted parts of ``text``; with ``is_open`` it begins within one.

    A straight mark opens where it stands after nothing, white space or an opening bracket, and closes elsewhere.
    """
    if not is_open and '"' not in text and "“" not in text and "”" not in text:
        return _NONE
    spans: list[tuple[int, int]] = []
    start = 0 if is_open else -1
    for match in _MARK.finditer(text):
        place = match.start()
        before = text[place - 1] if place else " "
        opens = match[0] == "“" or (match[0] == '"' and start < 0 and (before.isspace() or before in "(:“"))
        if opens and start < 0:
            start = place
        elif not opens and start >= 0:
            spans.append((start, match.end()))
            start = -1
    if start >= 0:
        spans.append((start, len(text)))
    return Quotations(tuple(spans), start >= 0)
