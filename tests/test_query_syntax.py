"""What a query is taken apart into: phrases, exclusions, filters by field, and the words that are left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.retrieval.query import MAX_CHARACTERS, phrase_of
from kgsearch.retrieval.syntax import MAX_PARTS, Syntax, read_syntax

Parts = dict[str, list[str]]


def taken_apart(text: str) -> Parts:
    """The parts of a query that there are, as short lists of strings."""
    syntax = read_syntax(" ".join(text.split()))
    parts = {
        "words": [syntax.words] if syntax.words else [],
        "phrases": [phrase.text for phrase in syntax.phrases],
        "excluded": [excluded.text for excluded in syntax.excluded],
        "filters": [f"{one.field}={'|'.join(one.values)}" for one in syntax.filters],
    }
    return {name: values for name, values in parts.items() if values}


def words(text: str) -> Parts:
    return {"words": [text]}


PHRASES: Sequence[tuple[str, Parts]] = [
    ('"đầu tư công"', {"phrases": ["đầu tư công"]}),
    ("“đầu tư công”", {"phrases": ["đầu tư công"]}),
    ("„đầu tư công“", {"phrases": ["đầu tư công"]}),
    ("”đầu tư công”", {"phrases": ["đầu tư công"]}),
    ("«đầu tư công»", {"phrases": ["đầu tư công"]}),
    ('“đầu tư công"', {"phrases": ["đầu tư công"]}),
    ('vốn "đầu tư công" năm', {"words": ["vốn năm"], "phrases": ["đầu tư công"]}),
    ('"đầu tư" "giải ngân"', {"phrases": ["đầu tư", "giải ngân"]}),
    ('("đầu tư")', {"words": ["( )"], "phrases": ["đầu tư"]}),
    ('"  đầu   tư "', {"phrases": ["đầu tư"]}),
    ('giải "ngân', words('giải "ngân')),
    ('giải ngân"', words('giải ngân"')),
    ('"giải ngân" và "đầu tư', {"words": ['và "đầu tư'], "phrases": ["giải ngân"]}),
    ("“giải ngân", words("“giải ngân")),
    ("«giải ngân", words("«giải ngân")),
    ('""', words('""')),
    ('"?!"', words('"?!"')),
    ('ống 5" và 6" thép', words('ống 5" và 6" thép')),
    ("'giải ngân'", words("'giải ngân'")),
    ("O'Brien", words("O'Brien")),
    ('"-giải ngân"', {"phrases": ["-giải ngân"]}),
    ('"loai:nq"', {"phrases": ["loai:nq"]}),
]

EXCLUSIONS: Sequence[tuple[str, Parts]] = [
    ("giải ngân -vốn", {"words": ["giải ngân"], "excluded": ["vốn"]}),
    ("-vốn giải ngân", {"words": ["giải ngân"], "excluded": ["vốn"]}),
    ("-vốn", {"excluded": ["vốn"]}),
    ('giải ngân -"vốn vay"', {"words": ["giải ngân"], "excluded": ["vốn vay"]}),
    ("giải ngân -“vốn vay”", {"words": ["giải ngân"], "excluded": ["vốn vay"]}),
    ("giải ngân -vắc-xin", {"words": ["giải ngân"], "excluded": ["vắc-xin"]}),
    ("giải ngân -20/NQ-HĐND", {"words": ["giải ngân"], "excluded": ["20/NQ-HĐND"]}),
    ("giải ngân (-vốn)", {"words": ["giải ngân ( )"], "excluded": ["vốn"]}),
    ("giải ngân -vốn, năm", {"words": ["giải ngân , năm"], "excluded": ["vốn"]}),
    ("Covid-19", words("Covid-19")),
    ("vắc-xin", words("vắc-xin")),
    ("2021-2025", words("2021-2025")),
    ("giai đoạn 2021 -2025", words("giai đoạn 2021 -2025")),
    ("giai đoạn 2021- 2025", words("giai đoạn 2021- 2025")),
    ("NQ-HĐND", words("NQ-HĐND")),
    ("22/2014/QĐ -UBND", words("22/2014/QĐ -UBND")),
    ("kinh tế - xã hội", words("kinh tế - xã hội")),
    ("kinh tế – xã hội", words("kinh tế – xã hội")),
    ("kinh tế –xã hội", words("kinh tế –xã hội")),
    ("- giải ngân", words("- giải ngân")),
    ("- giải ngân\n- đầu tư", words("- giải ngân - đầu tư")),
    ("--giải ngân", words("--giải ngân")),
    ("giải ngân -", words("giải ngân -")),
    ("giảm -5%", words("giảm -5%")),
    ("-5 độ", words("-5 độ")),
    ('giải ngân -"vốn', words('giải ngân -"vốn')),
    ('giải ngân -"" vốn', words('giải ngân -"" vốn')),
    ("-loai:nq giải ngân", words("-loai:nq giải ngân")),
]

FILTERS: Sequence[tuple[str, Parts]] = [
    ("loai:nq", {"filters": ["type=nq"]}),
    ("loại:nq giải ngân", {"words": ["giải ngân"], "filters": ["type=nq"]}),
    ("LOẠI:NQ", {"filters": ["type=NQ"]}),
    ("type:nq", {"filters": ["type=nq"]}),
    ("loại văn bản:nq", {"filters": ["type=nq"]}),
    ('loai:"nghị quyết" a', {"words": ["a"], "filters": ["type=nghị quyết"]}),
    ("loai:“nghị quyết” a", {"words": ["a"], "filters": ["type=nghị quyết"]}),
    ("loai:nq,qd a", {"words": ["a"], "filters": ["type=nq|qd"]}),
    ("giải ngân loai:nq.", {"words": ["giải ngân ."], "filters": ["type=nq"]}),
    ("nam:2021", {"filters": ["year=2021"]}),
    ("năm:2020-2022", {"filters": ["year=2020-2022"]}),
    ("năm:2020–2022", {"filters": ["year=2020–2022"]}),
    ("year:2020..2022", {"filters": ["year=2020..2022"]}),
    ("nam:2020,2022", {"filters": ["year=2020|2022"]}),
    ("cơ quan:ubnd", {"filters": ["issuer=ubnd"]}),
    ("coquan:ubnd", {"filters": ["issuer=ubnd"]}),
    ("co quan ban hanh:ubnd", {"filters": ["issuer=ubnd"]}),
    ("issuer:ubnd", {"filters": ["issuer=ubnd"]}),
    ("so:20/NQ-HĐND", {"filters": ["number=20/NQ-HĐND"]}),
    ("số hiệu:20", {"filters": ["number=20"]}),
    ("number:20", {"filters": ["number=20"]}),
    ('người ký:"Lê Văn Sơn"', {"filters": ["signer=Lê Văn Sơn"]}),
    ("nguoiky:Sơn", {"filters": ["signer=Sơn"]}),
    ("signer:Sơn", {"filters": ["signer=Sơn"]}),
    ("loai:nq nam:2021 ngân sách", {"words": ["ngân sách"], "filters": ["type=nq", "year=2021"]}),
    ("giải ngân lúc 10:30", words("giải ngân lúc 10:30")),
    ("http://example.vn/loai:nq", words("http://example.vn/loai:nq")),
    ("Điều 5: Giải ngân", words("Điều 5: Giải ngân")),
    ("Số: 20/NQ-HĐND", words("Số: 20/NQ-HĐND")),
    ("loai: nq", words("loai: nq")),
    ("loai:", words("loai:")),
    ("loai:?", words("loai:?")),
    ('loai:"nq', words('loai:"nq')),
    ("nam:abc", words("nam:abc")),
    ("năm:20211", words("năm:20211")),
    ("so:sánh", words("so:sánh")),
    ("tổng số:15", words("tổng số:15")),
    ("Việt Nam:2021", words("Việt Nam:2021")),
    ("chữ:số", words("chữ:số")),
    ("xloai:nq", words("xloai:nq")),
    ("mau:xanh", words("mau:xanh")),
]

MIXED: Sequence[tuple[str, Parts]] = [
    (
        'giải ngân "đầu tư công" -"vốn vay" -nợ loai:nq nam:2021-2022',
        {
            "words": ["giải ngân"],
            "phrases": ["đầu tư công"],
            "excluded": ["vốn vay", "nợ"],
            "filters": ["type=nq", "year=2021-2022"],
        },
    ),
    ('nguoiky:"Lê Văn Sơn" -"a" b', {"words": ["b"], "excluded": ["a"], "filters": ["signer=Lê Văn Sơn"]}),
    ("giải ngân đầu tư công", words("giải ngân đầu tư công")),
]


@pytest.mark.parametrize(("text", "parts"), [*PHRASES, *EXCLUSIONS, *FILTERS, *MIXED])
def test_what_is_typed_is_taken_apart(text: str, parts: Parts) -> None:
    assert taken_apart(text) == parts


@pytest.mark.parametrize(("text", "years"), [("nam:2021", (2021, 2021)), ("nam:2022-2020", (2020, 2022)), ("nam:2020..2022", (2020, 2022))])
def test_years_are_ranges(text: str, years: tuple[int, int]) -> None:
    assert read_syntax(text).filters[0].years == (years,)


@pytest.mark.parametrize(
    ("text", "syllables", "marked"),
    [
        ("đầu tư công", ("dau", "tu", "cong"), ("đầu", "tư", "công")),
        ("dau tu cong", ("dau", "tu", "cong"), ()),
        ("hoà bình", ("hoa", "binh"), ("hòa", "bình")),
        ("ngày 06 tháng 10", ("ngay", "6", "thang", "10"), ("ngày", "6", "tháng", "10")),
        ("ngay 06", ("ngay", "6"), ()),
        ("tỷ lệ", ("ti", "le"), ("tỉ", "lệ")),
    ],
)
def test_marks_agree_only_where_they_are_typed(text: str, syllables: tuple[str, ...], marked: tuple[str, ...]) -> None:
    phrase = phrase_of(text)
    assert (phrase.syllables, phrase.marked) == (syllables, marked)


def test_what_is_looked_for_keeps_its_order() -> None:
    assert read_syntax('vốn "đầu tư" -nợ công loai:nq năm').sought == "vốn đầu tư công năm"


def test_the_parts_of_one_query_are_bounded() -> None:
    syntax = read_syntax(" ".join(f"-a{number}b" for number in range(100)))
    assert len(syntax.excluded) <= MAX_PARTS


PIECES = st.lists(
    st.sampled_from([*'"“”«»-–: (,İß', "loai:", "năm:", "cơ quan:", "so:", "2021", "20/NQ-HĐND", "giải", "ngân"]),
    max_size=40,
)


def rebuilt(syntax: Syntax) -> str:
    """The words of a query with its parts put back where they stood."""
    spans = sorted((part.span for part in (*syntax.phrases, *syntax.excluded, *syntax.filters)), key=lambda span: span.start)
    pieces, position = [], 0
    for span in spans:
        assert position <= span.start < span.end <= len(syntax.text), "parts stand apart, in the text"
        pieces.append(syntax.text[position : span.start])
        position = span.end
    return " ".join(" ".join([*pieces, syntax.text[position:]]).split())


@given(PIECES)
def test_no_query_breaks_and_nothing_is_lost(pieces: list[str]) -> None:
    syntax = read_syntax(" ".join("".join(pieces).split()))
    assert syntax.words == rebuilt(syntax)
    assert syntax == read_syntax(syntax.text)


@given(st.text(max_size=MAX_CHARACTERS))
def test_any_text_is_taken_apart(text: str) -> None:
    syntax = read_syntax(" ".join(text.split()))
    assert syntax.words == rebuilt(syntax)
