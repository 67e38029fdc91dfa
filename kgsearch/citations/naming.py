"""How running text names a document: one pattern and one function for each form, each beginning at the form's first word.

Each function takes a text and where the form's first word begins, and gives what is named there, or None. Texts are as
`kgsearch.citations.find` prepares them: composed letters, "Đ" alone for its look-alikes, a NUL where a paragraph ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kgsearch.citations.alternatives import alternatives
from kgsearch.citations.issuers import CAPITAL, issuer_end, organ_end
from kgsearch.citations.laws import known_name_end
from kgsearch.citations.numbers import NUMBER


class Naming(StrEnum):
    """What a document is named as."""

    THIS = "this"
    LAW = "law"
    DOCUMENT = "document"
    ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class Named:
    """A document named in ``text[start:end]``.

    ``document`` is its number as printed without white space, else its name; ``number`` the number or "". ``type`` is its first
    word or words as printed. ``regulation``: what is named is of the kind that is issued with another document ("Quy chế này").
    """

    start: int
    end: int
    naming: Naming
    document: str = ""
    number: str = ""
    year: int | None = None
    issued: date | None = None
    type: str = ""
    regulation: bool = False


def _either_case(names: str) -> list[str]:
    """A pattern for each of the names, given one a line or between bars, that may begin with a small letter too; the longest first."""
    words = [name.strip() for name in names.replace("\n", "|").split("|") if name.strip()]
    ordered = sorted(words, key=len, reverse=True)
    return [f"[{name[0]}{name[0].lower()}]{name[1:]}".replace(" ", r"\s+") for name in ordered]


# What is issued with another document, and is cited by its own name beside that document's number.
_REGULATIONS = (
    "Quy chế|Quy định|Điều lệ|Quy tắc|Nội quy|Quy trình|Chương trình|Kế hoạch|Đề án|Phương án|Chiến lược|Hướng dẫn|Bộ tiêu chí|Định mức"
)
_ACTS = """Nghị quyết liên tịch|Nghị quyết|Nghị định|Quyết định|Thông tư liên tịch|Thông tư liên bộ|Thông tư|Chỉ thị|Quyết nghị|Sắc lệnh
    Lệnh|Kết luận|Thông tri|Văn bản hợp nhất|Văn bản"""
_PAPERS = "Báo cáo|Tờ trình|Công văn|Công điện|Thông báo|Biên bản|Dự án|Quy hoạch|Giấy mời|Thông cáo|Tuyên bố"
LAW_WORDS = (r"[Bb]ộ\s+[Ll]uật", "[Ll]uật", r"[Pp]háp\s+lệnh", r"Hiến\s+pháp")
LAW_WORD = alternatives(LAW_WORDS)
TYPE_WORDS = _either_case(f"{_REGULATIONS}|{_ACTS}|{_PAPERS}")
TYPE_WORD = alternatives(TYPE_WORDS)
_REGULATION = re.compile(rf"(?:{_REGULATIONS.replace(' ', '[ ]+')})(?!\w)")
_REGULATION_ANY_CASE = re.compile(rf"{alternatives(_either_case(_REGULATIONS))}(?!\w)")
_TYPE = re.compile(rf"{TYPE_WORD}(?!\w)")
_LAW = re.compile(rf"(?P<type>{LAW_WORD})(?!\w)")

# "số" as typed and as scanned: "ố", "sồ", "so"
_NUMBER_MARK = r"(?:(?:[Ss]?[ốồ]|[Ss]o)\s*+(?::\s*+)?)"
_DATE = re.compile(
    r"""(?: (?:\s*,)? \s+ (?:ký\s+)? ng[àa]y \s+ (?P<day>\d{1,2})
            (?: \s*(?P<mark>[/.-])\s* (?P<month>\d{1,2}) \s*(?P=mark)\s* (?P<year>\d{4})
              # "ngày 16 tháng năm 2021", "ngày 15 ngày 5 năm 2014": the slips of real documents leave the year
              | \s+ (?:tháng|ngày) (?:\s+(?P<month_word>\d{1,2}))? \s+ (?:năm|ngày) \s+ (?P<year_word>\d{4}) )
          | \s+ (?P<day_word>\d{1,2}) \s+ tháng \s+ (?P<month_only>\d{1,2}) \s+ năm \s+ (?P<year_only>\d{4})
          | (?:\s*,)? \s+ (?:tháng\s+\d{1,2}\s+)? năm \s+ (?P<year_alone>(?:19|20)\d\d) (?!\s*[-–]\s*\d)
          | \s+ (?P<bare_year>(?:19|20)\d\d) (?!\s*[-–/]\s*\d) )
        (?!\w|[.,]\d)""",
    re.VERBOSE,
)


def _with_tail(text: str, named: Named, *, bare_year: bool = False) -> Named:
    """What is named with the date and the issuer after it, in either order, each once.

    ``bare_year``: a year without "năm" may follow, as after the name of a law ("Luật Đất đai 2013").
    """
    joint = "liên" in named.type or "LT" in named.number
    dated = issued_by = False
    while True:
        match = None if dated else _DATE.match(text, named.end)
        if match and (bare_year or not match["bare_year"]):
            named = _dated(named, match)
            dated = True
            continue
        end = named.end if issued_by else issuer_end(text, named.end, joint=joint)
        if end == named.end:
            return named
        named = replace(named, end=end)
        issued_by = True


def _dated(named: Named, match: re.Match[str]) -> Named:
    year = int(match["year"] or match["year_word"] or match["year_only"] or match["year_alone"] or match["bare_year"])
    month, day = match["month"] or match["month_word"] or match["month_only"], match["day"] or match["day_word"]
    try:
        issued = date(year, int(month), int(day)) if month else None
    except ValueError:
        issued = None
    return replace(named, end=match.end(), year=year, issued=issued)


def _solid(number: str) -> str:
    return "".join(number.split())


# --- this document --------------------------------------------------------------------------------------------------------

_THIS = re.compile(
    rf"""(?P<type> {TYPE_WORD} | {LAW_WORD})
        # "Chương trình hành động này", "Quy chế phối hợp này"
        (?: \s+ (?:hành\s+động|phối\s+hợp|công\s+tác|làm\s+việc|thực\s+hiện|triển\s+khai|liên\s+tịch|tổ\s+chức
            |hoạt\s+động|kiểm\s+tra) ){{0,2}}
        \s+ [Nn]ày (?!\w)""",
    re.VERBOSE,
)
# Small letters say of these as often something else: "chương trình này" is a programme, "dự án này" a building site.
_VAGUE = re.compile(
    r"(?:chương\s+trình|dự\s+án|báo\s+cáo|đề\s+án|phương\s+án|quy\s+trình|quy\s+hoạch|lệnh|chiến\s+lược|định\s+mức|biên\s+bản|tuyên\s+bố)"
)


def read_this(text: str, start: int) -> Named | None:
    """The document itself: "Nghị quyết này", "quy định này", "Luật này", "Chương trình hành động này"; not "các quy định này"."""
    match = _THIS.match(text, start)
    if match is None or _VAGUE.match(match["type"]) or re.search(r"(?:[Cc]ác|[Nn]hững)\s+$", text[max(0, start - 8) : start]):
        return None
    # What an attached text calls "văn bản này" is itself.
    regulation = _REGULATION_ANY_CASE.match(match["type"]) is not None or match["type"][1:] == "ăn bản"
    return Named(start, match.end(), Naming.THIS, "this", type=match["type"], regulation=regulation)


# --- laws -----------------------------------------------------------------------------------------------------------------

_LAW_NUMBER = re.compile(rf"\s+{_NUMBER_MARK}?(?P<number>{NUMBER.pattern})", re.VERBOSE)
_CONSTITUTION = re.compile(
    r"(?:\s+nước\s+C[Hh]XHCN\s+Việt\s+Nam|\s+nước\s+Cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+Việt\s+Nam)?", re.IGNORECASE
)
_AMENDING = re.compile(
    rf"""\s+ [Ss]ửa\s+đổi (?:,?\s+(?:và\s+)?bổ\s+sung)? ,? [^\W\d_] {{0}}
        (?: \s+ (?:một\s+số|điều|Điều|khoản|điểm|nội\s+dung|của|các|và|[\d]{{1,3}}[a-z]?) ,? ){{0,12}} \s+ (?={LAW_WORD}\s)""",
    re.VERBOSE,
)
# "Luật sửa đổi, bổ sung một số điều của 37 luật có liên quan đến quy hoạch ngày …"
_AMENDING_MANY = re.compile(
    rf"""\s+ [Ss]ửa\s+đổi ,?
        (?:\s+ (?!hiệu\s+lực|được|có\s+căn|này|kể|từ|số\s+\d|ngày\s|năm\s|{LAW_WORD}\s+[{CAPITAL}]) [^\s;.:()\0]+){{2,40}}
        (?= \s+ (?:số|ngày|năm) \s+ \d )""",
    re.VERBOSE,
)
_NEXT_LAW = re.compile(rf"(?:\s*,\s*|\s+và\s+|\s*;\s*)(?={LAW_WORD}\s)")
_REVISED = re.compile(r"\s+\(sửa\s+đổi(?:,\s+bổ\s+sung)?\)(?=\s+(?:số|ngày|năm)\s+\d|\s+(?:19|20)\d\d)")
_NAME_WORD = re.compile(r"(?P<between>\s*,\s+|\s+-\s+|\s+)(?P<word>[^\W\d_]+(?:/[^\W\d_]+)?)")
# What ends the name of a law that the list of names does not hold.
_AFTER_NAME = re.compile(
    r"""\s*,?\s+(?:và\s+(?:các|những|pháp|văn|Nghị|Luật|Bộ|Thông|Quyết|Pháp|hướng|quy)|quy\s+định|có|được|đã|thì|để|về|là|nhưng|hoặc|theo|khi|tại|do
      |mà|này|hiện|thay|sửa|ban\s+hành|phải|cũng|đối\s+với|nêu|còn|hết|từ|trước|sau|như|số|năm|ngày|trên|bằng|trong|cho|tháng|nên|vẫn|không|các|của
      |Luật|Bộ|Pháp|Nghị|Thông|Quyết)(?!\w)""",
    re.VERBOSE,
)
_DESIGNATED = re.compile(r"\s+(?:số|ngày|năm)\s+\d|\s+(?:19|20)\d\d(?!\w)")
_ABOUT = re.compile(r"\s+về(?=\s)")
_NO_LAW = re.compile(r"\s+(?:sư|gia|pháp|lệ|chơi|hóa|hoá|hình|học)(?!\w)")
_LONGEST_NAME = 24


def read_law(text: str, start: int) -> Named | None:
    """A law by number, name, date or year.

    "Luật số 35/2018/QH14", "Luật Phí và lệ phí số 97/2015/QH13 ngày 25 tháng 11 năm 2015", "Bộ luật Dân sự", "Luật Đất đai 2013",
    "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam năm 1992", "Luật sửa đổi, bổ sung một số điều của Luật Giáo dục ngày …".
    """
    match = _LAW.match(text, start)
    if match is None or re.search(r"[Pp]háp\s$", text[max(0, start - 5) : start]):
        return None
    named = Named(start, match.end(), Naming.LAW, type=match["type"])
    if match["type"].startswith("Hiến"):
        end = _CONSTITUTION.match(text, match.end()).end()  # type: ignore[union-attr]  # it matches the empty text too
        return _with_tail(text, replace(named, end=end, document=" ".join(text[start:end].split())), bare_year=True)
    if number := _LAW_NUMBER.match(text, match.end()):
        return _with_tail(text, _numbered(named, number))
    if match["type"][0].islower():
        # "xây dựng luật, pháp lệnh": laws in general, or a field of law
        return None
    if re.match(r"\s+[Ss]ửa\s+đổi", text[match.end() : match.end() + 12]):
        return _amending_law(text, named)
    end = _law_name_end(text, match.end())
    return _designated_law(text, replace(named, end=end), bare_year=True) if end > match.end() else None


def _numbered(named: Named, match: re.Match[str]) -> Named:
    number = _solid(match["number"])
    return replace(named, end=match.end(), document=number, number=number)


def _designated_law(text: str, named: Named, *, bare_year: bool) -> Named:
    """A law's name with the number, date, year and issuer after it."""
    named = replace(named, document=" ".join(text[named.start : named.end].split()))
    if revised := _REVISED.match(text, named.end):
        named = replace(named, end=revised.end())
    if number := _LAW_NUMBER.match(text, named.end):
        named = _numbered(named, number)
    return _with_tail(text, named, bare_year=bare_year)


