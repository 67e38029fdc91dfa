"""How well queries are understood that are not typed as they should be: marks restored, slips corrected.

    python benchmarks/typed_queries.py QUESTIONS.csv [--learn FILE.csv|FOLDER|CATALOGUE.sqlite ...] [--slips N] [--length L] [--seed S]

The .csv files have the columns context, question, answer; each distinct context is one passage, its first line its heading. What is learnt
from is the contexts of QUESTIONS.csv itself for slips (the corpus that is searched), and only what --learn names for restoring marks, by
growing amounts of it: a question's own context would tell too much. With --length only so many syllables in a row of each question are
asked for: in a short query a slip weighs more. Prints one table for each.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.engines.base import Engine, Entry
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.language import Token, analyse, clean, codes, fields, fold, normalise_syllable, syllable_key, tokenise
from kgsearch.language.learning import learn
from kgsearch.language.restore import MarkTables, restore
from kgsearch.language.spelling import NEIGHBOURS, Correction, correct
from kgsearch.language.tables import LexiconTables, Packed, Stamp, pack
from kgsearch.retrieval.candidates import ask, holds_all, ordered, reach
from kgsearch.retrieval.query import read_query

SIZES = (50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000)
TONES = "\u0300\u0301\u0303\u0309\u0323"
FIRST = 10


@dataclass(frozen=True)
class Judged:
    """Passages and the questions asked of them, each with the place of its passage."""

    passages: Sequence[str]
    questions: Sequence[tuple[str, int]]


def read_judged(path: Path) -> Judged:
    """The passages and questions of a file."""
    csv.field_size_limit(sys.maxsize)
    places: dict[str, int] = {}
    questions = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            context = unicodedata.normalize("NFKC", row["context"]).strip()
            place = places.setdefault(" ".join(context.split()), len(places))
            if row["question"].strip():
                questions.append((row["question"], place))
    return Judged(list(places), questions)


def texts_of(source: Path) -> Iterator[str]:
    """The texts of a judged file, of a catalogue, or of a folder's .txt files by the line."""
    if source.suffix == ".csv":
        yield from read_judged(source).passages
    elif source.suffix == ".sqlite":
        with CatalogueReader(source) as reader:
            for document in reader.documents():
                yield from (clause.text for clause in reader.clauses(document.id))
    else:
        for path in sorted(source.glob("*.txt")):
            yield from path.read_text("utf-8").splitlines()


def packed(tables: LexiconTables) -> tuple[Packed, int]:
    """Tables as they are read from the disk, and how many bytes they take there."""
    data = pack(tables, Stamp("", "", 0, 0))
    return Packed(data), len(data)


# --- marks -------------------------------------------------------------------------------------------------------------------


def measure_marks(texts: Sequence[str], questions: Sequence[str]) -> None:
    """Accuracy per syllable on questions without their marks, by how much was learnt from."""
    print(f"marks: {len(questions)} questions, learnt from texts that are not their own")
    print(f"{'syllables':>10} {'accuracy':>9} {'file KB':>8} {'load ms':>8} {'ms/query':>9} {'learn s':>8}")
    for size in SIZES:
        some, held = [], 0
        for text in texts:
            if held >= size:
                break
            some.append(text)
            held += len(tokenise(text))
        started = time.perf_counter()
        lexicon, length = packed(learn([some]))
        learnt = time.perf_counter() - started
        started = time.perf_counter()
        tables = lexicon.marks
        loaded = time.perf_counter() - started
        accuracy, each = _restored_rightly(tables, questions)
        print(f"{held:>10} {accuracy:>9.2%} {length / 1e3:>8.0f} {loaded * 1e3:>8.1f} {each * 1e3:>9.2f} {learnt:>8.1f}")
        if held < size:
            break


def _restored_rightly(tables: MarkTables, questions: Sequence[str]) -> tuple[float, float]:
    right = total = 0
    taken = 0.0
    for question in questions:
        meant = [token.text for token in tokenise(clean(question))]
        typed = [fold(syllable) for syllable in meant]
        started = time.perf_counter()
        restored = restore(typed, tables)
        taken += time.perf_counter() - started
        for one, other in zip(meant, restored, strict=True):
            if one.isalpha():
                total += 1
                right += normalise_syllable(one) == normalise_syllable(other)
    return right / total, taken / len(questions)


# --- slips -------------------------------------------------------------------------------------------------------------------


def slip(query: str, chance: random.Random, *, marks: bool) -> tuple[str, str]:
    """``query`` with one slip in one syllable, and which kind it is."""
    syllables = [token for token in tokenise(query) if len(token.text) > 1 and token.text.isalpha()]
    while True:
        token = chance.choice(syllables)
        kind = chance.choice(["dropped", "doubled", "swapped", "neighbour", *(["mark"] if marks else [])])
        slipped = _slipped(token.text, kind, chance)
        if slipped and slipped != token.text:
            return query[: token.start] + slipped + query[token.end :], kind


def _slipped(syllable: str, kind: str, chance: random.Random) -> str:
    place = chance.randrange(len(syllable))
    before, letter, after = syllable[:place], syllable[place], syllable[place + 1 :]
    if kind == "dropped":
        return before + after
    if kind == "doubled":
        return before + letter + letter + after
    if kind == "swapped":
        return before + after[:1] + letter + after[1:] if after else ""
    if kind == "neighbour":
        near = NEIGHBOURS.get(fold(letter), "")
        return before + chance.choice(near) + after if near else ""
    return _other_tone(syllable, chance)


