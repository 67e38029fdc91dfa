"""Messages in the user's language: Vietnamese by default, English on request.

Message ids are English. The catalogues are data of ``kgsearch.web`` (``translations/<language>/LC_MESSAGES/kgsearch.mo``),
loaded on first use with the standard library alone, because every start of the command line passes here.
The language is kept for the running context, so two requests served at once do not share it.
"""

from __future__ import annotations

import gettext as _gettext
import os
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from pathlib import Path

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
DOMAIN = "kgsearch"

_language: ContextVar[str | None] = ContextVar("kgsearch_language", default=None)


def current_language() -> str:
    """The language in use: the one chosen by `use_language`, else ``KGSEARCH_LANGUAGE``, else Vietnamese."""
    chosen = _language.get() or os.environ.get("KGSEARCH_LANGUAGE", "")
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def use_language(language: str) -> None:
    """Speak ``language`` ("vi" or "en") in the running context from here on. Raises ValueError for any other."""
    if language not in LANGUAGES:
        raise ValueError(
            gettext("The language {language} is not known; choose one of: {languages}.").format(
                language=language, languages=", ".join(LANGUAGES)
            )
        )
    _language.set(language)


def gettext(message: str) -> str:
    """``message`` in the language in use; ``message`` itself where it has no translation."""
    # The empty id is that of the catalogue's own header.
    return _translations(current_language()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """``one`` or ``many``, whichever the language in use takes with ``number``, translated."""
    return _translations(current_language()).ngettext(one, many, number)


def translations_folder() -> Path:
    """Where the compiled catalogues are."""
    # The package's own path, not importlib.resources: that costs more to import than all the rest of this module, and
    # the pages beside these catalogues need real files on disk in any case.
    return Path(import_module("kgsearch.web").__path__[0], "translations")


@cache
def _translations(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, translations_folder(), languages=[language], fallback=True)