def _amending_law(text: str, named: Named, *, cited_from: bool = False) -> Named | None:
    """ "Luật sửa đổi, bổ sung một số điều của Luật A và Luật B ngày …" is one name where its own number or date follows.

    A number alone belongs to the law amended where the words announce the act ("ban hành Luật sửa đổi … của Luật A số …").
    ``cited_from``: a clause is cited from it, so that it is one name anyway ("Điều 1 Luật sửa đổi … của Luật A").
    """
    opening = _AMENDING.match(text, named.end)
    position: int | None = opening.end() if opening else named.end
    end = named.end
    while position is not None:
        word = _LAW.match(text, position)
        end = _law_name_end(text, word.end()) if word else position
        if word is None or end == word.end():
            many = _AMENDING_MANY.match(text, named.end)
            return _designated_law(text, replace(named, end=many.end()), bare_year=False) if many else None
        following = _NEXT_LAW.match(text, end)
        position = following.end() if following else None
    law = _designated_law(text, replace(named, end=end), bare_year=False)
    if cited_from:
        return law
    announced = re.search(r"ban\s+hành\s+$", text[max(0, named.start - 10) : named.start])
    return law if law.year or (law.number and not announced) else None


def read_amending(text: str, start: int) -> Named | None:
    """A law that amends another, without number or date, as a clause is cited from it."""
    match = _LAW.match(text, start)
    if match is None or not _AMENDING.match(text, match.end()):
        return None
    return _amending_law(text, Named(start, match.end(), Naming.LAW, type=match["type"]), cited_from=True)


