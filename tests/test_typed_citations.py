"""Citations as people type and paste them: every spelling leads to its clauses, ordinary words to none, and none of it is slow."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue import Catalogue
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations import cite, number_key
from kgsearch.citations.name_keys import citation_key, name_key
from kgsearch.citations.read import read_address, read_citations
from kgsearch.citations.resolve import resolve
from kgsearch.citations.typed import MAX_PATHS
from kgsearch.citations.write import cited_name, sentence
from kgsearch.config import load_settings
from kgsearch.errors import NotFoundError
from kgsearch.language import fold
from kgsearch.models import Address, Clause, ClauseRecord, Document, DocumentRecord, Hit, Kind
from kgsearch.parser import parse
from kgsearch.readers import is_document_name, read
from kgsearch.retrieval import Searcher


def document(identifier: str, number: str, kind: str, title: str, issuer: str, issued: date | None) -> DocumentRecord:
    return DocumentRecord(identifier, number, kind, title, issuer, "", issued, "", "")


COUNCIL, COMMITTEE = "Hội đồng nhân dân tỉnh Hải Giang", "Ủy ban nhân dân tỉnh Hải Giang"
NQ = document("nq", "20/NQ-HĐND", "Nghị quyết", "Về nhiệm vụ năm 2021", COUNCIL, date(2021, 10, 6))
NQ_KIEN = document("nq-kien", "20/NQ-HĐND", "Nghị quyết", "Về đặt tên đường", "Hội đồng nhân dân tỉnh Sông Kiên", date(2022, 1, 5))
ND = document("nd", "30/2020/NĐ-CP", "Nghị định", "Về công tác văn thư", "Chính phủ", date(2020, 3, 5))
KH = document("kh", "22/KH-UBND", "Kế hoạch", "Thực hiện Nghị quyết số 01/NQ-CP ngày 01/01/2021 của Chính phủ", COMMITTEE, date(2021, 2, 1))
QD = document("qd", "07/2017/QĐ-UBND", "Quyết định", "Ban hành Quy chế quản lý cảng cá", COMMITTEE, date(2017, 3, 9))
LAND_2013 = document("luat-2013", "45/2013/QH13", "Luật", "đất đai", "Quốc hội", date(2013, 11, 29))
LAND_2024 = document("luat-2024", "31/2024/QH15", "Luật", "đất đai", "Quốc hội", date(2024, 1, 18))
HIV = document("luat-hiv", "64/2006/QH11", "Luật", "phòng, chống bệnh truyền nhiễm ở người", "Quốc hội", date(2006, 6, 29))
CV = document("cv", "259-CV/TU", "Công văn", "Về phục hồi kinh tế", "Tỉnh ủy Hải Giang", date(2021, 10, 7))
BC = document("bao-cao-1", "", "Báo cáo", "Kiểm điểm công tác chỉ đạo, điều hành năm 2021", COMMITTEE, None)
CTR = document("ctr", "135-CTr/TU", "Chương trình", "Hành động", "Tỉnh ủy Hải Giang", date(2021, 5, 4))

_LETTERS = {"a": "a", "b": "b", "c": "c", "d": "d", "dd": "đ", "e": "e"}
_POINTS = {f"art_1__para_2__point_{eid}": f"điểm {letter} khoản 2 Điều 1" for eid, letter in _LETTERS.items()}
_ARTICLES = {f"art_{number}": f"Điều {number}" for number in range(1, 10)}
_PARAGRAPHS = {f"art_{article}__para_{number}": f"khoản {number} Điều {article}" for article in (1, 2, 5) for number in (1, 2, 3)}
HELD: dict[DocumentRecord, dict[str, str]] = {
    NQ: {
        "preamble": "phần mở đầu",
        **_ARTICLES,
        **_PARAGRAPHS,
        **_POINTS,
        "art_1__para_2__point_a__indent_2": "gạch đầu dòng thứ hai điểm a khoản 2 Điều 1",
        "art_1__para_1__p_2": "đoạn thứ hai khoản 1 Điều 1",
    },
    NQ_KIEN: {"art_1": "Điều 1"},
    ND: {**_ARTICLES, **_PARAGRAPHS, "art_5__para_1__point_d": "điểm d khoản 1 Điều 5", "att_1": "Phụ lục I", "att_2": "Phụ lục II"},
    KH: {
        "part_A": "Phần A",
        "sec_I": "Mục I",
        "sec_II": "Mục II",
        "sec_III": "Mục III",
        "sec_II__para_4": "khoản 4 Mục II",
        "sec_II__para_4__para_1": "khoản 1 thuộc khoản 4 Mục II",
        "fn_5": "chú thích 5",
        "att_1": "Danh mục nhiệm vụ",
        "att_1__row_4": "số thứ tự 4 Danh mục nhiệm vụ",
    },
    QD: {
        **_ARTICLES,
        "chp_II": "Chương II",
        "att_1": "Quy chế quản lý cảng cá",
        "att_1__art_5": "Điều 5 Quy chế quản lý cảng cá",
        "att_1__art_5__para_2": "khoản 2 Điều 5 Quy chế quản lý cảng cá",
        "att_1__chp_II": "Chương II Quy chế quản lý cảng cá",
    },
    LAND_2013: {**_ARTICLES, **_PARAGRAPHS, "art_12a": "Điều 12a", "chp_III__sec_2": "Mục 2 Chương III"},
    LAND_2024: {**_ARTICLES, **_PARAGRAPHS},
    HIV: {**_ARTICLES, **_PARAGRAPHS},
    CV: {"para_2": "khoản 2", "para_4": "khoản 4", "para_4__indent_1": "gạch đầu dòng thứ nhất khoản 4"},
    BC: {"sec_I__para_1": "khoản 1 Mục I", "sec_II__para_1": "khoản 1 Mục II"},
    CTR: {"sec_I": "Mục I"},
}


@dataclass
class Library:
    """A catalogue in memory that counts what it is asked for."""

    held: dict[DocumentRecord, dict[str, str]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def document(self, document_id: str, /) -> DocumentRecord | None:
        return next((one for one in self.held if one.id == document_id), None)

    def by_number(self, key: str, /) -> list[DocumentRecord]:
        self.asked.append(("by_number", key))
        return [one for one in self.held if one.number and number_key(one.number) == key]

    def by_figure(self, figure: str, /) -> list[DocumentRecord]:
        self.asked.append(("by_figure", figure))
        return [one for one in self.held if number_key(one.number).startswith(f"{figure}/")]

    def by_name(self, types: Sequence[str], /, *, numbered: bool) -> list[DocumentRecord]:
        self.asked.append(("by_name", "numbered" if numbered else "unnumbered"))
        return [one for one in self.held if bool(one.number) is numbered and one.type in types]

    def by_names(self, keys: Sequence[str], /) -> list[DocumentRecord]:
        self.asked.append(("by_names", ""))
        return [one for one in self.held if name_key(cited_name(one)) in keys]

    def citations(self, document_id: str, /) -> list[tuple[str, str]]:
        self.asked.append(("citations", document_id))
        return list(self._of(document_id).items())

    def clause(self, document_id: str, eid: str, /) -> ClauseRecord | None:
        return next((clause for clause in self._clauses(document_id) if clause.eid == eid), None)

    def by_citation(self, document_id: str, key: str, /) -> list[ClauseRecord]:
        return [clause for clause in self._clauses(document_id) if citation_key(clause.citation) == key]

    def _of(self, document_id: str) -> dict[str, str]:
        return next(clauses for one, clauses in self.held.items() if one.id == document_id)

    def _clauses(self, document_id: str) -> list[ClauseRecord]:
        cited = self._of(document_id).items()
        return [ClauseRecord(document_id, eid, "", place, Kind.CLAUSE, "", "", "", "", text) for place, (eid, text) in enumerate(cited)]


def found(text: str) -> list[str]:
    """What a text resolves to: "document#eid" of clauses, then the ids of documents cited whole."""
    resolution = resolve(text, Library(HELD), citation_key)
    clauses = [f"{target.document.id}#{target.clause.eid}" for target in resolution.clauses if target.clause]
    return [*clauses, *(one.id for one in resolution.alone)]


P2A, P2D, P2DD = ("nq#art_1__para_2__point_a", "nq#art_1__para_2__point_d", "nq#art_1__para_2__point_dd")
SPELLINGS: list[tuple[str, str]] = [
    # as written, and the words around a citation
    ("điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang", P2A),
    ("quy định tại điểm a khoản 2 Điều 1 của Nghị quyết 20/NQ-HĐND ngày 06 tháng 10 năm 2021", P2A),
    ("theo điểm a, khoản 2, Điều 1, Nghị quyết số 20/NQ-HĐND năm 2021", P2A),
    ("“điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND năm 2021”", P2A),
    # any order
    ("Nghị quyết 20/NQ-HĐND ngày 6/10/2021, Điều 1, khoản 2, điểm a", P2A),
    ("Nghị quyết 20/NQ-HĐND năm 2021; Điều 1; khoản 2; điểm a", P2A),
    ("Điều 1 khoản 2 điểm a Nghị quyết 20/NQ-HĐND năm 2021", P2A),
    ("Điều 1, khoản 2, điểm a - NQ 20/NQ-HĐND năm 2021", P2A),
    ("khoản 2 điểm a Điều 1 nghị quyết 20/NQ-HĐND năm 2021", P2A),
    ("NQ 20/NQ-HĐND năm 2021 - Điều 1 - khoản 2 - điểm a", P2A),
    # without marks, in capitals, decomposed, with another đ, with other dashes and spaces
    ("diem a khoan 2 dieu 1 nghi quyet so 20/nq-hdnd nam 2021", P2A),
    ("DIEM A KHOAN 2 DIEU 1 NGHI QUYET 20/NQ-HDND NAM 2021", P2A),
    ("ĐIỂM A KHOẢN 2 ĐIỀU 1 NGHỊ QUYẾT SỐ 20/NQ-HĐND NĂM 2021", P2A),
    (unicodedata.normalize("NFD", "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND năm 2021"), P2A),
    ("Ðiểm a khoản 2 Ðiều 1 Nghị quyết số 20/NQ-HÐND năm 2021", P2A),
    ("điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ\u2013HĐND năm 2021", P2A),
    ("điểm a khoản 2 Điều 1 Nghị quyết số 20 / NQ - HĐND năm 2021", P2A),
    ("điểm  a\tkhoản 2\u00a0Điều 1  NQ 20/NQ-HĐND năm 2021", P2A),
    ("khoản2 Điều1 Nghị quyết 20/NQ-HĐND năm 2021", "nq#art_1__para_2"),
    # d and đ
    ("điểm d khoản 2 Điều 1 Nghị quyết 20/NQ-HĐND năm 2021", P2D),
    ("điểm đ khoản 2 Điều 1 Nghị quyết 20/NQ-HĐND năm 2021", P2DD),
    ("diem d khoan 2 dieu 1 nq 20/nq-hdnd nam 2021", f"{P2D} {P2DD}"),
    # leading zeros, ordinals
    ("điểm a khoản 02 Điều 01 Nghị quyết số 020/NQ-HĐND năm 2021", P2A),
    ("Điều thứ 3 Nghị quyết 20/NQ-HĐND năm 2021", "nq#art_3"),
    ("khoản thứ nhất Điều thứ hai Nghị quyết 20/NQ-HĐND năm 2021", "nq#art_2__para_1"),
    ("gạch đầu dòng thứ 2 điểm a khoản 2 Điều 1 NQ 20/NQ-HĐND năm 2021", "nq#art_1__para_2__point_a__indent_2"),
    ("đoạn 2 khoản 1 Điều 1 NQ 20/NQ-HĐND năm 2021", "nq#art_1__para_1__p_2"),
    ("phần mở đầu Nghị quyết 20/NQ-HĐND năm 2021", "nq#preamble"),
    # a figure with its type, with its year, with its organ
    ("điểm d, khoản 1, Điều 5 NĐ 30/2020", "nd#art_5__para_1__point_d"),
    ("điểm d khoản 1 Điều 5 Nghị định 30/2020/NĐ-CP", "nd#art_5__para_1__point_d"),
    ("diem d khoan 1 dieu 5 nghi dinh 30 nam 2020", "nd#art_5__para_1__point_d"),
    ("Điều 5 Nghị định số 30", "nd#art_5"),
    ("điều 5 nđ30", "nd#art_5"),
    ("dieu 5 nd 30-2020", "nd#art_5"),
    ("điều 5 nđ 30 2020", "nd#art_5"),
    ("điều 5 nđ.30/2020", "nd#art_5"),
    ("Điều 5 NĐ 30/2020/NĐ-CP", "nd#art_5"),
    ("điều 5 30/2020/nđ-cp", "nd#art_5"),
    ("Điều 5 NĐ số 30/2020", "nd#art_5"),
    ("Điều 5 nghị định 30 cp", "nd#art_5"),
    ("Điều 5, 30 2020 NĐ CP", "nd#art_5"),
    ("Phụ lục II NĐ 30/2020", "nd#att_2"),
    ("phụ lục 2 nghị định 30/2020/NĐ-CP", "nd#att_2"),
    ("khoản 4 công văn 259", "cv#para_4"),
    ("khoản 4 cv 259-cv/tu", "cv#para_4"),
    ("khoản 4 CV số 259-CV/TU", "cv#para_4"),
    ("gạch đầu dòng thứ nhất khoản 4 công văn 259 - CV/TU", "cv#para_4__indent_1"),
    # one letter for a component
    ("k2 đ1 nq 20 năm 2021", "nq#art_1__para_2"),
    ("k.2 đ.1 nq 20 hđnd năm 2021", "nq#art_1__para_2"),
    ("k2 d1 nq 20 2021", "nq#art_1__para_2"),
    ("đ.a k.2 đ.1 nq 20/2021", P2A),
    ("K2, Đ1, NQ 20/2021", "nq#art_1__para_2"),
    ("đ5 nđ 30", "nd#art_5"),
    # several documents of one number
    ("Điều 1 Nghị quyết 20/NQ-HĐND", "nq#art_1 nq-kien#art_1"),
    ("Điều 1 Nghị quyết 20/NQ-HĐND năm 2022", "nq-kien#art_1"),
    ("Điều 1 Nghị quyết 20/NQ-HĐND của HĐND tỉnh Sông Kiên", "nq-kien#art_1"),
    ("dieu 1 nq 20 hdnd tinh song kien", "nq-kien#art_1"),
    ("Điều 1 NQ 20/NQ-HĐND Sông Kiên", "nq-kien#art_1"),
    ("Điều 1 Nghị quyết 20/NQ-HĐND ngày 05/01/2022", "nq-kien#art_1"),
    # another year, another province: another document, which is not here
    ("Điều 1 Nghị quyết 20/NQ-HĐND năm 2019", ""),
    ("Điều 1 Nghị quyết 20/NQ-HĐND ngày 05/01/2019", ""),
    ("Điều 1 Nghị quyết 20/NQ-HĐND của HĐND tỉnh Long Hải", ""),
    ("Điều 1 Nghị quyết 99/NQ-HĐND", ""),
    # lists and ranges
    ("Điều 3 và Điều 5 Nghị quyết số 20/NQ-HĐND năm 2021", "nq#art_3 nq#art_5"),
    ("Điều 3, 5 và 7 NQ 20/NQ-HĐND năm 2021", "nq#art_3 nq#art_5 nq#art_7"),
    ("các điểm a, b và d khoản 2 Điều 1 NQ 20/NQ-HĐND năm 2021", f"{P2A} nq#art_1__para_2__point_b {P2D}"),
    ("điểm a, điểm b khoản 2 Điều 1 NQ 20/NQ-HĐND năm 2021", f"{P2A} nq#art_1__para_2__point_b"),
    ("từ Điều 5 đến Điều 9 Nghị quyết số 20/NQ-HĐND năm 2021", "nq#art_5 nq#art_6 nq#art_7 nq#art_8 nq#art_9"),
    ("Điều 5 đến 7 Nghị quyết số 20/NQ-HĐND năm 2021", "nq#art_5 nq#art_6 nq#art_7"),
    ("khoản 1-3 Điều 2 NQ 20/NQ-HĐND năm 2021", "nq#art_2__para_1 nq#art_2__para_2 nq#art_2__para_3"),
    ("khoan 1 den khoan 3 dieu 2 nq 20/nq-hdnd nam 2021", "nq#art_2__para_1 nq#art_2__para_2 nq#art_2__para_3"),
    ("điểm d đến e khoản 2 Điều 1 NQ 20/NQ-HĐND năm 2021", f"{P2D} {P2DD} nq#art_1__para_2__point_e"),
    ("khoản 1 và khoản 2 Điều 5 NĐ 30/2020", "nd#art_5__para_1 nd#art_5__para_2"),
    ("khoản 1 Điều 1, khoản 2 Điều 5 NĐ 30/2020", "nd#art_1__para_1 nd#art_5__para_2"),
    ("điểm d khoản 1 và khoản 2 Điều 5 NĐ 30/2020", "nd#art_5__para_1__point_d nd#art_5__para_2"),
    ("NĐ 30/2020, Điều 5, khoản 1, khoản 2", "nd#art_5__para_1 nd#art_5__para_2"),
    ("Mục I đến Mục III Kế hoạch 22/KH-UBND", "kh#sec_I kh#sec_II kh#sec_III"),
    # plans: sections, lists inside clauses, footnotes, rows
    ("khoản 4 Mục II Kế hoạch số 22/KH-UBND", "kh#sec_II__para_4"),
    ("khoan 4 muc 2 ke hoach 22", "kh#sec_II__para_4"),
    ("khoản 1 thuộc khoản 4 Mục II KH 22/KH-UBND", "kh#sec_II__para_4__para_1"),
    ("khoản 1 khoản 4 mục ii kh 22", "kh#sec_II__para_4__para_1"),
    ("Phần A Kế hoạch 22/KH-UBND", "kh#part_A"),
    ("chú thích số 5 Kế hoạch 22/KH-UBND", "kh#fn_5"),
    ("stt 4 Danh mục nhiệm vụ kèm theo KH 22/KH-UBND", "kh#att_1__row_4"),
    ("khoản 4 Mục II Kế hoạch 22/KH-UBND thực hiện Nghị quyết số 01/NQ-CP ngày 01/01/2021 của Chính phủ", "kh#sec_II__para_4"),
    # what is attached
    ("Điều 5 Quyết định 07/2017/QĐ-UBND", "qd#art_5"),
    ("Điều 5 Quy chế ban hành kèm theo Quyết định số 07/2017/QĐ-UBND", "qd#att_1__art_5"),
    ("khoản 2 Điều 5 Quy chế quản lý cảng cá ban hành kèm theo QĐ 7/2017", "qd#att_1__art_5__para_2"),
    ("khoan 2 dieu 5 quy che kem theo quyet dinh 07/2017/qd-ubnd", "qd#att_1__art_5__para_2"),
    ("Chương 2 Quy chế kèm theo Quyết định 07/2017/QĐ-UBND", "qd#att_1__chp_II"),
    ("chương ii qđ 7/2017", "qd#chp_II"),
    # laws: by name, by number, by both
    ("khoản 2 Điều 5 Luật Đất đai 2013", "luat-2013#art_5__para_2"),
    ("khoản 2 Điều 5 Luật Đất đai năm 2024", "luat-2024#art_5__para_2"),
    ("khoan 2 dieu 5 luat dat dai 2013", "luat-2013#art_5__para_2"),
    ("khoản 2 Điều 5 Luật Đất đai", "luat-2013#art_5__para_2 luat-2024#art_5__para_2"),
    ("khoản 2 Điều 5 Luật Đất đai năm 1993", ""),
    ("khoản 2 Điều 5 Luật Đất đai số 45/2013/QH13", "luat-2013#art_5__para_2"),
    ("Điều 12a Luật số 45/2013/QH13", "luat-2013#art_12a"),
    ("Điều 12a Luật 45/2013", "luat-2013#art_12a"),
    ("Mục 2 Chương III Luật Đất đai ngày 29/11/2013", "luat-2013#chp_III__sec_2"),
    ("Điều 5 Luật Phòng chống bệnh truyền nhiễm ở người", "luat-hiv#art_5"),
    # documents without a number
    ("khoản 1 Mục II Báo cáo kiểm điểm công tác chỉ đạo, điều hành năm 2021", "bao-cao-1#sec_II__para_1"),
    ("khoan 1 muc 2 bao cao kiem diem cong tac chi dao dieu hanh nam 2021", "bao-cao-1#sec_II__para_1"),
    # a document whole
    ("Nghị định 30/2020/NĐ-CP", "nd"),
    ("nđ 30/2020", "nd"),
    ("20/NQ-HĐND", "nq nq-kien"),
    ("Công văn 259-CV/TU", "cv"),
    # ids and addresses
    ("bao-cao-1", "bao-cao-1"),
    ("luat-2013#art_12a", "luat-2013#art_12a"),
    ("/documents/luat-2013#art_12a", "luat-2013#art_12a"),
    ("/documents/luat-2013/art_12a", "luat-2013#art_12a"),
    ("http://127.0.0.1:8000/documents/luat-2013?q=đất#art_12a", "luat-2013#art_12a"),
    ("https://tracuu.example.vn/documents/luat-2013", "luat-2013"),
    # several documents in one text
    ("Điều 3 NQ 20/NQ-HĐND năm 2021 và Điều 5 QĐ 07/2017/QĐ-UBND", "nq#art_3 qd#art_5"),
    ("NQ 20/NQ-HĐND năm 2021 Điều 3; QĐ 07/2017/QĐ-UBND Điều 5", "nq#art_3 qd#art_5"),
    ("NĐ 30/2020, Luật Đất đai 2013 (Điều 5)", "luat-2013#art_5 nd"),
]


@pytest.mark.parametrize(("text", "clauses"), SPELLINGS, ids=[text[:70] for text, _clauses in SPELLINGS])
def test_a_typed_citation_names_its_clauses(text: str, clauses: str) -> None:
    assert found(text) == clauses.split()


def test_there_are_many_spellings() -> None:
    assert len({text for text, _clauses in SPELLINGS}) >= 80


def test_a_pasted_paragraph_gives_all_it_cites() -> None:
    paragraph = (
        "Thực hiện quy định tại khoản 2 Điều 5 Luật Đất đai năm 2013; điểm d khoản 1 Điều 5 Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của "
        "Chính phủ về công tác văn thư, các điểm a và b khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh "
        "Hải Giang, Ủy ban nhân dân tỉnh yêu cầu các sở, ngành triển khai khoản 4 Mục II Kế hoạch số 22/KH-UBND ngày 01/02/2021 và Điều 5 "
        "Quy chế ban hành kèm theo Quyết định số 07/2017/QĐ-UBND, báo cáo kết quả trước ngày 15 hằng tháng theo Công văn số 259-CV/TU."
    )
    assert sorted(found(paragraph)) == sorted(
        [
            "luat-2013#art_5__para_2",
            "nd#art_5__para_1__point_d",
            P2A,
            "nq#art_1__para_2__point_b",
            "kh#sec_II__para_4",
            "qd#att_1__art_5",
            "cv",
        ]
    )


def test_what_is_pasted_is_bounded() -> None:
    many = "; ".join(f"khoản 1 đến 100 Điều {number} Nghị quyết {number}/NQ-HĐND" for number in range(1, 500))
    citations = read_citations(many)
    assert len(citations) <= 20
    assert sum(len(citation.paths) for citation in citations) <= MAX_PATHS


@pytest.mark.parametrize("mark", [" ", ", ", "; ", " - "])
@given(order=st.permutations(["điểm a", "khoản 2", "Điều 1"]), first=st.booleans())
def test_the_order_of_components_does_not_matter(mark: str, order: list[str], first: bool) -> None:
    if mark in (", ", "; ") and order not in (["điểm a", "khoản 2", "Điều 1"], ["Điều 1", "khoản 2", "điểm a"]):
        return  # A list, where a comma stands between what does not follow: "khoản 2, điểm a Điều 1".
    number = "NQ 20/NQ-HĐND năm 2021"
    text = mark.join([number, *order] if first else [*order, number])
    assert found(text) == [P2A]


@pytest.mark.parametrize(
    "text",
    [
        "điều 5 việc cần làm",
        "khoản chi 2021",
        "mục tiêu 2025",
        "phần mềm",
        "đoạn đường 5 km",
        "điểm 9",
        "chương trình 135",
        "đề án 06",
        "kế hoạch 5 năm",
        "kế hoạch 2021",
        "kế hoạch 2021-2025",
        "báo cáo 6 tháng đầu năm",
        "hướng dẫn 3 bước",
        "thông báo 15 ngày",
        "quyết định 2 vấn đề",
        "giao 10% kế hoạch",
        "mức 2",
        "tài khoản 131",
        "hạng mục 3",
        "thành phần 2 người",
        "sư đoàn 5",
        "14/Tòa án nhân dân",
        "15.000 đồng/bản",
        "phụ lục kèm theo quyết định này",
        "khoản 2 điều 5",
        "điều 1",
        "đường 3/2",
        "luật đất đai",
        "nghị quyết",
        "ngày 30/4",
        "covid-19",
        "kinh-te",
        "k2 d1",
        "",
    ],
)
def test_ordinary_words_are_no_citation(text: str) -> None:
    assert not any(citation.cites for citation in read_citations(text))


# What makes a text hold a citation, told by other means than the reader's: a number with its symbol, a type with a number, a component
# with its number. In small letters without marks.
CITES = re.compile(
    r"""\d[a-z]?\s*[/–-]\s*(?:\d{4}\s*[/–-]\s*)?(?:[a-z]{1,4}\d*)\s*[/–-]\s*[a-z&]{2}|\d/\d{4}/|\d/[a-z]{2,4}-[a-z]{2}|\d/[bcdghklmnpqrstvxy]{2,}(?!\w)
    |(?:nghi\squyet|quyet\sdinh|nghi\sdinh|thong\stu|chi\sthi|cong\s(?:van|dien)|phap\slenh|luat|huong\sdan|ke\shoach|quy\sdinh|thong\sbao
      |ket\sluan|to\strinh|bao\scao|chuong\strinh|bien\sban|lien\stich)\s(?:\w+\s){0,5}so[\s:]*\d
    |(?<!\w)(?:dieu|khoan|diem|muc|chuong|phan|phu\sluc|tiet|doan|mau)\s(?:so\s|thu\s)?(?:\d|[a-z](?!\w)|[ivxlc]+(?!\w))""",
    re.VERBOSE,
)


def ordinary_queries(shared: Path, seed: int, count: int) -> Iterator[str]:
    """Words in a row from the real documents, those that hold a citation left out."""
    chance = random.Random(seed)
    files = sorted([*(shared / "real").glob("*.txt"), *(shared / "corpus").glob("*.txt")])
    texts = [file.read_text("utf-8").split() for file in files]
    while count:
        words = chance.choice(texts)
        length = chance.randint(2, 8)
        start = chance.randrange(max(1, len(words) - length))
        query = " ".join(words[start : start + length])
        if not CITES.search(fold(query)):
            count -= 1
            yield query


@pytest.mark.parametrize("spelling", ["as printed", "without marks"])
def test_ordinary_queries_from_real_documents_are_no_citation(shared: Path, spelling: str) -> None:
    queries = list(ordinary_queries(shared, 2021, 10_000))
    typed = queries if spelling == "as printed" else [fold(query) for query in queries]
    assert [query for query in typed if any(citation.cites for citation in read_citations(query))] == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("nghi-quyet-20-nq-hdnd-hai-giang-2021", Address("nghi-quyet-20-nq-hdnd-hai-giang-2021", "")),
        ("nq-20#art_1__para_1-1", Address("nq-20", "art_1__para_1-1")),
        ("/documents/nq-20#att_1__sec_II", Address("nq-20", "att_1__sec_II")),
        ("https://a.b:8000/documents/nq-20?q=x%20y&page=2#fn_1", Address("nq-20", "fn_1")),
        (" /documents/nq-20/art_1 ", Address("nq-20", "art_1")),
        ("/search?q=nq-20", None),
        ("điều 1", None),
        ("20/NQ-HĐND", None),
        ("", None),
    ],
)
def test_addresses(text: str, address: Address | None) -> None:
    assert read_address(text) == address


@given(st.text(max_size=300))
def test_any_text_resolves_to_something_or_nothing(text: str) -> None:
    resolution = resolve(text, Library(HELD), citation_key)
    assert set(resolution.alone) <= set(resolution.documents)


@given(
    st.lists(
        st.sampled_from(
            ["điểm a", "khoản 1", "Điều 5", "Mục II", " và ", ", ", " đến ", "20/NQ-HĐND", "nq 20", "luật đất đai", "1-9", "kèm theo"]
        )
    )
)
def test_any_row_of_parts_is_read(parts: list[str]) -> None:
    citations = read_citations(" ".join(parts))
    assert sum(len(citation.paths) for citation in citations) <= MAX_PATHS


# --- writing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "clause", "full", "short"),
    [
        (LAND_2013, "khoản 2 Điều 5", "khoản 2 Điều 5 Luật Đất đai ngày 29/11/2013", "khoản 2 Điều 5 Luật Đất đai"),
        (HIV, "", "Luật Phòng, chống bệnh truyền nhiễm ở người ngày 29/6/2006", "Luật Phòng, chống bệnh truyền nhiễm ở người"),
        (ND, "Điều 5", "Điều 5 Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ", "Điều 5 Nghị định số 30/2020/NĐ-CP"),
        (
            document("d", "04/VBHN-VPQH", "Luật", "đất đai", "Văn phòng Quốc hội", date(2020, 2, 1)),
            "",
            "Văn bản hợp nhất số 04/VBHN-VPQH ngày 01/02/2020 của Văn phòng Quốc hội hợp nhất Luật Đất đai",
            "Văn bản hợp nhất số 04/VBHN-VPQH",
        ),
        # where the source does not give the name, the number says it
        (
            document("d", "31/2009/QH12", "Luật", "SỬA", "Quốc hội", date(2009, 6, 18)),
            "",
            "Luật số 31/2009/QH12 ngày 18/6/2009 của Quốc hội",
            "Luật số 31/2009/QH12",
        ),
        (
            document("d", "14-CT/TW", "Chỉ thị", "Của Bộ Chính trị về tiếp tục đổi mới", "Ban Chấp hành Trung ương", date(2022, 7, 1)),
            "",
            "Chỉ thị số 14-CT/TW ngày 01/7/2022 của Ban Chấp hành Trung ương về tiếp tục đổi mới",
            "Chỉ thị số 14-CT/TW",
        ),
        (
            document("d", "1/QĐ-UBND", "Quyết định", "BAN", COMMITTEE, None),
            "",
            f"Quyết định số 1/QĐ-UBND của {COMMITTEE}",
            "Quyết định số 1/QĐ-UBND",
        ),
        (
            document("d", "1/QĐ-UBND", "Quyết định", "Về Ban hành Quy chế", COMMITTEE, None),
            "",
            f"Quyết định số 1/QĐ-UBND của {COMMITTEE} về ban hành Quy chế",
            "Quyết định số 1/QĐ-UBND",
        ),
        (
            document("d", "1/QĐ-UBND", "Quyết định", "về việc giao đất", COMMITTEE, None),
            "",
            f"Quyết định số 1/QĐ-UBND của {COMMITTEE} về việc giao đất",
            "Quyết định số 1/QĐ-UBND",
        ),
        (
            document("d", "", "Báo cáo", "Báo cáo kết quả", COMMITTEE, None),
            "",
            f"Báo cáo kết quả của {COMMITTEE}",
            f"Báo cáo kết quả của {COMMITTEE}",
        ),
    ],
)
def test_forms_of_documents(record: DocumentRecord, clause: str, full: str, short: str) -> None:
    assert cite(record, clause, full=True) == full
    assert cite(record, clause, full=False) == short


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ((2021, 10, 6), "06/10/2021"),
        ((2021, 2, 1), "01/02/2021"),
        ((2020, 3, 5), "05/3/2020"),
        ((2019, 6, 13), "13/6/2019"),
        ((2020, 12, 31), "31/12/2020"),
    ],
)
def test_dates_have_a_nought_before_days_and_the_first_two_months(day: tuple[int, int, int], written: str) -> None:
    assert f"ngày {written} của" in cite(document("d", "1/QĐ-UBND", "Quyết định", "", COMMITTEE, date(*day)), full=True)


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("Quy chế quản lý cảng cá", "ban hành kèm theo"),
        ("Điều 5 Quy định về bảng giá", "ban hành kèm theo"),
        ("Mục I Chương trình hành động", "ban hành kèm theo"),
        ("khoản 1 Kế hoạch thực hiện", "ban hành kèm theo"),
        ("Danh mục dự án theo Quy định mới", "kèm theo"),
        ("khoản 2 Phụ lục I", "kèm theo"),
        ("Mẫu số 01", "kèm theo"),
        ("số thứ tự 4 Biểu giá", "kèm theo"),
        ("Đình, chùa", "kèm theo"),
    ],
)
def test_what_joins_an_attachment_to_its_document(name: str, joined: str) -> None:
    assert cite(QD, name, full=False, attached=True) == f"{name} {joined} Quyết định số 07/2017/QĐ-UBND"


@pytest.mark.parametrize(
    ("record", "clause", "attached", "first", "later"),
    [
        (
            NQ,
            "khoản 2 Điều 1",
            False,
            f"Theo khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của {COUNCIL} về nhiệm vụ năm 2021,",
            "Theo khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND,",
        ),
        (
            QD,
            "Điều 5 Quy chế quản lý cảng cá",
            True,
            "Theo Điều 5 Quy chế quản lý cảng cá ban hành kèm theo Quyết định số 07/2017/QĐ-UBND ngày 09/3/2017 của "
            f"{COMMITTEE} ban hành Quy chế quản lý cảng cá,",
            "Theo Điều 5 Quy chế quản lý cảng cá ban hành kèm theo Quyết định số 07/2017/QĐ-UBND,",
        ),
        (LAND_2013, "Điều 5", False, "Theo Điều 5 Luật Đất đai ngày 29/11/2013,", "Theo Điều 5 Luật Đất đai,"),
    ],
)
def test_ready_made_sentences(record: DocumentRecord, clause: str, attached: bool, first: str, later: str) -> None:
    assert sentence(record, clause, first=True, attached=attached) == first
    assert sentence(record, clause, first=False, attached=attached) == later


def test_legal_documents_cite_laws_by_name_and_number() -> None:
    assert cite(LAND_2013, "Điều 5", full=True, legal=True) == "Điều 5 Luật Đất đai số 45/2013/QH13"
    assert cite(NQ, "Điều 5", full=False, legal=True) == cite(NQ, "Điều 5", full=False)


@pytest.mark.parametrize("record", HELD, ids=lambda record: record.id)
def test_every_form_leads_back(record: DocumentRecord) -> None:
    for eid, cited in HELD[record].items():
        assert found(cite(record, cited, full=True, attached=eid.startswith("att_"))) == [f"{record.id}#{eid}"]
        assert f"{record.id}#{eid}" in found(cite(record, cited, full=False, attached=eid.startswith("att_")))
    assert resolve(cite(record, full=True), Library(HELD), citation_key).documents == (record,)


# --- searching and showing ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searcher(samples: Path, sample_index: Path) -> Searcher:
    return Searcher(load_settings(samples, sample_index))


def numbered(searcher: Searcher) -> tuple[DocumentRecord, list[tuple[str, str]]]:
    """A document with a number and its first articles."""
    for one in searcher.reader.documents():
        articles = [(eid, cited) for eid, cited in searcher.reader.citations(one.id) if re.fullmatch(r"art_\d+", eid)]
        if one.number and len(articles) > 2:
            return one, articles
    raise AssertionError("no sample has articles")


def test_a_pasted_address_opens_what_it_names(searcher: Searcher) -> None:
    one, articles = numbered(searcher)
    eid = articles[1][0]
    for text in (f"/documents/{one.id}#{eid}", f"http://127.0.0.1:8000/documents/{one.id}/{eid}", f"{one.id}#{eid}"):
        assert [(hit.document.id, hit.clause.eid) for hit in searcher.search(text).hits] == [(one.id, eid)]
        assert [shown.clause.eid for shown in searcher.show(text) if isinstance(shown, Hit)] == [eid]
    assert searcher.search(one.id).hits[0].document.id == one.id
    assert searcher.show(f"/documents/{one.id}") == [one]


def test_an_address_of_nothing_is_said_to_be_none(searcher: Searcher) -> None:
    one, _articles = numbered(searcher)
    for text in (f"/documents/{one.id}#art_999", "/documents/khong-co#art_1", "/documents/khong-co"):
        with pytest.raises(NotFoundError):
            searcher.show(text)


def test_a_list_gives_all_its_clauses_and_says_how_it_was_read(searcher: Searcher) -> None:
    one, articles = numbered(searcher)
    text = f"{articles[0][1]} và {articles[2][1]} {one.type} số {one.number}"
    result = searcher.search(text)
    assert [hit.clause.eid for hit in result.hits] == [articles[0][0], articles[2][0]]
    assert result.understood == "; ".join(hit.citation for hit in result.hits)
    assert [shown.clause.eid for shown in searcher.show(text) if isinstance(shown, Hit)] == [articles[0][0], articles[2][0]]
    assert searcher.search(text, limit=1, offset=1).hits[0].clause.eid == articles[2][0]


# --- what it costs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Điều 5 đến Điều 9 và khoản 7 Điều 2 Nghị quyết số 20/NQ-HĐND", "các khoản 7, 8, 9 quy chế kèm theo QĐ 7/2017"]
)
def test_the_clauses_of_a_document_are_gone_through_once(text: str) -> None:
    library = Library(HELD)
    resolve(text, library, citation_key)
    gone_through = [name for kind, name in library.asked if kind == "citations"]
    assert len(gone_through) == len(set(gone_through))
    assert ("by_name", "numbered") not in library.asked


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> dict[int, CatalogueReader]:
    """Catalogues of 20 and of 2,000 documents."""
    made = {}
    for size in (20, 2_000):
        path = tmp_path_factory.mktemp(f"of-{size}") / "catalogue.sqlite"
        with Catalogue.open(path, create=True) as catalogue:
            for start in range(0, size, 500):
                batch = [generated(number) for number in range(start, min(size, start + 500))]
                catalogue.put_file(f"{start}.txt", str(start), 1, 1, batch)
        made[size] = CatalogueReader(path)
    return made


def generated(number: int) -> Document:
    symbol, kind = (("NQ-HĐND", "Nghị quyết"), ("QĐ-UBND", "Quyết định"), ("KH-UBND", "Kế hoạch"))[number % 3]
    clauses = tuple(
        Clause(
            f"art_{article}",
            Kind.ARTICLE,
            f"Điều {article}",
            str(article),
            "",
            "Lời.",
            clauses=(Clause(f"art_{article}__para_1", Kind.CLAUSE, "1.", "1", "", "Lời."),),
        )
        for article in (1, 2)
    )
    return Document(
        f"d-{number}", f"{number + 1}/{symbol}", kind, f"Về việc {number}", COMMITTEE, "", date(2021, 1, 1), "", "", clauses=clauses
    )


@pytest.mark.parametrize(
    "text", ["khoản 1 Điều 2 Nghị quyết 31/NQ-HĐND", "k1 đ2 nq 31", "31/NQ-HĐND", "khoản 1 Điều 9 Nghị quyết 31/NQ-HĐND"]
)
def test_a_citation_looks_at_no_more_in_a_large_catalogue(catalogues: dict[int, CatalogueReader], text: str) -> None:
    """Counted in records read, not in seconds; benchmarks/citations.py has the times."""

    class Counting:
        def __init__(self, reader: CatalogueReader) -> None:
            self.reader, self.read = reader, 0

        def __getattr__(self, name: str) -> object:
            look_up = getattr(self.reader, name)

            def counted(*values: object, **options: object) -> object:
                found = look_up(*values, **options)
                self.read += len(found) if isinstance(found, list) else 1
                return found

            return counted

    small, large = Counting(catalogues[20]), Counting(catalogues[2_000])
    for counting in (small, large):
        resolve(text, counting, citation_key)  # type: ignore[arg-type]
    assert 0 < large.read < 5 * small.read + 20


# --- every clause of every real document -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> CatalogueReader:
    """The catalogue of all real documents; no engine is needed to follow a citation."""
    path = tmp_path_factory.mktemp("citations") / "catalogue.sqlite"
    with Catalogue.open(path, create=True) as catalogue:
        for folder in ("corpus", "real"):
            for file in sorted((shared / folder).iterdir()):
                if file.suffix == ".txt" and is_document_name(file):
                    catalogue.put_file(f"{folder}/{file.name}", file.name, 1, 1, parse(read(file)))
    return CatalogueReader(path)


def test_the_full_citation_of_every_clause_leads_back_to_it_and_no_other(real: CatalogueReader) -> None:
    documents = real.documents()
    assert len(documents) >= 186
    wrong = []
    for record in documents:
        cited = real.citations(record.id)
        same: dict[str, list[str]] = defaultdict(list)
        for eid, citation in cited:
            same[citation].append(eid)
        for eid, citation in cited:
            text = cite(record, citation, full=True, attached=eid.startswith("att_"))
            targets = [(target.document.id, target.clause.eid) for target in resolve(text, real, citation_key).clauses if target.clause]
            # What the source numbers twice gives all of that number.
            if targets != [(record.id, other) for other in same[citation]]:
                wrong.append((text, targets[:3]))
    assert wrong == []


def test_the_forms_of_a_document_lead_to_all_that_share_its_number(real: CatalogueReader) -> None:
    documents = real.documents()
    for record in documents:
        shares = [
            other.id
            for other in documents
            if (number_key(other.number) == number_key(record.number) and (record.number or other.id == record.id))
            or (cited_name(record) and cited_name(record) == cited_name(other))
        ]
        short = resolve(cite(record, full=False), real, citation_key).documents
        assert sorted(one.id for one in short) == sorted(shares)
        assert [one.id for one in resolve(cite(record, full=True), real, citation_key).documents] == [record.id]