def _other_tone(syllable: str, chance: random.Random) -> str:
    letters = unicodedata.normalize("NFD", syllable)
    bare = "".join(letter for letter in letters if letter not in TONES)
    vowel = next((place for place, letter in enumerate(bare) if letter.lower() in "aeiouy"), None)
    if vowel is None:
        return ""
    tone = chance.choice([one for one in TONES if one not in letters])
    return normalise_syllable(unicodedata.normalize("NFC", bare[: vowel + 1] + tone + bare[vowel + 1 :]))


class Finder:
    """The search over passages, as the program does it: engine, ranking, and what to do where little is found."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def holds_all(self, text: str) -> bool:
        """Whether some passage has every word."""
        return holds_all(self.engine, read_query(text))

    def first(self, text: str) -> list[str]:
        """The first passages for ``text``."""
        query, coverage = reach(self.engine, read_query(text))
        return [one.candidate.passage for one in ordered(query, ask(self.engine, query, coverage))[:FIRST]]


def entries_of(passages: Iterable[str]) -> Iterator[Entry]:
    """The passages as an engine takes them."""
    for place, passage in enumerate(passages):
        analysed = analyse(passage, words=False)
        tokens = fields(analyse(""), analysed)
        yield Entry(str(place), str(place), "art_1", "", "", None, tokens, (), analysed.marked)


def shortened(judged: Judged, length: int, chance: random.Random) -> Judged:
    """The questions cut to ``length`` syllables in a row, taken anywhere in them; those that are shorter are left out."""
    short = []
    for question, place in judged.questions:
        tokens = tokenise(question)
        if len(tokens) >= length:
            first = chance.randrange(len(tokens) - length + 1)
            short.append((question[tokens[first].start : tokens[first + length - 1].end], place))
    return Judged(judged.passages, short)


def measure_slips(judged: Judged, texts: Sequence[str], count: int, seed: int) -> None:
    """How often the right passage stays among the first ten, with one slip in the question."""
    lexicon, _length = packed(learn([judged.passages, texts]))
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine.create(Path(folder) / "engine")
        with engine.writer() as writer:
            writer.add(entries_of(judged.passages))
        engine.refresh()
        finder = Finder(engine)
        for marks in (True, False):
            _measure_slips(judged, finder, lexicon, count, random.Random(seed), marks=marks)
        engine.close()


def _measure_slips(judged: Judged, finder: Finder, lexicon: Packed, count: int, chance: random.Random, *, marks: bool) -> None:
    figures: Counter[str] = Counter()
    questions = [(one if marks else fold(one), place) for one, place in judged.questions]
    times = []
    for question, place in chance.sample(questions, min(count, len(questions))):
        if str(place) not in finder.first(question):
            continue
        figures["found without a slip"] += 1
        typed, kind = slip(question, chance, marks=marks)
        started = time.perf_counter()
        correction = correction_of(typed, lexicon)
        times.append(time.perf_counter() - started)
        meant = corrected(typed, correction)
        applied = meant if not finder.holds_all(typed) and finder.holds_all(meant) else typed
        figures[f"slip: {kind}"] += 1
        figures["changes a key"] += keys(typed) != keys(question)
        figures["corrected rightly"] += keys(typed) != keys(question) == keys(meant)
        figures["corrected otherwise"] += keys(meant) not in (keys(typed), keys(question))
        figures["found: as typed"] += str(place) in finder.first(typed)
        figures["found: corrected where nothing has all the words"] += str(place) in finder.first(applied)
        figures["found: corrected always"] += str(place) in finder.first(meant)
    whole = figures["found without a slip"]
    print(
        f"\nslips, {'with' if marks else 'without'} marks: {whole} questions found among the first {FIRST}; correction p50 "
        f"{sorted(times)[len(times) // 2] * 1e3:.1f} ms, p95 {sorted(times)[int(len(times) * 0.95)] * 1e3:.1f} ms"
    )
    for name, number in sorted(figures.items()):
        print(f"  {name:<50} {number:>5} {number / whole:>8.1%}")


def keys(text: str) -> list[str]:
    """What is looked for."""
    return [syllable_key(token.text) for token in tokenise(text)]


def correction_of(text: str, lexicon: Packed) -> Correction | None:
    """What was probably meant, codes left alone."""
    return correct([token.text for token in _free(text)], lexicon.spelling)


def corrected(text: str, correction: Correction | None) -> str:
    """``text`` as it was probably meant."""
    tokens = _free(text)
    for change in reversed(correction.changes if correction else ()):
        text = text[: tokens[change.first].start] + " ".join(change.meant) + text[tokens[change.last - 1].end :]
    return text


def _free(text: str) -> list[Token]:
    coded = [(code.start, code.end) for code in codes(text)]
    return [token for token in tokenise(text) if not any(start <= token.start < end for start, end in coded)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--learn", type=Path, nargs="*", default=[])
    parser.add_argument("--slips", type=int, default=500)
    parser.add_argument("--length", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    judged = read_judged(arguments.questions)
    texts = [text for source in arguments.learn for text in texts_of(source)]
    random.Random(arguments.seed).shuffle(texts)
    if texts:
        measure_marks(texts, [question for question, _place in judged.questions])
    if arguments.length:
        judged = shortened(judged, arguments.length, random.Random(arguments.seed))
    if arguments.slips:
        measure_slips(judged, texts, arguments.slips, arguments.seed)


if __name__ == "__main__":
    main()