def _law_name_end(text: str, start: int) -> int:
    """Where the name of a law ends whose first word stands after ``start``; ``start`` where there is no name."""
    about = _ABOUT.match(text, start)
    known = known_name_end(text, about.end() if about else start)
    if about:
        return known if known > about.end() else start
    if known > start:
        return _designated_name_end(text, known)
    if _NO_LAW.match(text, start):
        return known
    position = start
    comma: int | None = None
    for _count in range(_LONGEST_NAME):
        word = _NAME_WORD.match(text, position)
        if word is None or _AFTER_NAME.match(text, position):
            break
        if "," in word["between"] and comma is None:
            comma = position
        position = word.end()
    if _DESIGNATED.match(text, position):
        return position
    end = position if comma is None else comma
    return end if text[start + 1 : start + 2].isupper() else start


_MORE_OF_NAME = re.compile(
    rf"""(?:\s+(?!(?:và|quy|có|được|đã|thì|để|về|là|nhưng|hoặc|theo|khi|tại|do|mà|này|hiện|thay|sửa|ban|phải|cũng|đối|nêu|còn|hết|từ|trước|sau
      |như|số|năm|ngày|trên|bằng|trong|cho|tháng|nên|vẫn|không|các|của|vào|ra|thông|ký|công\s+bố|áp|mới|cũ|giai|đợt|kể|đến|bởi|tính)(?!\w))
      (?![{CAPITAL}])[^\W\d_]+){{1,8}}""",
    re.VERBOSE,
)


