"""Write citations, from the smallest part to the largest, then the document.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I (what a citation of a document names: type, number, date, issuer, subject at first; type
and number again) and Phụ lục II (Phần, Chương, Mục, Điều with a capital; khoản and điểm without).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kgsearch.models import Clause, DocumentRecord, Kind

_ORDINALS = ("thứ nhất", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "thứ tám", "thứ chín", "thứ mười")
_NOT_CITED = (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)


def clause_citation(clause: Clause, ancestors: Sequence[Clause]) -> str:
    """The clause's part of its citation: "điểm a khoản 2 Điều 1"; ``ancestors`` outermost first. "" for what is not cited by itself."""
    path = [*ancestors, clause]
    parts = [_component(node) for node in path if _is_cited(node, path)]
    return " ".join(part for part in reversed(_with_nesting(path, parts)) if part)


def _is_cited(node: Clause, path: Sequence[Clause]) -> bool:
    """Parts and chapters are left out where an article below them is cited, khoản 1 where khoản 1.2 names it already."""
    below = path[path.index(node) + 1 :]
    if node.kind is Kind.CLAUSE:
        return not any(later.kind is Kind.CLAUSE and later.number.startswith(f"{node.number}.") for later in below)
    return node.kind not in _NOT_CITED or not any(later.kind is Kind.ARTICLE for later in below)


def _with_nesting(path: Sequence[Clause], parts: list[str]) -> list[str]:
    """ "thuộc" between two components of one kind: "khoản 1 thuộc khoản 3 Mục I"."""
    cited = [node for node in path if _is_cited(node, path)]
    result: list[str] = []
    for index, part in enumerate(parts):
        result.append(part)
        if index + 1 < len(parts) and cited[index].kind is cited[index + 1].kind and cited[index].kind is not Kind.PART:
            result.append("thuộc")
    return result


def ordinal(number: int) -> str:
    """The ordinal in words up to ten ("thứ hai"), in figures after that ("thứ 11")."""
    return _ORDINALS[number - 1] if 0 < number <= len(_ORDINALS) else f"thứ {number}"


_NUMBERED = {
    Kind.PART: "Phần",
    Kind.CHAPTER: "Chương",
    Kind.SECTION: "Mục",
    Kind.SUBSECTION: "Tiểu mục",
    Kind.ARTICLE: "Điều",
    Kind.CLAUSE: "khoản",
    Kind.POINT: "điểm",
    Kind.SUBPOINT: "tiết",
    Kind.FOOTNOTE: "chú thích",
    Kind.ROW: "số thứ tự",
}
_NAMED = {Kind.PREAMBLE: "phần mở đầu", Kind.CONCLUSIONS: "phần kết"}


def _component(node: Clause) -> str:
    """One clause's own component: "điểm a", "gạch đầu dòng thứ hai", "Danh mục …"."""
    if node.kind in _NUMBERED:
        return f"{_NUMBERED[node.kind]} {node.number}"
    if node.kind is Kind.INDENT:
        return f"{'dấu cộng' if node.label[:1] in '+○' else 'gạch đầu dòng'} {ordinal(int(node.number))}"
    if node.kind is Kind.PARAGRAPH:
        return f"đoạn {ordinal(int(node.number))}"
    return _NAMED.get(node.kind) or node.name or node.label


def _is_name(text: str) -> bool:
    """Whether the first two words both begin with a capital: a proper name, which keeps it."""
    words = text.split()
    return len(words) > 1 and words[0][:1].isupper() and words[1][:1].isupper()


def cite(document: DocumentRecord, clause: str = "", *, full: bool, attached: bool = False) -> str:
    """A document's citation with a clause's part before it.

    ``full`` is the form of a first citation (number, date, issuer), else that of a later one (type and number). ``clause`` is what
    ``clause_citation`` gave, "" for the document itself, which at first names its subject too. ``attached``: the clause stands in
    something issued with the document.
    """
    named = document_citation(document, full=full, subject=full and not clause)
    if not clause:
        return named
    return f"{clause} {_issued_with(document, clause) if attached else ''}{named}"


def _issued_with(document: DocumentRecord, clause: str) -> str:
    if clause.endswith("kèm theo"):
        return ""
    regulation = re.search(r"(?:Quy chế|Quy định|Điều lệ|Nội quy|Quy trình)", clause)
    return "ban hành kèm theo " if regulation else "kèm theo "


def document_citation(document: DocumentRecord, *, full: bool, subject: bool = False) -> str:
    """Type, number and, in full, date, issuer and (``subject``) what it is about."""
    if document.number:
        text = f"{_type_cited(document)} số {document.number}"
        if full and document.issued:
            text += f" ngày {document.issued:%d/%m/%Y}"
    else:
        text = f"{document.type} {_lower_first(document.title)}".strip() or document.id
    if (full or not document.number) and document.issuer:
        text += f" của {document.issuer}"
    if subject and document.number and document.title:
        text += f" {_subject(document.title)}"
    return text


def _type_cited(document: DocumentRecord) -> str:
    """A consolidated text is headed by the type that it consolidates, but its number is that of a Văn bản hợp nhất."""
    if "VBHN" in document.number:
        return "Văn bản hợp nhất"
    return document.type or "Văn bản"


def _subject(title: str) -> str:
    """The title as it follows the issuer: "về …", not "Về …"."""
    return _lower_first(title) if re.match(r"(?:Về|Quy định|Ban hành|Sửa đổi|Phê duyệt|Bãi bỏ)\b", title) else f"về {_lower_first(title)}"


def _lower_first(text: str) -> str:
    return text if _is_name(text) or text[:2].isupper() else text[:1].lower() + text[1:]
