"""What a clause says of the documents that it cites.

Only what the document does itself, in its own words, is more than a citation. So each rule asks for the whole of an act: who acts (this
document, or nobody else where its articles speak), the verb, and what stands between the verb and the document named. Whatever does
not fit is CITES: a document wrongly said to be repealed does more harm than a repeal that is missed.

Sentences are read with each reference as one character, so that the names and the subjects of documents cannot be taken for verbs; words
quoted from an act that is amended are left out. Every pattern looks at a bounded window.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from kgsearch.citations.find import THIS, THIS_ATTACHMENT, Form, FoundReference
from kgsearch.citations.quotations import find_quotations
from kgsearch.models import Relation


class Zone(Enum):
    """Where in its document a text stands."""

    PREAMBLE = "preamble"
    ENACTED = "enacted"
    """In an article of the document itself: what it says in the imperative it does."""
    BODY = "body"
    """Anywhere else: only what "… này" does is done by the document."""
    SILENT = "silent"
    """Footnotes, what is consolidated from others: it speaks of what others did."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a lead-in says of what its items name; ``partial``: only of parts of it."""

    relation: Relation
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands, and what the clauses above it have said.

    ``types`` are the types by which the document calls itself, in small letters ("quyết định", "quy chế"). ``act`` is the one document
    that the clauses above amend or repeal in parts: what is cited without a document is of it. ``tasks``: they give tasks, so that
    what stands here is to be done by others.
    """

    zone: Zone
    types: frozenset[str] = frozenset()
    carried: Carried | None = None
    act: FoundReference | None = None
    tasks: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """The references of a text with what it says of each; ``below`` is the place of the clauses under it.

    ``references`` are those given, in order; one without a document whose document the clauses above name has got it.
    """

    references: tuple[FoundReference, ...]
    relations: tuple[Relation, ...]
    below: Place


def read_relations(text: str, references: Sequence[FoundReference], place: Place, *, heading: int = 0, quoted: bool = False) -> Stated:
    """What ``text`` says of each of ``references``, which were found in it.

    ``heading`` is the length of the heading that it begins with; ``quoted``: it begins within quoted words.
    """
    below = _below(place, text) if not quoted else place
    if place.zone is Zone.PREAMBLE:
        # "Căn cứ" on a line of its own, or "Căn cứ các văn bản của Bộ Tài chính:"
        below = replace(below, carried=Carried(Relation.BASIS) if not references and _BASIS.match(text) else None)
    if place.zone is Zone.SILENT or (not references and not (_may_announce(text, place, heading) and any(_verbs(text)))):
        return Stated(tuple(references), (Relation.CITES,) * len(references), below)
    if any(one.start < heading for one in references):
        # A line that names a document is more than a heading, or was taken for one.
        heading = 0
    reading = _Reading(text, list(references), place, heading, quoted)
    reading.read()
    if not quoted and (reading.carried or reading.act):
        below = replace(below, carried=reading.carried or below.carried, act=reading.act or below.act)
    return Stated(tuple(reading.references), tuple(reading.relations), below)


def _may_announce(text: str, place: Place, heading: int) -> bool:
    """Whether a text without references may say something of what is cited below it: most texts are too long, or end otherwise."""
    return place.zone is Zone.PREAMBLE or place.carried is not None or heading > 0 or ":" in text or len(text.strip()) < _LEAD_IN


# --- what the clauses above say --------------------------------------------------------------------------------------------

# Who has to do something, or what is planned, asked for or found: what stands under it is not done here. In small letters, which are
# made of the text once: to ask for either case at each place costs five times as much.
_TASKS = re.compile(
    r"""trách\s+nhiệm | nhiệm\s+vụ | giải\s+pháp | phân\s+công | chỉ\s+đạo | đề\s+nghị | kiến\s+nghị | yêu\s+cầu | chủ\s+trì | phối\s+hợp
      | rà\s+soát | nghiên\s+cứu | tham\s+mưu | xây\s+dựng | soạn\s+thảo | kế\s+hoạch | chương\s+trình | lộ\s+trình | phê\s+duyệt | giao\s
      | trường\s+hợp | định\s+hướng | mục\s+tiêu | thẩm\s+quyền | kết\s+quả""",
    re.VERBOSE,
)
_LEAD_IN = 240


def _below(place: Place, text: str) -> Place:
    """The place under a clause that begins with ``text``, before what it says of documents is known."""
    if place.tasks or place.zone is not Zone.ENACTED:
        return place
    opening = text[:_LEAD_IN]
    lowered = opening.lower()
    if "hiệu lực" in lowered or not _TASKS.search(lowered) or _VERB.match(opening):
        return place
    return replace(place, tasks=True, carried=None)


# --- the vocabulary ----------------------------------------------------------------------------------------------------------

# One character for each reference, and for words that are quoted.
_OTHER, _SELF, _CLAUSE, _QUOTE = "\ue000", "\ue001", "\ue002", "\ue003"
_NAMED = f"[{_OTHER}{_CLAUSE}]"
_PRIVATE = re.compile(f"[{_OTHER}{_SELF}{_CLAUSE}{_QUOTE}]")

_AMEND = r"sửa\s+đổi|bổ\s+sung|điều\s+chỉnh"
_REPLACE = r"thay\s+thế|thay(?=\s+(?:cụm\s+từ|từ|Phụ\s+lục|Mẫu))"
_REPEAL = r"bãi\s+bỏ|h[ủu][yỷ]\s+bỏ|hu[ỷy]\s+bỏ|bỏ(?=\s+(?:cụm\s+từ|từ|đoạn|nội\s+dung|khoản|điểm))"
_GUIDE = r"quy\s+định\s+chi\s+tiết|hướng\s+dẫn(?:\s+(?:chi\s+tiết|cụ\s+thể))?"
_ENDED = r"hết\s+hiệu\s+lực|chấm\s+dứt\s+hiệu\s+lực|không\s+còn\s+hiệu\s+lực"
_ONE_VERB = rf"(?:{_AMEND}|{_REPLACE}|{_REPEAL})"
_VERB = re.compile(
    rf"(?<!\w)(?:(?P<act>{_ONE_VERB}(?:\s*(?:,|và|/|hoặc|,\s*và)\s*{_ONE_VERB}){{0,5}})|(?P<guide>{_GUIDE})|(?P<ended>{_ENDED}))(?!\w)",
    re.IGNORECASE,
)
# Words, in small letters, of which every verb has one.
_STEMS = ("sửa", "bổ", "chỉnh", "thay", "bỏ", "tiết", "hướng", "hiệu")
_IS_AMEND, _IS_REPLACE = re.compile(_AMEND, re.IGNORECASE), re.compile(_REPLACE, re.IGNORECASE)


def _verbs(text: str) -> Iterator[re.Match[str]]:
    """The verbs in ``text``; most texts have none, and the stems tell so for a part of the work."""
    lowered = text.lower()
    return _VERB.finditer(text) if any(map(lowered.__contains__, _STEMS)) else iter(())


_TYPES = (
    r"(?:(?:Bộ\s+)?luật|pháp\s+lệnh|nghị\s+quyết|nghị\s+định|quyết\s+định|thông\s+tư(?:\s+liên\s+tịch)?|chỉ\s+thị|công\s+văn|quy\s+chế|quy\s+định"
    r"|kế\s+hoạch|hướng\s+dẫn|thông\s+báo|chương\s+trình|văn\s+bản|điều\s+lệ|kết\s+luận|đề\s+án|quy\s+trình|nội\s+quy|quy\s+tắc|công\s+điện)"
)
_MANY = r"(?:các|những|toàn\s+bộ|tất\s+cả|hiệu\s+lực(?:\s+thi\s+hành)?|của|cho|một\s+số|\(?\d{1,3}\)?)"
_FOLLOWING = r"(?:sau\s+đây|dưới\s+đây|như\s+sau|sau|gồm\s+có|bao\s+gồm|gồm|là)"
# Between the verb and what it is done to: nothing, or what announces it: "các Quyết định sau:", "02 Nghị quyết của Hội đồng … gồm:".
_DIRECT = re.compile(
    rf"\s*(?:{_MANY}\s+){{0,4}}(?:{_TYPES}(?:\s+quy\s+phạm\s+pháp\s+luật)?\s*"
    rf"(?:(?:của|do|trên)\s+[^:;,]{{1,80}}?(?=(?:\s*,)?\s+{_FOLLOWING}(?!\w)|\s*:))?)?(?:\s*,?\s*{_FOLLOWING})?\s*(?:[:,]\s*)?(?:[-+–]\s*)?(?:các\s+|toàn\s+bộ\s+)?",
    re.IGNORECASE,
)
# The same, of a part: "một số điều của", "cụm từ … tại", "Phụ lục ban hành kèm theo", "quy định về … tại".
_PART = re.compile(
    r"""\s*(?:(?:cho|các|những|toàn\s+bộ|\d{1,2})\s+)?(?:một\s+phần|một\s+số|nội\s+dung|quy\s+định|phụ\s+lục|danh\s+mục|biểu|mẫu|cụm\s+từ|từ|đoạn
      |câu|tên|tiêu\s+đề|gạch|dấu|tiết|điểm|khoản|điều|mục|tiểu\s+mục|chương|phần|mức|bảng|căn\s+cứ|thứ\s+tự|số\s+thứ\s+tự|dòng|dự\s+án|phần|quy\s+chế|quy\s+trình
      |điều\s+lệ|đề\s+án|kế\s+hoạch|chương\s+trình|quy\s+tắc|định\s+mức|chính\s+sách|chế\s+độ|thời\s+gian|thời\s+hạn|tiêu\s+đề|địa\s+điểm|vào)(?!\w)
      [^;\0]{0,300}?(?:(?<=\s)|^)(?:tại|của|trong|thuộc|vào|theo|sau|trước|đối\s+với|các)\s+|\s*(?:vào\s+)?(?:sau|trước|tại|vào|cuối)\s+
      |\s*một\s+phần\s+(?:các\s+)?""",
    re.VERBOSE | re.IGNORECASE,
)
_PART_WORD = re.compile(
    r"\s*(?:cho\s+)?(?:cụm\s+từ|từ|đoạn|tên|nội\s+dung|quy\s+định|số\s+thứ\s+tự|biểu|mẫu|mục|dòng|bảng|danh\s+mục)(?!\w)", re.IGNORECASE
)
_PART_OF_CLAUSE = re.compile(r"[^;\0]{1,300}")
# "thay thế việc thu lệ phí quy định tại khoản 5 Điều 2 …"
_SET_OUT = re.compile(
    r"(?=\s*(?:việc|mức|phí|lệ\s+phí|tỷ\s+lệ|khoản\s+thu))[^;\0]{1,300}(?<!theo)\s+(?:quy\s+định|nêu)\s+tại\s+", re.IGNORECASE
)
_WORDS_ONLY = re.compile(rf"cụm\s+từ|(?<!\w)từ\s*{_QUOTE}|{_QUOTE}", re.IGNORECASE)
_KIND_OF_PART = re.compile(r"(?:quy\s+định|nội\s+dung|các|những|toàn\s+bộ|\s)*(?:quy\s+định|nội\s+dung)(?!\w)", re.IGNORECASE)
# A part without "tại": "Bãi bỏ khoản 2 Điều 3 …" is a reference with its clauses, and needs none of this.
_EXCEPT = re.compile(r"(?<!\w)(?:trừ|ngoại\s+trừ|không\s+bao\s+gồm|một\s+phần|trái\s+với|không\s+phù\s+hợp)(?!\w)", re.IGNORECASE)

# --- who acts ------------------------------------------------------------------------------------------------------------------

_HEADING = r"(?:(?:Hi[ệẹ]u\s+lực|Điều\s+khoản|Tổ\s+chức|Trách\s+nhiệm|Phạm\s+vi|Thời\s+điểm|Thời\s+hiệu|H[ỉi]ệu\s+lực)[^;.:]{0,80}?\s+)?"
_OWN = re.compile(
    rf"\s*{_HEADING}(?:[-–+]\s*)?(?:(?:Kể\s+)?từ\s+ngày[^;{_OTHER}]{{0,100}}?,\s*)?(?:Ban\s+hành\s+kèm\s+theo\s+)?{_SELF}\s*"
    r"(?:(?:sẽ|đồng\s+thời|cũng|được\s+ban\s+hành\s+(?:để\s+)?|có\s+giá\s+trị|dùng\s+để|nhằm)\s*){0,2}"
)
_IN_EFFECT = re.compile(
    rf"\s*{_HEADING}(?:[-–+]\s*)?(?:{_SELF}|{_TYPES})(?:\s*,)?\s*[^.;{_OTHER}]{{0,200}}?(?:hiệu\s+lực|có\s+hiệu(?=\s+kể))[^.;{_OTHER}]{{0,160}}?"
    r"(?:,|;|(?<!\w)và|đồng\s+thời|\))\s*(?:(?:và|đồng\s+thời|sẽ|để|được|dùng)\s*,?\s*){0,2}",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(?:(?:\d{1,2}|[a-zđ])[.)]\s*|[-–+*]\s*)?(?:(?:Đồng\s+thời|Nay|Cho)\s*,?\s*)?(?:và\s+)?", re.IGNORECASE)
_FORMULA = re.compile(
    r"ban\s+hành\s+(?:Bộ\s+luật|Luật|Pháp\s+lệnh|Nghị\s+quyết|Nghị\s+định|Thông\s+tư(?:\s+liên\s+tịch)?|Quyết\s+định|Chỉ\s+thị|Hướng\s+dẫn)"
    r"\s+(?:về\s+(?:việc\s+)?)?$",
)
_ADDS = re.compile(r"(?:,|(?<!\w)và)\s*$")
_AND = re.compile(r"\s*,?\s*(?:và|đồng\s+thời|,\s*đồng\s+thời)\s+(?:đồng\s+thời\s+)?")
# "hướng dẫn tại Công văn số …": it is there that something is explained
_UNDER_GUIDANCE = re.compile(r"^\s+(?:tại|của|theo)\s|hướng\s+dẫn\s+(?:tại|của|theo)|căn\s+cứ|theo\s+$")
_WINDOW = 420

# --- the passive ----------------------------------------------------------------------------------------------------------------

_PREFACE = re.compile(
    rf"\s*{_HEADING}(?:(?:\d{{1,2}}|[a-zđ])[.)]\s*|[-–+*]\s*)?(?:Đồng\s+thời\s*,?\s*)?"
    rf"(?:(?:Kể\s+)?từ\s+(?:ngày|thời\s+điểm)[^;{_OTHER}]{{0,100}}?,\s*)?(?:thì\s+)?"
    rf"(?:{_MANY}\s+){{0,3}}(?:{_TYPES}(?:\s+{_FOLLOWING})?\s*:?\s*)?",
    re.IGNORECASE,
)
_PASSIVE_BEFORE = re.compile(r"(?P<past>(?:đã|từng|chưa)\s+(?:được\s+|bị\s+)?)?(?P<voice>(?:được|bị)\s+)?$", re.IGNORECASE)
_HELPERS = re.compile(r"(?:\s*(?:,|đều|sẽ|cùng|thì|này|được|bị|trên|nêu))*\s*$", re.IGNORECASE)
_TAIL = re.compile(
    rf"\s*(?:thi\s+hành|toàn\s+bộ|một\s+phần)?\s*(?:$|[.;:,)]|(?:kể\s+)?(?:từ|khi|sau)\s|(?:bởi|bằng|theo|như)\s+(?:các\s+)?"
    rf"(?:{_SELF}|{_CLAUSE}|{_QUOTE}|sau))",
    re.IGNORECASE,
)
_BY_OTHERS = re.compile(rf"(?:ngày|bởi|bằng|theo|tại|khi)\s+(?:quy\s+định\s+tại\s+|các\s+)?{_OTHER}", re.IGNORECASE)
_GOES_ON = re.compile(r"(?<!\w)thì(?!\w)|(?<!\w)vẫn(?!\w)|tiếp\s+tục|mà\s+chưa", re.IGNORECASE)
_STAYS = re.compile(
    r"tiếp\s+tục|(?<!\w)vẫn(?!\w)|giữ\s+nguyên|còn\s+hiệu\s+lực|được\s+áp\s+dụng|được\s+thực\s+hiện|thực\s+hiện\s+theo|chưa\s+(?:hết|bị|được)(?!\w)",
    re.IGNORECASE,
)

# --- lists ------------------------------------------------------------------------------------------------------------------------

_STAYS_ITSELF = re.compile(
    r"\s*,?\s*(?:thì\s+|sẽ\s+)?(?:tiếp\s+tục|vẫn|còn\s+hiệu|có\s+hiệu|được\s+áp\s+dụng|được\s+thực\s+hiện|chưa)(?!\w)", re.IGNORECASE
)
_IN_PART = re.compile(r"\s*,?\s*(?:đối\s+với|(?:ở|về)\s+phần|phần|trong\s+phạm\s+vi)(?!\w)", re.IGNORECASE)
_CONNECTOR = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?[,)]*\s*(?:và|cùng\s+với|hoặc|;|,)?\s*(?:các\s+|toàn\s+bộ\s+)?(?:quyết\s+định\s+|:\s*)?[-–+]?\s*",
    re.IGNORECASE,
)
_NEXT_ITEM = re.compile(r"(?:,|(?<!\w)và|;)\s*(?:các\s+|toàn\s+bộ\s+|[-–+]\s*)?$", re.IGNORECASE)
_LIST_ENDS = re.compile(
    rf"(?<!\w)(?:trừ|theo|bởi|bằng|căn\s+cứ|để|kể\s+từ|từ\s+ngày|như\s+sau|quy\s+định\s+tại|thực\s+hiện|được|đã|bị|thì|khi|nếu)(?!\w)|{_SELF}",
    re.IGNORECASE,
)
# What cannot stand in the subject of a document: "được phép tách thửa", "theo" and the like can.
_ROW_ENDS = re.compile(
    rf"(?<!\w)(?:trừ|bởi|kể\s+từ|như\s+sau|đã\s+được|được\s+(?:sửa|bổ|thay|ban)|thì|nếu|thực\s+hiện\s+theo|áp\s+dụng\s+theo)(?!\w)|{_SELF}",
    re.IGNORECASE,
)
_NEW_ACT = re.compile(rf"(?:(?<!\w)và|đồng\s+thời)\s+{_ONE_VERB}(?!\w)", re.IGNORECASE)
_OWNED = re.compile(
    r"\s*,?\s*(?:(?:của|tại|thuộc|trong|(?:vào\s+)?(?:sau|trước))\s+(?:[^;\0]{1,400}(?:kèm\s+theo|theo)\s+)?|[^;\0]{0,400}?ban\s+hành\s+(?:kèm\s+)?theo\s+)",
    re.IGNORECASE,
)
_SUBJECTS_OF_ONE = 8
"""A subject names at most so many other documents."""
_SENTENCES = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ỹđ]|[\ue000-\ue003\-–+(])|\n\s*\n|\0+")
_SEGMENTS = re.compile(r";")


@dataclass(slots=True)
class _Segment:
    """A part of a sentence between semicolons, in the reduced text.

    ``first`` is the number of its first reference, ``marks`` the place and number of each but the document itself.
    """

    text: str
    first: int
    begins: bool
    marks: list[tuple[int, int]]


_MARKS = re.compile(f"[{_OTHER}{_SELF}{_CLAUSE}]")


@dataclass(slots=True)
class _Reading:
    """A text on its way through the rules; ``relations`` are by reference."""

    text: str
    references: list[FoundReference]
    place: Place
    heading: int
    quoted: bool
    relations: list[Relation] = field(default_factory=list)
    carried: Carried | None = None
    act: FoundReference | None = None
    outer: list[int] = field(default_factory=list)
    listing: Carried | None = None
    acting: bool = False
    speaking: bool = False
    exception: int = -1
    owner: FoundReference | None = None

    def read(self) -> None:
        """Fill ``relations``, and what the text leaves to the clauses under it."""
        self.relations = [Relation.CITES] * len(self.references)
        basis = self.place.carried is not None and self.place.carried.relation is Relation.BASIS
        for number, segment in enumerate(self._segments()):
            if number and segment.begins:
                basis = False
            if segment.begins:
                self.listing, self.acting, self.speaking = None, False, False
            if self.place.zone is Zone.PREAMBLE:
                basis = self._preamble(segment, basis)
            else:
                self._segment(segment)
            self._issued_with(segment)
        if basis and self.text.rstrip()[-1:] in (";", ",", ":"):
            self.carried = Carried(Relation.BASIS)
        elif self.listing and self.carried is None and self.text.rstrip()[-1:] in (";", ":"):
            self.carried = self.listing

    # the reduced text

    def _reduced(self) -> str:
        """The text with one character for each reference and each quotation; ``outer`` are the numbers of the references left."""
        pieces, position = [], 0
        marks: list[tuple[int, int, int]] = [(start, end, -1) for start, end in find_quotations(self.text, is_open=self.quoted).spans]
        within = 0
        for number, reference in enumerate(self.references):
            while within < len(marks) and marks[within][2] < 0 and marks[within][1] <= reference.start:
                within += 1
            if within < len(marks) and marks[within][2] < 0 and marks[within][0] <= reference.start:
                continue
            self.outer.append(number)
        marks = sorted([*marks, *((self.references[n].start, self.references[n].end, n) for n in self.outer)])
        for start, end, number in marks:
            start = max(start, position)
            pieces.append(_PRIVATE.sub(" ", self.text[position:start]))
            if self.heading and position < self.heading <= start:
                pieces[-1] = self._with_break(pieces[-1], self.heading - position)
            pieces.append(_QUOTE if number < 0 else self._mark(self.references[number]))
            position = max(position, end)
        rest = _PRIVATE.sub(" ", self.text[position:])
        pieces.append(self._with_break(rest, self.heading - position) if position < self.heading <= len(self.text) else rest)
        return "".join(pieces)

    @staticmethod
    def _with_break(piece: str, at: int) -> str:
        return f"{piece[:at]}\0{piece[at:]}"

    def _mark(self, reference: FoundReference) -> str:
        if reference.document not in (THIS, THIS_ATTACHMENT):
            return _OTHER
        if reference.clauses:
            return _CLAUSE
        words = self.text[reference.start : reference.end].lower().split()[:-1]
        own = " ".join(words)
        known = not self.place.types or own == "văn bản" or any(own.startswith(t) or t.startswith(own) for t in self.place.types)
        return _SELF if known else _CLAUSE

    def _segments(self) -> Iterator[_Segment]:
        reduced = self._reduced()
        first = 0
        sentences = _split(_SENTENCES, reduced)
        for sentence in sentences:
            parts = _split(_SEGMENTS, sentence)
            for number, part in enumerate(parts):
                places = [match.start() for match in _MARKS.finditer(part)]
                marks = [(place, mark) for mark, place in enumerate(places, start=first) if part[place] != _SELF]
                yield _Segment(part, first, number == 0, marks)
                first += len(places)

    # one segment

    def _segment(self, segment: _Segment) -> None:
        marks = segment.marks
        if self.place.zone is not Zone.PREAMBLE and self._carried_item(segment, marks):
            return
        listing, spoken = self.listing, False
        verbs = list(_verbs(segment.text))
        if verbs:
            self.exception = max((match.start() for match in _EXCEPT.finditer(segment.text)), default=-1)
        for verb in verbs:
            if verb["ended"] or _voice(segment.text, verb.start()):
                self._passive(segment, verb, marks)
                break
            spoken = self._active(segment, verb, marks) or spoken
        if listing and not spoken and not segment.begins:
            self._items(segment, marks, 0, listing, _CONNECTOR)
        if _OWN.match(segment.text):
            self.speaking = True
            self.acting = self.acting or "hiệu lực" in segment.text[:_WINDOW]

    def _carried_item(self, segment: _Segment, marks: Sequence[tuple[int, int]]) -> bool:
        """An item of a list whose lead-in says what is done to what it names: it begins with that."""
        carried = self.place.carried
        if carried is None or not marks or self.place.tasks or segment.first or not segment.begins:
            return False
        before = segment.text[: marks[0][0]]
        if len(before) > _WINDOW or _VERB.search(before):
            return False
        filler = before.lstrip(" -–+*•")
        partial = carried.partial or (not _DIRECT.fullmatch(filler) and _PART.fullmatch(filler) is not None)
        if not (partial or _DIRECT.fullmatch(filler)) or _STAYS.search(segment.text, marks[0][0]):
            return False
        self.listing = replace(carried, partial=partial)
        self._items(segment, marks, 0, self.listing, None)
        return True

    def _active(self, segment: _Segment, verb: re.Match[str], marks: Sequence[tuple[int, int]]) -> bool:
        guide = verb["guide"] is not None
        if not self._acts(segment, verb, guide=guide):
            return False
        if guide:
            return self._guides(segment, verb, marks)
        relation = _relation_of(verb[0])
        first = bisect_left(marks, (verb.end(), -1))
        if first == len(marks):
            self._lead_in(segment, verb.end(), relation)
            return False
        filler = segment.text[verb.end() : min(marks[first][0], verb.end() + _WINDOW + 1)]
        direct = _DIRECT.fullmatch(filler) is not None if len(filler) <= _WINDOW else False
        partial = not direct and len(filler) <= _WINDOW and self._is_part(filler, marks[first][1])
        if not (direct or partial):
            return False
        if partial and (_WORDS_ONLY.search(filler) or (relation is Relation.REPLACES and not _KIND_OF_PART.match(filler))):
            relation = Relation.AMENDS
        self.acting = True
        self.listing = Carried(relation, partial or self.exception > marks[first][0])
        self._items(segment, marks, first, self.listing, None)
        return True

    def _acts(self, segment: _Segment, verb: re.Match[str], *, guide: bool) -> bool:
        """Whether it is this document that does what the verb says."""
        start = max(0, verb.start() - _WINDOW)
        left = segment.text[start : verb.start()]
        if self.acting and _AND.fullmatch(left[-40:].rpartition(_OTHER)[2]) is not None and _OTHER in left[-40:]:
            return True
        if start:
            return False
        if self.place.zone is Zone.PREAMBLE:
            return _FORMULA.search(left) is not None
        if _OWN.fullmatch(left):
            return True
        if guide:
            own = _OWN.match(left) is not None and _OTHER not in left and _ADDS.search(left) is not None
            return own or (self.speaking and _BARE.fullmatch(left) is not None)
        if _IN_EFFECT.fullmatch(left):
            return _SELF in left or self.place.zone is Zone.ENACTED
        return _BARE.fullmatch(left) is not None and (self.acting or (self._enacts() and verb[0][:1].isupper()))

    def _is_part(self, filler: str, number: int) -> bool:
        """Whether the words before a reference say that a part of what it names is meant."""
        if _PART.fullmatch(filler):
            return True
        of_clause = bool(self.references[self.outer[number]].clauses)
        return of_clause and (_PART_OF_CLAUSE if _PART_WORD.match(filler) else _SET_OUT).fullmatch(filler) is not None

    def _enacts(self) -> bool:
        return self.place.zone is Zone.ENACTED and not self.place.tasks

    def _guides(self, segment: _Segment, verb: re.Match[str], marks: Sequence[tuple[int, int]]) -> bool:
        first = bisect_left(marks, (verb.end(), -1))
        if first == len(marks):
            return False
        filler = segment.text[verb.end() : min(marks[first][0], verb.end() + _WINDOW + 1)]
        if len(filler) > _WINDOW or _UNDER_GUIDANCE.search(filler):
            return False
        self.acting = True
        for number, (place, reference) in enumerate(marks[first:], start=first):
            if number > first and not _CONNECTOR.fullmatch(segment.text, marks[number - 1][0] + 1, place):
                break
            self._say(reference, Relation.GUIDES)
        return True

    def _passive(self, segment: _Segment, verb: re.Match[str], marks: Sequence[tuple[int, int]]) -> None:
        """ "Quyết định số … hết hiệu lực kể từ ngày Quyết định này có hiệu lực": what stands before the verb ends or is amended."""
        if verb["guide"] or self.place.zone is not Zone.ENACTED or self.place.tasks or _voice(segment.text, verb.start()) == "past":
            return
        tail = segment.text[verb.end() :]
        if not _TAIL.match(tail) or _BY_OTHERS.search(tail) or _GOES_ON.search(tail):
            return
        relation = Relation.REPEALS if verb["ended"] else _relation_of(verb[0])
        before = [mark for mark in marks if mark[0] < verb.start()]
        if not before:
            self._passive_lead_in(segment, verb, relation)
            return
        preface = segment.text[: before[0][0]]
        direct = len(preface) <= _WINDOW and _PREFACE.fullmatch(preface) is not None
        partial = len(preface) <= _WINDOW and not direct and _PART.fullmatch(preface) is not None
        if not (direct or partial) or not _HELPERS.search(segment.text, max(0, verb.start() - 60), verb.start()):
            return
        if _SELF not in segment.text and not self._is_of_own_type(before[0][1]):
            return
        partial = partial or self.exception >= 0
        self._items(segment, before, 0, Carried(relation, partial), None)

    def _is_of_own_type(self, number: int) -> bool:
        """Whether a document is named by a type of this one: that a decree has ended is for a decision only to report."""
        reference = self.references[self.outer[number]]
        own = reference.clauses and reference.document in (THIS, THIS_ATTACHMENT)
        opening = self.text[reference.start : reference.end].lower()
        return bool(own) or any(name in opening for name in self.place.types)

    # what is left to the clauses below

    def _lead_in(self, segment: _Segment, start: int, relation: Relation) -> None:
        rest = segment.text[start : start + _WINDOW + 1]
        if len(rest) > _WINDOW or _SELF in rest.split("kể từ")[0]:
            return
        announces = rest.rstrip().endswith(":")
        opening = _OBJECTS.match(rest)
        if (announces and not rest.strip(" :")) or (opening and (announces or self._is_heading(segment))):
            self.acting = True
            self.carried = Carried(relation, opening is not None and opening["part"] is not None)

    def _passive_lead_in(self, segment: _Segment, verb: re.Match[str], relation: Relation) -> None:
        subject = segment.text[: verb.start()]
        if len(subject) > _WINDOW or not (segment.text.rstrip().endswith(":") or self._is_heading(segment)):
            return
        if _SUBJECTS.match(subject):
            self.carried = Carried(relation, re.search(r"(?:một\s+số|một\s+phần)", subject) is not None)

    def _is_heading(self, segment: _Segment) -> bool:
        """Whether the segment is the clause's heading, or all that a short clause says."""
        length = len(segment.text.strip())
        return (
            segment.begins
            and segment.first == 0
            and (length == len(self.text[: self.heading].strip()) or length == len(self.text.strip()) < _LEAD_IN)
        )

    # the items of a list

    def _items(
        self,
        segment: _Segment,
        marks: Sequence[tuple[int, int]],
        first: int,
        carried: Carried,
        opening: re.Pattern[str] | None,
    ) -> None:
        """Say ``carried`` of the documents that stand in a row from ``marks[first]`` on, not of those that their subjects name."""
        if first >= len(marks) or (opening and not opening.fullmatch(segment.text, 0, marks[first][0])):
            return
        if opening and _STAYS.search(segment.text):
            return
        self.owner = self._owner(segment, marks, first)
        kind = _kind(self.references[self.outer[marks[first][1]]])
        within: set[str] = set()
        previous = marks[first][0]
        said: list[int] = []
        passed = 0
        for place, reference in marks[first:]:
            between = segment.text[previous + 1 : place]
            if place != previous:
                own_kind = _kind(self.references[self.outer[reference]])
                if not self._in_row(between, own_kind, kind, within):
                    passed += 1
                    if passed > _SUBJECTS_OF_ONE or _LIST_ENDS.search(between) or _NEW_ACT.search(between):
                        break
                    within.add(own_kind)
                    previous = place
                    continue
                if not _CONNECTOR.fullmatch(between):
                    within = set()
            passed = 0
            previous = place
            if _STAYS_ITSELF.match(segment.text, place + 1):
                break
            said.append(reference)
            partial = carried.partial or _IN_PART.match(segment.text, place + 1) is not None
            self._say(reference, carried.relation, partial=partial)
        self._name_act(said)

    def _owner(self, segment: _Segment, marks: Sequence[tuple[int, int]], first: int) -> FoundReference | None:
        """The document of clauses that is named after them: "Điều 6, 7 tại Quy định về … ban hành kèm theo Quyết định số …"."""
        if first + 1 >= len(marks) or segment.text[marks[first][0]] != _CLAUSE or segment.text[marks[first + 1][0]] != _OTHER:
            return None
        between = segment.text[marks[first][0] + 1 : marks[first + 1][0]]
        owned = len(between) <= _WINDOW and _OWNED.fullmatch(between) is not None
        return self.references[self.outer[marks[first + 1][1]]] if owned else None

    @staticmethod
    def _in_row(between: str, own_kind: str, kind: str, within: set[str]) -> bool:
        if _CONNECTOR.fullmatch(between):
            return not within or (own_kind == kind and kind not in within)
        if len(between) > 2 * _WINDOW or _ROW_ENDS.search(between):
            return False
        return _NEXT_ITEM.search(between) is not None and own_kind == kind and kind not in within

    def _name_act(self, said: Sequence[int]) -> None:
        """What the clauses below cite without a document is of the one document that this one amends."""
        named = [self.references[self.outer[number]] for number in said]
        documents = {one.document for one in named if one.document not in (THIS, THIS_ATTACHMENT)}
        if len(documents) == 1 and self.place.zone is Zone.ENACTED:
            self.act = next(one for one in named if one.document in documents)

    def _say(self, number: int, relation: Relation, *, partial: bool = False) -> None:
        """Write down what is said of a reference; nothing of the document itself."""
        place = self.outer[number]
        reference = self.references[place]
        if reference.document in (THIS, THIS_ATTACHMENT):
            act = self.owner or self.place.act
            if act is None or not reference.clauses or any(clause.endswith("này") for clause in reference.clauses):
                return
            form = Form.LIST if len(reference.clauses) > 1 else Form.CLAUSE
            # Clauses of what is attached are looked for in it.
            form = Form.ATTACHED if act.form is Form.ATTACHED else form
            clauses = tuple(_within(clause, act.clauses) for clause in reference.clauses)
            self.references[place] = reference = replace(reference, document=act.document, number=act.number, form=form, clauses=clauses)
        whole = not reference.clauses and reference.form is not Form.ATTACHED
        if relation in (Relation.REPLACES, Relation.REPEALS) and partial and whole:
            relation = Relation.AMENDS
        self.relations[place] = relation

    # the preamble, and what is sent along

    def _preamble(self, segment: _Segment, basis: bool) -> bool:
        """Say BASIS of what "Căn cứ" names; True where the next segment may go on with it."""
        opening = _BASIS.match(segment.text)
        if not opening and not (basis and _CONTINUED.match(segment.text)):
            self._segment(segment)
            return False
        marks = segment.marks
        start = opening.end() if opening else 0
        if marks and marks[0][0] - start <= _WINDOW and not self._proposed(segment.text[start : marks[0][0]], marks[0][1]):
            self._items(segment, marks, 0, Carried(Relation.BASIS), None)
        return True

    def _proposed(self, between: str, number: int) -> bool:
        """Whether what is named is only where something stands: "Căn cứ kết quả thẩm định tại Báo cáo số …"."""
        reference = self.references[self.outer[number]]
        return _PAPER.match(self.text, reference.start) is not None and len(between.split()) > 1

    def _issued_with(self, segment: _Segment) -> None:
        for place, number in segment.marks:
            if self.relations[self.outer[number]] is not Relation.CITES or segment.text[place] != _OTHER:
                continue
            reference = self.references[self.outer[number]]
            before, after = segment.text[max(0, place - 80) : place], segment.text[place + 1 : place + 40]
            paper = _PAPER.match(self.text, reference.start) is not None
            sent = _SENT.search(before) or (_THERE_IS.search(before) and _ALONG.match(after))
            if not reference.clauses and (_ISSUED.search(before) or (paper and sent)):
                self.relations[self.outer[number]] = Relation.ISSUED_WITH


