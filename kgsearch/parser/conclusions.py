"""The end of a document: who receives it, in whose name and by whom it is signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kgsearch.parser.clean import CleanLine
from kgsearch.parser.labels import find_label
from kgsearch.parser.layout import is_capitals, is_cell_edge, is_upper
from kgsearch.parser.types import type_of_heading

_RECIPIENTS = re.compile(r"^N[ơƠ]I\s+NH[ậẬ]N\s*:?|^Nơi\s+nhận\s*:?", re.IGNORECASE)
_ON_BEHALF = re.compile(r"^(?:TM|T/M|T\.M|KT|K/T|TL|T/L|TUQ|TUN|Q)(?:\s*[./]\s*|\s+|$)")
_OFFICE = re.compile(
    r"^(?:CHỦ\s+TỊCH|PHÓ\s+CHỦ\s+TỊCH|BỘ\s+TRƯỞNG|THỨ\s+TRƯỞNG|THỦ\s+TƯỚNG|PHÓ\s+THỦ\s+TƯỚNG|BÍ\s+THƯ|PHÓ\s+BÍ\s+THƯ|GIÁM\s+ĐỐC|PHÓ\s+GIÁM\s+ĐỐC|THỐNG\s+ĐỐC|"
    r"PHÓ\s+THỐNG\s+ĐỐC|CHÁNH\s+ÁN|PHÓ\s+CHÁNH\s+ÁN|VIỆN\s+TRƯỞNG|PHÓ\s+VIỆN\s+TRƯỞNG|TỔNG\s+KIỂM\s+TOÁN|PHÓ\s+TỔNG\s+KIỂM\s+TOÁN|CHÁNH\s+VĂN\s+PHÒNG|PHÓ\s+CHÁNH\s+VĂN\s+PHÒNG|TRƯỞNG\s+BAN|"
    r"PHÓ\s+TRƯỞNG\s+BAN|CỤC\s+TRƯỞNG|PHÓ\s+CỤC\s+TRƯỞNG|TỔNG\s+CỤC\s+TRƯỞNG|VỤ\s+TRƯỞNG|CHỦ\s+NHIỆM|PHÓ\s+CHỦ\s+NHIỆM|TỔNG\s+GIÁM\s+ĐỐC|PHÓ\s+TỔNG\s+GIÁM\s+ĐỐC|TRƯỞNG\s+PHÒNG|HIỆU\s+TRƯỞNG|"
    r"TỔNG\s+THANH\s+TRA|TỔNG\s+BÍ\s+THƯ|CHỦ\s+TỌA|THƯ\s+KÝ|NGƯỜI\s+CHỦ\s+TRÌ|ỦY\s+VIÊN|UỶ\s+VIÊN|TRƯỞNG\s+ĐOÀN|CHI\s+CỤC\s+TRƯỞNG)(?![^\W_])"
)
_OFFICE_WITHIN = re.compile(_OFFICE.pattern.replace("^", r"(?<![^\W_])", 1))
_BEHALF_WITHIN = re.compile(r"(?<!\w)(?:TM|T/M|T\.M|KT|K/T|TL|T/L|TUQ)\s*[./]?\s*(?=\w)")
_NO_NAME = re.compile(r"^(?:Chương|Phần|Mục|Phụ lục|Điều|Danh mục|Biểu|Mẫu|Đã ký|Nơi nhận)(?![^\W_])", re.IGNORECASE)
_SECRETARY = re.compile(r"^(?:THƯ\s+KÝ|NGƯỜI\s+(?:GHI|LẬP)|NGƯỜI\s+CHÉP)")
_SIGNED = re.compile(r"^\(?(?:Đã\s+ký|Ký\s+tên|đã\s+ký).*$|^\[?daky\]?$", re.IGNORECASE)
_RANKS = re.compile(
    r"^(?:GS|PGS|TS|ThS|BS|Đại tướng|Thượng tướng|Trung tướng|Thiếu tướng|Đại tá|Thượng tá|Trung tá)[.\s]\s*", re.IGNORECASE
)
_END_MARK = re.compile(r"\s*(?:\./\.|/\.|\s/)\s*(?P<scribble>\S.{0,29})?$")

_END_REACH = 60
"""Characters before a document's end in which its end mark and what was written after it stand."""

SIGNATURE_LINES = 14
"""A signature block is no longer than this, in lines that hold anything."""


@dataclass(slots=True)
class Signature:
    """What the end says: recipients as printed, the signer and the signer's own office ("" where not printed)."""

    recipients: list[str] = field(default_factory=list)
    signer: str = ""
    office: str = ""
    organ: str = ""