def _designated_name_end(text: str, known: int) -> int:
    """Where a name ends that begins with a known one and goes on up to its number or date: "Luật Thương mại biên giới số …"."""
    more = _MORE_OF_NAME.match(text, known)
    return more.end() if more and _DESIGNATED.match(text, more.end()) else known


# --- numbered documents ---------------------------------------------------------------------------------------------------

_BROKEN_BY = r"tại|theo|và|hoặc|này|về|kèm|ban\s+hành|quy\s+định|được|có|số|trên|đã|Luật|Pháp\s+lệnh"
_BREAK = rf"{alternatives([*_BROKEN_BY.split('|'), *TYPE_WORDS])}(?!\w)"
_FIGURES_FOLLOW = re.compile(rf"\s+{_NUMBER_MARK}?\d")
_NUMBERED = re.compile(rf"\s+{_NUMBER_MARK}?(?P<number>{NUMBER.pattern})", re.VERBOSE)
# "Báo cáo thẩm tra số 188/BC-HĐND", "Quyết định của Thủ tướng Chính phủ số 12/2010/QĐ-TTg"
_WORDED = re.compile(rf"(?:\s+(?!{_BREAK})[^\W\d_]+){{1,8}}?\s+số\s*+(?::\s*+)?(?P<number>{NUMBER.pattern})", re.VERBOSE)
# "Nghị định 43/2014": the year is all that is left of the symbol
_YEARED = re.compile(r"\s+(?:số\s+)?(?P<number>\d{1,4}[a-z]?/(?:19|20)\d\d)(?![\w/-])")
# "Tờ trình số 288 ngày …", "số 1085TTr-STNMT", "số 1085 TTr-STNMT", "số 04/2011-TTg": what has lost its stroke, after the word only
_LOOSE = re.compile(
    r"""\s+[Ss]ố\s*+(?::\s*+)?
        (?P<number> \d{1,5}[a-zđ]? (?:\s?[/-]\s?(?:19|20)\d\d)? (?:\s(?=[A-ZĐ]\w{0,5}-[A-ZĐ]))? (?:[/-]?[A-ZĐ][\w&]*)* )
        (?![\w/]|[.,]\d)""",
    re.VERBOSE,
)

