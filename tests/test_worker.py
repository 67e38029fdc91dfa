"""Files are read in a process of their own: what it answers is checked, what it breaks is replaced, and nothing is waited for for ever."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.errors import ReadError
from kgsearch.i18n import use_language
from kgsearch.models import Line, PageRecognition, SourceText
from kgsearch.readers.dispatch import Contents, MemberFailure
from kgsearch.readers.limits import MEGABYTE, PROGRAM_CPU, PROGRAM_MEMORY, Limits
from kgsearch.readers.supervisor import COMMAND, FILES_PER_PROCESS, Supervisor
from kgsearch.readers.wire import WireError, decode_answer, decode_contents, encode_contents, receive, send

BADLY = [sys.executable, str(Path(__file__).with_name("reading_badly.py"))]
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="the system has no limits for a process")


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor(Limits(cpu=30, silence=30.0, answer=MEGABYTE), BADLY)
    yield made
    made.close()


@pytest.fixture
def hasty() -> Iterator[Supervisor]:
    made = Supervisor(Limits(cpu=1, silence=4.0, total=10.0, answer=MEGABYTE), BADLY)
    yield made
    made.close()


def said(supervisor: Supervisor, deed: str) -> str:
    (source,) = supervisor.read(deed.encode(), "văn bản.pdf").sources
    return source.text


def refused(supervisor: Supervisor, deed: str) -> str:
    with pytest.raises(ReadError) as raised:
        supervisor.read(deed.encode(), "văn bản.pdf")
    message = str(raised.value)
    assert message.startswith("văn bản.pdf: ")
    assert "\n" not in message
    return message


def test_one_process_reads_many_files(supervisor: Supervisor) -> None:
    pids = {said(supervisor, "pid") for _ in range(5)}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


def test_the_process_is_replaced_after_many_files(supervisor: Supervisor) -> None:
    assert len({said(supervisor, "pid") for _ in range(FILES_PER_PROCESS + 1)}) == 2


@pytest.mark.parametrize("deed", ["abort", "exit", "segfault"])
def test_a_crash_is_survived(supervisor: Supervisor, deed: str) -> None:
    assert said(supervisor, "say:before") == "before"
    assert "làm hỏng" in refused(supervisor, deed) or "breaks" in refused(supervisor, deed)
    assert said(supervisor, "say:after") == "after"


@pytest.mark.parametrize(("deed", "named"), [("recurse", "RecursionError"), ("raise", "ValueError: so and so"), ("refuse", "so and so")])
def test_an_error_of_a_reader_is_one_line(supervisor: Supervisor, deed: str, named: str) -> None:
    pid = said(supervisor, "pid")
    assert named in refused(supervisor, deed)
    assert said(supervisor, "pid") == pid


@UNIX
def test_memory_is_limited(supervisor: Supervisor) -> None:
    assert "512 MB" in refused(supervisor, "memory")
    assert said(supervisor, "say:after") == "after"


def test_what_an_earlier_file_left_behind_is_not_held_against_the_next(supervisor: Supervisor, tmp_path: Path) -> None:
    deed = f"crash when used:{tmp_path / 'pid'}"
    assert [said(supervisor, deed) for _ in range(3)] == ["read"] * 3


def test_a_text_too_long_is_refused(supervisor: Supervisor) -> None:
    assert len(said(supervisor, "long:500000")) == 500_000
    assert "1 MB" in refused(supervisor, f"long:{MEGABYTE}")
    assert said(supervisor, "say:after") == "after"


def test_half_a_character_is_no_text(supervisor: Supervisor) -> None:
    refused(supervisor, "surrogate")


def test_what_a_library_prints_is_no_answer(supervisor: Supervisor) -> None:
    assert said(supervisor, "noise") == "said"


def test_messages_are_in_the_language_of_who_asks(supervisor: Supervisor) -> None:
    assert said(supervisor, "language") == "vi"
    use_language("en")
    try:
        assert said(supervisor, "language") == "en"
    finally:
        use_language("vi")


@UNIX
def test_computing_without_end_is_ended(hasty: Supervisor) -> None:
    started = time.monotonic()
    refused(hasty, "compute:1000")
    assert time.monotonic() - started < 100
    # Computing is counted for each file anew.
    assert [said(hasty, f"compute:{seconds}") for seconds in ("0.6", "1.2", "1.8")] == ["computed"] * 3


@UNIX
def test_a_program_that_a_reader_starts_has_limits_of_its_own(hasty: Supervisor) -> None:
    memory, computing = map(int, said(hasty, "program limits").split())
    assert (memory, computing) == (PROGRAM_MEMORY, PROGRAM_CPU)


def test_silence_is_not_waited_out(hasty: Supervisor) -> None:
    refused(hasty, "sleep:1000")
    assert said(hasty, "say:after") == "after"


def test_who_reports_steps_may_take_longer_but_not_for_ever(hasty: Supervisor) -> None:
    assert said(hasty, "step:0.5x10") == "at last"
    refused(hasty, "step:0.5x1000")


@UNIX
def test_programs_that_a_reader_started_end_with_it(hasty: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    refused(hasty, f"start:{note}")
    status = Path("/proc", note.read_text(), "stat")
    # Ended; whether its entry is still there is the affair of whoever inherits it.
    for _ in range(100):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("still running")


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    supervisor = Supervisor(Limits(), BADLY)
    folder = Path(said(supervisor, "leave:something"))
    assert (folder / "left").read_text() == "something"
    supervisor.close()
    assert not folder.exists()


@UNIX
@pytest.mark.parametrize("deed", ["say:done", "step:0.1x200"])
def test_nothing_is_left_behind_by_a_program_that_was_killed(tmp_path: Path, deed: str) -> None:
    program = (
        "import sys; from kgsearch.readers.supervisor import Supervisor; made = Supervisor(command=sys.argv[2:]); "
        "made.read(b'pid', 'a'); print(flush=True); made.read(sys.argv[1].encode(), 'a'); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, deed, *BADLY],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as asking:
        assert asking.stdout is not None and asking.stdout.readline() == b"\n"
        assert list(tmp_path.iterdir())
        asking.kill()
    until = time.monotonic() + 20
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not list(tmp_path.iterdir())


def test_threads_wait_for_each_other(supervisor: Supervisor) -> None:
    heard: list[str] = []
    threads = [threading.Thread(target=lambda n=n: heard.append(said(supervisor, f"say:{n}"))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == [str(number) for number in range(8)]


def test_a_program_that_cannot_be_started_is_said_so(tmp_path: Path) -> None:
    refused(Supervisor(command=[str(tmp_path / "missing")]), "say:nothing")


def test_modules_beside_the_corpus_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    supervisor = Supervisor(command=COMMAND)
    try:
        (source,) = supervisor.read("Điều 1. Phạm vi".encode(), "a.txt").sources
        assert source.text == "Điều 1. Phạm vi"
    finally:
        supervisor.close()


SOURCE = SourceText(
    text="Điều 1\nmột\n\nhai",
    lines=(
        Line("Điều 1", 0, 6, 1, frozenset({"bold", "centre"})),
        Line("một", 7, 10, 1),
        Line("", 11, 11, 2),
        Line("hai", 12, 15, 2, frozenset({"bold", "centre"})),
    ),
    encoding="docx",
    paged=True,
    recognised=(PageRecognition(2, 87.5),),
    member="a/b.docx",
)


def test_contents_arrive_as_they_were_sent() -> None:
    contents = Contents((SOURCE, SOURCE), (MemberFailure("c.docx", "lỗi"),))
    payload = json.dumps(encode_contents(contents)).encode()
    assert decode_contents(decode_answer(payload)) == contents


@pytest.mark.parametrize(
    "change",
    [
        {"text": 1},
        {"text": None},
        {"text": "\ud800"},
        {"lines": [[0, 99, 0, 0]]},
        {"lines": [[5, 2, 0, 0]]},
        {"lines": [[0, 5, 0, 0], [3, 6, 0, 0]]},
        {"lines": [[-1, 5, 0, 0]]},
        {"lines": [[0, 5, -1, 0]]},
        {"lines": [[0, 5, 0, 7]]},
        {"lines": [[0, 5, 0]]},
        {"lines": [[0, 5, True, 0]]},
        {"lines": [[0, 5.5, 0, 0]]},
        {"lines": {"0": 1}},
        {"lines": [[0, 0, 0, 0]] * 1_000_001},
        {"styles": [1]},
        {"styles": [[1]]},
        {"styles": None},
        {"encoding": None},
        {"paged": 1},
        {"recognised": [[0, 50]]},
        {"recognised": [[1, 101]]},
        {"recognised": [[1, "50"]]},
        {"recognised": [[float("inf"), 50]]},
        {"recognised": [[1, float("nan")]]},
        {"lines": [[0, 5, 1 << 70, 0]]},
        {"member": []},
    ],
    ids=lambda change: str(change)[:40],
)
def test_nothing_in_an_answer_is_believed(change: dict[str, Any]) -> None:
    answer = encode_contents(Contents((SOURCE,)))
    answer["sources"][0].update(change)
    with pytest.raises(WireError):
        decode_contents(decode_answer(json.dumps(answer).encode()))


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"sources": []}', b'{"sources": [1], "failures": []}'])
def test_what_is_no_answer_is_refused(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode_contents(decode_answer(payload))


def test_frames() -> None:
    stream = io.BytesIO()
    send(stream, b"one")
    send(stream, b"")
    whole = stream.getvalue()
    stream.seek(0)
    assert [receive(stream, 3) for _ in range(3)] == [b"one", b"", None]
    for broken in (whole[:4], whole[:9]):
        with pytest.raises(WireError):
            receive(io.BytesIO(broken), 3)
    with pytest.raises(WireError):
        receive(io.BytesIO(whole), 2)


NAMES = st.sampled_from(["sources", "failures", "text", "lines", "styles", "encoding", "paged", "recognised", "member"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=30))
def test_any_answer_is_contents_or_refused(answer: object) -> None:
    try:
        contents = decode_contents(decode_answer(json.dumps(answer).encode()))
    except WireError:
        return
    for source in contents.sources:
        assert all(line.text == source.text[line.start : line.end] for line in source.lines)
