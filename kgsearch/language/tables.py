"""What is learnt from a corpus, as one value, and as bytes that are read back in milliseconds. Pure: bytes are handed in.

The bytes are one line that names the format, one line of JSON (what it was learnt from, where each section is, a check sum), then the
sections, each deflated: arrays of little-endian numbers, lists of words as lines of UTF-8, tables as JSON. Nothing in them is ever run, and
no length in them is believed beyond what the bytes hold. A section is unpacked when it is first asked for.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeVar

from kgsearch.language.abbreviations import Expansion, Table
from kgsearch.language.analysis import syllable_key
from kgsearch.language.bigrams import Bigrams, from_little_endian, to_little_endian
from kgsearch.language.restore import MarkTables
from kgsearch.language.spelling import SpellingTables
from kgsearch.language.tokenise import tokenise

LEXICON_VERSION = 1
"""Changes whenever the bytes are laid out otherwise or the same corpus would teach something else: the lexicon is then learnt anew."""

LEXICON_FILE = "lexicon.dat"
"""Its name in the lexicon's folder: one file, so that it is replaced whole."""

MAX_BYTES = 1 << 26
"""Of a lexicon: a hundred times what one learnt from ten million syllables has."""

MAX_SECTION = 1 << 27
"""Bytes of a section once unpacked: several times what 65,535 words and all their pairs in ten million syllables take."""

