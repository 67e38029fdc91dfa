"""A query as typed: bounded, cleaned, analysed."""

from __future__ import annotations

from dataclasses import dataclass

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import Analysis, analyse, clean, syllable_key, tokenise

MAX_CHARACTERS = 512
MAX_TERMS = 32
"""Distinct syllables that are looked for; what a longer query adds after them changes no order, only the time it takes."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: ``text`` in one spelling of its characters and single-spaced, ``analysis`` as documents are analysed, ``syllables`` the
    distinct ones that are looked for, in order."""

    text: str
    analysis: Analysis
    syllables: tuple[str, ...]

    @property
    def bigrams(self) -> tuple[str, ...]:
        """The distinct neighbouring pairs of the syllables that are looked for."""
        wanted = set(self.syllables)
        return tuple(dict.fromkeys(pair for pair in self.analysis.bigrams if wanted.issuperset(pair.split("_"))))


def read_query(text: str) -> Query:
    """The query that ``text`` is. Raises UsageError when it is empty, too long, or holds no word."""
    # Composed first: with combining marks a question of the same length to the eye has twice the characters.
    cleaned = " ".join(clean(text[: 8 * MAX_CHARACTERS]).split())
    if len(text) > 8 * MAX_CHARACTERS or len(cleaned) > MAX_CHARACTERS:
        raise UsageError(
            _("The query has {length} characters; at most {limit} are searched for. Shorten it.").format(
                length=len(text), limit=MAX_CHARACTERS
            )
        )
    if not cleaned:
        raise UsageError(_("The query is empty. Type words, a question, a document number or a citation."))
    analysis = analyse(cleaned)
    # Without the codes kept whole ("4.0" beside "4" and "0"): counted twice, a rare one would outweigh all other words, and the
    # bigrams of its parts already say that they stand together.
    syllables = tuple(dict.fromkeys(syllable_key(token.text) for token in tokenise(cleaned)))[:MAX_TERMS]
    if not syllables:
        raise UsageError(_("The query holds no word. Type words, a question, a document number or a citation."))
    return Query(cleaned, analysis, syllables)
