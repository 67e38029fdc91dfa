"""How well clauses of two versions of a document find each other, and what it costs.

    python benchmarks/comparing.py INDEX [SEED]

Of every document of the index folder INDEX with six articles and more another version is made: a tenth of the articles taken out, as many
from other documents put in, all of them renumbered, and in a third of the clauses every eighth word replaced. Prints how many clauses find
their partner (or rightly none), how many find none and how many a wrong one; then, for 60,000 words of the documents together against
the same with words replaced, the time of aligning them as a ratio to that of reading them from the catalogue.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.comparing import compare
from kgsearch.models import ClauseRecord, Kind

LEAST_ARTICLES = 6
WORDS = 60_000
_OTHER_WORDS = ("sửa", "đổi", "mới", "khác")


def main(arguments: Sequence[str]) -> None:
    """Measure the index named by the first of ``arguments``."""
    chance = random.Random(int(arguments[1]) if len(arguments) > 1 else 7)
    with CatalogueReader(Path(arguments[0]) / "catalogue.sqlite") as reader:
        started = time.perf_counter()
        documents = [reader.clauses(record.id) for record in reader.documents()]
        reading = time.perf_counter() - started
    found = Counter[str]()
    pool = [clause for clauses in documents for clause in articles(clauses)]
    for clauses in documents:
        if len(articles(clauses)) >= LEAST_ARTICLES:
            found.update(judged(clauses, chance, pool))
    total = found.total()
    print(", ".join(f"{name} {count} ({count / total:.1%})" for name, count in found.most_common()), f"of {total} clauses")
    many = together(documents)
    edited = [with_whole_text(clause, replace(clause, text=with_other_words(clause.text, chance))) for clause in many]
    started = time.perf_counter()
    compare(many, edited)
    aligning = time.perf_counter() - started
    words = sum(len(clause.text.split()) for clause in many)
    print(f"{words} words, {len(many)} clauses aligned in {aligning:.2f} s; reading all documents took {reading:.2f} s")


def articles(clauses: Sequence[ClauseRecord]) -> list[ClauseRecord]:
    """The articles of a document itself, not of what is attached to it."""
    return [clause for clause in clauses if clause.kind is Kind.ARTICLE and "__" not in clause.eid]


def judged(clauses: Sequence[ClauseRecord], chance: random.Random, pool: Sequence[ClauseRecord]) -> Counter[str]:
    """How the clauses of one document fare against another version of it."""
    version, truth = other_version(clauses, chance, pool)
    found = Counter[str]()
    for pair in compare(clauses, version).pairs:
        if pair.left is not None:
            eid, wanted = pair.right.eid if pair.right else None, truth.get(pair.left.eid)
            found["right" if eid == wanted else "none found" if eid is None else "wrong"] += 1
    return found


def other_version(
    clauses: Sequence[ClauseRecord], chance: random.Random, pool: Sequence[ClauseRecord]
) -> tuple[list[ClauseRecord], dict[str, str]]:
    """Another version, and by the eIds of ``clauses`` those of what they are in it."""
    own = [clause.eid for clause in articles(clauses)]
    number = max(1, len(own) // 10)
    gone, before = set(chance.sample(own, number)), set(chance.sample(own, number))
    version: list[ClauseRecord] = []
    numbers: dict[str, str] = {}
    truth: dict[str, str] = {}
    count = 0
    for clause in clauses:
        top = clause.eid.split("__")[0]
        if top in gone:
            continue
        if clause.eid in before:
            count += 1
            new = chance.choice(pool)
            version.append(replace(new, eid=f"art_{count}", parent=clause.parent, text=new.full_text[:600]))
        if clause.eid in own:
            count += 1
            numbers[clause.eid] = f"art_{count}"
        text = with_other_words(clause.text, chance) if chance.random() < 1 / 3 else clause.text
        truth[clause.eid] = renumbered(clause.eid, numbers)
        version.append(replace(clause, eid=truth[clause.eid], parent=renumbered(clause.parent, numbers), text=text))
    below = {clause.eid: [other.text for other in version if other.eid.startswith(f"{clause.eid}__")] for clause in version}
    return [replace(clause, full_text="\n".join([clause.text, *below[clause.eid]])) for clause in version], truth


def renumbered(eid: str, numbers: dict[str, str]) -> str:
    """``eid`` with its article's new number."""
    top = eid.split("__")[0]
    return numbers.get(top, top) + eid[len(top) :]


def with_other_words(text: str, chance: random.Random) -> str:
    """``text`` with about every eighth word replaced, at least one."""
    words = text.split()
    for _time in range(max(1, len(words) // 8) if words else 0):
        words[chance.randrange(len(words))] = chance.choice(_OTHER_WORDS)
    return " ".join(words)


def with_whole_text(before: ClauseRecord, after: ClauseRecord) -> ClauseRecord:
    """``after`` with the text of what stands in it as it was."""
    return replace(after, full_text=after.text + before.full_text[len(before.text) :])


def together(documents: Sequence[Sequence[ClauseRecord]]) -> list[ClauseRecord]:
    """The first documents as one, until there are WORDS words."""
    found: list[ClauseRecord] = []
    words = 0
    for number, clauses in enumerate(documents):
        for clause in clauses:
            parent = f"att_{number}__{clause.parent}" if clause.parent else ""
            found.append(replace(clause, eid=f"att_{number}__{clause.eid}", parent=parent))
            words += len(clause.text.split())
        if words >= WORDS:
            break
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
