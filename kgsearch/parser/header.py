"""The head of a document: letterhead, number, place and date, type, title, addressees, and where the body begins.

Web pages and scans flatten the two columns of a letterhead into lines in either order, with cell edges between them, so the
head is read as a set of recognisable lines, not by position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from kgsearch.parser.clean import CleanLine
from kgsearch.parser.labels import Rank, find_label
from kgsearch.parser.layout import Layout, ends_sentence, is_capitals, is_cell_edge, is_upper, open_end
from kgsearch.parser.types import leading_type, type_of_heading

_TITLE_LINES = 4
"""Lines of a title that is not in capitals; those in capitals are told by that."""

HEAD_LINES = 90
"""How far into a document its head may reach, in lines that hold anything."""

_SYMBOL = r"[A-ZĐÐƯ][A-Za-zĐđÐƯư&]*\d*"
# 20/NQ-HĐND, 07/2017/QĐ-UBND, 259-CV/TU; a head may print white space anywhere in it
_NUMBER = (
    rf"(?P<number>\d{{1,5}}[a-zA-Z]?\s{{0,4}}(?:/\s{{0,2}}(?:19|20)\d\d)?\s{{0,4}}[/\-–]\s{{0,4}}{_SYMBOL}(?:\s?[\-–/.]\s?{_SYMBOL})*)"
)
NUMBER_LINE = re.compile(rf"(?:^|[^\w])(?:Số|SỐ|số)(?:\s?/\s?No\.?)?\s{{0,20}}[:.]?\s{{0,20}}{_NUMBER}")
_NUMBER_ALONE = re.compile(rf"^{_NUMBER}$")
_NUMBERED = re.compile(rf"{_NUMBER}|^(?:SỐ|LUẬT SỐ)\s*:?")
DATE = re.compile(
    r"""(?: (?P<place>[^\W\d_][^\d,;:()|]{1,40}?) \s* , \s* )?
        (?: [Nn]gày \s+ )? (?P<day>\d{1,2}) \s+ tháng \s+ (?P<month>\d{1,2}) \s* ,? \s* năm \s* (?P<year>\d{4})""",
    re.VERBOSE,
)
_SLASH_DATE = re.compile(
    r"(?P<place>[^\W\d_][^\d,;:()|]{1,40}?)\s?,\s?[Nn]gày\s{1,3}(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})\s?[/.-]\s?(?P<year>\d{4})"
)
_COUNTRY = re.compile(r"(?:(?<=HỘI\s)NƯỚC\s+)?CỘNG\s+(?:HÒA|HOÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM", re.IGNORECASE)
_PARTY = re.compile(r"ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM")
_MOTTO = re.compile(r"Độc\s+lập\s*[-–]\s*Tự\s+do\s*[-–]\s*Hạnh\s+phúc", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:V\s*/\s*[vV]|Về\s+việc|Trích\s+yếu)\s*:?\s*")
_ADDRESSED = re.compile(r"^(?:Kính\s+gửi|KÍNH\s+GỬI)\s*:?\s*")
BASIS = re.compile(
    r"^[-–]?\s*(?:Căn\s+cứ|Xét\s|Theo\s+đề\s+nghị|Trên\s+cơ\s+sở|Thực\s+hiện\s|Sau\s+khi\s|Để\s+thực\s+hiện|Thi\s+hành\s|CĂN\s+CỨ\s)"
)
ENACTS = re.compile(r"^(?:QUYẾT\s+(?:NGHỊ|ĐỊNH)|CHỈ\s+THỊ|NGHỊ\s+QUYẾT|QUY\s+ĐỊNH|THÔNG\s+TƯ)\s*:$", re.IGNORECASE)
_SAMPLE = re.compile(r"^\(?VĂN BẢN MẪU\)?\.?$")
_SECRECY = re.compile(r"^(?:TUYỆT MẬT|TỐI MẬT|MẬT|HỎA TỐC|THƯỢNG KHẨN|KHẨN|DỰ THẢO|BẢN SAO|CÔNG BÁO.*)$")

_SECRET = re.compile(r"^(?:TUYỆT MẬT|TỐI MẬT|MẬT)$")

# Words with which the name of an organ begins, in capitals: a line that begins so begins another organ's name.
_ORGANS = (
    *(
        "ỦY BAN",
        "UỶ BAN",
        "HỘI ĐỒNG",
        "QUỐC HỘI",
        "CHÍNH PHỦ",
        "THỦ TƯỚNG",
        "CHỦ TỊCH",
        "BỘ",
        "SỞ",
        r"BAN(?!\s+HÀNH)",
        "VĂN PHÒNG",
        "TÒA ÁN",
        "TOÀ ÁN",
    ),
    *(
        "VIỆN",
        "NGÂN HÀNG",
        "TỈNH ỦY",
        "TỈNH UỶ",
        "THÀNH ỦY",
        "THÀNH UỶ",
        "HUYỆN ỦY",
        "HUYỆN UỶ",
        "QUẬN ỦY",
        "ĐẢNG ỦY",
        "ĐẢNG BỘ",
        "CỤC",
        "TỔNG CỤC",
    ),
    *(
        "CHI CỤC",
        "KIỂM TOÁN",
        "THANH TRA",
        "BẢO HIỂM",
        "TRUNG TÂM",
        "TRƯỜNG",
        "MẶT TRẬN",
        "LIÊN ĐOÀN",
        "ĐOÀN",
        "HỘI",
        "TỔNG LIÊN ĐOÀN",
        "CÔNG TY",
    ),
    *(
        "TẬP ĐOÀN",
        "TỔNG CÔNG TY",
        "BCH",
        "BỘ TRƯỞNG",
        "THỐNG ĐỐC",
        "GIÁM ĐỐC",
        "TỔNG KIỂM TOÁN",
        "CHÁNH ÁN",
        "VIỆN TRƯỞNG",
        "ĐẠI HỌC",
        "HỌC VIỆN",
    ),
    *("LIÊN BỘ", "QUỐC$", "UBND", "HĐND", r"PHÒNG(?!\s*,|\s+CHỐNG)", "BỆNH VIỆN", "THƯỜNG TRỰC"),
)
_ORGAN_LINE = re.compile(rf"^(?:{'|'.join(_ORGANS)})(?![^\W_])")
_JOINT_LINE = re.compile(rf"\s+[-–]\s+(?=(?:{'|'.join(_ORGANS)})(?![^\W_]))")
# An organ's name that is not whole yet, so that the next line belongs to it even where that line begins like an organ.
_UNFINISHED = re.compile(
    r"(?:^(?:ỦY|UỶ|BAN|BỘ|SỞ|CHỦ TỊCH|BỘ TRƯỞNG BỘ|BỘ TRƯỞNG|GIÁM ĐỐC|BAN THƯỜNG VỤ|QUỐC)|"
    r"THƯỜNG VỤ|THẨM PHÁN|VĂN PHÒNG|THANH TRA|THỦ TƯỚNG|(?<!\S)QUỐC|HẢI|VÀ|[-–])$"
)
_SESSION = re.compile(r"(?<![^\W_])KH(?:ÓA|OÁ)\s+[IVXLC\d]+.*$|(?<![^\W_])KỲ\s+HỌP\s+THỨ.*$")


@dataclass(slots=True)
class Header:
    """What the head says, as printed ("" or None where it says nothing), and ``body``: the index of the body's first line."""

    number: str = ""
    type: str = ""
    title: str = ""
    place: str = ""
    issued: date | None = None
    organs: list[str] = field(default_factory=list)
    authority: str = ""
    addressees: list[str] = field(default_factory=list)
    secrecy: str = ""
    body: int = 0


