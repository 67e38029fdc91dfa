"""The lists by which a search is narrowed, and the years drawn as bars: what there is of each value, and what is chosen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kgsearch.i18n import gettext as _
from kgsearch.models import Filters
from kgsearch.server.parameters import filter_pairs

# A list of filters shows this many values at once, the others on request.
SHOWN_VALUES = 6
# A province has 25,000 documents; a list of them all helps nobody and costs a look-up each.
MAX_FACET_VALUES = 30
# Beyond, years without a match are left out of the bars.
MOST_YEARS = 30
# Of the height of the highest bar, in per cent: less could not be seen.
LEAST_HEIGHT = 3

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that a search can be limited to, and how many clauses it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One list of the form of filters; ``rest`` are the values that are shown on request."""

    name: str
    title: str
    shown: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]

    @property
    def chosen(self) -> bool:
        """Whether any of its values limits the search."""
        return any(value.chosen for value in self.shown + self.rest)


@dataclass(frozen=True, slots=True)
class YearBar:
    """A year as a bar: ``height`` in per cent of the highest; ``address`` is the search limited to it, or no longer limited to it where
    it is ``chosen``; ``after_gap``: the years before it are left out."""

    year: int
    count: int
    height: int
    chosen: bool
    address: str
    after_gap: bool = False


def facet_names() -> dict[str, str]:
    """What each list is called, by its parameter, in their order on a page."""
    return {
        "type": _("Type of document"),
        "issuer": _("Issuing agency"),
        "year": _("Year"),
        "signer": _("Signer"),
        "document": _("Document"),
    }


def facet_of(name: str, counts: Counts, filters: Filters, labels: Mapping[str, str]) -> Facet | None:
    """The list ``name``: what is chosen first, then the most frequent; None where there is nothing in it.

    ``counts`` come most frequent first, ``labels`` are what values are called that do not speak for themselves.
    """
    chosen = {value for filtered, value in filter_pairs(filters) if filtered == name}
    kept = [value for value in counts if value in chosen] + sorted(chosen - counts.keys())
    kept += [value for value in counts if value not in chosen][:MAX_FACET_VALUES]
    values = [FacetValue(value, labels.get(value, value), counts.get(value, 0), value in chosen) for value in kept]
    split = max(SHOWN_VALUES, len(chosen))
    return Facet(name, facet_names()[name], tuple(values[:split]), tuple(values[split:])) if values else None


def signer_counts(documents: Counts, signers: Mapping[str, str]) -> dict[str, int]:
    """How many clauses there are of the documents of each signer, most frequent first; ``signers`` by id of document."""
    counts: dict[str, int] = {}
    for document, count in documents.items():
        if signer := signers.get(document, ""):
            counts[signer] = counts.get(signer, 0) + count
    return dict(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0])))


def year_bars(counts: Counts, chosen: Iterable[int], address_of: Callable[[tuple[int, ...]], str]) -> tuple[YearBar, ...]:
    """The years from the first to the last, each with its count; none where there is nothing to choose from.

    ``address_of`` gives the address of the search limited to some years.
    """
    chosen = frozenset(chosen)
    held = {int(year): count for year, count in counts.items()} | {year: 0 for year in chosen if str(year) not in counts}
    if len(held) < 2 and not chosen:
        return ()
    first, last = min(held), max(held)
    years = list(range(first, last + 1)) if last - first < MOST_YEARS else sorted(held)
    highest = max(held.values()) or 1
    return tuple(
        YearBar(
            year,
            count := held.get(year, 0),
            max(LEAST_HEIGHT, round(100 * count / highest)) if count else 0,
            year in chosen,
            address_of(tuple(sorted(chosen - {year})) if year in chosen else (year,)),
            after_gap=year > first and year - 1 != before,
        )
        for before, year in zip([first - 1, *years], years, strict=False)
    )
