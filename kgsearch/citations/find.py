"""Find document numbers in running text."""

from __future__ import annotations

from kgsearch.citations.numbers import NUMBER


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """Each document number in ``text`` as (start, end, number without white space), in order."""
    return [(match.start(), match.end(), "".join(match.group().split())) for match in NUMBER.finditer(text)]
