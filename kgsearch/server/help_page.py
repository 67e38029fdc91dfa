"""The help page: what can be typed, how to read a hit and to cite it, with examples from the documents at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from flask import Blueprint, render_template

from kgsearch.errors import KgsearchError
from kgsearch.models import Filters
from kgsearch.server.examples import Examples, SyntaxExamples, examples_of, syntax_examples
from kgsearch.server.results import PageRequest, ShownHit, results_page
from kgsearch.server.service import CatalogueView, SearchService, search_service

blueprint = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the help page shows of the documents at hand; ``problem`` says why there is nothing, where the index cannot be used."""

    examples: Examples = field(default_factory=Examples)
    syntax: SyntaxExamples = field(default_factory=SyntaxExamples)
    hit: ShownHit | None = None
    problem: str = ""


# Its searches are made again only when the catalogue has changed.
_tried: WeakKeyDictionary[CatalogueView, tuple[Examples, SyntaxExamples]] = WeakKeyDictionary()


@blueprint.get("/help")
def help_page() -> str:
    """Help, which needs no index: without one it has no examples."""
    return render_template("help.html", shown=_shown())


def _shown() -> Shown:
    try:
        service = search_service()
        examples = examples_of(service)
        return Shown(examples, _syntax(service, examples), _first_hit(service, examples.words))
    except KgsearchError as error:
        return Shown(problem=str(error))


def _syntax(service: SearchService, examples: Examples) -> SyntaxExamples:
    known = _tried.get(service.reader)
    # The examples stay the same object as long as the catalogue is unchanged.
    if known is None or known[0] is not examples:
        known = _tried[service.reader] = (examples, syntax_examples(service, examples.words))
    return known[1]


def _first_hit(service: SearchService, words: str) -> ShownHit | None:
    if not words:
        return None
    page = results_page(service, PageRequest(words, Filters(), "relevance", page=1))
    return next(iter(page.hits), None)