_T = TypeVar("_T")
_MAGIC = b"kgsearch lexicon\n"
_MAX_HEADER = 1 << 16
_ARRAYS = (("counts", "I"), ("starts", "I"), ("followers", "H"), ("pairs", "H"), ("heads", "H"))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a lexicon was learnt from: ``changed`` is the catalogue's own time of its last change, ``learnt`` when the lexicon was
    made (both ISO 8601, UTC), ``syllables`` and ``documents`` how many it was learnt from."""

    changed: str
    learnt: str
    syllables: int
    documents: int

    def to_json(self) -> dict[str, Any]:
        """The ``lexicon`` of ``kgsearch status``."""
        return {"version": LEXICON_VERSION, "syllables": self.syllables, "documents": self.documents, "learnt": self.learnt}


@dataclass(frozen=True, slots=True)
class LexiconTables:
    """All that is learnt: pairs of syllables with marks and folded; ``keys``, for each word of ``marked`` the id of its folded form;
    ``shown``, id in ``marked`` -> commonest spelling, where that is not the normalised one; abbreviations and variants by key; phrases,
    commonest first, as (folded, shown)."""

    marked: Bigrams
    folded: Bigrams
    keys: Sequence[int]
    shown: Mapping[int, str]
    abbreviations: Table
    variants: Mapping[str, Sequence[str]]
    phrases: Sequence[tuple[str, str]]


def pack(tables: LexiconTables, stamp: Stamp) -> bytes:
    """``tables`` as bytes, for `Packed`."""
    sections = {
        **_pack_bigrams("marked", tables.marked),
        **_pack_bigrams("folded", tables.folded),
        "keys": " ".join(map(str, tables.keys)).encode(),
        "shown": _json({str(number): text for number, text in tables.shown.items()}),
        "abbreviations": _json({key: [[one.text, one.documents] for one in found] for key, found in tables.abbreviations.items()}),
        "variants": _json({key: list(found) for key, found in tables.variants.items()}),
        "phrases": "\n".join(f"{folded}\t{shown}" for folded, shown in tables.phrases).encode(),
    }
    packed = {name: zlib.compress(data, 6) for name, data in sections.items()}
    places, position = {}, 0
    for name, data in packed.items():
        places[name] = [position, len(data), len(sections[name])]
        position += len(data)
    payload = b"".join(packed.values())
    header = {"version": LEXICON_VERSION, **asdict(stamp), "crc32": zlib.crc32(payload), "sections": places}
    return _MAGIC + _json(header) + b"\n" + payload


class Packed:
    """What `pack` made of a lexicon. Every table is unpacked when first asked for; safe for several threads.

    Raises ValueError here, or where a table is asked for, when the bytes are damaged or of another version.
    """

    def __init__(self, data: bytes) -> None:
        end = data.find(b"\n", len(_MAGIC), _MAX_HEADER)
        if not data.startswith(_MAGIC) or end < 0:
            raise ValueError("not a lexicon")
        header = _checked(lambda: json.loads(data[len(_MAGIC) : end]))
        if not isinstance(header, dict) or header.get("version") != LEXICON_VERSION:
            raise ValueError("of another version")
        self._payload = data[end + 1 :]
        if header.get("crc32") != zlib.crc32(self._payload):
            raise ValueError("damaged")
        self._places = _checked(lambda: {str(name): tuple(map(int, place)) for name, place in header["sections"].items()})
        self.stamp = _checked(
            lambda: Stamp(str(header["changed"]), str(header["learnt"]), int(header["syllables"]), int(header["documents"]))
        )

    @cached_property
    def marked(self) -> Bigrams:
        """Pairs of syllables with marks."""
        return self._bigrams("marked")

    @cached_property
    def folded(self) -> Bigrams:
        """Pairs of folded syllables."""
        return self._bigrams("folded")

    @cached_property
    def known(self) -> frozenset[str]:
        """The folded syllables of the corpus; their pairs need not be unpacked for them."""
        return frozenset(self._lines("folded.words"))

    @cached_property
    def forms(self) -> Mapping[str, Sequence[int]]:
        """Folded syllable -> ids in ``marked`` of its forms."""
        return _checked(self._forms)

    @cached_property
    def shown(self) -> Mapping[int, str]:
        """Id in ``marked`` -> its commonest spelling, where that is another."""
        return _checked(lambda: {int(number): str(text) for number, text in self._json("shown").items()})

    @cached_property
    def marks(self) -> MarkTables:
        """What restoring marks needs."""
        return MarkTables(self.marked, self.forms, self.shown)

    @cached_property
    def spelling(self) -> SpellingTables:
        """What spelling needs."""
        return SpellingTables(self.marked, self.folded, self.forms, self.shown)

    @cached_property
    def abbreviations(self) -> Table:
        """Key of an abbreviation -> its expansions, likeliest first."""
        return _checked(
            lambda: {
                str(key): tuple(Expansion(str(text), int(documents)) for text, documents in found)
                for key, found in self._json("abbreviations").items()
            }
        )

    @cached_property
    def abbreviated(self) -> Mapping[str, Sequence[str]]:
        """Folded long form -> keys of its abbreviations, the one that most documents define first."""
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for key, expansions in self.abbreviations.items():
            for expansion in expansions:
                words = " ".join(syllable_key(token.text) for token in tokenise(expansion.text))
                found[words].append((-expansion.documents, key))
        return {words: [key for _count, key in sorted(keys)] for words, keys in found.items()}

    @cached_property
    def variants(self) -> Mapping[str, Sequence[str]]:
        """Folded phrase -> its other spellings, folded, commonest first."""
        return _checked(lambda: {str(key): tuple(map(str, found)) for key, found in self._json("variants").items()})

    @cached_property
    def phrases(self) -> Sequence[tuple[str, str]]:
        """Phrases, commonest first, as (folded, shown)."""
        return _checked(lambda: [(folded, shown) for folded, _tab, shown in (line.partition("\t") for line in self._lines("phrases"))])

    def _section(self, name: str) -> bytes:
        start, length, size = self._places[name]
        if size > MAX_SECTION or start < 0 or length < 0:
            raise ValueError("a section is too large")
        # One byte more than is promised: a section that has it is not what was written.
        data = zlib.decompressobj().decompress(self._payload[start : start + length], size + 1)
        if len(data) != size:
            raise ValueError("a section has another length")
        return data

    def _lines(self, name: str) -> list[str]:
        text = _checked(lambda: self._section(name).decode())
        return text.split("\n") if text else []

    def _json(self, name: str) -> Any:
        return json.loads(self._section(name))

    def _bigrams(self, name: str) -> Bigrams:
        words = self._lines(f"{name}.words")
        return _checked(lambda: Bigrams(words, *(from_little_endian(code, self._section(f"{name}.{array}")) for array, code in _ARRAYS)))

    def _forms(self) -> Mapping[str, Sequence[int]]:
        words = ["", *self._lines("folded.words")]
        forms: defaultdict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(map(int, self._section("keys").split()), start=1):
            if not 0 < key < len(words) or number >= len(self.marked.words):
                raise ValueError("a word has no folded form")
            forms[words[key]].append(number)
        return dict(forms)


def _pack_bigrams(name: str, table: Bigrams) -> dict[str, bytes]:
    arrays = {f"{name}.{array}": to_little_endian(getattr(table, array)) for array, _code in _ARRAYS}
    return {f"{name}.words": "\n".join(table.words[1:]).encode(), **arrays}


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _checked(read: Callable[[], _T]) -> _T:
    """What ``read`` gives; ValueError for whatever a damaged lexicon makes it raise."""
    try:
        return read()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, MemoryError, OverflowError, zlib.error) as error:
        raise ValueError(f"damaged: {error}") from error
