"""From lines to paragraphs: what is furniture of the page, which line continues the one before.

A text file keeps no paragraphs: lines are wrapped by hand, by a page's end, by the HTML that they were copied from, with empty
lines that mean a new paragraph in one file and nothing in the next. So a file is measured first (``measure``), and each pair of
lines is judged by what the file itself does: how long its wrapped lines are, which words stand side by side elsewhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kgsearch.parser.clean import CleanLine
from kgsearch.parser.labels import Label, Rank, find_label
from kgsearch.parser.mapped import Block, Mapped
from kgsearch.parser.types import type_of_heading

# Words that cannot end a sentence or a heading: what follows them on the next line belongs to them.
_OPEN_WORDS = frozenset(
    [
        *(
            "của",
            "và",
            "các",
            "những",
            "số",
            "ngày",
            "tháng",
            "năm",
            "theo",
            "tại",
            "về",
            "do",
            "là",
            "cho",
            "với",
            "trên",
            "từ",
            "đến",
            "bởi",
        ),
        *(
            "bằng",
            "để",
            "khoản",
            "điểm",
            "điều",
            "mục",
            "đoạn",
            "quý",
            "hoặc",
            "hay",
            "như",
            "trong",
            "vào",
            "ra",
            "không",
            "được",
            "bị",
            "sẽ",
        ),
        *("đã", "đang", "mỗi", "từng", "một", "hai", "thuộc", "giữa", "qua", "nhằm", "vì", "mà", "nếu", "khi"),
    ]
)
# Words after which a figure, or a letter, at the start of a line is their number and no label; and where they are part of another word.
_BEFORE_FIGURES = frozenset(["số", "khoản", "điều", "mục", "chương", "và", "hoặc", "đến", "từ", "ngày", "tháng", "năm", "quý", "đoạn"])
_BEFORE_LETTERS = frozenset(["điểm", "và", "hoặc", "đến", "từ"])
_NO_NUMBER_AFTER = re.compile(r"(?:tài khoản|đề mục|danh mục|(?:h[àằ]ng|cuối|trong|cả|đầu) (?:ngày|tháng|năm|quý))$", re.IGNORECASE)
_TERMINAL = (".", ";", ":", "!", "?", "…")
_CLOSERS = "”\"’')]»* "
_WORD = re.compile(r"[^\W_]+")
_SMALL = "".join(letter for letter in map(chr, (*range(0x250), *range(0x1E00, 0x1F00))) if letter.islower())
_PAIR = re.compile(rf"(?<![^\W_])([^\W_]++)[\W_]++(?=([^\W_{_SMALL}][^\W_]*))")
_NO_WORD = re.compile(r"^[\W_]+$")
_EDGE_MARKS = ("|", "¦")
_CELL_EDGE = re.compile(r"^[|¦]+$")
_PAGE_NUMBER = re.compile(r"^(?:[-–—]\s*)?\d{1,3}(?:\s*[-–—])?$|^[Tt]rang\s+\d{1,3}(?:\s*/\s*\d{1,3})?$")
_LONE_DATE = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$")
_STAMP = re.compile(
    r"^(?:ĐẾN\b|CÔNG VĂN ĐẾN|Số\s*/\s*ST\b|Số và ký hiệu HS|Chuy[êể]n\s*:|Lưu hồ sơ số|Số đến\s*:|Ngày đến\s*:|Người ký\s*:|Ký bởi\s*:|"
    r"Ngày ký\s*:|Thời gian ký\s*:|Giờ ký\s*:|E-?mail\s*:|Cơ quan\s*:\s|Signature |Digitally signed|Date\s*:\s*\d{4})",
)
_STAMP_LINES = 8
_MIN_WRAPS = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """Lengths of wrapped lines with the next word: nearly all are over ``low``, half over ``middle``, nearly none over ``high``.

    Inline markup shortens some wrapped lines, so the extremes say too little. ``full`` is the length that a line itself hardly
    ever exceeds: where a line with the next word would have been longer, it had to end. All 0 where nothing is wrapped.
    """

    low: int = 0
    middle: int = 0
    high: int = 0
    full: int = 0

    @classmethod
    def of(cls, wraps: list[tuple[int, int]]) -> Reach:
        """The reach of wrapped lines, each as (length with the next word, length); none where they are too few to tell."""
        if len(wraps) < _MIN_WRAPS:
            return cls()
        ordered = sorted(reach for reach, _length in wraps)
        lengths = sorted(length for _reach, length in wraps)
        count = len(ordered)
        return cls(ordered[count // 10], ordered[count // 2], ordered[min(count - 1, count * 19 // 20)], lengths[count * 3 // 4])


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file lays out its text.

    ``spaced``: an empty line ends a paragraph. ``first``, ``later``: how long (characters) a line with the next line's first
    word after it is where a paragraph's first, or a later, line was wrapped.
    ``pairs`` are the neighbouring words (lower case, as written) found inside lines, where the second does not begin with a small letter:
    a line that does goes on with the one before it, whatever its words.
    """

    spaced: bool
    first: Reach
    later: Reach
    pairs: frozenset[tuple[str, str]]