# "(Nghị định 65)": how a document calls one that it cited in full before
_FIGURE = re.compile(r"\s+(?P<number>\d{1,4}[a-z]?)(?=\s*[).;,]|\s*$|\s+ngày\s)(?![.,]\d)")
_FIGURED = re.compile(r"(?:Nghị\s+(?:định|quyết)|Thông\s+tư|Quyết\s+định|Chỉ\s+thị)")


def read_document(text: str, start: int) -> Named | None:
    """A document by type and number: "Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh", "Tờ trình số 288 ngày …"."""
    match = _TYPE.match(text, start)
    if match is None:
        return None
    number = _number_after(text, match)
    return _with_tail(text, _numbered(Named(start, match.end(), Naming.DOCUMENT, type=match[0]), number)) if number else None


def _number_after(text: str, type_word: re.Match[str]) -> re.Match[str] | None:
    """What a document is numbered as after the word for its type, in the first form that fits."""
    if not _FIGURES_FOLLOW.match(text, type_word.end()):
        return _WORDED.match(text, type_word.end())
    for pattern in (_NUMBERED, _YEARED, _LOOSE):
        if number := pattern.match(text, type_word.end()):
            return number
    return _FIGURE.match(text, type_word.end()) if _FIGURED.fullmatch(type_word[0]) else None


_UNTYPED = re.compile(rf"(?:[Ss]ố\s*+(?::\s*+)?)?(?P<number>{NUMBER.pattern})", re.VERBOSE)
_UNTYPED_LOOSE = re.compile(r"[Ss]ố\s*+(?::\s*+)?(?P<number>\d{1,5}[a-zđ]?(?:/(?:19|20)\d\d)?)(?![\w/]|[.,]\d)")
_FORM_BEFORE = re.compile(r"(?i:mẫu|biểu|phụ\s+lục|form|tờ\s+khai|hóa\s+đơn|bảng|sổ)(?:\s+số)?\s*+(?::\s*+)?$")


