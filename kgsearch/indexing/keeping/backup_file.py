"""The file of a backup: a .zip with a list of what is in it, and what it must be to be trusted.

::

    kgsearch-backup.json          the list: every other entry with its size, SHA-256 and time of change
    index/catalogue.sqlite        the catalogue as of one moment
    index/reports.sqlite          errors that readers reported, where there are any
    index/lexicon/lexicon.dat     what was learnt from the corpus, where there is one
    settings/kgsearch.toml        the settings file, where there is one
    corpus/…                      the original files under their own paths

The list is written last, so a file that was cut short has none. What is read here may have been made by anybody: the list and the
archive's own directory must name the same entries, no name may lead anywhere else, nothing is unpacked beyond the size that the list
gives, and every byte is compared with its checksum.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from kgsearch.errors import IndexStateError, UsageError, reason_of
from kgsearch.i18n import gettext as _

FORMAT = 1
"""Changes whenever an older program could not restore what a newer one wrote."""

LIST = "kgsearch-backup.json"
CATALOGUE = "index/catalogue.sqlite"
REPORTS = "index/reports.sqlite"
LEXICON = "index/lexicon/lexicon.dat"
SETTINGS = "settings/kgsearch.toml"
CORPUS = "corpus/"

MAX_ENTRIES = 200_000
"""Files in a backup: many times what the largest office holds."""

MAX_RATIO = 100
"""How many times larger than its file a backup may be once unpacked, beyond FREE bytes; originals are packed already."""

FREE = 1 << 30
CHUNK = 1 << 20

# Half a kilobyte for each of MAX_ENTRIES, and more than that.
_MAX_DIRECTORY = 1 << 27
_MAX_LIST = 1 << 27
_MAX_PATH = 4096
_MAX_DEPTH = 100
_PARTS = frozenset({CATALOGUE, REPORTS, LEXICON, SETTINGS})
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LAST_TIME = 1 << 63
# What the standard library raises on archives that are no archives or were made to break it.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError, RecursionError)

_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[ .]$')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An original that a backup does not hold, and why; ``file`` is its path in the corpus folder."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or what was restored from one.

    ``file`` is the backup, ``made`` when it was made (ISO 8601, UTC), ``files`` how many originals it holds, ``size`` its own bytes.
    ``skipped`` names every original that it does not hold; ``remarks`` are sentences for the administrator.
    """

    file: str
    made: str
    documents: int
    clauses: int
    files: int
    size: int
    skipped: Sequence[Skipped]
    remarks: Sequence[str]
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every original that the corpus folder and the catalogue name is in it."""
        return not self.skipped

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch backup`` and ``kgsearch restore``."""
        return {
            "file": self.file,
            "made": self.made,
            "documents": self.documents,
            "clauses": self.clauses,
            "files": self.files,
            "size": self.size,
            "complete": self.complete,
            "skipped": [asdict(one) for one in self.skipped],
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a backup; ``name`` is its full name in the archive, ``mtime_ns`` when it was last changed."""

    name: str
    size: int
    sha256: str
    mtime_ns: int

    @property
    def original(self) -> str:
        """Its path in the corpus folder; "" for the parts of the index and the settings."""
        return self.name.removeprefix(CORPUS) if self.name.startswith(CORPUS) else ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of a backup; ``schema`` is the catalogue's version, ``program`` that of kgsearch."""

    made: str
    program: str
    schema: int
    documents: int
    clauses: int
    entries: Sequence[Entry]
    skipped: Sequence[Skipped] = ()

    @property
    def originals(self) -> Sequence[Entry]:
        """The files of the corpus folder."""
        return [entry for entry in self.entries if entry.original]

    def packed(self) -> bytes:
        """The list as it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False).encode()

    def report(self, file: Path, remarks: Sequence[str], seconds: float) -> BackupReport:
        """What is said of the backup ``file``. Raises OSError when it is gone."""
        size = file.stat().st_size
        return BackupReport(
            str(file), self.made, self.documents, self.clauses, len(self.originals), size, tuple(self.skipped), tuple(remarks), seconds
        )


class Backup:
    """A backup opened: its list, and its entries to be read once each."""

    def __init__(self, file: Path, archive: zipfile.ZipFile, contents: Contents, digest: str) -> None:
        self.file = file
        self.contents = contents
        self.digest = digest
        """SHA-256 of the list: tells one backup from another."""
        self._archive = archive
        self._infos = {info.orig_filename: info for info in archive.infolist()}

    def read(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of ``entry``. Raises IndexStateError where they are not those that the list names, at the latest after the last."""
        digest, size = hashlib.sha256(), 0
        with _damage(self.file, entry.name), self._archive.open(self._infos[entry.name]) as content:
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > entry.size:
                    raise _other_bytes(self.file, entry.name)
                digest.update(chunk)
                yield chunk
        if size != entry.size or digest.hexdigest() != entry.sha256:
            raise _other_bytes(self.file, entry.name)


@contextmanager
def open_backup(file: Path) -> Iterator[Backup]:
    """The backup in ``file``, its list read and compared with the archive's directory.

    Raises UsageError where there is no such file, IndexStateError where it is no backup, a damaged one, one made to do harm, or one of
    a newer version.
    """
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            # Opening a pipe would wait for ever.
            raise UsageError(_("{file}: no backup: it is a folder or a device, not a file.").format(file=file))
        raw = file.open("rb")
    except OSError as error:
        raise UsageError(_("{file}: the backup cannot be opened ({reason}).").format(file=file, reason=reason_of(error))) from error
    with raw, _archive(file, raw) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise _hostile(file, _("it holds {count} files, at most {limit} are restored").format(count=len(infos), limit=MAX_ENTRIES))
        content = _read_list(file, archive)
        contents = _parsed(file, content)
        _compare(file, infos, contents)
        _check_sizes(file, infos, contents)
        yield Backup(file, archive, contents, hashlib.sha256(content).hexdigest())


def unsafe(path: str, *, windows: bool = os.name == "nt") -> bool:
    """Whether ``path`` (with forward slashes) may not be restored: it leads out of its folder, is hidden or empty in one of its parts,
    or, on ``windows``, is a device, a stream or a spelling of another name."""
    parts = path.split("/")
    if len(path) > _MAX_PATH or len(parts) > _MAX_DEPTH or "\0" in path or not _is_text(path):
        return True
    if any(not part or part.startswith(".") for part in parts):
        return True
    return windows and any(_NOT_ON_WINDOWS.search(part) or _DEVICE.fullmatch(part) for part in parts)


class _Bounded(io.BufferedReader):
    """A file of which no more is read at once than the directory of an honest archive has: a directory is read whole, and could be
    made to fill the memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = max(os.fstat(self.fileno()).st_size - self.tell(), 0)
        if size > _MAX_DIRECTORY:
            raise zipfile.BadZipFile("a directory of this size")
        return super().read(size)


@contextmanager
def _archive(file: Path, raw: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    with _damage(file, ""):
        bounded = _Bounded(io.FileIO(raw.fileno(), closefd=False))
        archive = zipfile.ZipFile(bounded)
    with archive:
        yield archive


@contextmanager
def _damage(file: Path, name: str) -> Iterator[None]:
    """Turn what unpacking raises into one clear line; ``name`` is the entry concerned, "" for the archive whole."""
    what = f"{file}: {_shown(name)}" if name else str(file)
    try:
        yield
    except OSError as error:
        raise IndexStateError(
            _("{file}: the backup cannot be read ({reason}); copy it again, or take another one.").format(
                file=what, reason=reason_of(error)
            )
        ) from error
    except _DAMAGE as error:
        raise IndexStateError(
            _("{file}: the backup is damaged or cut short, or no backup at all ({reason}); copy it again, or take another one.").format(
                file=what, reason=_shown(" ".join(str(error).split())) or type(error).__name__
            )
        ) from error


def _read_list(file: Path, archive: zipfile.ZipFile) -> bytes:
    infos = [info for info in archive.infolist() if info.orig_filename == LIST]
    if len(infos) != 1:
        raise IndexStateError(_("{file}: no backup made by kgsearch: it holds no list of its contents.").format(file=file))
    _check_entry(file, infos[0])
    with _damage(file, LIST), archive.open(infos[0]) as content:
        read = content.read(_MAX_LIST + 1)
        # The last bytes are what brings zipfile to compare the checksum.
        if len(read) > _MAX_LIST or content.read(1):
            raise _hostile(file, _("its list is too large"))
        return read


def _parsed(file: Path, content: bytes) -> Contents:
    with _damage(file, LIST):
        value = json.loads(content)
        if not isinstance(value, dict) or type(value.get("format")) is not int:
            raise ValueError("not a list of a backup")
        if value["format"] > FORMAT:
            raise newer(file)
        contents = Contents(
            made=_printable(_text(value["made"])),
            program=_text(value["program"]),
            schema=_whole(value["schema"]),
            documents=_whole(value["documents"]),
            clauses=_whole(value["clauses"]),
            entries=[_entry(one) for one in _list(value["entries"])],
            skipped=[Skipped(_printable(_text(one["file"])), _printable(_text(one["reason"]))) for one in _list(value["skipped"])],
        )
    for entry in contents.entries:
        if entry.name not in _PARTS and (not entry.name.startswith(CORPUS) or unsafe(entry.original)):
            raise _hostile(file, _("it names the file {name}, which cannot be put there").format(name=_shown(entry.name)))
    return contents


def newer(file: Path) -> IndexStateError:
    """What to say of a backup that a later program made."""
    return IndexStateError(
        _("{file}: the backup was made by a newer version of kgsearch; update kgsearch, then restore.").format(file=file)
    )


def _compare(file: Path, infos: Sequence[zipfile.ZipInfo], contents: Contents) -> None:
    """The directory of the archive and the list must name the same entries, each once."""
    listed = {entry.name: entry for entry in contents.entries}
    found = {info.orig_filename: info for info in infos if info.orig_filename != LIST}
    if len(listed) != len(contents.entries) or len(found) != len(infos) - 1:
        raise _hostile(file, _("it names a file twice"))
    if differing := sorted(listed.keys() ^ found.keys()):
        raise _hostile(file, _("its list and what it holds differ ({name})").format(name=_shown(differing[0])))
    if CATALOGUE not in listed:
        raise _hostile(file, _("it holds no catalogue"))
    for name, info in found.items():
        _check_entry(file, info)
        if info.file_size != listed[name].size:
            raise _other_bytes(file, name)


def _check_entry(file: Path, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or info.is_dir():
        raise _hostile(file, _("{name} is a link or a folder, no file").format(name=_shown(info.orig_filename)))
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        raise _hostile(file, _("{name} is packed in another way than kgsearch packs").format(name=_shown(info.orig_filename)))


def _check_sizes(file: Path, infos: Sequence[zipfile.ZipInfo], contents: Contents) -> None:
    try:
        size = file.stat().st_size
    except OSError:
        size = 0
    # Entries that share their bytes are how a small archive unpacks to more than deflating allows.
    if sum(info.compress_size for info in infos) > size:
        raise _hostile(file, _("its files overlap"))
    unpacked = sum(entry.size for entry in contents.entries)
    if unpacked > FREE and unpacked > MAX_RATIO * size:
        raise _hostile(file, _("it unpacks to more than {ratio} times its size").format(ratio=MAX_RATIO))


def _entry(value: Mapping[str, Any]) -> Entry:
    entry = Entry(_text(value["name"]), _whole(value["size"]), _text(value["sha256"]), _whole(value["mtime_ns"]))
    if not _DIGEST.fullmatch(entry.sha256) or entry.mtime_ns >= _LAST_TIME:
        raise ValueError("not an entry of a backup")
    return entry


def _list(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) > MAX_ENTRIES or not all(isinstance(one, dict) for one in value):
        raise ValueError("not a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not _is_text(value):
        raise ValueError("not a text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value


def _is_text(value: str) -> bool:
    """Whether ``value`` is valid Unicode, without lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    """A name that anybody may have made up, as a message shows it."""
    return _printable(name)[:200]


def _printable(text: str) -> str:
    # A terminal obeys control characters.
    return "".join(character if character.isprintable() else "?" for character in text)


def _hostile(file: Path, reason: str) -> IndexStateError:
    return IndexStateError(
        _("{file}: nothing is restored from this file, because {reason}; take another backup.").format(file=file, reason=reason)
    )


def _other_bytes(file: Path, name: str) -> IndexStateError:
    return IndexStateError(
        _("{file}: {name} is not what was written into the backup; copy it again, or take another one.").format(
            file=file, name=_shown(name)
        )
    )
