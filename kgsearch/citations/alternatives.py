"""One pattern for many words that is quick to fail.

The engine tries the alternatives of a pattern one after the other, at each place where the pattern may begin: forty types of documents
are forty failures at nearly every word of a text. Where what alternatives begin with is written once, most of them fail together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# A class, a look-around or a group, an escaped or a plain character, each with what repeats it.
_ATOM = re.compile(r"(?:\[[^]]*\]|\([^()]*\)|\\.|.)[?*+]*", re.DOTALL)


def alternatives(patterns: Iterable[str]) -> str:
    """A pattern for what any of ``patterns`` matches, of two where one is the beginning of the other the longer.

    A pattern is a row of characters, classes, and groups without groups in them.
    """
    return f"(?:{_one_of([_ATOM.findall(pattern) for pattern in patterns])})"


def _one_of(rows: Sequence[list[str]]) -> str:
    by_first: dict[str, list[list[str]]] = {}
    for first, *rest in rows:
        by_first.setdefault(first, []).append(rest)
    written = [first + _rest(rests) for first, rests in by_first.items()]
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"


def _rest(rests: Sequence[list[str]]) -> str:
    """What follows a beginning that all of ``rests`` share."""
    longer = [rest for rest in rests if rest]
    if not longer:
        return ""
    return _one_of(longer) if len(longer) == len(rests) else f"(?:{_one_of(longer)})?"
