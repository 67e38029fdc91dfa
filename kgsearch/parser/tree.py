"""The tree of clauses: labels in their order, nested by form, with eIds.

A label only opens a clause where its number is the next of a series that is open, or the first of a new one; everything else
that looks like a label is text. So "2021. Tiếp tục" never becomes a clause, and a list that starts again at 1 inside a numbered
clause becomes that clause's children.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import Clause, Kind
from kgsearch.parser.labels import Label, Rank, find_label, follows, is_first, jump, position
from kgsearch.parser.layout import ends_sentence, is_capitals, is_upper
from kgsearch.parser.mapped import Block, collapse, spans_of, text_of

MAX_DEPTH = 24
"""Deeper nesting than any drafting rule knows; what would go deeper stays text of the clause it stands in."""

MAX_LOST_NUMBERS = 3
MAX_LOST_ARTICLES = 10
"""How many heads in a row a source may have lost: khoản and điểm, and articles where the next one follows on."""

_TITLED = (Rank.PART, Rank.CHAPTER, Rank.SECTION, Rank.SUBSECTION)
_CLOSING = re.compile(
    r"^(?:Trên đây là|Giao |Yêu cầu |Đề nghị |Nhận được |Trong quá trình |Quá trình )|"
    r"(?<!\w)(?:[Nn]ghị quyết|[Qq]uyết định|[Cc]ông văn|[Cc]hỉ thị|[Kk]ế hoạch|[Bb]áo cáo|[Tt]hông báo|[Hh]ướng dẫn|[Cc]ông điện|"
    r"[Cc]hương trình|[Ll]uật|[Pp]háp lệnh) này\b"
)


@dataclass(slots=True)
class Node:
    """A clause being built. ``heading`` are the blocks of its name, ``body`` those of its own words after that.

    ``named`` are blocks that name it without being its words: its label, the heads of its table's columns.
    ``number`` of an indent, paragraph or row is its ordinal among its kind under the same parent; ``offset`` (of a footnote) is where
    it begins in the source; ``name`` how an attachment is cited.
    """

    kind: Kind
    prefix: str
    label: str = ""
    number: str = ""
    mark: Label | None = None
    heading: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    page: int = 0
    eid: str = ""
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    footnotes: list[str] = field(default_factory=list)
    marked_in: str = ""
    name: str = ""
    named: list[Block] = field(default_factory=list)
    offset: int = 0

    @property
    def blocks(self) -> list[Block]:
        """Heading and body together."""
        return [*self.heading, *self.body]

    @property
    def text(self) -> str:
        """Its own words so far."""
        return collapse(" ".join(block.text for block in self.blocks))

    @property
    def depth(self) -> int:
        """The rank of its label; paragraphs are deepest."""
        return self.mark.depth if self.mark else 99


class TreeBuilder:
    """Builds the children of one root (a document's body, an attached regulation, an annex) from its paragraphs."""

    def __init__(self, root: Node, warnings: list[str]) -> None:
        self.root = root
        self.stack: list[Node] = [root]
        self.warnings = warnings
        self.article: Node | None = None
        self.parts_seen = self.parts_inside = False
        self.last: Block | None = None
        self.ahead = _Ahead([])

    def build(self, blocks: Sequence[Block]) -> None:
        """Add the paragraphs in order; their number costs time in proportion."""
        self.ahead = _Ahead(blocks)
        for index, block in enumerate(blocks):
            label = self.ahead.labels[index]
            if label is None or not self._open(index, label, block):
                self._paragraph(index, block)
            self.last = block
        _settle(self.root)

    def _open(self, index: int, label: Label, block: Block) -> bool:
        """Open the clause that ``label`` begins; False where the order of numbers says that it begins none."""
        parent = self._parent(index, label, block)
        if parent is None or len(self.stack) > MAX_DEPTH:
            return False
        printed = Block([(block.pieces[0][0].cut(0, label.length), block.pieces[0][1])])
        node = Node(label.form.kind, label.form.prefix, label.printed, label.number, label, page=block.page, named=[printed])
        own = block.without(label.length)
        if own.pieces:
            target = node.heading if _is_heading(label, own, self.ahead.following(index)) else node.body
            target.append(own)
        node.footnotes = list(block.marks)
        parent.children.append(node)
        self.stack.append(node)
        if label.form.rank is Rank.ARTICLE:
            self.article = node
        return True

    def _parent(self, index: int, label: Label, block: Block) -> Node | None:
        """The node under which ``label`` opens, the stack cut back to it; None where it does not open anything."""
        if label.form.rank is Rank.ARTICLE:
            level = self._article_level(index, label)
        else:
            level = self._series(index, label, block)
            if level is None:
                level = self._new_series(label)
            if level is None:
                level = self._after_gap(label)
        if level is None:
            return None
        del self.stack[level + 1 :]
        return self.stack[level]

    def _article_level(self, index: int, label: Label) -> int | None:
        """Articles are numbered through the whole document, whatever chapters they stand in."""
        if not self._is_next_article(index, label):
            return None
        return max(level for level, node in enumerate(self.stack) if node.mark is None or node.mark.form.rank < Rank.ARTICLE)

    def _is_next_article(self, index: int, label: Label) -> bool:
        """Whether the article is the next one, or, the source having lost or repeated a number, one that the article after it bears out."""
        last = self.article.mark if self.article else None
        borne_out = self.ahead.next_article_rises(index, label)
        if last is None:
            first = position(label) <= 1 or (borne_out and (self.root.prefix == "att" or position(label) <= MAX_LOST_ARTICLES))
            if first and position(label) > 1:
                self.warnings.append(_("{label}: numbers left out before it").format(label=label.printed))
            return first
        if follows(label, last):
            return True
        skipped = jump(label, last)
        expected = borne_out and (0 < skipped <= MAX_LOST_ARTICLES or label.number == last.number)
        expected = expected or (0 < skipped <= 2 and self.ahead.next_article(index) is None)
        if expected:
            self.warnings.append(_left_out(last, label) if skipped > 0 else _repeated(label.printed))
        return expected

    def _series(self, index: int, label: Label, block: Block) -> int | None:
        """Where an open series goes on with ``label``: the innermost one, unless an outer one is more alike."""
        levels = [level for level in range(len(self.stack) - 1, 0, -1) if self._continues(label, level)]
        if label.form.rank >= Rank.DASH:
            levels = levels[:1]
        if len(levels) > 1 and not self.ahead.comes_again(index, label):
            headed = _looks_headed(block, label, self.ahead.following(index))
            alike = [level for level in levels if bool(self.stack[level].heading) == headed]
            levels = alike or levels
        return levels[0] - 1 if levels else None

    def _continues(self, label: Label, level: int) -> bool:
        mark = self.stack[level].mark
        return mark is not None and follows(label, mark)

    def _new_series(self, label: Label) -> int | None:
        """Where ``label`` begins a new series: under the innermost clause of a lower rank, or, for a list that starts again at 1
        inside a numbered clause, under that clause."""
        if not is_first(label):
            return None
        if label.form.rank is Rank.LETTERED_PART and not self.parts_seen:
            self.parts_seen = True
            self.parts_inside = self._has_open(Rank.ROMAN)
        open_same = [level for level in range(1, len(self.stack)) if self._same_form(label, level)]
        if open_same and label.form.rank in (Rank.ARABIC, Rank.LETTER, Rank.LETTER_NUMBER):
            return self._restart(label, open_same[-1])
        for level in range(len(self.stack) - 1, -1, -1):
            mark = self.stack[level].mark
            if mark is None or self._depth(mark) < self._depth(label):
                return level
        return 0

    def _depth(self, label: Label) -> float:
        """The label's rank; capital letters that first come up inside a Roman section (II, A) stand below it, not above."""
        if label.form.rank is Rank.LETTERED_PART and self.parts_inside:
            return Rank.ROMAN + 0.5
        if label.form.rank is Rank.ARABIC and self._has_open(Rank.DECIMAL) and not self._has_open(Rank.ARABIC):
            # 5.1 straight under an article, then 1, 2, 3: these are its own.
            return Rank.DECIMAL + 2.5
        return label.depth

    def _has_open(self, rank: Rank) -> bool:
        """Whether a clause of this form is open."""
        return any(node.mark is not None and node.mark.form.rank is rank for node in self.stack)

    def _same_form(self, label: Label, level: int) -> bool:
        mark = self.stack[level].mark
        return mark is not None and mark.form is label.form

    def _restart(self, label: Label, level: int) -> int | None:
        """Under which clause a list of the form of the open clause at ``level`` starts again.

        A điểm never stands right under a điểm: there the letter is text, unless something leads a second list in. And a khoản of
        an article that ends its sentence leads no list in: the source lost a head, and the list is the article's.
        """
        innermost = len(self.stack) - 1
        while innermost > level and self.stack[innermost].depth >= Rank.DASH and not self.stack[innermost].text.endswith(":"):
            innermost -= 1
        if label.form.rank is not Rank.ARABIC:
            return innermost if innermost > level else (level - 1 if self._follows_mark(":") else None)
        if self.article in self.stack and innermost == level and self._follows_mark("."):
            self.warnings.append(_("{label}: a list begins again; a head may be lost before it").format(label=label.printed))
            return level - 1
        return innermost

    def _follows_mark(self, mark: str) -> bool:
        """Whether the paragraph before ends with this mark."""
        return self.last is not None and self.last.text.endswith(mark)

    def _after_gap(self, label: Label) -> int | None:
        """Where an open series goes on after a number that the source left out or repeats; recorded as a warning."""
        if label.form.rank >= Rank.DASH:
            return None
        level = next((level for level in range(len(self.stack) - 1, 0, -1) if self._same_form(label, level)), None)
        mark = self.stack[level].mark if level is not None else None
        if level is None or mark is None:
            return None
        skipped = jump(label, mark)
        if 0 < skipped <= MAX_LOST_NUMBERS:
            self.warnings.append(_left_out(mark, label))
            return level - 1
        if skipped == -1 and label.number == mark.number and label.form.rank <= Rank.ARABIC:
            self.warnings.append(_repeated(label.printed))
            return level - 1
        return None

    def _paragraph(self, index: int, block: Block) -> None:
        """Words without a label: the rest of a heading, or a paragraph of the clause they stand in."""
        node = self.stack[-1]
        if self._completes_heading(node, block):
            node.heading.append(block)
            node.footnotes.extend(block.marks)
            return
        level = self._owner(index, block)
        # Cut back, or a later label would continue a clause that stands before this paragraph.
        del self.stack[level + 1 :]
        owner = self.stack[level]
        paragraph = Node(Kind.PARAGRAPH, "p", page=block.page, body=[block], footnotes=list(block.marks))
        owner.children.append(paragraph)

    def _completes_heading(self, node: Node, block: Block) -> bool:
        """A chapter's name stands on the lines after its label; so may an article's where the label stands alone."""
        if node.mark is None or node.children or node.body or node.mark.form.rank > Rank.ARTICLE:
            return False
        if node.mark.form.rank in _TITLED:
            return not node.heading or (is_upper(block.text) and is_capitals(node.text))
        return not node.heading and not block.quoted and len(block.text) < 200 and not ends_sentence(block.text)

    def _owner(self, index: int, block: Block) -> int:
        """The level of the clause that an unlabelled paragraph belongs to.

        Inside a list it belongs to the item before it, unless that item was the last of its list and complete: then the
        paragraph speaks for the clause above. The closing words of a document belong to no numbered clause of a plan.
        """
        level = len(self.stack) - 1
        if self.ahead.next_label(index) is None and _CLOSING.search(block.text) and ends_sentence(block.text):
            return self._closing_owner()
        while level > 0 and self._is_complete_item(level, index):
            level -= 1
        return level

    def _is_complete_item(self, level: int, index: int) -> bool:
        """Whether the clause is an item of a list that ends with it: a whole sentence, no heading, no sibling to come."""
        node = self.stack[level]
        if node.mark is None or node.depth < Rank.LETTER or node.heading:
            return False
        following = self.ahead.next_label(index)
        goes_on = following is not None and (
            follows(following, node.mark) or (following.form is node.mark.form and not is_first(following))
        )
        return ends_sentence(node.text) and not node.text.endswith(":") and not goes_on

    def _closing_owner(self) -> int:
        """Closing words stand under the last article, or beside the numbered clauses where there are no articles."""
        for level in range(len(self.stack) - 1, 0, -1):
            mark = self.stack[level].mark
            if mark is not None and mark.form.rank is Rank.ARTICLE:
                return level
        return 0


def _left_out(before: Label, label: Label) -> str:
    return _("{before} → {label}: numbers left out").format(before=before.printed, label=label.printed)


def _repeated(label: str) -> str:
    return _("{label}: number repeated").format(label=label)


class _Ahead:
    """The labels of a run of paragraphs, and what comes after each of them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.labels = [None if block.quoted else find_label(block.first) for block in blocks]
        self._next: list[Label | None] = [None] * len(blocks)
        self._next_of_form: list[Label | None] = [None] * len(blocks)
        self._next_article: list[Label | None] = [None] * len(blocks)
        label: Label | None = None
        article: Label | None = None
        of_form: dict[str, Label] = {}
        for index in range(len(blocks) - 1, -1, -1):
            self._next[index], self._next_article[index] = label, article
            here = self.labels[index]
            if here is not None:
                self._next_of_form[index] = of_form.get(here.form.name)
                of_form[here.form.name] = here
            label = here or label
            article = here if here is not None and here.form.rank is Rank.ARTICLE else article

    def following(self, index: int) -> Block | None:
        """The paragraph after this one."""
        return self.blocks[index + 1] if index + 1 < len(self.blocks) else None

    def next_label(self, index: int) -> Label | None:
        """The label of the next paragraph that has one."""
        return self._next[index]

    def comes_again(self, index: int, label: Label) -> bool:
        """Whether the next label of this form has the same number: then this one belongs to an inner list, that one to the outer."""
        following = self._next_of_form[index]
        return following is not None and following.number == label.number

    def next_article(self, index: int) -> Label | None:
        """The next article's label."""
        return self._next_article[index]

    def next_article_rises(self, index: int, label: Label) -> bool:
        """Whether the next article after this one has a higher number, but not by much: a cited article is followed by a lower one."""
        article = self._next_article[index]
        return article is not None and 0 <= jump(article, label) <= MAX_LOST_ARTICLES


def _is_heading(label: Label, own: Block, following: Block | None) -> bool:
    """Whether what stands after the label names the clause rather than says it."""
    text = own.text
    if label.form.rank in _TITLED or label.form.rank in (Rank.ROMAN, Rank.LETTERED_PART):
        return is_capitals(text) or len(text) < 300
    if label.form.rank is Rank.ARTICLE:
        return not ends_sentence(text) and len(text) < 400
    return _looks_headed(own, None, following)


def _looks_headed(block: Block, label: Label | None, following: Block | None) -> bool:
    text = block.text[label.length :] if label else block.text
    if following is None or len(text) > 400:
        return False
    if not ends_sentence(text):
        return not text.endswith(",")
    named = block.emphasised or (text.endswith(":") and len(text) < 150)
    return named and find_label(following.first) is None


def _settle(node: Node) -> None:
    """Give a clause's sole leading paragraph back to it, in every clause below ``node``.

    "1. Mục tiêu tổng quát" and the one paragraph under it are one khoản; only where several paragraphs follow a heading, or some
    come after the points, are they cited as đoạn.
    """
    for child in node.children:
        _settle(child)
    if node.mark is None or node.body:
        return
    leading = []
    for child in node.children:
        if child.kind is not Kind.PARAGRAPH:
            break
        leading.append(child)
    if len(leading) == 1 and node.mark.form.rank not in _TITLED:
        (only,) = leading
        node.body = only.body
        node.footnotes.extend(only.footnotes)
        node.children.remove(only)


def assign_eids(node: Node, prefix: str, warnings: list[str]) -> None:
    """Give every descendant of ``node`` its eId; articles start afresh from ``prefix``, the eId of what they are attached to."""
    taken: dict[str, int] = {}
    _assign(node, prefix, prefix, taken, warnings)


def _assign(node: Node, parent: str, root: str, taken: dict[str, int], warnings: list[str]) -> None:
    ordinals: dict[str, int] = {}
    if node.mark is not None and node.body:
        # The words beside the label are the first paragraph: the next one is "đoạn thứ hai".
        ordinals["p"] = 1
    for child in node.children:
        if child.kind in (Kind.INDENT, Kind.PARAGRAPH, Kind.ROW) and not (child.kind is Kind.ROW and child.number):
            ordinals[child.prefix] = ordinals.get(child.prefix, 0) + 1
            child.number = str(ordinals[child.prefix])
        above = root if child.kind is Kind.ARTICLE else parent
        name = child.prefix + "_" + _eid_number_of(child) if child.number else child.prefix
        child.eid = _unique(f"{above}__{name}" if above else name, taken, child, warnings)
        below = child.eid if child.kind in (Kind.ATTACHMENT, Kind.ANNEX) else root
        _assign(child, child.eid, below, taken, warnings)


def _unique(eid: str, taken: dict[str, int], node: Node, warnings: list[str]) -> str:
    count = taken.get(eid, 0) + 1
    while count > 1 and f"{eid}-{count}" in taken:
        count += 1
    taken[eid] = count
    if count == 1:
        return eid
    warnings.append(_repeated(node.label or eid))
    taken[f"{eid}-{count}"] = 1
    return f"{eid}-{count}"


def _eid_number_of(node: Node) -> str:
    """The capital letter of a part is lower-cased, though C and D might be Roman numerals."""
    lettered = node.mark is not None and node.mark.form.rank is Rank.LETTERED_PART
    return eid_number(node.number.lower() if lettered else node.number)


@lru_cache(maxsize=1024)  # the same few numbers in every document
def eid_number(number: str) -> str:
    """A number as eIds write it: lower case but for Roman numerals, đ as dd, "." as "-", no white space."""
    if re.fullmatch(r"[IVXLC]+", number):
        return number
    return re.sub(r"[^a-z0-9]+", "-", fold(number.lower().replace("đ", "dd"))).strip("-")


def to_clause(node: Node, source: str) -> Clause:
    """The finished clause with its descendants."""
    spans = spans_of(source, node.blocks)
    text = text_of(source, spans)
    heading = ""
    if node.heading:
        heading = text_of(source, spans_of(source, node.heading)) if node.body else text
    return Clause(
        eid=node.eid,
        kind=node.kind,
        label=node.label,
        number=node.number,
        heading=heading,
        text=text,
        spans=spans,
        page=node.page,
        clauses=tuple([to_clause(child, source) for child in node.children]),
        footnotes=tuple([f"fn_{eid_number(number)}" for number in node.footnotes]),
        marked_in=node.marked_in,
        name=node.name,
        label_spans=tuple([span for block in node.named for span in spans_of(source, [block])]),
        columns=node.columns,
        cells=node.cells,
    )


def walk(nodes: Iterable[Node]) -> Iterable[Node]:
    """All nodes in document order."""
    for node in nodes:
        yield node
        yield from walk(node.children)
