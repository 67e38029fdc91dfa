"""The process in which files are read: it is given one file after another and answers with their text.

A file may be made to break the library that reads it. Here it breaks a process that holds nothing else, is limited in memory and
time, and is replaced (`kgsearch.readers.supervisor`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from typing import IO, Any

from kgsearch.errors import ReadError
from kgsearch.i18n import use_language
from kgsearch.readers.dispatch import read_bytes
from kgsearch.readers.limits import Limits, limit_computing, limit_process
from kgsearch.readers.progress import listen
from kgsearch.readers.wire import encode_contents, receive, send

_MAX_REQUEST = 1 << 30


def main() -> None:
    """Answer what comes from standard input, until it ends; then whoever asked is gone, and what is temporary is removed here."""
    requests, answers = _private_streams()
    limits = Limits(**json.loads(receive(requests, _MAX_REQUEST) or b"{}"))
    folder = (receive(requests, _MAX_REQUEST) or b"").decode()
    try:
        _answer_all(requests, answers, limits)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _answer_all(requests: IO[bytes], answers: IO[bytes], limits: Limits) -> None:
    """Answer each request under ``limits``. Raises SystemExit where nobody takes the answers any more."""
    limit_process(limits)

    def give(payload: bytes) -> None:
        try:
            send(answers, payload)
        except OSError:
            # No error of the file: no reader is to make one of it.
            raise SystemExit from None

    def step() -> None:
        limit_computing(limits.cpu)
        give(b'{"progress": true}')

    listen(step)
    step()
    while (request := receive(requests, _MAX_REQUEST)) is not None:
        data = receive(requests, _MAX_REQUEST) or b""
        limit_computing(limits.cpu)
        payload = answer(json.loads(request), data, limits)
        del data
        give(payload)


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for this module alone: a library that prints, or a program it starts, gets others."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return requests, answers


def answer(request: dict[str, Any], data: bytes, limits: Limits) -> bytes:
    """The answer to one request: what the file holds, or why it cannot be read."""
    try:
        use_language(str(request["language"]))
        payload = _json(encode_contents(read_bytes(data, str(request["name"]))))
        return payload if len(payload) <= limits.answer else _json({"limit": "answer"})
    except ReadError as error:
        return _json({"error": str(error)})
    except MemoryError:
        return _json({"limit": "memory"})
    except Exception as error:
        # Libraries raise anything at all at a damaged file, RecursionError among it.
        return _json({"failed": _described(error)})


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


def _json(value: dict[str, Any]) -> bytes:
    # With escapes: whatever stands in a text, the answer is valid JSON; the other side judges the characters.
    encode: Callable[[Any], str] = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
    return encode(value).encode("ascii")
