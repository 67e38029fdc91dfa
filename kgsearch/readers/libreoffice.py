"""Older and other word processors' files (.doc, .odt, .rtf): LibreOffice makes a .docx of them, which is read as any other.

LibreOffice is a program of its own, found at run time. It is run without a window, in a folder and with a profile made for one file
and thrown away after it, so that nothing of the user's is read or left behind; macros, links to other files and scripts are off.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kgsearch.errors import ReadError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.docx import read_docx
from kgsearch.readers.limits import program_limits
from kgsearch.readers.progress import report_progress

TIME_LIMIT = 180.0
"""Seconds for one file; a thousand pages take less than one minute."""

_POLL = 5.0
_RESTART = 81
"""LibreOffice's exit status where it wants to be started again, as it may with a new profile."""

_MAX_STARTS = 3
_MAX_BYTES = 200 * 1024 * 1024
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ELSEWHERE = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)

# Which filter reads a format: named, because LibreOffice would otherwise judge by itself and open whatever it takes the file for.
_FILTERS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""  # noqa: E501 - one setting a line


def program() -> str:
    """Path of LibreOffice; "" where it is not installed. KGSEARCH_LIBREOFFICE names one that is not where it is looked for."""
    named = os.environ.get("KGSEARCH_LIBREOFFICE", "")
    found = named or next(_installed(), "")
    # The program itself, not the script that starts it: ending the script would leave the program running.
    own = Path(found).resolve().with_name("soffice.bin") if found else None
    return str(own) if own is not None and sys.platform.startswith("linux") and own.is_file() else found


def _installed() -> Iterator[str]:
    for name in ("soffice", "libreoffice"):
        path = shutil.which(name)
        if path:
            yield path
    yield from (path for path in _ELSEWHERE if Path(path).is_file())


def read_doc(data: bytes, name: str) -> SourceText:
    """The text of a Word 97-2003 document. Raises ReadError as `convert` and `kgsearch.readers.docx.read_docx` do."""
    if _ENCRYPTED in data:
        raise ReadError(_("{name}: the file is protected by a password; save it without one.").format(name=name))
    return _read(data, "doc", name)


def read_odt(data: bytes, name: str) -> SourceText:
    """The text of an OpenDocument text. Raises ReadError as `convert` and `kgsearch.readers.docx.read_docx` do."""
    return _read(data, "odt", name)


def read_rtf(data: bytes, name: str) -> SourceText:
    """The text of a Rich Text Format file. Raises ReadError as `convert` and `kgsearch.readers.docx.read_docx` do."""
    return _read(data, "rtf", name)


def _read(data: bytes, kind: str, name: str) -> SourceText:
    return replace(read_docx(convert(data, kind, name), name), encoding=kind)


def convert(data: bytes, kind: str, name: str) -> bytes:
    """The .docx that LibreOffice makes of ``data``, a file of ``kind`` ("doc", "odt", "rtf").

    Raises ReadError, naming ``name``, where LibreOffice is not installed, does not open the file or takes too long.
    """
    found = program()
    if not found:
        raise ReadError(
            _("{name}: reading .{kind} needs LibreOffice, which is not installed; install it, or save the document as .docx.").format(
                name=name, kind=kind
            )
        )
    try:
        with tempfile.TemporaryDirectory(prefix="kgsearch-", ignore_cleanup_errors=True) as folder:
            return _converted(found, Path(folder), data, kind, name)
    except OSError as error:
        raise ReadError(_("{name}: LibreOffice could not be run ({reason}).").format(name=name, reason=reason_of(error))) from error


def _converted(found: str, folder: Path, data: bytes, kind: str, name: str) -> bytes:
    source, made = folder / f"document.{kind}", folder / "out" / "document.docx"
    source.write_bytes(data)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")
    command = [
        found,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        f"--infilter={_FILTERS[kind]}",
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(made.parent), str(source)),
    ]
    until = time.monotonic() + TIME_LIMIT
    for _start in range(_MAX_STARTS):
        if _run(command, folder, until, name) != _RESTART or made.is_file():
            break
    if not made.is_file():
        raise ReadError(
            _("{name}: LibreOffice cannot open it; it may be damaged or protected by a password. Open it and save it as .docx.").format(
                name=name
            )
        )
    with made.open("rb") as file:
        return file.read(_MAX_BYTES)


def _run(command: list[str], folder: Path, until: float, name: str) -> int:
    """Run the command to its end and give its status; it is ended when its time is over."""
    place = {variable: str(folder) for variable in ("HOME", "TMPDIR", "TMP", "TEMP")}
    # The few variables without which programs do not start; nothing else of the user's is handed on.
    kept = {variable: os.environ[variable] for variable in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if variable in os.environ}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, **place, "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=program_limits(),
    )
    try:
        while True:
            report_progress()
            try:
                return process.wait(timeout=min(_POLL, max(0.1, until - time.monotonic())))
            except subprocess.TimeoutExpired:
                if time.monotonic() >= until:
                    raise ReadError(
                        _("{name}: LibreOffice did not read it within {seconds} seconds; open it and save it as .docx.").format(
                            name=name, seconds=int(TIME_LIMIT)
                        )
                    ) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
