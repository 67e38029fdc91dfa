"""``kgsearch search`` and ``kgsearch ask``."""

from __future__ import annotations

from typing import Any

import click

from kgsearch.cli.options import N_, Command, Option, everywhere, filter_options, json_option, settings_of_call
from kgsearch.cli.printing import emphasised, grouped, page_words, print_hit, print_json, printable
from kgsearch.i18n import gettext, ngettext
from kgsearch.models import Answer, Evidence, Filters, SearchResult


@click.command(
    "search", cls=Command, help=N_("Find clauses, best first, each with its citation. Marks, case and spelling of tones do not matter.")
)
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option(
    "-n", "limit", metavar="N", type=click.IntRange(1, 100), default=10, cls=Option, help=N_("How many clauses to print (default: 10).")
)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(("relevance", "newest", "oldest")),
    default="relevance",
    cls=Option,
    help=N_("Order of the results (default: relevance)."),
)
@click.option(
    "--exact",
    is_flag=True,
    cls=Option,
    help=N_("Search for the query exactly as typed: nothing is decoded, expanded, left out or corrected."),
)
@json_option
@everywhere
def search_command(query: tuple[str, ...], limit: int, sort: Any, exact: bool, as_json: bool, **filters: Any) -> None:
    """``kgsearch search``."""
    from kgsearch.retrieval import Searcher

    result = Searcher(settings_of_call()).search(" ".join(query), filters=Filters(**filters), sort=sort, limit=limit, exact=exact)
    if as_json:
        print_json(result.to_json())
    else:
        _print_result(result)


def _print_result(result: SearchResult) -> None:
    from kgsearch.retrieval.readings import sentence

    if not result.hits:
        click.echo(gettext("Nothing was found for “{query}”.").format(query=printable(result.query)))
    else:
        click.echo(ngettext("{total} clause found.", "{total} clauses found.", result.total).format(total=grouped(result.total)))
    for reading in result.readings:
        click.echo(printable(sentence(reading)))
    if result.suggestion:
        click.echo(gettext("Did you mean: {query}").format(query=printable(result.suggestion)))
    for hit in result.hits:
        click.echo()
        print_hit(hit, f"{hit.rank}. ")


@click.command(
    "ask",
    cls=Command,
    help=N_(
        "Answer a question with the words of one clause, quoted to the letter, or say that the documents do not answer it. "
        "Marks and case do not matter."
    ),
)
@click.argument("question", nargs=-1, required=True, metavar="QUESTION")
@click.option(
    "-n",
    "nearest",
    metavar="N",
    type=click.IntRange(0, 100),
    default=5,
    cls=Option,
    help=N_("How many of the nearest clauses to print where there is no answer (default: 5)."),
)
@filter_options
@json_option
@everywhere
def ask_command(question: tuple[str, ...], nearest: int, as_json: bool, **filters: Any) -> None:
    """``kgsearch ask``."""
    from kgsearch.answering import Answerer
    from kgsearch.retrieval import Searcher

    answer = Answerer(Searcher(settings_of_call())).ask(" ".join(question), filters=Filters(**filters), nearest=nearest)
    if as_json:
        print_json(answer.to_json())
    else:
        _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    if answer.text is None:
        click.echo(printable(answer.reason))
        for hit in answer.nearest:
            click.echo()
            print_hit(hit, f"{hit.rank}. ")
        return
    first, *others = answer.evidence
    click.echo(click.style(printable(answer.text), bold=True))
    _print_evidence(first, "")
    for heading, evidences in ((gettext("So say too:"), others), (gettext("Others say otherwise:"), answer.differing)):
        if evidences:
            click.echo()
            click.echo(heading)
        for evidence in evidences:
            _print_evidence(evidence, "- ")


def _print_evidence(evidence: Evidence, lead: str) -> None:
    indent = " " * len(lead)
    remark = {"target": gettext("target"), "result": gettext("result")}.get(evidence.remark, "")
    click.echo(lead + printable(evidence.hit.citation_full) + (f" ({remark})" if remark else "") + page_words(evidence.hit))
    click.echo(f"{indent}“{emphasised(evidence.quote, evidence.marked)}”")
    click.echo(indent + evidence.hit.url)
