"""Query strings read into searches: what is allowed, within which bounds. Everything else is a UsageError."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Filters
from kgsearch.server.service import SORTS, Sort

FILTER_PARAMETERS = ("type", "issuer", "year", "signer", "document", "from", "to")
_REPEATED = ("type", "issuer", "year", "signer", "document")
SEARCH_PARAMETERS = ("q", "exact", *FILTER_PARAMETERS, "sort", "n", "offset", "lang")
COMPARE_PARAMETERS = ("a", "b", "view", "n", "offset", "lang")
PAGED_PARAMETERS = ("n", "offset", "lang")
DOCUMENTS_PARAMETERS = ("type", "issuer", "year", "signer", "from", "to", "n", "offset", "lang")

MAX_HITS = 100
MAX_OFFSET = 100_000
YEARS = (1900, 2200)
# Each value becomes a term of the engine's query; nobody ticks more boxes than this.
MAX_VALUES = 20
MAX_VALUE_LENGTH = 300

Arguments = MultiDict[str, str]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# As offices write it; a browser's own field of dates shows the order of its own language, mostly the month first.
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search as asked for through the API."""

    query: str
    filters: Filters
    sort: Sort
    limit: int
    offset: int
    exact: bool = False


def refuse_unknown(arguments: Arguments, known: Collection[str]) -> None:
    """Raise UsageError when a parameter is not one of ``known``, or one that takes a single value is given twice."""
    for name, values in arguments.lists():
        if name not in known:
            raise UsageError(_("Unknown parameter “{name}”; known are: {known}.").format(name=_cut(name), known=", ".join(known)))
        if len(values) > 1 and name not in _REPEATED:
            raise UsageError(_("The parameter “{name}” may be given only once.").format(name=name))


def whole_number(arguments: Arguments, name: str, default: int, low: int, high: int) -> int:
    """The whole number ``name``, ``default`` where it is not given. Raises UsageError outside ``low`` to ``high``."""
    text = arguments.get(name, "").strip()
    if not text:
        return default
    number = _digits(text)
    if number is None or not low <= number <= high:
        raise UsageError(
            _("“{name}” must be a whole number from {low} to {high}, not “{value}”.").format(
                name=name, low=low, high=high, value=_cut(text)
            )
        )
    return number


def exactly(arguments: Arguments) -> bool:
    """Whether the query is to be taken exactly as typed. Raises UsageError for anything but 0 and 1."""
    text = arguments.get("exact", "").strip()
    if text not in ("", "0", "1"):
        raise UsageError(_("“exact” must be 1 (search exactly as typed) or 0, not “{value}”.").format(value=_cut(text)))
    return text == "1"


def grouped_by_document(arguments: Arguments) -> bool:
    """Whether hits are to be grouped by document. Raises UsageError for any other group."""
    text = arguments.get("group", "").strip()
    if text not in ("", "document"):
        raise UsageError(_("“group” must be document, or be left out, not “{value}”.").format(value=_cut(text)))
    return text == "document"


def sort_order(arguments: Arguments) -> Sort:
    """The order of hits asked for. Raises UsageError for an unknown one."""
    text = arguments.get("sort", "") or SORTS[0]
    for sort in SORTS:
        if sort == text:
            return sort
    raise UsageError(_("“sort” must be one of {known}, not “{value}”.").format(known=", ".join(SORTS), value=_cut(text)))


def filters_of(arguments: Arguments) -> Filters:
    """The filters asked for; empty values do not limit. Raises UsageError for a bad year or date, or too many values."""
    issued_from, issued_to = _date(arguments, "from"), _date(arguments, "to")
    if issued_from and issued_to and issued_from > issued_to:
        raise UsageError(_("The date “from” is after the date “to”."))
    return Filters(
        types=_values(arguments, "type"),
        issuers=_values(arguments, "issuer"),
        years=tuple(_year(value) for value in _values(arguments, "year")),
        documents=_values(arguments, "document"),
        issued_from=issued_from,
        issued_to=issued_to,
        signers=_values(arguments, "signer"),
    )


def search_request(arguments: Arguments) -> SearchRequest:
    """The search that the API's query string asks for. Raises UsageError where it is wrong in anything."""
    refuse_unknown(arguments, SEARCH_PARAMETERS)
    query = arguments.get("q", "")
    if not query.strip():
        raise UsageError(_("The parameter “q” is missing: give the words to look for."))
    return SearchRequest(
        query=query,
        filters=filters_of(arguments),
        sort=sort_order(arguments),
        limit=whole_number(arguments, "n", 10, 1, MAX_HITS),
        offset=whole_number(arguments, "offset", 0, 0, MAX_OFFSET),
        exact=exactly(arguments),
    )


def filter_pairs(filters: Filters) -> list[tuple[str, str]]:
    """``filters`` as the parameters that `filters_of` reads them from."""
    pairs = [("type", value) for value in filters.types]
    pairs += [("issuer", value) for value in filters.issuers]
    pairs += [("year", str(value)) for value in filters.years]
    pairs += [("signer", value) for value in filters.signers]
    pairs += [("document", value) for value in filters.documents]
    pairs += [(name, day.isoformat()) for name, day in (("from", filters.issued_from), ("to", filters.issued_to)) if day]
    return pairs


def query_string(pairs: Collection[tuple[str, str]]) -> str:
    """``?a=b&c=d``, "" for no pairs; Vietnamese letters percent-encoded, lone surrogates replaced."""
    encoded = "&".join(f"{quote(name, safe='')}={quote(value, safe='', errors='replace')}" for name, value in pairs)
    return f"?{encoded}" if encoded else ""


def _values(arguments: Arguments, name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value.strip() for value in arguments.getlist(name) if value.strip()))
    if len(values) > MAX_VALUES or any(len(value) > MAX_VALUE_LENGTH for value in values):
        raise UsageError(
            _("“{name}” takes at most {count} values of {length} characters each.").format(
                name=name, count=MAX_VALUES, length=MAX_VALUE_LENGTH
            )
        )
    return values


def _year(text: str) -> int:
    year = _digits(text)
    if year is None or not YEARS[0] <= year <= YEARS[1]:
        raise UsageError(_("“year” must be a year such as 2021, not “{value}”.").format(value=_cut(text)))
    return year


def _date(arguments: Arguments, name: str) -> date | None:
    text = given = arguments.get(name, "").strip()
    if not text:
        return None
    if written := _DAY.fullmatch(text):
        text = f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}"
    try:
        # fromisoformat also takes week dates and dates without hyphens, which the API does not promise.
        if not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            _("“{name}” must be a date such as 31/12/2021 or 2021-12-31, not “{value}”.").format(name=name, value=_cut(given))
        ) from None


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
