"""Who does what in a sentence: of the parties that it names, the one that does what is asked about, or to which it goes.

In Vietnamese the doer stands before its verb, in the passive too ("do Sở Y tế cấp"). It begins its sentence or clause, or stands after a
word that gives it the task ("giao", "do", "thì"); after a preposition or after what is done to it ("phối hợp với", "trình", "gửi") a party
is an object. What a clause says is said of the last doer before it; an object before a verb of its own ("trình Ủy ban nhân dân tỉnh phê
duyệt") does that verb only. After "thẩm quyền của", "thuộc trách nhiệm của" and after a label ("Cơ quan thu: …") the doer stands last.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from kgsearch.answering.kinds import Normal, Question, QuestionKind, Value
from kgsearch.answering.reading.coverage import Sought, Words
from kgsearch.answering.values.names import ACTS, find_agencies
from kgsearch.answering.values.places import PLACE, province_spans
from kgsearch.language import syllable_key, syllable_keys, tokenise
from kgsearch.models import Span


class Role(Enum):
    """What is asked for: who does something, or to whom something is handed, reported, applied."""

    DOER = auto()
    RECIPIENT = auto()


class Standing(Enum):
    """How a party stands in its sentence."""

    SUBJECT = auto()
    """Before what it does."""
    PIVOT = auto()
    """An object that does a verb of its own."""
    GIVEN = auto()
    """After what it does, or between that and its verb: "… thuộc thẩm quyền của X", "… do X cấp"."""
    OBJECT = auto()


@dataclass(frozen=True, slots=True)
class Party:
    """A party, or several that are named together: ``values`` are theirs, in order."""

    values: tuple[Value, ...]
    standing: Standing

    @property
    def start(self) -> int:
        """Where the first begins."""
        return self.values[0].start

    @property
    def end(self) -> int:
        """Where the last ends."""
        return self.values[-1].end

    @property
    def doing(self) -> bool:
        """Whether what follows it is said of it."""
        return self.standing in (Standing.SUBJECT, Standing.GIVEN)


@dataclass(frozen=True, slots=True)
class Borne:
    """The value that bears the role asked for, and the share of what the unit says of the action that is said of it, from 0 to 1."""

    value: Value
    share: float


_ACTS_NEXT = re.compile(
    rf"""[\s,]+(?:(?:cùng|thì|nơi\s[^,;.]{{3,60}}?|(?:có\s)?liên\squan|(?:theo|trên|tại)\s[^,;.]{{3,80}}?,)\s+)?(?!có\sliên\squan)
        (?:{ACTS}|thu|chi|mở|lấy|thu\shồi|xây\sdựng|sử\sdụng|bổ\ssung|sửa\sđổi|hoàn\sthiện|đại\sdiện|đăng\sk[ýí])(?!\w)""",
    re.VERBOSE,
)
_ACT = re.compile(rf"(?<!\w){ACTS}(?!\w)", re.VERBOSE | re.IGNORECASE)
_OPENS_WITH_ACT = re.compile(
    rf"\W*(?:\d{{1,2}}(?:\.\d{{1,2}})*[.)]?\s+|[a-zđ]\)\s+)?(?:(?:đồng\sthời|thường\sxuyên|định\skỳ),?\s)?{ACTS}(?!\w)",
    re.VERBOSE | re.IGNORECASE,
)
_JOINS = re.compile(r"\s+|\s*(?:[,;/]|và|hoặc|,\s*và)\s*(?:(?:các|những|một\ssố)\s+)?")
_OPENS = re.compile(r"(?:^|[.:;“\"?!\n])\s*(?:(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[a-zđ]\)|[-+–•*])\s*)?(?:(?:các|những|mỗi)\s)?$", re.IGNORECASE)
_TASKED = re.compile(
    r"""(?<!\w)(?:giao|giao\scho|thì|khi|nếu|mà|được|bị|và|phân\scông|(?:uỷ|ủy)\squyền\scho|phân\scấp\scho|đồng\sthời|trường\shợp
        |(?:hằng|hàng)\s(?:năm|quý|tháng)|theo\sđó|riêng|nhưng|trao\scho|nay)\s(?:các\s|những\s)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_HANDED = re.compile(
    r"""(?<!\w)(?:trình|báo\scáo|đề\snghị|yêu\scầu|hướng\sdẫn|chỉ\sđạo|để|cho|kiến\snghị|phản\sánh|gửi|đề\sxuất|(?:uỷ|ủy)\squyền)
        (?:\s(?:cho|với|để|về|đến))?\s(?:các\s|những\s)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"""(?<!\w)(?:của|với|về|đến|tới|trước|từ|tại|ở|theo|thuộc|qua|trong|cùng|gửi|nộp|xin|ý\skiến|giúp|tham\smưu(?:\scho)?|là|như|lên|vào|giữa|ngoài|kể\scả|trừ)
        \s(?:các\s|những\s)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_GIVEN = re.compile(
    r"""(?<!\w)(?:do|bởi|(?:thẩm\squyền|trách\snhiệm|nhiệm\svụ|quyền\shạn|chức\snăng)(?:\s[^.;:]{0,80})?\s(?:của|thuộc(?:\svề)?|là)
        |thuộc(?:\s(?:phạm\svi|về))?\s(?:thẩm\squyền|trách\snhiệm|nhiệm\svụ)(?:\s[^.;:,]{0,30})?\scủa)\s(?:các\s)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_WITHIN = re.compile(
    r"""(?<!\w)(?:theo|đúng|trong|vượt|ngoài|căn\scứ|với)(?:\s(?:đúng|chức\snăng,?))?\s(?:phạm\svi\s)?
        (?:thẩm|trách|nhiệm|chức)\s[^.;:]{0,80}$""",
    re.VERBOSE,
)
_LABEL = re.compile(r"(?:^|[.;\n])\s*(?P<label>[^.;:\n]{4,90}):\s*(?:(?:các|là)\s)?$")
_ENDS = re.compile(r"\s*(?:[.;,)]|$)")
_BREAK = re.compile(r"\.(?=\s|$)|;(?=\s|$)|\n")
_STOP = re.compile(r"\.(?=\s|$)|\n")
_PIVOT_ENDS = re.compile(r"[.;:](?=\s|$)|,(?!\s[^,;.]{1,24}[,;.]|\squyết\sđịnh)|\n")

# Of the question, on keys.
_HANDS = "(?:gui|nop|bao cao|trinh|phan anh|kien nghi|xin phep|xin y kien|dang ki|khai bao|thong bao|lien he|khieu nai|to cao)"
_TO_WHOM = re.compile(rf" (?:{_HANDS}|xin|chuyen)(?: (?!thi )\S+){{0,14}} (?:ve|cho|den|toi|len|voi|tai|o|vao|qua) $| {_HANDS} $")
_AT = re.compile(r" (?:ve|cho|den|toi|len|voi|tai|o|vao|qua) ")
_IS = re.compile(r" la ")
# "con của ai", "áp dụng cho ai"; not "trách nhiệm của ai", "giao cho ai".
_OF_WHOM = re.compile(
    r"(?<! trach nhiem)(?<! tham quyen)(?<! nhiem vu)(?<! giao)(?<! quyen)(?<! phan cap)"
    r" (?:cua|cho|voi|tu|doi voi) +(?:nhung )?(?:ai|nguoi nao) $"
)
_BY = re.compile(r"(?:do|boi) ")

_TAKES = re.compile(r"[\s,]+(?:\S+\s){0,4}?(?:tiếp\snhận|nhận|cấp|cho\sphép|chấp\sthuận|thu|giải\squyết|xem\sxét)(?!\w)", re.VERBOSE)
_GETS = re.compile(
    r"""(?<!\w)(?:(?:phép|chấp\sthuận|đồng\sý|ý\skiến|thống\snhất)(?:\sbằng\svăn\sbản)?\scủa\s(?:các\s)?$|(?:gửi|nộp|trình|báo\scáo|phản\sánh|phản\sảnh|kiến\snghị|xin|đăng\sk[ýí]|khai\sbáo|thông\sbáo|liên\shệ|chuyển|khiếu\snại|tố\scáo|đề\snghị)
        (?:(?:\s[^\s.;:]+){0,16}?\s(?:về|cho|đến|tới|lên|với|tại|ở|qua|vào|gửi))?\s(?:các\s)?$)""",
    re.VERBOSE | re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:các\s)?(?:\w+|cơ\squan|tổ\schức|cá\snhân|đơn\svị|người|chủ\sthể|cấp|cán\sbộ|công\schức|thủ\strưởng)"
    r"(?:\s(?:nhà\snước|liên\squan|khác|có\sthẩm\squyền|có\sliên\squan|trên|dưới))*",
    re.VERBOSE | re.IGNORECASE,
)

_ORGANISES = re.compile(r"[Tt]ổ\schức(?:$|\s(?:thanh\stra|thi|lấy|họp|hội|lớp|bồi|tuyên|đấu|sơ|tổng|các))")
_ABBREVIATED = re.compile(r"UB|HĐ|VK|TA|KB|NH|BH|MT|BQ|ST|SX|BT|BY|BC|CA|VP|CT|TT|SỞ|BỘ")
_MODAL = re.compile(r"[\s,]+(?:có|phải|được|không|chịu|bị|và|hoặc|cá|hộ|đơn|kinh)(?!\w)|\s?,\s?(?:cá|hộ|đơn)")

LONGEST_READ = 20_000
"""Characters of a text in which parties are looked for."""

TAKING, ONLY_NAMED = 0.8, 0.3
"""How far who takes in what is handed in is who it is handed to, and who is only named beside it."""

LENT, LENT_AWAY = 0.75, 0.6
"""How far an object does the verb after it, and how far that is said of the sentence's doer too."""

BARE, NOBODY, OTHER_NOUN = 0.6, 0.3, 0.6
"""What "tổ chức, cá nhân" count beside a name where anybody is asked for, and where an agency is; a name beside one with the noun that is
asked with."""

VERB, OTHER_VERB = 2, 0.6
"""Syllables of a verb, and how much less one does of whom that is not said."""

_LIGHT = frozenset(["lam", "lo", "thi", "phai", "duoc", "se", "can", "nen", "ra", "dung", "la", "moi", "cung", "ma", "chiu", "co"])
_ANYBODY = frozenset(("", "nguoi", "ca nhan", "chu the", "ben", "to chuc", "doanh nghiep", "cong ti"))
_NAMING = frozenset(
    (
        "so",
        "bo",
        "vu",
        "cuc",
        "phong",
        "ban",
        "vien",
        "truong",
        "hoi dong",
        "toa an",
        "uy ban",
        "chi cuc",
        "tong cuc",
        "bo truong",
        "thu tuong",
        "giam doc",
    )
)


def role_asked(question: Question) -> Role | None:
    """The role of whom the question asks for; None where it asks for something else."""
    asked = question.asked
    if question.kind not in (QuestionKind.WHO, QuestionKind.WHERE) or question.header is not None or asked is None or question.many:
        return None
    before, phrase, after = (f" {_keys(part)} " for part in _parted(question.text, asked))
    if _TO_WHOM.search(before) or (_AT.match(phrase) and _TO_WHOM.search(before + _first(phrase))):
        return Role.RECIPIENT
    if question.kind is QuestionKind.WHERE or (_IS.match(after) and not question.noun) or _OF_WHOM.search(before + phrase):
        return None
    return Role.DOER if question.right or (question.left and not _IS.match(phrase)) or question.noun else None


@dataclass(frozen=True, slots=True)
class Action:
    """What is said to be done: the keys of all of it, and of its verb."""

    keys: frozenset[str]
    verb: frozenset[str] = frozenset()


def action_of(question: Question, role: Role) -> Action:
    """What stands right of the question phrase; in the passive, of a recipient, and where that says little, all of the question."""
    everything = frozenset((*question.left, *question.right))
    verb = frozenset(question.right[:VERB]) - _LIGHT
    if role is Role.RECIPIENT or not question.right or question.asked is None:
        return Action(everything)
    phrase = question.text[question.asked.start : question.asked.end]
    if _BY.match(f"{_keys(phrase)} ") or len(question.right) <= VERB:
        return Action(everything, verb)
    return Action(frozenset(question.right), verb)


@dataclass(frozen=True, slots=True)
class _Said:
    """The keys of what is said of a party, and of what is said of it in part."""

    party: Party
    own: frozenset[str]
    part: frozenset[str] = frozenset()
    rate: float = 0.0
    around: frozenset[str] = frozenset()

    def share(self, sought: Sought, action: Action) -> float:
        """The share of the question that is said of it as done; less where its verb is not.

        Of a party without ``own`` that does the verb, what is ``around`` is what it does it to.
        """
        part = self.part | self.around if action.verb and action.verb <= self.part else self.part
        share = sought.share(action.keys & self.own) + self.rate * sought.share(action.keys & part - self.own)
        missing = len(action.verb - (self.own or part)) / len(action.verb) if action.verb else 0.0
        return share * (1 - OTHER_VERB * missing)


def parties(text: str) -> tuple[Party, ...]:
    """The parties that ``text`` names, in order, those that are named together as one; of a long text those at its beginning."""
    return _parties(text[:LONGEST_READ])


@lru_cache(maxsize=512)
def _parties(text: str) -> tuple[Party, ...]:
    found = [value for value in find_agencies(text) if _is_party(text, value)]
    groups: list[list[Value]] = []
    for value in found:
        if groups and _joined(text, groups[-1], value):
            groups[-1].append(value)
        else:
            groups.append([value])
    return tuple(Party(tuple(group), _standing(text, group[0].start, group[-1].end)) for group in groups)


def doer(text: str) -> Party | None:
    """The party that a heading, a label or the beginning of a sentence names as the one that does what follows."""
    return next((party for party in parties(text) if party.doing), None)


def elides_doer(text: str) -> bool:
    """Whether a sentence begins with a verb and names nobody who does it: who does stands above."""
    return _OPENS_WITH_ACT.match(text) is not None and not any(party.standing is Standing.SUBJECT for party in parties(text))


def borne(question: Question, role: Role, sought: Sought, repeated: Container[Normal], text: str, words: Words) -> Borne | None:
    """Of the parties in ``text`` (``words`` are its) the one that bears ``role`` most; None where none does, or one that stands above.

    ``repeated`` are those that the question names itself.
    """
    text = text[:LONGEST_READ]
    action = action_of(question, role)
    whole = sought.share(action.keys.intersection(words.keys))
    named = parties(text)
    regions = _said_of(text, words, named) if role is Role.DOER else _handed(text, words, named)
    noun, bare = _noun(question), BARE if _keys(question.noun) in _ANYBODY else NOBODY
    found = [
        Borne(_as_one(text, said.party), (said.share(sought, action) / whole if whole else 1.0) * _worth(said.party, noun, bare))
        for said in regions
        if any(value.normal not in repeated for value in said.party.values)
    ]
    best = max(found, key=lambda one: one.share, default=None)
    if best is None or role is Role.RECIPIENT or not whole:
        return best
    return best if best.share >= _unsaid(text, words, named).share(sought, action) / whole else None


def _joined(text: str, group: Sequence[Value], value: Value) -> bool:
    """Whether a value is named together with those before it; after a semicolon only where these do something, else it is a new clause."""
    if not _JOINS.fullmatch(text, group[-1].end, value.start):
        return False
    return ";" not in text[group[-1].end : value.start] or _standing(text, group[0].start, group[-1].end) is Standing.SUBJECT


def _is_party(text: str, value: Value) -> bool:
    """Whether it can do something: no place, and no "tổ chức" that is a verb."""
    if _ORGANISES.match(value.text) and not _MODAL.match(text, value.end):
        return False
    if value.text.isupper() and " " not in value.text and not _ABBREVIATED.match(value.text):
        return False
    return not PLACE.fullmatch(value.text) and (0, len(value.text)) not in province_spans(value.text)


def _standing(text: str, start: int, end: int) -> Standing:
    before = text[max(0, start - 120) : start]
    if _GIVEN.search(before) and not _WITHIN.search(before):
        return Standing.GIVEN
    if _LABEL.search(before) and _ENDS.match(text, end):
        return Standing.GIVEN
    if _OPENS.search(before) or (len(before) < 120 and not before.strip()):
        return Standing.SUBJECT
    acts = _ACTS_NEXT.match(text, end) is not None
    if _TASKED.search(before):
        return Standing.SUBJECT
    if _HANDED.search(before):
        return Standing.PIVOT if acts else Standing.OBJECT
    if _GOVERNED.search(before):
        return Standing.OBJECT
    if not acts:
        return Standing.OBJECT
    # "đôn đốc các đơn vị triển khai": whom something is done to does the next verb.
    return Standing.PIVOT if _ACT.search(before, max(before.rfind(mark) for mark in ",.;:") + 1) else Standing.SUBJECT


def _said_of(text: str, words: Words, named: Sequence[Party]) -> Iterator[_Said]:
    """What is said of each doer: up to the next one or the sentence's end, less of what an object in between does itself."""
    lent = [(party, _until(_PIVOT_ENDS, text, party.end)) for party in named if party.standing is Standing.PIVOT]
    for place, party in enumerate(named):
        if party.doing:
            following = next((other.start for other in named[place + 1 :] if other.doing), len(text))
            end = min(following, _until(_STOP, text, party.end))
            holes = [(pivot.start, stop) for pivot, stop in lent if party.end <= pivot.start < end]
            own = _without(words, party.end, end, holes)
            if party.standing is Standing.GIVEN:
                own |= words.between(_since(text, party.start), party.start)
            yield _Said(party, own, words.between(party.end, end) - own, LENT_AWAY)
    for party, stop in lent:
        yield _Said(party, frozenset(), words.between(party.end, stop), LENT, words.between(_since(text, party.start), party.start))


def _unsaid(text: str, words: Words, named: Sequence[Party]) -> _Said:
    """What is said before the first doer, of one that is named above: "Hướng dẫn Ủy ban nhân dân cấp xã lập kế hoạch"."""
    first = next((party.start for party in named if party.doing), len(text))
    holes = [(party.start, _until(_PIVOT_ENDS, text, party.end)) for party in named if party.standing is Standing.PIVOT]
    opens = _OPENS_WITH_ACT.match(text) is not None
    own = _without(words, 0, first, holes) if opens else frozenset()
    return _Said(Party((), Standing.SUBJECT), own, words.between(0, first) - own if opens else frozenset(), LENT_AWAY)


def _handed(text: str, words: Words, named: Sequence[Party]) -> Iterator[_Said]:
    """What is said of handing something to each party: what stands before it, since the last that something was handed to."""
    handed = 0
    for party in named:
        begun = max(handed, _since(text, party.start))
        before = words.between(begun, party.start)
        if _GETS.search(text, begun, party.start):
            yield _Said(party, before | words.between(party.end, _until(_PIVOT_ENDS, text, party.end)))
            handed = party.end
        else:
            takes = party.doing and _TAKES.match(text, party.end) is not None
            around = before | words.between(party.end, _until(_BREAK, text, party.end))
            yield _Said(party, frozenset(), around, TAKING if takes else ONLY_NAMED)


def _without(words: Words, start: int, end: int, holes: Sequence[tuple[int, int]]) -> frozenset[str]:
    said: frozenset[str] = frozenset()
    for first, last in [hole for hole in holes if start <= hole[0] < end]:
        said |= words.between(start, first)
        start = min(last, end)
    return said | words.between(start, end)


def _until(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.search(text, start)
    return match.start() if match else len(text)


def _since(text: str, end: int) -> int:
    return max((match.end() for match in _BREAK.finditer(text, 0, end)), default=0)


def _as_one(text: str, party: Party) -> Value:
    """Those that are named together as one value."""
    if len(party.values) == 1:
        return party.values[0]
    first = party.values[0]
    normal = tuple(part for value in party.values for part in value.normal)
    return replace(first, end=party.end, text=text[party.start : party.end], normal=normal)


def _worth(party: Party, noun: frozenset[str], bare: float) -> float:
    """Less of what names nobody ("cơ quan có thẩm quyền"), or is no "sở" where one is asked for."""
    if all(_BARE.fullmatch(value.text) for value in party.values):
        return bare
    named = {syllable_key(token.text) for value in party.values for token in tokenise(value.text)}
    return 1.0 if noun <= named else OTHER_NOUN


def _noun(question: Question) -> frozenset[str]:
    """The noun that a name must have: that of "sở nào", not that of "cơ quan nào"."""
    keys = _keys(question.noun)
    return frozenset(keys.split()) if keys in _NAMING else frozenset()


def _parted(text: str, span: Span) -> tuple[str, str, str]:
    return text[: span.start], text[span.start : span.end], text[span.end :]


def _keys(text: str) -> str:
    return " ".join(syllable_keys(text))


def _first(phrase: str) -> str:
    return f"{phrase.split()[0]} "
