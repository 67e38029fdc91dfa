"""Documents multiplied: as many as a benchmark asks for, made of the sample documents with other figures, dates, places and agencies.

    python benchmarks/multiplied.py FOLDER DOCUMENTS [--clauses N] [--from NUMBER]

Each has a number, a date, a title and words of its own, and says its mark, a word that no other has, and its revision, so that a search
can tell whether it found the newest state. The same number, revision and size always give the same text.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from kgsearch import parser, readers
from kgsearch.models import Clause

SAMPLES = Path(__file__).resolve().parents[1] / "corpus"
CLAUSES = 8
"""Clauses, beside preamble and conclusions, of a document where nothing else is asked for."""

_FIGURE = re.compile(r"(?<![\w/.,-])\d{1,3}(?:[.,]\d{1,3})?(?![\w/.,-])")
_DAY = re.compile(r"ngày [\d,]+ tháng [\d,]+(?= năm)")
_DATE = re.compile(r"(?<![\w/])\d{1,2}/\d{1,2}/\d{4}(?![\w/])")
_PLACE = re.compile(r"(?<!thị )(?:xã|phường|huyện|thị trấn) (?:đảo )?[A-ZĐÂƠƯ]\w+ [A-ZĐÂƠƯ]\w+")
_AGENCY = re.compile(r"Sở [A-ZĐÂƠƯ]\w+(?: (?:và|[a-zđâơưà-ỹ]\w*|[A-ZĐ]\w+)){1,4}?(?=[,;.]| chủ trì| phối hợp| tham mưu)")
_FIRST = (
    "Bạch",
    "Cẩm",
    "Đại",
    "Đông",
    "Hải",
    "Hòa",
    "Kim",
    "Long",
    "Nam",
    "Ngọc",
    "Phú",
    "Tam",
    "Tân",
    "Thanh",
    "Thượng",
    "Trung",
    "Vĩnh",
    "Xuân",
)
_SECOND = (
    "An",
    "Bình",
    "Châu",
    "Điền",
    "Giang",
    "Hà",
    "Khê",
    "Lạc",
    "Lĩnh",
    "Mỹ",
    "Ninh",
    "Phong",
    "Quang",
    "Sơn",
    "Thạch",
    "Thủy",
    "Tràm",
    "Xá",
)
_KINDS_OF_PLACE = ("xã", "phường", "thị trấn", "huyện", "xã đảo")
_AGENCIES = (
    "Sở Công Thương", "Sở Du lịch", "Sở Giáo dục và Đào tạo", "Sở Giao thông vận tải", "Sở Kế hoạch và Đầu tư", "Sở Khoa học và Công nghệ",
    "Sở Lao động - Thương binh và Xã hội", "Sở Nội vụ", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Tài chính",
    "Sở Tài nguyên và Môi trường", "Sở Thông tin và Truyền thông", "Sở Tư pháp", "Sở Văn hóa và Thể thao", "Sở Xây dựng", "Sở Y tế",
)  # fmt: skip
_LAWS = (
    "Luật Đầu tư công ngày 13 tháng 6 năm 2019",
    "Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015",
    "Luật Thủy sản ngày 21 tháng 11 năm 2017",
)
_PEOPLE = ("Trần Quốc Hải", "Lê Thị Minh Châu", "Phạm Văn Tĩnh", "Đỗ Hoàng Long", "Vũ Thanh Hà", "Ngô Đức Thịnh")
_FIRST_DAY = date(2019, 1, 2)
_DAYS = 5 * 365
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Form:
    """A form of document: ``code`` as in its number, ``articles`` where its clauses are Điều, else numbered under Roman headings."""

    type: str
    code: str
    articles: bool


_FORMS = (
    Form("Quyết định", "QĐ-UBND", articles=True),
    Form("Kế hoạch", "KH-UBND", articles=False),
    Form("Chỉ thị", "CT-UBND", articles=False),
    Form("Quy định", "QyĐ-UBND", articles=True),
    Form("Báo cáo", "BC-UBND", articles=False),
)


@dataclass(frozen=True, slots=True)
class Multiplied:
    """A document that was made: ``name`` of its file, ``symbol`` as its number is printed, ``mark`` the one word that no other holds."""

    name: str
    symbol: str
    mark: str
    revision: int
    text: str

    def write(self, folder: Path) -> Path:
        """Put the file into ``folder``, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.name
        path.write_text(self.text, encoding="utf-8")
        return path