def joint_issuers(organs: Sequence[str]) -> list[str]:
    """The organs of a joint document, those that share a line ("BỘ TÀI CHÍNH - BỘ Y TẾ") apart."""
    return [part.strip() for organ in organs for part in _JOINT_LINE.split(organ) if part.strip()]


def is_country(text: str) -> bool:
    """Whether the line holds the country's or the Party's name that heads official papers."""
    return bool(_COUNTRY.search(text) or _PARTY.search(text)) and not BASIS.match(text)


def is_motto(text: str) -> bool:
    """Whether the line holds the country's motto."""
    return bool(_MOTTO.search(text))


def number_of(text: str) -> str:
    """The number that a line like "Số: 103 /UBND-TH" prints, white space removed; "" where it prints none."""
    match = NUMBER_LINE.search(text)
    return clean_number(match["number"]) if match else ""


def clean_number(number: str) -> str:
    """A number as printed, without white space, with plain hyphens and Đ."""
    return re.sub(r"\s+", "", number).replace("Ð", "Đ").replace("–", "-").rstrip("-/.")


def read_header(lines: Sequence[CleanLine], layout: Layout) -> Header:
    """Read the head that ``lines`` begin with."""
    header = Header()
    end = _letterhead_end(lines)
    letterhead = [line for line in lines[:end] if not is_cell_edge(line)]
    _read_letterhead(header, letterhead)
    index = _read_type(header, lines, end)
    index = _read_title(header, lines, index, layout)
    index = _read_after_title(header, lines, index)
    index = _read_addressees(header, lines, index)
    header.body = index
    return header


