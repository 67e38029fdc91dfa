"""Names of documents and clauses in Akoma Ntoso: the kind of document, and IRIs by the naming convention (AKN-NC 1.0).

``/akn/vn/act/nghi-quyet/hoi-dong-nhan-dan-tinh-hai-giang/2022-12-09/41-nq-hdnd`` is a work, ``…/vie@2022-12-09`` the Vietnamese text of
that date, ``….xml`` its file, ``…/!att_1`` something attached, ``…/~art_5`` a part of it. All of it follows from the record alone.
"""

from __future__ import annotations

import re

from kgsearch.exporting.inline import permitted
from kgsearch.language import fold
from kgsearch.models import Address, DocumentRecord

UNDATED = "0001-01-01"
"""Stands where the source prints no date: the schema and the convention demand one, and no real document bears this."""

_PRESCRIPTIVE = frozenset(
    {
        "Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh", "Lệnh", "Nghị định", "Nghị quyết", "Nghị quyết liên tịch", "Quyết định", "Thông tư",
        "Thông tư liên tịch", "Quy định", "Quy chế", "Điều lệ", "Văn bản hợp nhất",
    }
)  # fmt: skip
_STATING = frozenset({"Thông báo", "Thông cáo", "Tuyên bố", "Kết luận"})
_NAME = re.compile(r"[^a-z0-9]+")


def document_kind(document: DocumentRecord) -> str:
    """The element that a document is: "act" for what lays down rules or decides, "statement" for what makes known, else "doc"."""
    if document.type in _PRESCRIPTIVE:
        return "act"
    return "statement" if document.type in _STATING else "doc"


def name_of(text: str) -> str:
    """``text`` as a part of an IRI: small letters without marks, joined by "-". "" where no letter or figure is left."""
    return _NAME.sub("-", fold(permitted(text))).strip("-")


def dated(document: DocumentRecord) -> str:
    """The day of issue, ISO 8601, or UNDATED."""
    return document.issued.isoformat() if document.issued else UNDATED


def work(document: DocumentRecord) -> str:
    """The IRI of a document as a work."""
    parts = (document_kind(document), name_of(document.type) or "van-ban", _author(document), dated(document), _number(document))
    return "/".join(["/akn/vn", *(part for part in parts if part)])


def expression(document: DocumentRecord) -> str:
    """The IRI of its text as issued, in Vietnamese."""
    return f"{work(document)}/vie@{dated(document)}"


def part_of(iri: str, eid: str) -> str:
    """The IRI of the part ``eid`` of a work; of the work where it is ""."""
    return f"{iri}/~{eid}" if eid else iri


def common(targets: tuple[Address, ...]) -> Address | None:
    """The smallest place that holds all ``targets``; None where they are of several documents."""
    documents = {target.document for target in targets}
    if len(documents) != 1:
        return None
    paths = [target.eid.split("__") for target in targets]
    shared: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return Address(documents.pop(), "__".join(shared))


def _author(document: DocumentRecord) -> str:
    """The issuer's part; one that began with a figure would be taken for the date."""
    name = name_of(document.issuer)
    return f"co-quan-{name}" if name[:1].isdigit() else name


def _number(document: DocumentRecord) -> str:
    return name_of(document.number) or name_of(document.id)