_OBJECTS = re.compile(
    rf"\s*(?:{_MANY}\s+){{0,4}}(?:(?P<part>(?:điều|khoản|điểm|nội\s+dung|quy\s+định|phần|từ|cụm\s+từ)(?:\s*,\s*(?:khoản|điểm|nội\s+dung))*\s+"
    rf"(?:của|tại|trong)\s+(?:{_MANY}\s+){{0,3}}))?{_TYPES}(?!\w)",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    rf"\s*{_HEADING}(?:(?:Kể\s+)?từ\s+ngày[^;]{{0,100}}?,\s*)?(?:{_MANY}\s+|danh\s+mục\s+){{0,3}}{_TYPES}(?!\w)",
    re.IGNORECASE,
)
_BASIS = re.compile(r"\s*(?:[-–+]\s*)?Căn\s+cứ(?:\s+vào)?(?!\w)", re.IGNORECASE)
_CONTINUED = re.compile(rf"\s*(?:và\s+)?(?:các\s+)?{_NAMED}")
_PAPER = re.compile(
    r"(?:báo\s+cáo|tờ\s+trình|công\s+văn|biên\s+bản|thông\s+báo|phiếu|kết\s+luận|giấy\s+mời|văn\s+bản)(?!\w)",
    re.IGNORECASE,
)
_ISSUED = re.compile(rf"{_SELF}\s+(?:được\s+)?(?:ban\s+hành\s+)?(?:kèm\s+theo|theo)\s+$")
_SENT = re.compile(
    r"(?:^\s*|[(;,.]\s*|xin\s+|kính\s+|trình\s+)(?:gửi\s+|xin\s+gửi\s+|trình\s+)?(?:kèm(?:\s+theo)?|đính\s+kèm)\s+(?:là\s+)?$",
    re.IGNORECASE,
)
_THERE_IS = re.compile(r"(?:[(]\s*(?:có\s+)?|(?<!\w)có\s+)$", re.IGNORECASE)
_ALONG = re.compile(r"\s*(?:đính\s+kèm|gửi\s+kèm|kèm\s+theo|kèm)(?=\s*(?:[).;,]|$))", re.IGNORECASE)


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """The parts of ``text`` between the matches, without those that are blank at its end."""
    parts = pattern.split(text)
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return parts