def _letterhead_end(lines: Sequence[CleanLine]) -> int:
    """Index of the line that names the type or begins the subject or the address; without any, of the first after number and date."""
    head = _head(lines)
    marks = [index for index, line in enumerate(head) if _marks_letterhead(line)]
    for index in range(len(head)):
        text = head[index].text
        if type_of_heading(text) or _split_type(head, index) or _SUBJECT.match(text):
            return index
        if _ADDRESSED.match(text):
            return max((mark + 1 for mark in marks if mark < index), default=index)
    for index, line in enumerate(head):
        if is_capitals(line.text) and leading_type(line.text) and (not marks or index > marks[-1]):
            return index
    return marks[-1] + 1 if marks else 0


def _head(lines: Sequence[CleanLine]) -> Sequence[CleanLine]:
    """The lines before anything that can only stand in a body."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        if _opens_body(line.text) and not is_cell_edge(line) and not type_of_heading(line.text):
            return lines[:index]
    return lines[:HEAD_LINES]


def _marks_letterhead(line: CleanLine) -> bool:
    """Whether the line can only stand in a letterhead: number, date, country, motto, a cell's edge."""
    text = line.text
    return bool(
        number_of(text)
        or DATE.match(text)
        or _SLASH_DATE.match(text)
        or is_country(text)
        or _MOTTO.search(text)
        or _SAMPLE.match(text)
        or is_cell_edge(line)
    )


def _split_type(lines: Sequence[CleanLine], index: int) -> str:
    """The type that two short lines name together ("QUYẾT" / "ĐỊNH")."""
    if index + 1 >= len(lines) or len(lines[index].text.split()) > 1:
        return ""
    return type_of_heading(lines[index].text + " " + lines[index + 1].text)


def _read_letterhead(header: Header, letterhead: Sequence[CleanLine]) -> None:
    text = " ".join(line.text for line in letterhead)
    _read_date(header, text)
    number = NUMBER_LINE.search(text)
    if number:
        header.number = clean_number(_whole_number(letterhead, number["number"]))
    header.secrecy = next((line.text.capitalize() for line in letterhead if _SECRET.match(line.text)), "")
    organs: list[str] = []
    for line in _organ_lines(letterhead):
        if organs and not _begins_organ(organs[-1], line):
            organs[-1] += " " + line
        else:
            organs.append(line)
    header.organs = list(dict.fromkeys(organ.strip(" -–*.") for organ in organs if organ.strip(" -–*.")))


