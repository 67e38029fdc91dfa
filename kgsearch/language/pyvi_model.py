"""pyvi's word model without pyvi's modules.

Importing pyvi brings scikit-learn with it, 1.5 s and 120 MB, none of which tagging needs. Here the conditional random field
is read out of the package's pickle by an unpickler that makes nothing but inert stand-ins, and python-crfsuite is handed
the same features as strings: the same words in 25 ms and 21 MB.
"""

from __future__ import annotations

import pickle
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

from kgsearch.errors import KgsearchError
from kgsearch.i18n import gettext as _
from kgsearch.language.normalise import nfc
from kgsearch.language.tokenise import Token

# pyvi.ViTokenizer.sylabelize of pyvi 0.1.1, to the letter: other pieces would meet features that the model never saw.
_PIECE = re.compile(
    r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\.|==>|->|\.\.\.|>>|\n|\w+://[^\s]+"
    r"|[a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+|\d+(?:[\.,_]\d+)+|[^\w\s]|\w+"
)


def pyvi_tokens(text: str) -> list[str]:
    """The tokens of ``pyvi.ViTokenizer.tokenize(text)``, as a list. Raises KgsearchError where pyvi has no readable model."""
    pieces = [piece.text for piece in pieces_of(nfc(text))]
    return ["_".join(pieces[start:end]) for start, end in words_of(pieces)]


def pieces_of(text: str) -> list[Token]:
    """What the model labels: the words, figures and punctuation of composed ``text``, as pyvi cuts it."""
    return [Token(match[0], *match.span()) for match in _PIECE.finditer(text)]


def words_of(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ``pieces`` that are one word each, by pyvi's rule over the model's labels. Raises KgsearchError."""
    labels = _model().labels(pieces) if pieces else []
    start = 0
    for index in range(1, len(pieces)):
        if labels[index] != "I_W" or not _may_join(pieces[index - 1], pieces[index]):
            yield start, index
            start = index
    if pieces:
        yield start, len(pieces)


def _may_join(before: str, piece: str) -> bool:
    # pyvi asks whether a piece is a part of the string of punctuation marks, not one of its characters.
    return not (
        piece in string.punctuation
        or before in string.punctuation
        or piece[0].isdigit()
        or before[0].isdigit()
        or (piece[0].istitle() and not before[0].istitle())
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """The tagger, which keeps the sequence that it works on, and so serves one thread at a time."""

    tagger: Any
    data: bytes  # the tagger reads these bytes where they are: they must live as long as it
    bigrams: frozenset[str]
    trigrams: frozenset[str]
    lock: Lock = field(default_factory=Lock)

    def labels(self, pieces: Sequence[str]) -> Sequence[str]:
        features = _features(pieces, self.bigrams, self.trigrams)
        with self.lock:
            labels: Sequence[str] = self.tagger.tag(features)
        return labels


def _features(pieces: Sequence[str], bigrams: frozenset[str], trigrams: frozenset[str]) -> list[list[str]]:
    """pyvi's ``sent2features`` as the strings that crfsuite makes of it: a true flag is its name, a false one is absent."""
    lower = [piece.lower() for piece in pieces]
    shapes = [[f"word.{name}()" for name in ("isupper", "istitle", "isdigit") if getattr(piece, name)()] for piece in pieces]
    pairs = [" ".join(pair) in bigrams for pair in pairwise(lower)]
    triples = [" ".join(triple) in trigrams for triple in zip(lower, lower[1:], lower[2:], strict=False)]
    last = len(pieces) - 1
    sequence = []
    for index, word in enumerate(lower):
        item = ["bias", f"word.lower():{word}", *shapes[index]]
        if index > 0:
            item += _neighbour("-1", lower[index - 1], shapes[index - 1], pairs[index - 1])
        if index > 1 and triples[index - 2]:
            item.append("-2:word.tri_gram()")
        if index < last:
            item += _neighbour("+1", lower[index + 1], shapes[index + 1], pairs[index])
        if index < last - 1 and triples[index]:
            item.append("+2:word.tri_gram()")
        sequence.append(item)
    return sequence


def _neighbour(place: str, word: str, shapes: Sequence[str], pair: bool) -> list[str]:
    item = [f"{place}:word.lower():{word}", *(f"{place}:{shape}" for shape in shapes if shape != "word.isdigit()")]
    return [*item, f"{place}:word.bi_gram()"] if pair else item


class _Inert:
    """Stands for every class that the pickle names; keeps the state, does nothing."""

    state: Any = None

    def __init__(self, *arguments: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _ModelUnpickler(pickle.Unpickler):
    """Reads the model and makes nothing but `_Inert`."""

    _NAMES = frozenset(
        {
            ("sklearn_crfsuite.estimator", "CRF"),
            ("sklearn_crfsuite._fileresource", "FileResource"),
            ("pycrfsuite._logparser", "TrainLogParser"),
            ("numpy.core.multiarray", "scalar"),
            ("numpy", "dtype"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("_codecs", "encode"):
            return _encode_latin1
        if (module, name) in self._NAMES:
            return _Inert
        raise pickle.UnpicklingError(f"{module}.{name} has no place in the model")


def _encode_latin1(text: str, encoding: str) -> bytes:
    """How protocol 2 spells bytes."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes spelt in {encoding}")
    return text.encode("latin-1")


_loading = Lock()


def _model() -> _Model:
    with _loading:
        return _load()


@cache
def _load() -> _Model:
    from pycrfsuite import Tagger

    folder = _pyvi_folder() / "models"
    try:
        data = _model_bytes(folder / "pyvi3.pkl")
        grams = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
        tagger = Tagger()
        tagger.open_inmemory(data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, EOFError, pickle.UnpicklingError) as error:
        raise KgsearchError(
            _("The word model of the package pyvi in {folder} cannot be read; install kgsearch again.").format(folder=folder)
        ) from error
    spaces = [gram.count(" ") for gram in grams]
    bigrams, trigrams = (frozenset(gram for gram, count in zip(grams, spaces, strict=True) if count == wanted) for wanted in (1, 2))
    return _Model(tagger, data, bigrams, trigrams)


def _pyvi_folder() -> Path:
    spec = find_spec("pyvi")
    if spec is None or spec.origin is None:
        raise KgsearchError(_("The package pyvi is not installed; install kgsearch again."))
    return Path(spec.origin).parent


def _model_bytes(path: Path) -> bytes:
    """The crfsuite model inside pyvi's pickled estimator."""
    with path.open("rb") as file:
        estimator = _ModelUnpickler(file).load()
    data = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    if not isinstance(data, bytes):
        raise TypeError("the model is not bytes")
    return data
