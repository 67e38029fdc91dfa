"""Suggestions as the API gives them: what is shown of each, and where it leads."""

from __future__ import annotations

from typing import Any

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Address
from kgsearch.retrieval.suggestions import SUGGESTIONS, Suggestion
from kgsearch.server.formats import day
from kgsearch.server.parameters import Arguments, query_string, refuse_unknown, whole_number
from kgsearch.server.references import place_address
from kgsearch.server.results import short_name
from kgsearch.server.service import SearchService

SUGGEST_PARAMETERS = ("q", "n", "lang")
MAX_SUGGESTIONS = 20
KINDS = ("document", "phrase")


def suggestions_json(service: SearchService, arguments: Arguments) -> dict[str, Any]:
    """The suggestions that a query string asks for. Raises UsageError where it is wrong in anything."""
    refuse_unknown(arguments, SUGGEST_PARAMETERS)
    typed = arguments.get("q", "")
    if not typed.strip():
        raise UsageError(_("The parameter “q” is missing: give what is typed so far."))
    limit = whole_number(arguments, "n", SUGGESTIONS, 1, MAX_SUGGESTIONS)
    return {"query": typed, "suggestions": [_shown(one) for one in service.suggest(typed, limit)]}


def _shown(suggestion: Suggestion) -> dict[str, str]:
    document = suggestion.document
    if document is None:
        return {"kind": "phrase", "text": suggestion.phrase, "detail": "", "url": "/search" + query_string([("q", suggestion.phrase)])}
    name, issued = short_name(document), day(document.issued)
    detail = " · ".join(part for part in (document.title if document.title != name else "", issued) if part)
    return {"kind": "document", "text": name, "detail": detail, "url": place_address(Address(document.id))}