_UNITS = ("tiết", "điểm", "khoản", "Điều")


def _within(clause: str, above: Sequence[str]) -> str:
    """A clause as it is cited from its document, where the clauses above name the article: "khoản 1" under "Điều 6 được sửa đổi"."""
    units = [word for word in clause.split() if word in _UNITS]
    if len(above) != 1 or not units:
        return clause
    words = above[0].split()
    start = next((at for at, word in enumerate(words) if word in _UNITS and _UNITS.index(word) > _UNITS.index(units[-1])), None)
    return clause if start is None else " ".join([clause, *words[start:]])


def _voice(text: str, start: int) -> str:
    """ "past" or "passive" where what stands before a verb makes it so; "" for the active."""
    match = _PASSIVE_BEFORE.search(text, max(0, start - 24), start)
    if match is None or not (match["past"] or match["voice"]):
        return ""
    return "past" if match["past"] else "passive"


def _relation_of(verbs: str) -> Relation:
    """What the verb, or verbs in a row, do: several of them change parts."""
    if _IS_AMEND.search(verbs):
        return Relation.AMENDS
    return Relation.REPLACES if _IS_REPLACE.match(verbs) else Relation.REPEALS


def _kind(reference: FoundReference) -> str:
    """What tells documents of one type from others: the symbol of the number, or that it is a law."""
    symbol = reference.number.rpartition("/")[2] if "/" in reference.number else ""
    law = reference.document.startswith(("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")) or symbol.startswith(("QH", "UBTVQH"))
    return "law" if law else symbol.partition("-")[0]