def measure(lines: Sequence[CleanLine]) -> Layout:
    """Measure how the lines of a file are laid out."""
    across_gap = continued = 0
    first: list[tuple[int, int]] = []
    later: list[tuple[int, int]] = []
    pairs: set[tuple[str, str]] = set()
    previous: CleanLine | None = None
    opens = True
    for line in lines:
        pairs.update(_PAIR.findall(line.text))
        if previous is not None:
            wrapped = line.text[:1].islower() and not ends_sentence(previous.text)
            across_gap += line.gap > 0
            continued += line.gap > 0 and wrapped
            if wrapped:
                (first if opens else later).append((_reach(previous.text, line.text), len(previous.text)))
            opens = not wrapped
        previous = line
    spaced = across_gap > 0 and continued < 0.25 * across_gap
    if len(first) < _MIN_WRAPS or len(later) < _MIN_WRAPS:
        first = later = first + later
    return Layout(spaced, Reach.of(first), Reach.of(later), frozenset([(before.lower(), after) for before, after in pairs]))


def _reach(text: str, following: str) -> int:
    """How long the line would have been with the next line's first word."""
    return len(text) + 1 + len(following.split(None, 1)[0])


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence, a lead-in or an item does."""
    return text.rstrip(_CLOSERS).endswith(_TERMINAL) or text.rstrip().endswith(("./.", "/.", "/"))


_BEGINNING = 8


@lru_cache(maxsize=1024)  # each line is asked about by its neighbours on both sides, and by every step
def is_capitals(text: str) -> bool:
    """Whether the text is set in capitals: at least four letters and hardly a small one."""
    # Nearly every line is known by its beginning.
    if sum(map(str.islower, text[: _BEGINNING + len(text) // 4])) > 0.1 * len(text):
        return False
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and sum(character.isupper() for character in letters) >= 0.9 * len(letters)


def is_upper(text: str) -> bool:
    """Whether the text has letters and none of them small: so short a word as "VỀ" too."""
    return text == text.upper() and text != text.lower()


def is_cell_edge(line: CleanLine) -> bool:
    """Whether the line is the edge between two cells of a table written one cell a line."""
    return line.text[:1] in _EDGE_MARKS and bool(_CELL_EDGE.match(line.text))


def without_furniture(lines: Sequence[CleanLine], layout: Layout) -> tuple[list[CleanLine], list[CleanLine]]:
    """The lines less rules, stamps, page numbers and dates stamped between two halves of a sentence, and those; cell edges stay."""
    kept = [line for line in _without_stamps(lines) if is_cell_edge(line) or not _NO_WORD.match(line.text)]
    strays = frozenset(index for index, line in enumerate(kept) if _is_stray(line.text))
    if strays:
        before = _nearest(kept, strays)
        after = _nearest(kept[::-1], frozenset(len(kept) - 1 - index for index in strays))[::-1]
        interrupting = {index for index in strays if _interrupts(kept[index], before[index], after[index], layout)}
        kept = [line for index, line in enumerate(kept) if index not in interrupting]
    numbers = {line.number for line in kept}
    return kept, [line for line in lines if line.number not in numbers]


def _without_stamps(lines: Sequence[CleanLine]) -> Iterable[CleanLine]:
    """Drop the stamp of the office where a document arrived: the group of lines in which two look like one."""
    if not any(_STAMP.match(line.text) for line in lines):
        yield from lines
        return
    group: list[CleanLine] = []
    for line in [*lines, None]:
        if line is None or (group and line.gap > 0):
            others = [member for member in group if not _STAMP.match(member.text)]
            if len(group) - len(others) < 2 or len(group) > _STAMP_LINES:
                yield from others
            group = []
        if line is not None:
            group.append(line)


def _nearest(lines: Sequence[CleanLine], strays: frozenset[int]) -> list[CleanLine | None]:
    """For each line the last one before it that is none of the lone numbers and dates ``strays``."""
    found: list[CleanLine | None] = []
    last: CleanLine | None = None
    for index, line in enumerate(lines):
        found.append(last)
        last = last if index in strays else line
    return found


def _interrupts(line: CleanLine, before: CleanLine | None, after: CleanLine | None, layout: Layout) -> bool:
    """Whether a lone number or date stands between two halves of a sentence, as page numbers and stamps do."""
    if not (layout.spaced or line.page):
        return False
    if before is None or after is None or is_cell_edge(before) or is_cell_edge(after):
        return False
    return _flows(before.text, after.text)


def _is_stray(text: str) -> bool:
    return bool(_PAGE_NUMBER.match(text) or _LONE_DATE.match(text))


def _flows(text: str, following: str) -> bool:
    """Whether the sentence of ``text`` goes on in ``following``, whatever stands between them."""
    if ends_sentence(text) or is_capitals(text):
        return False
    return following[:1].islower() or text.endswith((",", "-", "–", "(")) or open_end(text)


def open_end(text: str, open_words: frozenset[str] = _OPEN_WORDS) -> bool:
    """Whether the last word asks for another one after it ("của", "và", "số")."""
    words = _WORD.findall(text[-24:])
    return bool(words) and words[-1].lower() in open_words and not text.endswith((")", "”", '"', ".", ";", ":", "!", "?"))


def opens_clause(line: CleanLine, previous: CleanLine | None, layout: Layout) -> bool:
    """Whether the line begins with a label that is one: not "3." or "- xã hội" wrapped out of the line before."""
    label = find_label(line.text)
    if label is None or previous is None:
        return label is not None
    small = line.text[label.length :][:1].islower()
    if label.form.rank >= Rank.DASH:
        unfinished = not ends_sentence(previous.text) and not previous.text.endswith(",")
        return not (small and unfinished and not (layout.spaced and line.gap))
    if label.form.rank in (Rank.PART, Rank.CHAPTER, Rank.SECTION, Rank.LETTERED_PART) and is_capitals(previous.text):
        return True
    if open_end(previous.text, _asking_for(label)) and not _NO_NUMBER_AFTER.search(previous.text):
        return False
    return not (previous.text.endswith((",", "(")) and small)


def _asking_for(label: Label) -> frozenset[str]:
    """The words after which what looks like this label is their number."""
    if label.form.rank is Rank.ARTICLE:
        return _OPEN_WORDS
    return _BEFORE_LETTERS if label.printed[:1].isalpha() else _BEFORE_FIGURES


def continues(line: CleanLine, previous: CleanLine, layout: Layout, opened: bool) -> bool:
    """Whether ``line`` continues the paragraph of ``previous``; ``opened``: ``previous`` is that paragraph's first line."""
    if opens_clause(line, previous, layout):
        return False
    label = find_label(line.text)
    if label is not None and label.form.rank >= Rank.DASH:
        return True
    text, following = previous.text, line.text
    if layout.spaced and line.gap > 0:
        return _flows(text, following)
    if following[:1].islower():
        return True
    if is_capitals(text) and not is_upper(following):
        return False
    return _joins_capitalised(text, following, layout, opened)


