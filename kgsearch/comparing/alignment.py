"""Which clause of one document is which of the other.

Three steps, each over what the one before left: clauses whose whole text stands in both, once (found wherever they stand); clauses of
the same place under parents that are the same, and clauses alike in their words, the likest first; what is left is removed or added.
Candidates by likeness come from an index of words, a few for each clause, so the cost grows with the length of the documents and not
with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kgsearch.comparing.words import keys_of
from kgsearch.models import ClauseRecord

# Words of a clause's whole text that it is compared by; a chapter is known by its beginning.
LIKENESS_LENGTH = 4000
# Shorter texts stand in many places by chance ("Lưu: VT."), so they are found by their place alone.
ANCHOR_WORDS = 6
ALIKE = 0.5
ALIKE_ELSEWHERE = 0.6
ALIKE_AT_SAME_PLACE = 0.25
SHORT_WORDS = 6
# What a candidate gains by standing at the same place, and by standing under the same parent.
SAME_PLACE, SAME_PARENT = 0.05, 0.05
RAREST, POSTINGS, CANDIDATES = 12, 30, 4


class State(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    """The same words at another place."""
    RENUMBERED = "renumbered"
    """The same words at the same place under another number."""
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the one document and what it is in the other, None where it is not there. ``moved``: it stands at another place."""

    left: ClauseRecord | None
    right: ClauseRecord | None
    state: State
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every clause of both documents, in the order of the second; what was removed stands where it stood in the first."""

    pairs: tuple[Pair, ...]

    def counts(self) -> Mapping[State, int]:
        """How many clauses became what."""
        counted = Counter(pair.state for pair in self.pairs)
        return {state: counted[state] for state in State}

    def partner(self, eid: str) -> ClauseRecord | None:
        """What the clause ``eid`` of the first document is in the second."""
        return next((pair.right for pair in self.pairs if pair.left is not None and pair.left.eid == eid), None)


def compare(left: Sequence[ClauseRecord], right: Sequence[ClauseRecord]) -> Comparison:
    """Two documents, or two clauses with what stands in them, compared; each in document order, the outermost first.

    Where both have one outermost clause these two are compared with each other.
    """
    first, second = _Side(left), _Side(right)
    partners = _Alignment(first, second).partners()
    return Comparison(tuple(_pairs(first, second, partners)))


class _Side:
    """One document, its clauses by their position: words, parents, places."""

    def __init__(self, clauses: Sequence[ClauseRecord]) -> None:
        self.clauses = clauses
        self.positions = {clause.eid: number for number, clause in enumerate(clauses)}
        self.parents = [self.positions.get(clause.parent, -1) for clause in clauses]
        self.words = [keys_of(clause.text) for clause in clauses]
        self.whole = [keys_of(clause.full_text[:LIKENESS_LENGTH]) for clause in clauses]
        self.bags = [Counter(word.casefold() for word in words if word[0].isalnum()) for words in self.whole]
        self.children: defaultdict[int, list[int]] = defaultdict(list)
        self.depths: list[int] = []
        for number, parent in enumerate(self.parents):
            self.children[parent].append(number)
            self.depths.append(self.depths[parent] + 1 if parent >= 0 else 0)
        # A table may have thousands of rows under one parent: looked up, never looked through.
        self.places = {(self.parents[number], self.segment(number)): number for number in reversed(range(len(clauses)))}

    def segment(self, number: int) -> str:
        """What a clause is under its parent: the last part of its eId."""
        clause = self.clauses[number]
        return clause.eid.rsplit("__", 1)[-1] if self.parents[number] >= 0 else clause.eid

    def outermost(self, numbers: Sequence[int]) -> list[int]:
        """Those of ``numbers`` whose parent is none of them."""
        among = set(numbers)
        return [number for number in numbers if self.parents[number] not in among]

    def inside(self, number: int) -> Iterator[int]:
        """A clause and what stands in it, in order."""
        yield number
        for child in self.children[number]:
            yield from self.inside(child)


class _Alignment:
    """Finds the partners of two sides."""

    def __init__(self, left: _Side, right: _Side) -> None:
        self._left, self._right = left, right
        self._partners: dict[int, int] = {}
        self._taken: set[int] = set()
        self._postings: defaultdict[str, list[int]] = defaultdict(list)

    def partners(self) -> dict[int, int]:
        """Of each clause of the left side that is on the right one, where."""
        if len(self._left.children[-1]) == len(self._right.children[-1]) == 1:
            self._join(0, 0)
        self._anchor()
        for number, bag in enumerate(self._right.bags):
            if number not in self._taken:
                for word in bag:
                    self._postings[word].append(number)
        depths: defaultdict[int, list[int]] = defaultdict(list)
        for number, depth in enumerate(self._left.depths):
            depths[depth].append(number)
        for _depth, numbers in sorted(depths.items()):
            self._align(numbers)
        return self._partners

    def _join(self, one: int, other: int) -> bool:
        if one in self._partners or other in self._taken:
            return False
        self._partners[one] = other
        self._taken.add(other)
        return True

    def _anchor(self) -> None:
        """Join what stands in both with the same words throughout, once in each, with all that stands in it."""
        found: defaultdict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, index in ((self._left, 0), (self._right, 1)):
            for number, words in enumerate(side.whole):
                if len(words) >= ANCHOR_WORDS:
                    found[words][index].append(number)
        for ones, others in found.values():
            # A clause without words of its own and its only child have the same words; the outer one speaks for both.
            outer = [side.outermost(numbers) for side, numbers in self._sides(ones, others)]
            if len(outer[0]) == len(outer[1]) == 1:
                self._join_whole(outer[0][0], outer[1][0])

    def _sides(self, ones: list[int], others: list[int]) -> tuple[tuple[_Side, list[int]], tuple[_Side, list[int]]]:
        return (self._left, ones), (self._right, others)

    def _join_whole(self, one: int, other: int) -> None:
        inside, within = list(self._left.inside(one)), list(self._right.inside(other))
        shapes = [[side.words[number] for number in numbers] for side, numbers in self._sides(inside, within)]
        if shapes[0] == shapes[1]:
            for pair in zip(inside, within, strict=True):
                self._join(*pair)

    def _align(self, numbers: Sequence[int]) -> None:
        """Join clauses of one depth, whose parents are joined already, with the likest; the likest of all first."""
        scored = [
            (-score, number, other)
            for number in numbers
            if number not in self._partners
            for other in self._candidates(number)
            if (score := self._score(number, other)) > 0
        ]
        for _score, number, other in sorted(scored):
            self._join(number, other)

    def _candidates(self, number: int) -> set[int]:
        """Clauses of the right side that may be this one of the left: at its place, and those that share its rarest words."""
        shared: Counter[int] = Counter()
        rarest = sorted((word for word in self._left.bags[number] if word in self._postings), key=lambda word: len(self._postings[word]))
        for word in rarest[:RAREST]:
            shared.update(self._postings[word][:POSTINGS])
        likely = {other for other, _count in shared.most_common(CANDIDATES)}
        place = self._at_same_place(number)
        return {other for other in (likely if place is None else {*likely, place}) if other not in self._taken}

    def _at_same_place(self, number: int) -> int | None:
        """The clause of the right side with the same number under the partner of this one's parent, else with the same eId."""
        parent = self._parent_of(number)
        if parent is None:
            same = self._right.positions.get(self._left.clauses[number].eid)
            # Under a clause that is another one's partner the number says nothing: the articles were renumbered.
            return None if same is None or self._right.parents[same] in self._taken else same
        return self._right.places.get((parent, self._left.segment(number)))

    def _score(self, number: int, other: int) -> float:
        """How well two clauses fit; 0 where they are not the same."""
        one, two = self._left.bags[number], self._right.bags[other]
        like = likeness(one, two)
        here = self._right.parents[other] == self._parent_of(number)
        if other == self._at_same_place(number):
            # A heading that stayed is the same clause, whatever became of what stood under it.
            like = max(like, float(self._left.words[number] == self._right.words[other] != ()))
            short = max(one.total(), two.total()) <= SHORT_WORDS
            return like + SAME_PLACE + SAME_PARENT if like >= ALIKE_AT_SAME_PLACE or short else 0
        same_kind = self._left.clauses[number].kind is self._right.clauses[other].kind
        if here and same_kind:
            return like + SAME_PARENT if like >= ALIKE else 0
        # A chapter of one article has nearly its words, and is no article.
        alone = not self._left.children[number] and not self._right.children[other]
        alike = like >= ALIKE_ELSEWHERE and min(one.total(), two.total()) >= ANCHOR_WORDS
        return like if alike and (same_kind or alone) else 0

    def _parent_of(self, number: int) -> int | None:
        """The partner of a clause's parent, -1 for the document itself."""
        parent = self._left.parents[number]
        return -1 if parent < 0 else self._partners.get(parent)


def likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """How much of two bags of words is common to them (Dice's coefficient): 0 to 1."""
    total = sum(one.values()) + sum(other.values())
    if not total:
        return 1.0
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    return 2 * sum(min(count, more.get(word, 0)) for word, count in fewer.items()) / total


def _pairs(left: _Side, right: _Side, partners: Mapping[int, int]) -> Iterator[Pair]:
    """The pairs in the order of the right side, what was removed behind what it stood behind."""
    moved = _moved(left, right, partners)
    removed: defaultdict[int, list[int]] = defaultdict(list)
    behind = -1
    for number in range(len(left.clauses)):
        if number not in partners:
            removed[behind].append(number)
        elif number not in moved:
            behind = number
    origins = {other: number for number, other in partners.items()}
    yield from (Pair(left.clauses[number], None, State.REMOVED) for number in removed[-1])
    for other, clause in enumerate(right.clauses):
        if other not in origins:
            yield Pair(None, clause, State.ADDED)
            continue
        number = origins[other]
        state = _state(left, right, number, other, number in moved)
        yield Pair(left.clauses[number], clause, state, number in moved)
        yield from (Pair(left.clauses[gone], None, State.REMOVED) for gone in removed[number])


def _state(left: _Side, right: _Side, number: int, other: int, moved: bool) -> State:
    if left.words[number] != right.words[other]:
        return State.CHANGED
    if moved:
        return State.MOVED
    return State.SAME if keys_of(left.clauses[number].label) == keys_of(right.clauses[other].label) else State.RENUMBERED


def _moved(left: _Side, right: _Side, partners: Mapping[int, int]) -> set[int]:
    """The clauses that stand under another parent, or among the same siblings in another order."""
    moved: set[int] = set()
    siblings: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, other in partners.items():
        above, below = left.parents[number], right.parents[other]
        if (partners.get(above, -2) if above >= 0 else -1) == below:
            siblings[below].append((other, number))
        elif left.clauses[number].eid != right.clauses[other].eid:
            # An article keeps its eId when chapters are drawn around it, and has not moved then.
            moved.add(number)
    for found in siblings.values():
        numbers = [number for _other, number in sorted(found)]
        moved.update(set(numbers) - set(_longest_rising(numbers)))
    return moved


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The longest rising subsequence of different numbers, by patience sorting."""
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        before.append(places[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(number)
            places.append(place)
        else:
            tops[pile], places[pile] = number, place
    found: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(numbers[place])
        place = before[place]
    return found[::-1]
