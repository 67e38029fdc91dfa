"""What a corpus says its abbreviations stand for, over a small built-in list. Pure: texts come in, a table goes out.

A definition is an abbreviation in brackets after what it stands for ("thủ tục hành chính (TTHC)", "… (sau đây viết tắt là
TTHC)"), before it ("TTHC (thủ tục hành chính)"), or a line of a list of abbreviations ("TTHC: thủ tục hành chính"). It counts
where the letters are the initials of the syllables: nothing else says how far back the long form reaches.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kgsearch.language.abbreviations import Expansion, Table, abbreviation_key
from kgsearch.language.fold import fold_syllable
from kgsearch.language.normalise import clean
from kgsearch.language.tokenise import Token, tokenise

MAX_EXPANSIONS = 4
"""The most meanings that are kept of one abbreviation."""

_LEAST_SHARE = 0.1
_MOST_LETTERS = 12
_MOST_SKIPPED = 2
_REACH = 300
# Words that abbreviations pass over, folded.
_PASSED_OVER = frozenset(
    {"va", "cua", "ve", "voi", "doi", "cho", "trong", "tai", "cac", "theo", "hoac", "o", "tren", "de", "do", "la", "den", "tu"}
)

_CAPITAL = "[A-ZÂĂĐÊÔƠƯ]"
_ABBREVIATION = rf"(?<!\w){_CAPITAL}[^\W\d_]{{0,11}}(?:\s?[-–&./]\s?{_CAPITAL}[^\W\d_]{{0,7}}){{0,4}}(?!\w)"
_CALLED = r"(?:(?:viết|gọi)\s+tắt(?:\s+là|\s*:)?|gọi\s+chung\s+là)"
_QUOTED = rf"[\"“'‘]?\s*(?P<short>{_ABBREVIATION})\s*[\"”'’]?"
_BRACKETED = re.compile(rf"\(\s*{_QUOTED}\s*\)")
_SAID = re.compile(rf"\b{_CALLED}\s+{_QUOTED}")
_WORTH_READING = re.compile(rf"{_CAPITAL}{_CAPITAL}|{_CAPITAL}-{_CAPITAL}")
_LEADING_IN = re.compile(r"[\s,(]*(?:sau\s+đây\s*)?(?:được\s*)?$")
_BEFORE = re.compile(rf"(?P<short>{_ABBREVIATION})\s*\((?:là\s+|viết\s+tắt\s+của\s+)?(?P<long>[^()]{{4,{_REACH}}})\)")
_LISTED = re.compile(
    rf"\W*(?:\d{{1,3}}\s*[.):|]?\s+|[|•\-–+]\s*)?(?P<short>{_ABBREVIATION})\s*(?:[:=|–]|\s-\s|\slà\s+(?:chữ\s+)?viết\s+tắt\s+của|\slà\s)\s*"
    rf"(?P<long>[^.;:|()\n]{{4,{_REACH}}})"
)
# What ends the words that a bracket may refer to; a comma does not: "khám bệnh, chữa bệnh (KBCB)".
_END = re.compile(r"[.;:()|\n]")


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """What ``text`` (one clause) defines: (abbreviation as printed, long form in lower case, single-spaced)."""
    if not _WORTH_READING.search(text):
        return
    text = clean(text)
    for match in (*_BRACKETED.finditer(text), *_SAID.finditer(text)):
        before = _LEADING_IN.sub("", text[max(match.start() - _REACH, 0) : match.start()])
        if _is_abbreviation(match["short"]) and (long := _reaching_back(match["short"], _END.split(before)[-1])):
            yield match["short"], long
    for match in (*_BEFORE.finditer(text), *filter(None, (_LISTED.match(text),))):
        if _is_abbreviation(match["short"]) and (long := _whole(match["short"], match["long"])):
            yield match["short"], long


def learn(documents: Iterable[Iterable[tuple[str, str]]]) -> Table:
    """The table of what ``documents`` define, each given as its definitions, over the built-in list: key -> expansions, likeliest first.

    An expansion that a tenth as many documents use as the commonest is left out: most of these are slips.
    """
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for short, long in dict.fromkeys((abbreviation_key(short), long) for short, long in document):
            counted[short][long] += 1
    table = {key: _likeliest(spellings) for key, spellings in counted.items()}
    for key, built_in in BUILT_IN.items():
        known = {_folded(expansion.text) for expansion in table.get(key, ())}
        table[key] = (*table.get(key, ()), *(Expansion(text, 0) for text in built_in if _folded(text) not in known))
    return table


def _likeliest(spellings: Counter[str]) -> Sequence[Expansion]:
    """The expansions of one abbreviation; those that fold to the same are one, in the commonest spelling."""
    merged: dict[str, Expansion] = {}
    for text, count in sorted(spellings.items(), key=lambda pair: (-pair[1], pair[0])):
        folded = _folded(text)
        first = merged.get(folded, Expansion(text, 0))
        merged[folded] = Expansion(first.text, first.documents + count)
    ordered = sorted(merged.values(), key=lambda expansion: (-expansion.documents, expansion.text))
    least = ordered[0].documents * _LEAST_SHARE
    return tuple(expansion for expansion in ordered[:MAX_EXPANSIONS] if expansion.documents > least)


def _folded(text: str) -> str:
    return " ".join(fold_syllable(token.text) for token in tokenise(text))


def _is_abbreviation(text: str) -> bool:
    """Whether ``text`` is written as an abbreviation: two capitals and more, and hardly anything else."""
    letters = [character for character in text if character.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return 2 <= capitals <= _MOST_LETTERS and len(letters) - capitals <= 1 and not text[0].islower()


def _reaching_back(short: str, before: str) -> str:
    """The words at the end of ``before`` whose initials are the letters of ``short``; "" where they are not."""
    tokens = tokenise(before)
    length = _matched(_letters(short)[::-1], tokens[::-1])
    return _spelt(before, tokens[len(tokens) - length :]) if length else ""


def _whole(short: str, long: str) -> str:
    """``long``, where the initials of all its words are the letters of ``short``; "" where they are not."""
    tokens = tokenise(long)
    length = _matched(_letters(short), tokens)
    return _spelt(long, tokens) if length and length == len(tokens) else ""


def _matched(letters: str, tokens: Sequence[Token]) -> int:
    """How many of ``tokens``, from the first, begin with ``letters`` in order, with at most _MOST_SKIPPED small words between them;
    0: they do not."""
    place = skipped = 0
    for number, letter in enumerate(letters):
        # "BCĐ": a small word whose initial is the letter wanted is taken, not passed over.
        while place < len(tokens) and not _agree(letter, tokens[place].text[0].upper()):
            if not number or not _passed_over(tokens[place]) or skipped == _MOST_SKIPPED:
                return 0
            skipped, place = skipped + 1, place + 1
        if place == len(tokens):
            return 0
        place += 1
    return place


def _letters(short: str) -> str:
    return "".join(character for character in short if character.isalpha()).upper()


def _agree(letter: str, initial: str) -> bool:
    """Whether a letter of an abbreviation stands for a syllable: Đ for đ alone, any other for its vowel with any marks, D for đ as well."""
    return letter == initial or (letter != "Đ" and fold_syllable(letter) == fold_syllable(initial))


def _passed_over(token: Token) -> bool:
    return fold_syllable(token.text) in _PASSED_OVER


def _spelt(text: str, tokens: Sequence[Token]) -> str:
    return " ".join(text[token.start : token.end].lower() for token in tokens)


_LIST = """
ANTT an ninh trật tự
ATGT an toàn giao thông
ATTP an toàn thực phẩm
BCĐ ban chỉ đạo
BHTN bảo hiểm thất nghiệp
BHXH bảo hiểm xã hội
BHYT bảo hiểm y tế
BQL ban quản lý
BTC bộ tài chính
BVMT bảo vệ môi trường
CBCC cán bộ công chức
CBCCVC cán bộ công chức viên chức
CCHC cải cách hành chính
CCVC công chức viên chức
CNTT công nghệ thông tin
CSDL cơ sở dữ liệu
CTMTQG chương trình mục tiêu quốc gia
DN doanh nghiệp
DVC dịch vụ công
DVCTT dịch vụ công trực tuyến
ĐBQH đại biểu quốc hội
ĐTC đầu tư công
ĐTM đánh giá tác động môi trường
GCN giấy chứng nhận
GCNQSDĐ giấy chứng nhận quyền sử dụng đất
GDĐT giáo dục và đào tạo
GPLX giấy phép lái xe
GPMB giải phóng mặt bằng
GRDP tổng sản phẩm trên địa bàn
GTGT giá trị gia tăng
GTVT giao thông vận tải
HĐND hội đồng nhân dân
HTX hợp tác xã
KBNN kho bạc nhà nước
KCN khu công nghiệp
KHĐT kế hoạch và đầu tư
KHCN khoa học và công nghệ
KNTC khiếu nại tố cáo
KTXH kinh tế xã hội
LĐTBXH lao động thương binh và xã hội
MTTQ mặt trận tổ quốc
NĐ nghị định
NLĐ người lao động
NNPTNT nông nghiệp và phát triển nông thôn
NQ nghị quyết
NSDLĐ người sử dụng lao động
NSNN ngân sách nhà nước
NSTW ngân sách trung ương
NTM nông thôn mới
OCOP mỗi xã một sản phẩm
PAPI chỉ số hiệu quả quản trị và hành chính công
PARINDEX chỉ số cải cách hành chính
PCCC phòng cháy chữa cháy
PCI chỉ số năng lực cạnh tranh cấp tỉnh
PCTN phòng chống tham nhũng
PCTT phòng chống thiên tai
QĐ quyết định
QLNN quản lý nhà nước
QPPL quy phạm pháp luật
QSDĐ quyền sử dụng đất
SIPAS chỉ số hài lòng về sự phục vụ hành chính
TĐC tái định cư
TNCN thu nhập cá nhân
TNDN thu nhập doanh nghiệp
TNMT tài nguyên và môi trường
TTg thủ tướng chính phủ
TTHC thủ tục hành chính
TTTT thông tin và truyền thông
TW trung ương
UBMTTQ ủy ban mặt trận tổ quốc
UBND ủy ban nhân dân
VBQPPL văn bản quy phạm pháp luật
VHTTDL văn hóa thể thao và du lịch
VPCP văn phòng chính phủ
VSATTP vệ sinh an toàn thực phẩm
XDCB xây dựng cơ bản
"""


def _built_in() -> Mapping[str, Sequence[str]]:
    table: defaultdict[str, list[str]] = defaultdict(list)
    for line in _LIST.strip().splitlines():
        short, _space, long = line.partition(" ")
        table[abbreviation_key(short)].append(long)
    return table


BUILT_IN = _built_in()
"""The commonest abbreviations of administrative documents, for the corpus that does not define them: key -> long forms."""