def _joins_capitalised(text: str, following: str, layout: Layout, opened: bool) -> bool:
    """Whether a line that begins with a capital, a digit or a mark continues the one before it."""
    reach = layout.first if opened else layout.later
    label = find_label(text) if opened else None
    headed = label is not None and label.form.rank < Rank.DASH
    wrapped = reach.high > 0 and (reach.middle if headed else reach.low) <= _reach(text, following) <= 1.2 * reach.high
    if ends_sentence(text):
        # A line that is full may end with its sentence by chance; one that is not ends its paragraph.
        return wrapped and _reach(text, following) >= layout.later.full and not text.rstrip(_CLOSERS).endswith((";", ":", "/."))
    if is_capitals(text) and is_upper(following):
        return True
    if text.endswith((",", "(", "“", "–", "-")) or open_end(text) or following[:1] in '),.;:%“"(':
        return True
    if label is not None and len(text[label.length :].split()) == 1:
        return True
    words, after = _WORD.findall(text[-24:]), _WORD.match(following)
    if words and after and (words[-1].lower(), after.group()) in layout.pairs:
        return True
    return wrapped


_LONE_LABEL = re.compile(r"^(?:[ĐÐ](?:iều|IỀU)|CHƯƠNG|Chương|MỤC|Mục|PHẦN|Phần|Khoản)$")
_LONE_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|[a-zđ]\))$")
_LONGEST_LONE = 12
"""Characters; nothing longer is a label or a number alone."""
# First syllables of offices and of attached texts, which no line in capitals ends with.
_BEGINNINGS = frozenset(["CHỦ", "PHÓ", "THỦ", "GIÁM", "TỔNG", "QUY", "QUYẾT", "THỨ", "CHÁNH"])
_NUMBER_START = re.compile(r"^(?:\d{1,4}[a-zđ]{0,2}\s*(?:[.:]|$)|[IVXLC]{1,6}(?:[.:\s]|$))")