def _whole_number(letterhead: Sequence[CleanLine], joined: str) -> str:
    """The number as its own line has it: joined with the next line it may have swallowed that line's first word."""
    for line in letterhead:
        match = NUMBER_LINE.search(line.text) or _NUMBER_ALONE.match(line.text)
        if match:
            return match["number"]
    return joined


def _read_date(header: Header, text: str) -> None:
    for match in chain(DATE.finditer(text), _SLASH_DATE.finditer(text)):
        issued = valid_date(match)
        if issued:
            header.issued = issued
            place = re.sub(r"^.*(?:phúc|NAM|\*|-{2,})\s+", "", match["place"] or "")
            header.place = " ".join(place.split()[-5:]).strip(" ,.-")
            header.place = re.sub(rf"^.*{_SYMBOL}[-/]\S+\s+", "", header.place)
            return


def valid_date(match: re.Match[str]) -> date | None:
    """The date that a match of day, month and year names, None where there is no such day."""
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _organ_lines(letterhead: Sequence[CleanLine]) -> list[str]:
    """What is left of the letterhead without country, motto, number and date, line by line."""
    marker = "\x1f"
    text = marker.join(line.text for line in letterhead)
    for pattern in (_COUNTRY, _PARTY, _MOTTO):
        text = re.sub(
            pattern.pattern.replace(r"(?<=HỘI\s)", rf"(?<=HỘI[\s{marker}])")
            .replace(r"\s+", rf"[\s{marker}]+")
            .replace(r"\s*", rf"[\s{marker}]*"),
            marker,
            text,
            flags=re.IGNORECASE,
        )
    kept = []
    for line in text.split(marker):
        line = line.strip(" *-–|")
        if is_upper(line) and not (_NUMBERED.search(line) or _SAMPLE.match(line) or _SECRECY.match(line)):
            kept.append(line)
    return kept


def _begins_organ(before: str, line: str) -> bool:
    return bool(_ORGAN_LINE.match(line)) and not _UNFINISHED.search(before)


def _read_type(header: Header, lines: Sequence[CleanLine], index: int) -> int:
    """Read the line or lines that name the type; the index after them."""
    while index < len(lines) and is_cell_edge(lines[index]):
        index += 1
    if index >= len(lines):
        return index
    named = type_of_heading(lines[index].text)
    if named:
        header.type = named
        return index + 1
    named = _split_type(lines, index)
    if named:
        header.type = named
        return index + 2
    return index


def _read_title(header: Header, lines: Sequence[CleanLine], index: int, layout: Layout) -> int:
    """Read the title or subject; the index after it."""
    if not header.type and index < len(lines) and not _SUBJECT.match(lines[index].text):
        named = leading_type(lines[index].text)
        if named and is_capitals(lines[index].text):
            header.type = named
    title: list[CleanLine] = []
    while index < len(lines) and not _ends_title(title, lines[index], layout):
        if not is_cell_edge(lines[index]):
            title.append(lines[index])
        index += 1
    text = " ".join(" ".join(line.text for line in title).split())
    header.title = _SUBJECT.sub(lambda match: "Về việc " if match.group().startswith("Về") else "", text).rstrip(" .")
    return _date_after_subject(header, lines, index)


def _ends_title(title: Sequence[CleanLine], line: CleanLine, layout: Layout) -> bool:
    text = line.text
    if is_cell_edge(line):
        return False
    unfinished = bool(title) and open_end(title[-1].text)
    if (
        _ADDRESSED.match(text)
        or _opens_body(text)
        or (_authority(text) and not unfinished)
        or DATE.match(text)
        or _SLASH_DATE.match(text)
        or (title and number_of(text)[:1].isdigit() and NUMBER_LINE.match(text))
    ):
        return True
    if not title:
        return False
    # A line of figures ("2023") says nothing of how the title is set.
    before = next((line for line in reversed(title) if any(character.isalpha() for character in line.text)), title[-1])
    if unfinished:
        return False
    if not is_upper(text) and not _SUBJECT.match(title[0].text) and _says_more(title, text):
        return True
    if layout.spaced and line.gap > 0:
        return not (is_upper(before.text) and is_upper(text)) and not text[:1].islower()
    if is_upper(before.text) != is_upper(text) and not _short_continuation(before, line):
        return not text[:1].islower()
    return len(title) >= 12


