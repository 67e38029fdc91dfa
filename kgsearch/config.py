"""Settings: defaults, then ``kgsearch.toml`` in the working folder, then ``KGSEARCH_*`` of the environment, then arguments.

Each later place overrides the earlier ones, key by key. A key that is not known and a value that is not right are errors
wherever they stand, because a mistyped setting that is passed over in silence is found only when the damage is done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgsearch.errors import UsageError, reason_of
from kgsearch.i18n import LANGUAGES
from kgsearch.i18n import gettext as _

SETTINGS_FILE = "kgsearch.toml"
PREFIX = "KGSEARCH_"
WATCH = ("auto", "native", "poll")
_MAX_SETTINGS_BYTES = 1_000_000
_MAX_PORT = 65535
_MAX_THREADS = 256
_MAX_WORKERS = 256


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how they are served.

    ``corpus`` is the folder of documents, ``index`` the folder of what is built from them; both as given, so relative ones
    are relative to the working folder. ``port`` 0 takes any free port. ``threads`` is how many requests are served at once.
    ``trusted_hosts`` are the names under which the server answers; none: any. ``workers`` is how many processes read and analyse
    documents; 0: as many as there are cores, 1: none but the one that was started. ``watch`` is how `kgsearch watch` learns of changes:
    "native" is told by the system, "poll" looks again and again, "auto" polls on network shares.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = "vi"
    threads: int = 8
    trusted_hosts: tuple[str, ...] = ()
    workers: int = 0
    watch: str = "auto"

    @property
    def catalogue_path(self) -> Path:
        """The catalogue's database."""
        return self.index / "catalogue.sqlite"

    @property
    def engine_path(self) -> Path:
        """The engine's folder."""
        return self.index / "engine"

    @property
    def lexicon_path(self) -> Path:
        """The folder of what is learnt from the corpus."""
        return self.index / "lexicon"

    @property
    def lock_path(self) -> Path:
        """The file that a process holds while it writes the index."""
        return self.index / "lock"


def load_settings(corpus: str | os.PathLike[str] | None = None, index: str | os.PathLike[str] | None = None, **overrides: Any) -> Settings:
    """The settings in force; an argument that is None says nothing.

    Raises UsageError, naming the key, where it stands and what it may be, for an unknown key or a bad value.
    """
    values: dict[str, Any] = {}
    for key, value, place in _given({"corpus": corpus, "index": index, **overrides}):
        read = _READ.get(key)
        if read is None:
            raise UsageError(
                _("{place}: the setting {key} is not known; the settings are: {known}.").format(
                    place=place, key=key, known=", ".join(sorted(_READ))
                )
            )
        try:
            values[key] = read(value)
        except ValueError as error:
            raise UsageError(
                _("{place}: the setting {key} cannot be {value}; give {expected}.").format(
                    place=place, key=key, value=_shown(value), expected=error
                )
            ) from error
    return Settings(**values)


def _given(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Every setting given anywhere as (key, value, place), what overrides after what it overrides."""
    path = Path(SETTINGS_FILE)
    for key, value in _read_file(path).items():
        yield key, value, SETTINGS_FILE
    for name, text in sorted(os.environ.items()):
        # An empty variable is how shells and service files unset one.
        if name.startswith(PREFIX) and text:
            yield name.removeprefix(PREFIX).lower(), text, _("environment variable {name}").format(name=name)
    for key, value in arguments.items():
        if value is not None:
            yield key, value, _("argument")


def _read_file(path: Path) -> dict[str, Any]:
    """What the settings file says; nothing where there is none. Raises UsageError when it cannot be read."""
    try:
        if path.stat().st_size > _MAX_SETTINGS_BYTES:
            raise UsageError(_("{file}: the settings file is too large to be one; look into it or delete it.").format(file=path))
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            _("{file}: the settings file cannot be read ({reason}); save it as plain text in UTF-8.").format(
                file=path, reason=reason_of(error)
            )
        ) from error
    # Imported only here: most starts have no settings file, and every command passes through this module.
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            _("{file}: not valid TOML ({reason}); correct that line.").format(file=path, reason=str(error) or type(error).__name__)
        ) from error


def _shown(value: Any) -> str:
    """A value as an error shows it: quoted, and cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _folder(value: Any) -> Path:
    try:
        path = os.fspath(value)
        if not isinstance(path, str) or not path.strip() or "\0" in path:
            raise TypeError
        return Path(path).expanduser()
    except (TypeError, RuntimeError) as error:
        raise ValueError(_("the path of a folder, as text")) from error


def _host(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or any(character.isspace() for character in value.strip()):
        raise ValueError(_("the name or address of this machine, such as 127.0.0.1"))
    return value.strip()


def _hosts(value: Any) -> tuple[str, ...]:
    """Host names, in a list or separated by commas; none is a choice too."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        raise ValueError(_("host names separated by commas"))
    return tuple(_host(name) for name in names if not isinstance(name, str) or name.strip())


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(_("one of: {choices}").format(choices=", ".join(choices)))
        return str(value)

    return read


def _whole_number(lowest: int, highest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        # bool is an int in Python, and `port = true` is a mistake in TOML.
        if isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
            number = int(value)
        else:
            number = lowest - 1
        if not lowest <= number <= highest:
            raise ValueError(_("a whole number from {lowest} to {highest}").format(lowest=lowest, highest=highest))
        return number

    return read


_READ: dict[str, Callable[[Any], Any]] = {
    "corpus": _folder,
    "index": _folder,
    "host": _host,
    "port": _whole_number(0, _MAX_PORT),
    "language": _one_of(LANGUAGES),
    "threads": _whole_number(1, _MAX_THREADS),
    "trusted_hosts": _hosts,
    "watch": _one_of(WATCH),
    "workers": _whole_number(0, _MAX_WORKERS),
}
