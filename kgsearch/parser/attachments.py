"""What is issued with a document: regulations with articles of their own, annexes, lists, forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kgsearch.models import Kind
from kgsearch.parser.casing import Forms, recase
from kgsearch.parser.clean import CleanLine
from kgsearch.parser.conclusions import is_name, signs
from kgsearch.parser.header import is_motto
from kgsearch.parser.labels import Rank, find_label
from kgsearch.parser.layout import is_capitals, is_cell_edge, is_upper
from kgsearch.parser.mapped import Block, collapse
from kgsearch.parser.tree import Node

_ANNEX = re.compile(
    r"^(?P<label>(?:PHỤ\s+LỤC|Phụ\s+lục)(?:\s+(?:số\s+)?(?:[IVXLC]+|\d{1,2}|[A-Z])(?![^\W_]))?|DANH\s+MỤC|BIỂU\s+MẪU|"
    r"(?:BIỂU|Biểu|MẪU|Mẫu)\s+(?:SỐ|số)\s*\d{1,3}[a-z]?|BẢNG\s+TỔNG\s+HỢP|BẢNG\s+GIÁ|BIỂU\s+TỔNG\s+HỢP|DANH\s+SÁCH)(?![^\W_])\s*[.:\-–]?\s*"
)
_REGULATION = re.compile(
    r"^(?:QUY\s+CHẾ|QUY\s+ĐỊNH|ĐIỀU\s+LỆ|NỘI\s+QUY|HƯỚNG\s+DẪN|QUY\s+TRÌNH|CHƯƠNG\s+TRÌNH|KẾ\s+HOẠCH|ĐỀ\s+ÁN|PHƯƠNG\s+ÁN|QUY\s+CHUẨN)(?![^\W_])"
)
_ISSUED_WITH = re.compile(r"^\(?\s*(?:Ban\s+hành\s+)?kèm\s+theo", re.IGNORECASE)
_NEARBY = 8


def begins_attachment(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether something attached begins at ``index``: an annex's heading, or a regulation's with "kèm theo" below it."""
    text = lines[index].text
    if len(text) > 200 or text.endswith((";", ",")):
        return False
    annex = _ANNEX.match(text)
    if not (annex or is_capitals(text)) or (index > 0 and _names_division(lines[index - 1].text)):
        return False
    if annex:
        return is_capitals(text) or not text[annex.end() :].strip() or _issued_nearby(lines, index) or _letterhead_nearby(lines, index)
    if signs(text) or find_label(text) is not None:
        return False
    return _issued_nearby(lines, index) or (bool(_REGULATION.match(text)) and _first_article_nearby(lines, index))


def _names_division(text: str) -> bool:
    """Whether the line is the label of a chapter or section alone, whose name follows it."""
    label = find_label(text)
    return label is not None and label.form.rank < Rank.ARTICLE and label.length >= len(text)