_GUTTER = re.compile(r"\t+|\s{3,}")
_END_BEGINS = re.compile(r"^(?:N[ơƠ]I\s+NH[ậẬ]N|(?:TM|T/M|KT|TL|TUQ)\s*[./])", re.IGNORECASE)
_HEAD = 30
_COLUMN = 60


def with_columns_apart(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """The lines of head and end, two columns on one line ("- Như Điều 2;      KT. CHỦ TỊCH") as a line each."""
    apart: list[CleanLine] = []
    ended = False
    for index, line in enumerate(lines):
        cells = _cells(line.words) if "\t" in line.text or "   " in line.text else []
        ended = ended or (any(_END_BEGINS.match(cell.text) for cell in cells) if cells else bool(_END_BEGINS.match(line.text)))
        if len(cells) < 2 or not (index < _HEAD or ended) or any(len(cell.text) > _COLUMN for cell in cells):
            apart.append(line)
            continue
        apart.extend(replace(line, words=cell, end=cell.end, gap=line.gap if cell is cells[0] else 0) for cell in cells[:-1])
        apart.append(replace(line, words=cells[-1], gap=0))
    return apart


def _cells(words: Mapped) -> list[Mapped]:
    """The pieces of a line between tabs or wide gaps."""
    edges = [0, *(place for match in _GUTTER.finditer(words.text) for place in match.span()), len(words.text)]
    pieces = (words.cut(edges[at], edges[at + 1]) for at in range(0, len(edges), 2))
    return [piece for piece in pieces if piece.text]


def with_whole_labels(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """The lines, a label broken off before its number ("Điều" / "5. Tên điều") or its words ("2." / "Nội dung") in one piece again."""
    whole: list[CleanLine] = []
    for line in lines:
        whole.append(_joined(whole.pop(), line) if whole and _is_broken_label(whole[-1].text, line.text) else line)
    return whole


def _is_broken_label(text: str, following: str) -> bool:
    if len(text) > _LONGEST_LONE:
        return False
    if _LONE_LABEL.match(text):
        return bool(_NUMBER_START.match(following))
    if not (_LONE_NUMBER.match(text) and following[:1].isupper()):
        return False
    return not _LONE_LABEL.match(following) and find_label(following) is None


def with_whole_capitals(lines: Sequence[CleanLine]) -> list[CleanLine]:
    """The lines, the first word of a heading in capitals ("QUY" / "ĐỊNH") or of an office ("CHỦ" / "TỊCH") in one piece with the rest."""
    whole: list[CleanLine] = []
    for line in lines:
        broken = bool(whole) and _is_broken_heading(whole[-1].text, line.text)
        begins = broken and (whole[-1].text in _BEGINNINGS or len(whole) < 2 or not is_capitals(whole[-2].text))
        whole.append(_joined(whole.pop(), line) if begins else line)
    return whole


def _is_broken_heading(text: str, following: str) -> bool:
    alone = len(text) > 1 and text.isalpha() and text.isupper() and not type_of_heading(text)
    return alone and following[:1].isalpha() and is_upper(following) and find_label(following) is None


def _joined(label: CleanLine, line: CleanLine) -> CleanLine:
    """Two lines as one, in the place of the first."""
    words = label.words.joined(line.words, label.end)
    return replace(line, words=words, number=label.number, gap=label.gap, marks=label.marks + line.marks)


def paragraphs(lines: Sequence[CleanLine], layout: Layout) -> list[Block]:
    """The paragraphs of ``lines``, those inside quotation marks opened by a quoted clause marked as quoted."""
    blocks: list[Block] = []
    previous: CleanLine | None = None
    quoted_to = -1
    for index, line in enumerate(lines):
        if is_cell_edge(line):
            previous = None
            continue
        if previous is not None and blocks and continues(line, previous, layout, len(blocks[-1].pieces) == 1):
            blocks[-1].extend(line.words, line.end, line.marks)
            blocks[-1].emphasised &= line.emphasised
        else:
            if index > quoted_to and _QUOTED_CLAUSE.match(line.text):
                quoted_to = _quote_end(lines, index)
            blocks.append(Block([(line.words, line.end)], list(line.marks), line.page, index <= quoted_to, line.emphasised))
        previous = line
    return blocks


# “Điều 3. …  “2. …  “a) … : a clause that an amending clause quotes; up to the closing mark its labels are text.
_QUOTED_CLAUSE = re.compile(r"^[“\"]\s*(?:[ĐÐ]iều\s+\d|Chương\s|Mục\s|\d{1,3}[a-zđ]?[.)]|[a-zđ]\d?\)|[-–]\s)")
_QUOTE_END = re.compile(r"[”\"]\s*[.;,]?\s*(?:/?\.)?$")
_LONGEST_QUOTE = 600
"""Lines: what an amending clause quotes is an article or a chapter; a mark that is not closed within them is a slip of the source."""


def _quote_end(lines: Sequence[CleanLine], start: int) -> int:
    """Index of the line that closes the quotation opened at ``start``, quotations inside it counted; -1 where none does."""
    depth = 0
    for index in range(start, min(start + _LONGEST_QUOTE, len(lines))):
        text = lines[index].text
        straight = text.count('"')
        depth += text.count("“") - text.count("”")
        if straight % 2:
            depth += -1 if index > start and text.rstrip(".;, /").endswith('"') else 1
        if depth <= 0 and _QUOTE_END.search(text):
            return index
    return -1
