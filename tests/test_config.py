"""Settings: what overrides what, and what is said of a setting that is not right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kgsearch.config import Settings, load_settings
from kgsearch.errors import UsageError
from kgsearch.i18n import use_language


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KGSEARCH_LANGUAGE", "")
    use_language("en")
    return tmp_path


def test_defaults() -> None:
    assert load_settings() == Settings(Path("corpus"), Path("index"), "127.0.0.1", 8000, "vi", 8)


def test_each_place_overrides_the_one_before(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "kgsearch.toml").write_text('corpus = "văn bản"\nport = 1\nhost = "a"\nthreads = 3\n', encoding="utf-8")
    monkeypatch.setenv("KGSEARCH_PORT", " 2 ")
    monkeypatch.setenv("KGSEARCH_HOST", "b")
    settings = load_settings(index="elsewhere", host="c", port=None)
    assert settings == Settings(Path("văn bản"), Path("elsewhere"), "c", 2, "vi", 3)


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGSEARCH_PORT", "")
    assert load_settings().port == 8000


def test_a_byte_order_mark_is_no_key(working_folder: Path) -> None:
    (working_folder / "kgsearch.toml").write_bytes(b"\xef\xbb\xbfport = 9\n")
    assert load_settings().port == 9


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(corpus="~/documents").corpus == tmp_path / "documents"


def test_the_layout_of_the_index_folder() -> None:
    settings = Settings(index=Path("i"))
    places = (settings.catalogue_path, settings.engine_path, settings.lexicon_path, settings.lock_path)
    assert places == tuple(Path("i", name) for name in ("catalogue.sqlite", "engine", "lexicon", "lock"))


BAD_FILES = {
    "prot = 8000": ("kgsearch.toml", "prot", "port"),
    "port = true": ("kgsearch.toml", "port", "65535"),
    "port = 8000.0": ("kgsearch.toml", "port", "65535"),
    "port = 65536": ("kgsearch.toml", "port", "65535"),
    "port = -1": ("kgsearch.toml", "port", "65535"),
    "threads = 0": ("kgsearch.toml", "threads", "256"),
    'language = "fr"': ("kgsearch.toml", "language", "vi, en"),
    'watch = "always"': ("kgsearch.toml", "watch", "auto, native, poll"),
    "watch = [3]": ("kgsearch.toml", "watch", "auto, native, poll"),
    "workers = -1": ("kgsearch.toml", "workers", "256"),
    "language = []": ("kgsearch.toml", "language", "vi, en"),
    'corpus = ""': ("kgsearch.toml", "corpus", "folder"),
    "corpus = 3": ("kgsearch.toml", "corpus", "folder"),
    'corpus = "a\\u0000b"': ("kgsearch.toml", "corpus", "folder"),
    'host = "a b"': ("kgsearch.toml", "host", "127.0.0.1"),
    "[server]\nport = 1": ("kgsearch.toml", "server", "port"),
    'port = \nhost = "a"': ("kgsearch.toml", "line 1"),
    "a = " + "[" * 100_000: ("kgsearch.toml", "TOML"),
    "#" * 2_000_000: ("kgsearch.toml", "too large"),
}


@pytest.mark.parametrize("text", BAD_FILES, ids=lambda text: text[:20])
def test_a_bad_settings_file_is_named(working_folder: Path, text: str) -> None:
    (working_folder / "kgsearch.toml").write_text(text, encoding="utf-8")
    message = usage_error()
    assert [part for part in BAD_FILES[text] if part not in message] == []


def test_a_settings_file_that_is_no_text(working_folder: Path) -> None:
    (working_folder / "kgsearch.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in usage_error()


def test_a_settings_file_that_is_a_folder(working_folder: Path) -> None:
    (working_folder / "kgsearch.toml").mkdir()
    assert "kgsearch.toml" in usage_error()


BAD_VARIABLES = [("KGSEARCH_PROT", "1"), ("KGSEARCH_PORT", "x"), ("KGSEARCH_PORT", "²"), ("KGSEARCH_PORT", "9" * 99)]


@pytest.mark.parametrize(("name", "value"), BAD_VARIABLES)
def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert name in usage_error()


@pytest.mark.parametrize("arguments", [{"corpus": 3}, {"port": "x"}, {"nothing": 1}], ids=str)
def test_a_bad_argument_is_named(arguments: dict[str, Any]) -> None:
    assert next(iter(arguments)) in usage_error(**arguments)


def test_settings_are_cheap_to_import() -> None:
    script = "import sys, kgsearch.config; print(*{name.split('.')[0] for name in sys.modules} & {'tomllib', 'flask', 'sqlalchemy'})"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert found.stdout.strip() == ""


def usage_error(**arguments: Any) -> str:
    """The one line that is said of the settings in force."""
    with pytest.raises(UsageError) as caught:
        load_settings(**arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 600
    return message