def read_number(text: str, start: int, *, in_row: bool = False) -> Named | None:
    """A document by its number alone: "20/NQ-HĐND", "số 03/VBHN-BGDĐT ngày 03/5/2019"; not "Mẫu số 01/GTGT".

    ``in_row``: documents were named just before ("Công điện số 1 ngày …, số 2 ngày …"), so that a figure is enough.
    """
    match = _UNTYPED.match(text, start) or (_UNTYPED_LOOSE.match(text, start) if in_row else None)
    if match is None or _FORM_BEFORE.search(text[max(0, start - 16) : start]):
        return None
    return _with_tail(text, _numbered(Named(start, start, Naming.DOCUMENT), match))


STANDARD = r"QCVN\s*\d{1,3}(?:-\d{1,3})?\s*:\s*\d{4}/[A-ZĐ&]+(?!\w)"
_STANDARD = re.compile(STANDARD)


def read_standard(text: str, start: int) -> Named | None:
    """A national technical regulation, which has the force of law: "QCVN 14:2008/BTNMT"."""
    match = _STANDARD.match(text, start)
    if match is None:
        return None
    number = _solid(match[0])
    return Named(start, match.end(), Naming.DOCUMENT, number, number)


# --- documents without number ---------------------------------------------------------------------------------------------

_PARTY = re.compile(
    rf"""Nghị\s+quyết \s+ (?:
            (?:Hội\s+nghị \s+ (?:Trung\s+ương\s+)? | Trung\s+ương \s+) (?:lần\s+thứ\s+)? (?:[^\W\d_]{{2,6}}|\d{{1,2}}|[IVX]+) (?!\w)
          | Đại\s+hội \s+ (?:(?:đại\s+biểu|toàn\s+quốc|Đảng\s+bộ|Đảng) \s+){{0,4}}
            (?:(?:tỉnh|thành\s+phố|huyện)(?:\s+[{CAPITAL}]\w*){{0,4}}\s+)?
            (?:lần\s+thứ\s+)? (?:[IVX]+|\d{{1,2}}) (?!\w)
        )
      | Điều\s+lệ \s+ Đảng (?!\s+bộ) (?:\s+Cộng\s+sản\s+Việt\s+Nam)?""",
    re.VERBOSE,
)
_PARTY_ORGAN = re.compile(r"\s+(?:Ban\s+[Cc]hấp|BCH|Đảng|Trung\s+ương|\(?[Kk]h(?:óa|oá))(?!\w)")
_BASIS_BEFORE = re.compile(r"(?:^|[-–;.“\"]\s*)Căn\s+cứ(?:\s+vào)?\s+$")
_BASIS_END = re.compile(r"\s*(?:;|[.,]?\s*$|\0)")
_UNNUMBERED = re.compile(
    rf"(?P<type>{TYPE_WORD})(?P<name>(?:\s+(?!ngày\s+\d|về\s+việc\s|của\s+cấp|số\s)[^\W\d_][^\s;:.…\0]*){{1,30}})(?<!,)"
)
_REST_OF_BASIS = re.compile(r"\s+của(?:\s+(?!về\s)[^\s;:.,\0]+){1,30}")
_PLAIN_NAME = re.compile(rf"(?P<type>{TYPE_WORD})(?P<name>(?:\s+(?!{_BREAK})[^\W_]+){{1,14}})")


def read_party(text: str, start: int) -> Named | None:
    """What the Party issues without number: "Nghị quyết Hội nghị lần thứ tư", "Nghị quyết Đại hội XIII của Đảng", "Điều lệ Đảng"."""
    match = _PARTY.match(text, start)
    if match is None:
        return None
    end = issuer_end(text, match.end())
    if end == match.end() and _PARTY_ORGAN.match(text, end):
        # "… lần thứ chín Ban Chấp hành Trung ương Đảng khóa XI": the organ without "của"
        end = organ_end(text, end)
    named = Named(start, end, Naming.DOCUMENT, type="Nghị quyết")
    return _with_tail(text, replace(named, document=" ".join(text[start:end].split())))


