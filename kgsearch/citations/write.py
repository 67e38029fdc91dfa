"""Write citations, from the smallest part to the largest, then the document.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I (what a citation of a document names: type, number, date, issuer, subject at first; type
and number again; laws by their names) and Phụ lục II (Phần, Chương, Mục, Điều with a capital; khoản and điểm without). What each form
rests on is in docs/citations.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kgsearch.models import Clause, DocumentRecord, Kind

_ORDINALS = ("thứ nhất", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "thứ tám", "thứ chín", "thứ mười")
LAWS = ("Bộ luật", "Hiến pháp", "Luật", "Pháp lệnh")
"""Types that are cited by name."""

_NOT_CITED = (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)


def clause_citation(clause: Clause, ancestors: Sequence[Clause]) -> str:
    """The clause's part of its citation: "điểm a khoản 2 Điều 1"; ``ancestors`` outermost first. "" for what is not cited by itself."""
    path = [*ancestors, clause]
    cited = [node for index, node in enumerate(path) if _is_cited(node, path[index + 1 :])]
    return " ".join(part for part in reversed(_with_nesting(cited)) if part)


def _is_cited(node: Clause, below: Sequence[Clause]) -> bool:
    """Parts and chapters are left out where an article below them is cited, khoản 1 where khoản 1.2 names it already."""
    if node.kind is Kind.CLAUSE:
        return not any(later.kind is Kind.CLAUSE and later.number.startswith(f"{node.number}.") for later in below)
    return node.kind not in _NOT_CITED or not any(later.kind is Kind.ARTICLE for later in below)


def _with_nesting(cited: Sequence[Clause]) -> list[str]:
    """The components of what is cited, "thuộc" between two of one kind: "khoản 1 thuộc khoản 3 Mục I"."""
    result: list[str] = []
    for index, node in enumerate(cited):
        result.append(_component(node))
        if index + 1 < len(cited) and node.kind is cited[index + 1].kind and node.kind is not Kind.PART:
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


_REGULATIONS = "Quy chế|Quy định|Quy trình|Quy tắc|Nội quy|Điều lệ|Chương trình|Kế hoạch|Phương án|Đề án|Hướng dẫn|Chiến lược"
_LISTS = "Phụ lục|Danh mục|Biểu|Bảng|Mẫu|Phần kèm theo"
_ATTACHED = re.compile(rf"(?<!\w)(?:(?P<regulation>{_REGULATIONS})|{_LISTS})(?!\w)")
_PARTY_ISSUER = re.compile(r"Của [^,;]*?(?=(?:[Vv]ề|[Bb]an hành|[Qq]uy định) )")
_LAW_ENDS = re.compile(r"\s+(?:số\s+\d|của\s+(?:Quốc hội|Ủy ban|Uỷ ban)|ngày\s+\d)")
_OWN_VERBS = re.compile(r"(?:quy định|ban hành|sửa đổi|phê duyệt|bãi bỏ)\b", re.IGNORECASE)


def cite(document: DocumentRecord, clause: str = "", *, full: bool, attached: bool = False, legal: bool = False) -> str:
    """A document's citation with a clause's part before it.

    ``full`` is the form of a first citation (number, date, issuer), else that of a later one (type and number). ``clause`` is what
    ``clause_citation`` gave, "" for the document itself, which at first names its subject too. ``attached``: the clause stands in
    something issued with the document. ``legal``: for use in a legal document, which cites laws by name and number.
    """
    named = document_citation(document, full=full, subject=full and not clause, legal=legal)
    if not clause:
        return named
    return f"{clause} {_issued_with(clause) if attached else ''}{named}"


def sentence(document: DocumentRecord, clause: str = "", *, first: bool, attached: bool = False, legal: bool = False) -> str:
    """The beginning of a sentence that cites, ready to paste: "Theo khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND …,".

    The ``first`` citation in a document says what the cited one is about, a later one does not; otherwise as ``cite``.
    """
    named = document_citation(document, full=first, subject=first, legal=legal)
    within = f"{clause} {_issued_with(clause) if attached else ''}" if clause else ""
    return f"Theo {within}{named},"