def _first_article_nearby(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether articles begin again soon below a regulation's name, which may say nothing of what it is issued with."""
    labels = (find_label(line.text) for line in lines[index + 1 : index + 1 + _NEARBY])
    return any(label is not None and label.form.rank is Rank.ARTICLE and label.number == "1" for label in labels)


def _letterhead_nearby(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether a model document with a letterhead of its own begins below the heading."""
    return any(is_motto(line.text) for line in lines[index + 1 : index + 1 + _NEARBY])


def _issued_nearby(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether "(kèm theo …" follows, with nothing between but the rest of a heading: no name under a signature, no label."""
    for at in range(index + 1, min(index + 1 + _NEARBY, len(lines))):
        if _is_issued_with(lines, at):
            return True
        if is_name(lines[at].text) or is_cell_edge(lines[at]) or find_label(lines[at].text) is not None:
            return False
    return False


def _is_issued_with(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether "(kèm theo …" begins here, be it broken over two lines."""
    if _ISSUED_WITH.match(lines[index].text):
        return True
    return lines[index].text.startswith("(") and bool(_ISSUED_WITH.match(" ".join(line.text for line in lines[index : index + 2])))


def split_attachments(lines: Sequence[CleanLine]) -> list[list[CleanLine]]:
    """``lines`` cut before each attachment; the first part is what stands before any."""
    parts: list[list[CleanLine]] = [[]]
    for index, line in enumerate(lines):
        if begins_attachment(lines, index) and not _only_heading(parts[-1]):
            parts.append([])
        parts[-1].append(line)
    return parts


def _only_heading(part: Sequence[CleanLine]) -> bool:
    """Whether the part is a heading still, so that "PHỤ LỤC" and "DANH MỤC …" below it are one attachment."""
    return 0 < len(part) <= 4 and all(is_upper(line.text) or _ANNEX.match(line.text) for line in part)


def attachment_node(lines: Sequence[CleanLine], number: int) -> tuple[Node, list[CleanLine]]:
    """The node of an attachment with its heading read, and the lines that follow the heading."""
    has_articles = any((label := find_label(line.text)) is not None and label.form.rank is Rank.ARTICLE for line in lines)
    node = Node(Kind.ATTACHMENT if has_articles else Kind.ANNEX, "att", number=str(number), page=lines[0].page)
    first = lines[0]
    match = _ANNEX.match(first.text)
    named = match.end() if match else _regulation_end(first.text)
    node.label = " ".join((match["label"] if match else first.text[:named]).split())
    node.named.append(Block([(first.words.cut(0, named), first.end)]))
    index = 1
    rest = first.words.cut(named)
    if rest.text:
        node.heading.append(Block([(rest, first.end)]))
    while index < len(lines) and _is_heading_line(lines, index):
        node.heading.append(Block([(lines[index].words, lines[index].end)]))
        index += 1
    while index < len(lines) and (_is_issued_with(lines, index) or _continues_issue(lines, index)):
        node.body.append(Block([(lines[index].words, lines[index].end)]))
        index += 1
    return node, list(lines[index:])


def attachment_name(node: Node, forms: Forms) -> str:
    """How an attachment is cited, in running form: "Danh mục một số nhiệm vụ chủ yếu", "Quy chế làm việc", "Phụ lục II"."""
    label = _sentence_case(node.label or "Phần kèm theo")
    heading = cited_heading(node)
    if not heading:
        return label
    written = recase(heading, forms)
    return f"{label} {written[:1].lower() + written[1:] if written[1:2].islower() and not _is_name(written) else written}"


def cited_heading(node: Node) -> str:
    """The heading of an attachment that is cited by it; "" where the label alone names it."""
    if _sentence_case(node.label or "Phần kèm theo").startswith("Phụ lục "):
        return ""
    return collapse(" ".join(block.text for block in node.heading))


def _sentence_case(text: str) -> str:
    """A label in capitals as running text has it, its Roman numeral kept."""
    first, *rest = text.split()
    return " ".join([first.capitalize(), *(word if re.fullmatch(r"[IVXLC]+|[A-Z]", word) else word.lower() for word in rest)])


def _is_name(text: str) -> bool:
    """Whether the first two words both begin with a capital: a proper name, which keeps it."""
    words = text.split()
    return len(words) > 1 and words[1][:1].isupper()


def _regulation_end(text: str) -> int:
    match = _REGULATION.match(text)
    return match.end() if match else len(text)


def _is_heading_line(lines: Sequence[CleanLine], index: int) -> bool:
    line = lines[index]
    if is_cell_edge(line) or _is_issued_with(lines, index) or find_label(line.text) is not None:
        return False
    if index + 1 < len(lines) and is_cell_edge(lines[index + 1]):
        return False
    return is_upper(line.text) or (
        index <= 6 and any(_is_issued_with(lines, after) for after in range(index + 1, min(index + 4, len(lines)))) and len(line.text) < 120
    )


def _continues_issue(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether the line closes the brackets of "(kèm theo Quyết định …" above it."""
    before = lines[index - 1].text
    opened = _is_issued_with(lines, index - 1) or (index >= 2 and _is_issued_with(lines, index - 2))
    return (
        bool(opened)
        and before.count("(") <= 1
        and not before.rstrip(".").endswith(")")
        and len(lines[index].text) < 160
        and not is_cell_edge(lines[index])
    )