def read_basis(text: str, start: int) -> Named | None:
    """What "Căn cứ" names without a number, up to its date or its end: "Căn cứ Quy chế làm việc của Ban Chấp hành Trung ương khóa XI;"."""
    before = max(0, start - 16)
    if "cứ" not in text[before:start] or not _BASIS_BEFORE.search(text, before, start):
        return None
    match = _UNNUMBERED.match(text, start)
    if match is None or NUMBER.search(match[0]):
        return None
    named = Named(start, match.end(), Naming.DOCUMENT, " ".join(match[0].split()), type=match["type"])
    if date_match := _DATE.match(text, named.end):
        named = _dated(named, date_match)
        # Nothing but the end of the basis says where an issuer of many words ends.
        issuer = _REST_OF_BASIS.match(text, named.end)
        return replace(named, end=issuer.end()) if issuer else named
    ends = _BASIS_END.match(text, named.end) is not None
    return named if ends and match["type"][0].isupper() else None


def read_plain_name(text: str, start: int) -> Named | None:
    """A regulation without number as a clause is cited from it: "Điều 5 Quy chế làm việc"; nothing where only its type stands there."""
    if not _REGULATION.match(text, start):
        return None
    match = _PLAIN_NAME.match(text, start)
    if match is None:
        return None
    return Named(start, match.end(), Naming.DOCUMENT, " ".join(match[0].split()), type=match["type"])


# --- what is attached -----------------------------------------------------------------------------------------------------

CARRIED = re.compile(
    r"\s*[,(]?\s*(?:(?:được|đã)\s+){0,2}(?:ban\s+hành\s+)?kèm\s+theo\s+|\s*[,(]?\s*(?:được\s+)?ban\s+hành\s+(?:kèm\s+)?theo\s+"
)
_ISSUED_WITH = re.compile(r"\s[(]?(?:(?:được|đã)\s+){0,2}[Bb]an\s+hành\s+(?:kèm\s+)?theo\s+")
_LONGEST_TITLE = 400
_NOT_IN_TITLE = re.compile(rf"[;:\0“”\"]|[.!?](?=\s+[{CAPITAL}])|\s[Nn]ày(?!\w)|\s(?:[Pp]hụ\s+lục|[Mm]ẫu|[Dd]anh\s+mục)$")


def read_attached(text: str, start: int) -> Named | None:
    """A regulation by its name and the document that it was issued with.

    "Quy chế thi tuyển Kiểm sát viên ban hành kèm theo Quyết định số 328/QĐ-VKSTC ngày 01/9/2017 của …".
    """
    if not _REGULATION.match(text, start):
        return None
    issued = _ISSUED_WITH.search(text, start, start + _LONGEST_TITLE)
    if issued is None or _NOT_IN_TITLE.search(text, start, issued.start()) or NUMBER.search(text, start, issued.start()):
        return None
    if text.count("(", start, issued.start()) != text.count(")", start, issued.start()):
        return None
    carrier = read_this(text, issued.end()) or read_law(text, issued.end()) or read_document(text, issued.end())
    if carrier is None:
        return None
    if carrier.naming is Naming.THIS:
        return replace(carrier, start=start, regulation=True)
    return replace(carrier, start=start, naming=Naming.ATTACHED)


# The order is part of the grammar: "Luật này" before laws, a number before a name, a name with its carrier before one without.
_READERS = {
    "law": (read_this, read_law),
    "type": (read_this, read_document, read_attached, read_party),
    "standard": (read_standard,),
}
_OPENING = re.compile(rf"(?:{LAW_WORD}(?P<law>)|{TYPE_WORD}(?P<type>)|(?=QCVN)(?P<standard>))")


def read_named(text: str, start: int) -> Named | None:
    """The document named by what begins at ``start``, in the first form that fits."""
    opening = _OPENING.match(text, start)
    readers = _READERS[opening.lastgroup or ""] if opening else ()
    for reader in readers:
        if (named := reader(text, start)) is not None:
            return named
    return None
