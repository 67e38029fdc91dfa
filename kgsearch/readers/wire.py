"""What passes between this program and the process that reads files: frames of bytes, and sources as checked data.

The other process may have been taken over by the file it reads. Its answers are JSON, never unpickled, and nothing in them is
believed before it is checked.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, TypeVar

from kgsearch.models import Line, PageRecognition, SourceText
from kgsearch.readers.dispatch import Contents, MemberFailure

_Kind = TypeVar("_Kind")

_LENGTH = struct.Struct(">Q")
MAX_MESSAGE = 2000
"""Characters of a reason for which a file cannot be read."""
_MAX_STYLES = 10_000
_MAX_PAGE = 1_000_000
_MAX_LINES = 1_000_000


class WireError(Exception):
    """What came is not what was agreed on."""


def send(stream: IO[bytes], payload: bytes) -> None:
    """Write one frame."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes], limit: int) -> bytes | None:
    """The next frame; None at the end. Raises WireError where it is longer than ``limit`` or breaks off."""
    head = stream.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise WireError("a frame breaks off")
    (length,) = _LENGTH.unpack(head)
    if length > limit:
        raise WireError("a frame is too long")
    payload = stream.read(length)
    if len(payload) < length:
        raise WireError("a frame breaks off")
    return payload


def encode_contents(contents: Contents) -> dict[str, Any]:
    """``contents`` as what JSON can say."""
    failures = [[failure.member, failure.reason] for failure in contents.failures]
    return {"sources": [_encode(source) for source in contents.sources], "failures": failures}


def _encode(source: SourceText) -> dict[str, Any]:
    styles: dict[frozenset[str], int] = {}
    lines = [[line.start, line.end, line.page, styles.setdefault(line.style, len(styles))] for line in source.lines]
    return {
        "text": source.text,
        "encoding": source.encoding,
        "paged": source.paged,
        "lines": lines,
        "styles": [sorted(style) for style in styles],
        "recognised": [[page.page, page.confidence] for page in source.recognised],
        "member": source.member,
    }


def decode_answer(payload: bytes) -> dict[str, Any]:
    """An answer as a dictionary. Raises WireError where it is none."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error
    checked: dict[str, Any] = _of_type(answer, dict)
    return checked


def decode_contents(answer: dict[str, Any]) -> Contents:
    """The contents that an answer holds. Raises WireError where anything in it is not as it must be."""
    sources = tuple(_decode(_of_type(source, dict)) for source in _of_type(answer.get("sources"), list))
    if not sources:
        raise WireError("no source")
    return Contents(sources, tuple(_failure(entry) for entry in _of_type(answer.get("failures"), list)))


def one_line(message: object) -> str:
    """A message on one line, bounded."""
    return " ".join(_text(message).split())[:MAX_MESSAGE]


def _decode(value: dict[str, Any]) -> SourceText:
    text = _text(value.get("text"))
    styles = [_style(style) for style in _of_type(value.get("styles"), list)]
    if len(styles) > _MAX_STYLES:
        raise WireError("too many styles")
    entries = _of_type(value.get("lines"), list)
    if len(entries) > _MAX_LINES:
        raise WireError("too many lines")
    lines: list[Line] = []
    before = 0
    for entry in entries:
        start, end, page, style = _numbers(entry, 4, int)
        if not (before <= start <= end <= len(text) and page <= _MAX_PAGE and style < len(styles)):
            raise WireError("a line out of place")
        lines.append(Line(text[start:end], start, end, page, styles[style]))
        before = end
    return SourceText(
        text=text,
        lines=tuple(lines),
        encoding=one_line(value.get("encoding")),
        paged=_of_type(value.get("paged"), bool),
        recognised=tuple(_recognition(entry) for entry in _of_type(value.get("recognised"), list)),
        member=one_line(value.get("member")),
    )


def _failure(entry: object) -> MemberFailure:
    values = _of_type(entry, list)
    if len(values) != 2:
        raise WireError("a name and a reason expected")
    return MemberFailure(one_line(values[0]), one_line(values[1]))


def _recognition(entry: object) -> PageRecognition:
    page, confidence = _numbers(entry, 2, (int, float))
    if not isinstance(page, int) or not 1 <= page <= _MAX_PAGE or confidence > 100:
        raise WireError("a page out of place")
    return PageRecognition(page, float(confidence))


def _style(value: object) -> frozenset[str]:
    return frozenset(_text(name)[:100] for name in _of_type(value, list))


def _numbers(entry: object, count: int, kind: type[int] | tuple[type[int], type[float]]) -> list[Any]:
    """``entry`` as so many numbers, none negative."""
    values: list[Any] = _of_type(entry, list)
    if len(values) != count or not all(isinstance(value, kind) and not isinstance(value, bool) and value >= 0 for value in values):
        raise WireError("numbers expected")
    return values


def _text(value: object) -> str:
    text = _of_type(value, str)
    try:
        # JSON can say half a surrogate pair, which no database takes.
        text.encode()
    except UnicodeEncodeError as error:
        raise WireError("no valid Unicode") from error
    return text


def _of_type(value: object, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        raise WireError(f"{kind} expected")
    return value