def multiplied(number: int, *, clauses: int = CLAUSES, revision: int = 0) -> Multiplied:
    """Document ``number`` (from 0) in a state; ``clauses`` is about how many clauses it has."""
    choose = random.Random(f"{number}/{revision}")
    form = _FORMS[number % len(_FORMS)]
    issued = _FIRST_DAY + timedelta(days=number * 7 % _DAYS)
    symbol = f"{number + 1}/{form.code}"
    mark = mark_of(number)
    earlier = choose.randrange(max(number, 1))
    lines = [
        "VĂN BẢN MẪU",
        "ỦY BAN NHÂN DÂN\nTỈNH HẢI GIANG",
        f"Số: {symbol}",
        f"Hải Giang, ngày {issued.day:02} tháng {issued.month:02} năm {issued.year}",
        f"{form.type.upper()}\n{_varied(choose.choice(_titles()), choose)} tại {_place(choose)}",
        f"Căn cứ {choose.choice(_LAWS)};",
        f"Căn cứ {_FORMS[earlier % len(_FORMS)].type} số {earlier + 1}/{_FORMS[earlier % len(_FORMS)].code} của Ủy ban nhân dân tỉnh.",
        *_body(form, clauses, f"Mã theo dõi {mark} đợt {revision}.", choose),
        f"TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n{choose.choice(_PEOPLE)}",
    ]
    return Multiplied(f"van-ban-{number:06}.txt", symbol, mark, revision, "\n\n".join(lines) + "\n")


def mark_of(number: int) -> str:
    """The word that stands in document ``number`` and in no other: letters, so that no figure of another document is like it."""
    letters = ""
    for _place in range(5):
        number, rest = divmod(number, 20)
        letters = "bcdfghjklmnpqrstvwxz"[rest] + letters
    return f"zq{letters}"


def _body(form: Form, clauses: int, first: str, choose: random.Random) -> Iterator[str]:
    texts = _texts()
    for place in range(1, clauses + 1):
        words = _varied(choose.choice(texts), choose)
        if choose.random() < 0.5:
            words = f"{words} {_varied(choose.choice(texts), choose)}"
        said = f"{first} {words}" if place == 1 else words
        if form.articles and place % 3:
            yield f"Điều {place - place // 3}. {said}"
        elif form.articles:
            yield f"1. {said}\n\n2. {_varied(choose.choice(texts), choose)}"
        else:
            if place % 5 == 1:
                yield f"{_roman(place // 5 + 1)}. {_place(choose).upper()} VÀ CÁC ĐỊA PHƯƠNG"
            yield f"{(place - 1) % 5 + 1}. {said}"


def _roman(number: int) -> str:
    return "".join("X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10])


def _varied(text: str, choose: random.Random) -> str:
    """``text`` with other figures, dates, places and agencies."""
    text = _DATE.sub(lambda _found: f"{choose.randint(1, 28):02}/{choose.randint(1, 12)}/{choose.randint(2015, 2026)}", text)
    text = _FIGURE.sub(lambda _found: _figure(choose), text)
    text = _PLACE.sub(lambda _found: _place(choose), text)
    text = _AGENCY.sub(lambda _found: choose.choice(_AGENCIES), text)
    # Last: a day that has been chosen is not to be varied as two figures.
    return _DAY.sub(lambda _found: f"ngày {choose.randint(1, 28):02} tháng {choose.randint(1, 12):02}", text)


def _figure(choose: random.Random) -> str:
    return str(choose.randint(2, 999)) if choose.random() < 0.6 else f"{choose.randint(1, 999)},{choose.randint(1, 99)}"


def _place(choose: random.Random) -> str:
    return f"{choose.choice(_KINDS_OF_PLACE)} {choose.choice(_FIRST)} {choose.choice(_SECOND)}"


@cache
def _titles() -> tuple[str, ...]:
    return tuple(sorted({document.title for document in _samples() if document.title}))


@cache
def _texts() -> tuple[str, ...]:
    """The words of the samples' clauses, those that are sentences and not too long."""
    found = {" ".join(clause.text.split()) for document in _samples() for clause in _walk(document.clauses)}
    return tuple(sorted(text for text in found if 8 <= len(text.split()) <= _LONGEST and text.endswith((".", ";"))))


@cache
def _samples() -> tuple[parser.Document, ...]:
    files = sorted(path for path in SAMPLES.iterdir() if readers.is_document_name(path))
    return tuple(document for path in files for document in parser.parse(readers.read(path)))


def _walk(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        yield from _walk(clause.clauses)


def main() -> None:
    """Write documents into a folder."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("documents", type=int)
    arguments.add_argument("--clauses", type=int, default=CLAUSES)
    arguments.add_argument("--from", dest="first", type=int, default=0)
    options = arguments.parse_args()
    for number in range(options.first, options.first + options.documents):
        multiplied(number, clauses=options.clauses).write(options.folder)


if __name__ == "__main__":
    main()
