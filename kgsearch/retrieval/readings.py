"""What a query was read as, in sentences for those who typed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kgsearch.i18n import gettext as _
from kgsearch.models import Reading, ReadingKind

EXPLAINS_NOTHING = frozenset({ReadingKind.MISSING_CLAUSE, ReadingKind.MISSING_DOCUMENT, ReadingKind.UNKNOWN_VALUE, ReadingKind.ABSENT})
"""The kinds that say why something was not found."""


def sentence(reading: Reading) -> str:
    """A reading in a sentence, in the language in force."""
    return _SENTENCES[reading.kind]().format(typed=reading.typed, read=reading.read)


# Translated when they are asked for, because the language is another for each request.
_SENTENCES: Mapping[ReadingKind, Callable[[], str]] = {
    ReadingKind.TELEX: lambda: _("Keys typed without an input method: “{typed}” read as “{read}”."),
    ReadingKind.MARKS: lambda: _("Marks added: “{read}”."),
    ReadingKind.ABBREVIATION: lambda: _("“{typed}” also as “{read}”."),
    ReadingKind.SPELLING: lambda: _("No clause holds all of “{typed}”; these are the results for “{read}”."),
    ReadingKind.STOP: lambda: _("Left out of the question: “{typed}”."),
    ReadingKind.CITATION: lambda: _("Read as a citation: {read}."),
    ReadingKind.MISSING_CLAUSE: lambda: _("{read} has no clause that is cited as “{typed}”."),
    ReadingKind.MISSING_DOCUMENT: lambda: _("No document here is cited as “{typed}”; its words were searched for."),
    ReadingKind.FILTER: lambda: _("Only {read} ({typed})."),
    ReadingKind.UNKNOWN_VALUE: lambda: _("No document has “{typed}”."),
    ReadingKind.EXCLUSION: lambda: _("Without “{read}” ({typed})."),
    ReadingKind.ABSENT: lambda: _("“{typed}” stands nowhere in the documents held here."),
    ReadingKind.SIGNER: lambda: _("Read as the name of a signer: {read}."),
}
