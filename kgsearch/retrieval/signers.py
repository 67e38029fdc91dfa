"""A query that is the name of somebody who signs documents: what is looked for then is the name, not its syllables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from kgsearch.engines.base import Candidate, Phrase
from kgsearch.engines.matching import holds
from kgsearch.language import syllable_key, tokenise
from kgsearch.models import DocumentRecord, Kind
from kgsearch.retrieval.query import Query

_SYLLABLES_OF_A_NAME = range(2, 7)


def signer_among(
    query: Query, candidates: Sequence[Candidate], documents: Callable[[Iterable[str]], Mapping[str, DocumentRecord]]
) -> tuple[str, Phrase] | None:
    """The signer whose whole name the query is, as it is printed, and the name as a phrase; None where it is nobody's.

    A name stands at the end of the documents that its bearer has signed, so the candidates tell whose documents to look at.
    """
    keys = _keys(query.text)
    if len(keys) not in _SYLLABLES_OF_A_NAME or query.phrases:
        return None
    name = Phrase(keys)
    ends = {one.document for one in candidates if one.clause.startswith(Kind.CONCLUSIONS) and holds(name, one.text)}
    if not ends:
        return None
    signers = (document.signer for _id, document in sorted(documents(ends).items()))
    return next(((signer, name) for signer in signers if _keys(signer) == keys), None)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(syllable_key(token.text) for token in tokenise(text))
