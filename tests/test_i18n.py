"""The catalogues: complete, compiled, with the same placeholders, and chosen for each context by itself."""

from __future__ import annotations

import string
import threading
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from kgsearch import i18n

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "web" / "translations"


def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "kgsearch.po").open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


def placeholders(text: str) -> set[str]:
    """Names that `str.format` and `%` would fill in."""
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return named | {part.split(")")[0] for part in text.split("%(")[1:]}


def used() -> set[str]:
    """The message ids of the code and of the templates."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    found = (row for folder in ("kgsearch", "web/templates") for row in extract_from_dir(ROOT / folder, method_map=methods))
    return {forms(message)[0] for _, _, message, _, _ in found}


def test_there_are_messages() -> None:
    assert len(used()) > 50


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_message_is_in_the_catalogue(language: str) -> None:
    missing = used() - {forms(message.id)[0] for message in entries(language)}
    assert not missing, f"run `make translations`: {sorted(missing)[:5]}"


def test_every_message_has_a_vietnamese_translation() -> None:
    missing = [message.id for message in entries("vi") if not all(forms(message.string))]
    assert not missing, f"{len(missing)} without translation, such as {missing[:5]}"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    for message in entries(language):
        sources = [placeholders(form) for form in forms(message.id)]
        for translation in filter(None, forms(message.string)):
            # One form has to serve both numbers in Vietnamese, so it may use what either of the two English ones does.
            assert set.intersection(*sources) <= placeholders(translation) <= set.union(*sources), message.id


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_fuzzy_or_obsolete(language: str) -> None:
    assert not [message.id for message in catalogue(language) if message.fuzzy and message.id]
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_compiled_catalogue_agrees_with_its_source(language: str) -> None:
    expected = BytesIO()
    write_mo(expected, catalogue(language))
    expected.seek(0)
    with (TRANSLATIONS / language / "LC_MESSAGES" / "kgsearch.mo").open("rb") as file:
        assert pairs(read_mo(file)) == pairs(read_mo(expected)), "run `make translations`"


def pairs(compiled: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {forms(message.id): forms(message.string) for message in compiled if message.id}


def test_vietnamese_is_the_default() -> None:
    assert i18n.current_language() == "vi"
    assert i18n.gettext("Title") == "Trích yếu"


def test_environment_sets_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGSEARCH_LANGUAGE", "en")
    assert i18n.gettext("Title") == "Title"


def test_each_thread_has_its_language() -> None:
    said: dict[str, str] = {}

    def speak(language: str) -> None:
        i18n.use_language(language)
        said[language] = i18n.ngettext("{total} clause found.", "{total} clauses found.", 2)

    for language in i18n.LANGUAGES:
        thread = threading.Thread(target=speak, args=(language,))
        thread.start()
        thread.join()
    assert said["en"] == "{total} clauses found."
    assert said["vi"] not in ("", said["en"])
    assert i18n.current_language() == "vi"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        i18n.use_language("fr")


def test_unknown_message_is_given_back() -> None:
    assert i18n.gettext("no such message") == "no such message"