def _says_more(title: Sequence[CleanLine], text: str) -> bool:
    """Whether a line after a title is prose: it ends as a sentence or a lead-in does, follows one, or comes after a long title."""
    small = sum(not is_upper(line.text) for line in title)
    return text.endswith((":", ".")) or ends_sentence(title[-1].text) or small >= _TITLE_LINES


def _short_continuation(before: CleanLine, line: CleanLine) -> bool:
    """Whether a line of hardly any letters (a year, "19") continues a title in capitals."""
    return sum(character.isalpha() for character in line.text) < 4 and is_capitals(before.text)


def _date_after_subject(header: Header, lines: Sequence[CleanLine], index: int) -> int:
    """A dispatch prints the letterhead's right column (country, motto, place and date) after the subject in the left one."""
    while index < len(lines):
        joined = " ".join(line.text for line in lines[index : index + 2])
        if _is_date_line(lines[index].text):
            used, text = 1, lines[index].text
        elif _is_date_line(joined) and not is_cell_edge(lines[index]):
            used, text = 2, joined
        elif (
            is_cell_edge(lines[index]) or is_country(lines[index].text) or is_motto(lines[index].text) or _SECRECY.match(lines[index].text)
        ):
            index += 1
            continue
        else:
            break
        if header.issued is None:
            _read_date(header, text)
        index += used
    return index


def _is_date_line(text: str) -> bool:
    """Whether the line is a place and a date and nothing else."""
    return bool(DATE.fullmatch(text.rstrip(" .")) or _SLASH_DATE.fullmatch(text.rstrip(" .")))


def _opens_body(text: str) -> bool:
    if BASIS.match(text) or ENACTS.match(text):
        return True
    label = find_label(text)
    return label is not None and label.form.rank not in (Rank.DASH, Rank.PLUS, Rank.LETTER)


def _authority(text: str) -> bool:
    """Whether the line names, in capitals, the organ that enacts ("HỘI ĐỒNG NHÂN DÂN TỈNH KIÊN GIANG")."""
    return is_capitals(text) and bool(_ORGAN_LINE.match(text)) and not ends_sentence(text)


def _read_after_title(header: Header, lines: Sequence[CleanLine], index: int) -> int:
    """The lines in capitals between title and preamble: the enacting organ, its term and session."""
    authority: list[str] = []
    while index < len(lines) and not _opens_body(lines[index].text) and not _ADDRESSED.match(lines[index].text):
        line = lines[index]
        if is_cell_edge(line):
            index += 1
            continue
        if not is_capitals(line.text) or not (authority or _authority(line.text)):
            break
        authority.append(line.text)
        index += 1
    header.authority = _SESSION.sub("", " ".join(authority)).strip(" ,.-–:")
    return index


def _read_addressees(header: Header, lines: Sequence[CleanLine], index: int) -> int:
    """The addressees of a dispatch: what follows "Kính gửi", to the end of its list."""
    if index >= len(lines) or not _ADDRESSED.match(lines[index].text):
        return index
    first = _ADDRESSED.sub("", lines[index].text)
    entries = [first] if first else []
    index += 1
    while index < len(lines):
        text = lines[index].text
        if text.startswith(("-", "–", "+")):
            entries.append(text.lstrip("-–+ "))
        elif not (entries and _continues_address(entries[-1], lines[index])) and entries:
            break
        elif entries:
            entries[-1] += " " + text
        else:
            entries.append(text)
        index += 1
    header.addressees = [entry.rstrip(" ;,.") for entry in entries]
    return index


def _continues_address(entry: str, line: CleanLine) -> bool:
    return line.text[:1].islower() and not entry.endswith((".", ";"))