def begins_conclusions(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether the document's end begins at ``index``: "Nơi nhận", or the authority of a signature with a name below it."""
    text = lines[index].text
    if text[:1] in ("N", "n") and _RECIPIENTS.match(text):
        return True
    if not _is_authority(lines, index):
        return False
    below = [line.text for line in lines[index + 1 : index + SIGNATURE_LINES] if not is_cell_edge(line)]
    for following in below:
        if is_name(following) or _SIGNED.match(following) or _RECIPIENTS.match(following):
            return True
        if not (is_capitals(following) or len(following) < 40):
            return False
    return False


def _is_authority(lines: Sequence[CleanLine], index: int) -> bool:
    """TM., KT., … before an organ or office in capitals, on one line or broken over two."""
    text = lines[index].text
    if len(text) > 80 or not text[:1].isupper() or text.endswith((";", ":", ",")):
        return False
    if _ON_BEHALF.match(text):
        return is_capitals(text) or len(text) <= 4
    return is_capitals(text) and bool(_OFFICE.match(text))


def signs(text: str) -> bool:
    """Whether the line is one of a signature's: in whose name, or in which office, somebody signs."""
    return bool(_ON_BEHALF.match(text) or _OFFICE.match(text))


def is_name(text: str) -> bool:
    """Whether the line is a person's name: two to five words, each with a capital first and small letters after it."""
    if find_label(text) is not None or type_of_heading(text.upper()) or _NO_NAME.match(text):
        return False
    words = _RANKS.sub("", text).split()
    return (
        len(text) < 40
        and 2 <= len(words) <= 5
        and all(word.isalpha() and word[0].isupper() and word[1:] == word[1:].lower() for word in words)
    )


def _is_name_part(text: str) -> bool:
    """Whether the line is one syllable of a name that was broken over two lines."""
    return len(text) < 10 and text.isalpha() and text[:1].isupper() and text[1:] == text[1:].lower()


def _with_part(name: str, part: str) -> str:
    """A name with the part of it on the next line, one of the two a single syllable; two whole names are two signers."""
    words, more = name.split(), part.split()
    if not words:
        return part
    broken = min(len(words), len(more)) == 1 and len(words) + len(more) <= 5
    return f"{name} {part}" if broken else name


def conclusions_end(lines: Sequence[CleanLine], start: int) -> int:
    """Index after the end that begins at ``start``: after the signer's name and the recipients, whichever comes last."""
    end = start + 1
    signed = False
    for index in range(start, min(len(lines), start + 80)):
        text = lines[index].text
        if is_cell_edge(lines[index]):
            if index == end:
                end = index + 1
            continue
        if _belongs(lines, index, start) or (not signed and len(text) < 60 and index - end < 3 and not _is_title(text)):
            end = index + 1
            signed = signed or is_name(text)
        elif index - end >= 2:
            break
    return end


def _belongs(lines: Sequence[CleanLine], index: int, start: int) -> bool:
    text = lines[index].text
    if _RECIPIENTS.match(text) or _SIGNED.match(text) or is_name(text) or _is_authority(lines, index) or text.startswith(("-", "–", "+")):
        return True
    before = lines[index - 1].text if index > start else ""
    return text[:1].islower() and bool(before) and index - start < 40


def _is_title(text: str) -> bool:
    return is_capitals(text) and not _OFFICE.match(text) and not _ON_BEHALF.match(text) and len(text.split()) > 1


def read_signature(lines: Sequence[CleanLine]) -> Signature:
    """Read the end of a document from its lines; the two columns may be interleaved."""
    signature = Signature()
    signers: list[_Signer] = [_Signer()]
    for line in lines:
        text = line.text
        if is_cell_edge(line):
            continue
        if _RECIPIENTS.match(text):
            rest = _RECIPIENTS.sub("", text).strip()
            signature.recipients.extend([rest] if rest else [])
        elif text.startswith(("-", "–", "+")):
            signature.recipients.append(text.lstrip("-–+ "))
        elif is_upper(text):
            if signers[-1].name:
                signers.append(_Signer())
            signers[-1].lines.append(text)
        elif is_name(text) or (_is_name_part(text) and any(signer.lines for signer in signers)):
            signers[-1].name = _with_part(signers[-1].name, _RANKS.sub("", text))
        elif signature.recipients and not any(signer.lines for signer in signers):
            signature.recipients[-1] += " " + text
    signature.recipients = [entry.rstrip(" ;,.") for entry in signature.recipients if entry.strip(" ;,./")]
    _read_offices(signature, _principal(signers))
    return signature


@dataclass(slots=True)
class _Signer:
    """One signature: its lines in capitals, and the name below them."""

    lines: list[str] = field(default_factory=list)
    name: str = ""


def _principal(signers: Sequence[_Signer]) -> _Signer:
    """The first who signs, unless it is the one who took the minutes."""
    named = [signer for signer in signers if signer.name] or list(signers)
    return next((signer for signer in named if not _SECRETARY.match(" ".join(signer.lines))), named[0])


def _read_offices(signature: Signature, signer: _Signer) -> None:
    """The signer's own office: what stands after the last TM., KT., …, from the last word that names an office."""
    signature.signer = signer.name
    joined = " ".join(" ".join(signer.lines).split())
    parts = [part.strip(" .") for part in _BEHALF_WITHIN.split(joined) if part.strip(" .")]
    if not parts:
        return
    last = parts[-1]
    starts = [match.start() for match in _OFFICE_WITHIN.finditer(last)]
    signature.office = last[starts[-1] :].strip() if starts else ""
    if _ON_BEHALF.match(joined) and not _OFFICE.match(parts[0]):
        signature.organ = last[: starts[0]].strip() if starts and len(parts) == 1 else parts[0]


def trim_end(text: str, names: Sequence[str]) -> int:
    """Length of a body's last paragraph without what was written by hand or stamped after its end.

    The full stop stays; the end mark ("./.", "/."), a scribble after it and a signature printed into the text go.
    """
    for name in names:
        if name and text.endswith(name) and text[: -len(name)].rstrip().endswith((".", "/", ";")):
            text = text[: -len(name)].rstrip()
    tail = max(0, len(text) - _END_REACH)
    match = _END_MARK.search(text, tail)
    if match is None or (match["scribble"] and len(match["scribble"].split()) > 3):
        return len(text)
    return match.start() + (1 if text[match.start() :].lstrip().startswith("./") else 0)
