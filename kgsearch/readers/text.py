"""Plain text: UTF-8 with or without a byte-order mark, UTF-16, any line ends."""

from __future__ import annotations

import codecs
import re

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import Line, SourceText

MAX_LINE = 1_000_000
"""Characters in a line: ten times the longest paragraph of a code; more is no document, and would cost every step after it."""

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.001

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_HEAD = 4096
_UPPER_BYTES = frozenset((0x00, 0x01, 0x03, 0x1E, *range(0x20, 0x28)))
"""In UTF-16, of the letters, signs and spaces of Vietnamese text."""


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of ``data`` without its byte-order mark, and the encoding's name. Raises ReadError naming ``name``."""
    if not data:
        raise ReadError(_("{name}: the file is empty.").format(name=name))
    encoding, mark = unicode_encoding(data)
    try:
        text = data[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            _("{name}: not Unicode text (byte {offset}); save the document as plain text in UTF-8.").format(name=name, offset=error.start)
        ) from error
    return checked(text, name), encoding


def checked(text: str, name: str) -> str:
    """``text`` itself. Raises ReadError, naming the file, where it is blank or holds more control characters than any text does."""
    controls = len(_CONTROL.findall(text))
    if controls > max(8, len(text) * _MAX_CONTROL_SHARE):
        raise ReadError(_("{name}: a binary file, not text; open it in its own program and save it as text.").format(name=name))
    if not text.strip():
        raise ReadError(_("{name}: the file is empty.").format(name=name))
    return text


def unicode_encoding(data: bytes) -> tuple[str, int]:
    """The Unicode encoding of ``data`` and the length of its byte-order mark; UTF-8 where nothing says otherwise.

    UTF-16 without a mark: the upper bytes of its letters, at odd or even places, are few values, and zero for digits and line ends.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    even, odd = data[0:_HEAD:2], data[1:_HEAD:2]
    for upper, lower, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if upper.count(0) > 16 * lower.count(0) and sum(byte in _UPPER_BYTES for byte in upper) >= 0.95 * len(upper):
            return encoding, 0
    return "utf-8", 0


def split_lines(text: str, encoding: str, name: str = "") -> SourceText:
    """Lines of ``text``; a form feed ends a page. Raises ReadError when a line is longer than MAX_LINE."""
    lines: list[Line] = []
    paged = "\f" in text
    page, start = 1, 0
    for match in _LINE_END.finditer(text):
        lines.append(_line(text, start, match.start(), page if paged else 0, len(lines), name))
        page += match.group() == "\f"
        start = match.end()
    lines.append(_line(text, start, len(text), page if paged else 0, len(lines), name))
    return SourceText(text=text, lines=tuple(lines), encoding=encoding, paged=paged)


def check_length(name: str, number: int, length: int) -> None:
    """Raise ReadError, naming the file, where its line ``number`` (from 1) has more than MAX_LINE characters."""
    if length > MAX_LINE:
        raise ReadError(
            _("{name}: line {number} has {length} characters, more than {limit}; this is no document as offices write them.").format(
                name=name, number=number, length=length, limit=MAX_LINE
            )
        )


def _line(text: str, start: int, end: int, page: int, index: int, name: str) -> Line:
    check_length(name, index + 1, end - start)
    return Line(text=text[start:end], start=start, end=end, page=page)