def _issued_with(clause: str) -> str:
    """What joins an attachment to its document: a regulation is "ban hành kèm theo", a list or form only "kèm theo"."""
    if clause.endswith("kèm theo"):
        return ""
    name = _ATTACHED.search(clause)
    return "ban hành kèm theo " if name and name["regulation"] else "kèm theo "


def document_citation(document: DocumentRecord, *, full: bool, subject: bool = False, legal: bool = False) -> str:
    """Type, number and, in full, date, issuer and (``subject``) what it is about; a law's name instead of its number."""
    name = cited_name(document)
    if name and document.number and not _is_consolidated(document):
        return _law(document, name, full=full, legal=legal)
    if document.number:
        text = f"{_type_cited(document)} số {document.number}"
        if full and document.issued:
            text += f" ngày {_day(document.issued)}"
    else:
        text = name or document.id
    if (full or not document.number) and document.issuer:
        text += f" của {document.issuer}"
    if subject and document.number:
        text += _subject(document)
    return text


def _law(document: DocumentRecord, name: str, *, full: bool, legal: bool) -> str:
    if legal:
        return f"{name} số {document.number}"
    return f"{name} ngày {_day(document.issued)}" if full and document.issued else name


def cited_name(document: DocumentRecord) -> str:
    """The name by which a law or a document without a number is cited ("Luật Đất đai", "Báo cáo kiểm điểm …"), "" for others and where
    the source does not give one."""
    if document.type in LAWS:
        name = _LAW_ENDS.split(document.title, maxsplit=1)[0]
        return f"{document.type} {name[:1].upper()}{name[1:]}" if _says_something(name) and not name.startswith("Của ") else ""
    if document.number or not document.title:
        return ""
    if document.title.lower().startswith(document.type.lower()):
        return document.title
    return f"{document.type} {_lower_first(document.title)}"


def _is_consolidated(document: DocumentRecord) -> bool:
    return "VBHN" in document.number


def _type_cited(document: DocumentRecord) -> str:
    """A consolidated text is headed by the type that it consolidates, but its number is that of a Văn bản hợp nhất."""
    return "Văn bản hợp nhất" if _is_consolidated(document) else document.type or "Văn bản"


def _day(day: date) -> str:
    """A date as administrative documents write it: a 0 before days up to 9 and before the months 1 and 2."""
    return f"{day.day:02}/{day.month:0{2 if day.month <= 2 else 1}}/{day.year}"


def _subject(document: DocumentRecord) -> str:
    """What the document is about, as it follows the issuer: " về …", not " Về …"; "" where the source says nothing."""
    title = _PARTY_ISSUER.sub("", document.title, count=1)
    if not _says_something(title) or title.startswith("Của "):
        return ""
    if _is_consolidated(document):
        return f" hợp nhất {cited_name(document) or f'{document.type} {_lower_first(title)}'}"
    if re.match(r"về\s", title, re.IGNORECASE):
        return f" về {_lower_first(title[3:]) if not title.startswith('về') else title[3:]}"
    return f" {_lower_first(title)}" if _OWN_VERBS.match(title) else f" về {_lower_first(title)}"


def _says_something(title: str) -> bool:
    """Whether a title is more than the capital word that is left where a source breaks it off ("BAN HÀNH …")."""
    words = title.split()
    return len(words) > 1 or (bool(words) and not (words[0].isupper() and len(words[0]) > 1))


def _lower_first(text: str) -> str:
    return text if _is_name(text) or text[:2].isupper() else text[:1].lower() + text[1:]


def _is_name(text: str) -> bool:
    """Whether the first two words both begin with a capital: a proper name, which keeps it."""
    words = text.split()
    return len(words) > 1 and words[0][:1].isupper() and words[1][:1].isupper()
