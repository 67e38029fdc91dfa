"""The command line: each command reads its options, asks one room for the work, and prints what comes back.

This is the only module that prints. Results go to standard output, everything else to standard error, an error as one
line ``kgsearch: <message>``. Exit status: 0 done, 1 something failed and was named, 2 the call was wrong, 130 interrupted.
The rooms are imported inside the commands, so that a search does not pay for the web application or the database's mapper.
"""

from __future__ import annotations

import contextlib
import gettext as stdlib_gettext
import io
import json
import os
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgsearch import __version__
from kgsearch.errors import KgsearchError, ReadError, UsageError, reason_of
from kgsearch.exporting import FORMATS, SUFFIXES
from kgsearch.i18n import DOMAIN, LANGUAGES, current_language, gettext, ngettext, translations_folder, use_language
from kgsearch.models import (
    Address,
    Answer,
    Clause,
    Document,
    DocumentRecord,
    Evidence,
    Filters,
    Hit,
    Relation,
    RelationRecord,
    SearchResult,
    Span,
)

if TYPE_CHECKING:
    from kgsearch.config import Settings
    from kgsearch.retrieval import Searcher

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130

EXCERPT_LENGTH = 480
"""Characters of a clause that a search prints; ``kgsearch show`` prints all of them."""

MAX_PLACES = 4
"""Clauses that are named as saying the same of a document."""

MAX_CANDIDATES = 20
"""Ids that an error names where several documents were meant."""


def N_(message: str) -> str:  # the name that the extraction of messages knows
    """Mark a message for translation where it is defined before the language is known."""
    return message


# --- the frame that every command runs in -----------------------------------------------------------------------------


def main() -> None:
    """Run the command line on the program's arguments and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # The documents are Vietnamese whatever the console's code page or LANG says.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit status. No exception passes, so no traceback reaches a user.

    The language that the command line chooses is that of this run alone.
    """
    return copy_context().run(_run, arguments)


def _run(arguments: Sequence[str]) -> int:
    _speak(current_language())
    try:
        with commands.make_context("kgsearch", list(arguments)) as context:
            commands.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_CALL
    except click.ClickException as error:
        return _complain(_usage_message(error), WRONG_CALL)
    except ReadError as error:
        return _complain(str(error), FAILED)
    except KgsearchError as error:
        return _complain(str(error), WRONG_CALL)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`kgsearch search … | head`); without this, closing standard output would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _complain(_unexpected(error), FAILED)
    return DONE


def _complain(message: str, status: int) -> int:
    line = " ".join(message.split())
    with contextlib.suppress(OSError):
        click.echo(f"kgsearch: {_printable(line)}", err=True)
    return status


def _usage_message(error: click.ClickException) -> str:
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = gettext("See: {command} --help").format(command=error.ctx.command_path)
        return f"{message.rstrip('.')}. {hint}"
    return message


def _unexpected(error: Exception) -> str:
    """Keep the traceback in a file and say where it is."""
    details = "".join(traceback.format_exception(error))
    name = f"{type(error).__name__}: {error}"
    written = _keep_details(details)
    if written is None:
        return gettext("Unexpected error: {error}; its details could not be written to a file.").format(error=name)
    return gettext("Unexpected error: {error}. Details are in {file}; please send that file to whoever maintains kgsearch.").format(
        error=name, file=written
    )


def _keep_details(details: str) -> Path | None:
    import tempfile

    moment = datetime.now().astimezone()
    try:
        # mkstemp: a file of our own, whoever else writes to the machine's temporary folder.
        descriptor, name = tempfile.mkstemp(prefix=f"kgsearch-{moment:%Y%m%d-%H%M%S}-", suffix=".log")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"kgsearch {__version__}, Python {sys.version}\n{moment.isoformat()}\n{sys.argv!r}\n\n{details}")
    except OSError:
        return None
    return Path(name)


def _speak(language: str) -> None:
    """Use ``language`` for our messages and for click's own, which go through the standard library's text domain."""
    use_language(language)
    os.environ["LANGUAGE"] = language
    stdlib_gettext.bindtextdomain(DOMAIN, translations_folder())
    stdlib_gettext.textdomain(DOMAIN)


# --- commands and options that speak the language chosen on the same command line ---------------------------------------


class _Command(click.Command):
    """A command whose help is translated when it is shown, not when it is defined."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._translated_help())

    def get_short_help_str(self, limit: int = 45) -> str:
        return self._translated_help().split(". ")[0].rstrip(".")

    def _translated_help(self) -> str:
        message = self.help or ""
        return gettext(message)


class _Group(_Command, click.Group):
    command_class = _Command


class _Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None:
            return None
        help_text = self.help or ""
        return record[0], gettext(help_text) + record[1].removeprefix(help_text)


class _Day(click.ParamType[date]):
    """A date as 2021-10-06 or 06/10/2021."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that ``value`` writes; a usage error for anything else."""
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            with contextlib.suppress(ValueError):
                return datetime.strptime(value, form).date()
        self.fail(gettext("“{value}” is not a date; write it as 2021-10-06 or 06/10/2021.").format(value=value), param, ctx)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    # An option given after the command's name overrides the same one before it.
    if value is not None and parameter.name:
        context.find_root().ensure_object(dict)[parameter.name] = value


def _choose_language(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        _speak(value)
        _remember(context, parameter, value)


def _choose_folder(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    if value is not None and not value.is_dir():
        raise click.UsageError(gettext("The folder {path} does not exist; create it or name another one.").format(path=value), context)
    _remember(context, parameter, value)


def _everywhere(command: Decorated) -> Decorated:
    """The options that every command takes, before or after its name."""
    options = (
        click.option(
            "--corpus", metavar="DIR", type=click.Path(path_type=Path), cls=_Option, expose_value=False,
            callback=_choose_folder, help=N_("Folder of the documents (default: corpus)."),
        ),
        click.option(
            "--index", metavar="DIR", type=click.Path(path_type=Path), cls=_Option, expose_value=False,
            callback=_remember, help=N_("Folder of the index (default: index)."),
        ),
        click.option(
            "--lang", type=click.Choice(LANGUAGES), cls=_Option, expose_value=False, is_eager=True,
            callback=_choose_language, help=N_("Language of messages (default: vi)."),
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _json_option(command: Decorated) -> Decorated:
    return click.option("--json", "as_json", is_flag=True, cls=_Option, help=N_("Print one JSON value and nothing else."))(command)


def _settings(**overrides: Any) -> Settings:
    """The settings of this call, with the folders and the language named on the command line."""
    from kgsearch.config import load_settings

    given: Mapping[str, Any] = click.get_current_context().find_root().ensure_object(dict)
    settings = load_settings(given.get("corpus"), given.get("index"), language=given.get("lang"), **overrides)
    _speak(settings.language)
    return settings


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Search Vietnamese government documents; every result is a clause with its exact citation."),
)
@click.version_option(__version__, message="%(prog)s %(version)s", cls=_Option, help=N_("Show the version and end."))
@_everywhere
def commands() -> None:
    """Root of the commands."""
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False


# --- index, status, serve ----------------------------------------------------------------------------------------------


@commands.command(
    "index",
    help=N_("Bring the index in step with the corpus folder, or add the files and folders given. Files that have not changed are skipped."),
)
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER]...", type=click.Path(path_type=Path))
@_json_option
@_everywhere
def index_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """``kgsearch index``."""
    report = _index(_settings(), paths)
    if as_json:
        _print_json(report)
    else:
        _print_report(report)
    if report["failures"]:
        raise click.exceptions.Exit(FAILED)


def _index(settings: Settings, paths: Sequence[Path]) -> dict[str, Any]:
    from kgsearch.indexing import sync

    with _progress_bar() as progress:
        return sync(settings, paths, progress).to_json()


@contextlib.contextmanager
def _progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that draws progress ``(done, total, name)`` on standard error; None where that is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with contextlib.ExitStack() as stack:
        bar: Any = None

        def progress(done: int, total: int, name: str) -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(
                    click.progressbar(length=total, label=gettext("Indexing"), file=sys.stderr, item_show_func=lambda item: item)
                )
            # The total grows once the files are read; click takes a bar that was full once for finished.
            bar.length, bar.finished = total, False
            bar.update(done - bar.pos, _printable(name))

        yield progress


def _print_report(report: Mapping[str, Any]) -> None:
    counts = {name: _number(value) for name, value in report.items() if isinstance(value, int)}
    click.echo(
        gettext("Files: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {failed} failed ({seconds} s).").format(
            **counts, seconds=_number(report["seconds"], digits=1)
        )
    )
    click.echo(gettext("The index holds {documents} documents, {clauses} clauses.").format(**counts))
    _name_failures(report["failures"])


def _name_failures(failures: Sequence[Mapping[str, str]]) -> None:
    for failure in failures:
        click.echo(f"kgsearch: {_printable(failure['file'])}: {_printable(failure['reason'])}", err=True)


@commands.command("status", help=N_("Say what is indexed, by what, since when, and what failed."))
@_json_option
@_everywhere
def status_command(as_json: bool) -> None:
    """``kgsearch status``."""
    from kgsearch.indexing import status

    settings = _settings()
    value = status(settings)
    if as_json:
        _print_json(value)
    else:
        _print_status(value, settings)


def _print_status(status: Mapping[str, Any], settings: Settings) -> None:
    changed = datetime.fromisoformat(status["changed"]).astimezone() if status["changed"] else None
    rows = (
        (gettext("Documents"), _number(status["documents"])),
        (gettext("Clauses"), _number(status["clauses"])),
        (gettext("Files read"), _number(status["files_ok"])),
        (gettext("Files that failed"), _number(status["files_failed"])),
        (gettext("Documents waiting for the engine"), _number(status["waiting"])),
        (gettext("Last change"), f"{changed:%d/%m/%Y %H:%M}" if changed else "-"),
        (gettext("Engine"), status["engine"] or "-"),
        (gettext("Passages in the engine"), "-" if status["passages"] is None else _number(status["passages"])),
        (gettext("Versions of schema and analysis"), f"{status['schema_version']}, {status['analysis_version'] or '-'}"),
        (gettext("Corpus folder"), str(settings.corpus)),
        (gettext("Index folder"), str(settings.index)),
        (gettext("Errors reported and open"), _number(status["reports_open"])),
    )
    for name, value in rows:
        click.echo(f"{name}: {_printable(str(value))}")
    _name_failures(status["failures"])
    _print_reports(status["reports"])
    for error in filter(None, (status["engine_error"], status["reports_error"])):
        click.echo(f"kgsearch: {_printable(error)}", err=True)


@commands.command("reports", help=N_("List the errors that readers reported and that are open, or settle one that is mended."))
@click.option("--settle", metavar="N", type=click.IntRange(1, 10**9), cls=_Option, help=N_("Settle the report with this number."))
@_json_option
@_everywhere
def reports_command(settle: int | None, as_json: bool) -> None:
    """``kgsearch reports``."""
    from kgsearch.catalogue.faults import FaultReports

    kept = FaultReports(_settings().index)
    found = [one.to_json() for one in ([kept.settle(settle)] if settle else kept.open())]
    if as_json:
        _print_json({"reports": found})
    elif settle:
        click.echo(gettext("Report {number} is settled.").format(number=settle))
    elif not found:
        click.echo(gettext("No error is reported and open."))
    else:
        _print_reports(found)


def _print_reports(reports: Sequence[Mapping[str, Any]]) -> None:
    from kgsearch.catalogue.faults import about_names

    names = about_names()
    for report in reports:
        reported = datetime.fromisoformat(report["reported"]).astimezone()
        place = f"{report['document']}#{report['eid']}" if report["eid"] else report["document"]
        click.echo(_printable(f"{report['number']}. {report['citation']} ({place}), {reported:%d/%m/%Y %H:%M}"))
        click.echo(f"   {names.get(report['about'], report['about'])}:")
        click.echo(_printable("   " + report["message"].replace("\n", "\n   ")))


@commands.command("serve", help=N_("Serve the web application. The corpus folder is indexed first where there is no index."))
@click.option("--host", metavar="H", cls=_Option, help=N_("Address to listen on (default: 127.0.0.1, this machine alone)."))
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), cls=_Option, help=N_("Port to listen on (default: 8000, or KGSEARCH_PORT).")
)
@_everywhere
def serve_command(host: str | None, port: int | None) -> None:
    """``kgsearch serve``."""
    from kgsearch.server.serving import serve

    settings = _settings(host=host, port=port)
    if not settings.catalogue_path.exists():
        _print_report(_index(settings, ()))
    # Translated here: the server announces itself from a thread of its own, which does not know this run's language.
    serve(settings, announce=partial(_announce, gettext("Serving at {url} (Ctrl+C stops it).")))


def _announce(message: str, url: str) -> None:
    click.echo(message.format(url=url))
    sys.stdout.flush()


# --- search, show, parse -----------------------------------------------------------------------------------------------


def _filter_options(command: Decorated) -> Decorated:
    """The options that limit the documents searched."""
    options = (
        click.option(
            "--type", "types", multiple=True, metavar="TYPE", cls=_Option, help=N_("Only documents of this type; may be repeated.")
        ),
        click.option(
            "--issuer", "issuers", multiple=True, metavar="NAME", cls=_Option, help=N_("Only documents of this issuer; may be repeated.")
        ),
        click.option(
            "--year",
            "years",
            multiple=True,
            metavar="YEAR",
            type=click.IntRange(1, 9999),
            cls=_Option,
            help=N_("Only documents of this year; may be repeated."),
        ),
        click.option(
            "--document", "documents", multiple=True, metavar="ID", cls=_Option, help=N_("Only this document (id); may be repeated.")
        ),
        click.option(
            "--from", "issued_from", metavar="DATE", type=_Day(), cls=_Option, help=N_("Only documents issued on or after this date.")
        ),
        click.option(
            "--to", "issued_to", metavar="DATE", type=_Day(), cls=_Option, help=N_("Only documents issued on or before this date.")
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@commands.command("search", help=N_("Find clauses, best first, each with its citation. Marks, case and spelling of tones do not matter."))
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option(
    "-n", "limit", metavar="N", type=click.IntRange(1, 100), default=10, cls=_Option, help=N_("How many clauses to print (default: 10).")
)
@_filter_options
@click.option(
    "--sort",
    type=click.Choice(("relevance", "newest", "oldest")),
    default="relevance",
    cls=_Option,
    help=N_("Order of the results (default: relevance)."),
)
@click.option(
    "--exact",
    is_flag=True,
    cls=_Option,
    help=N_("Search for the query exactly as typed: nothing is decoded, expanded, left out or corrected."),
)
@_json_option
@_everywhere
def search_command(query: tuple[str, ...], limit: int, sort: Any, exact: bool, as_json: bool, **filters: Any) -> None:
    """``kgsearch search``."""
    from kgsearch.retrieval import Searcher

    result = Searcher(_settings()).search(" ".join(query), filters=Filters(**filters), sort=sort, limit=limit, exact=exact)
    if as_json:
        _print_json(result.to_json())
    else:
        _print_result(result)


def _print_result(result: SearchResult) -> None:
    from kgsearch.retrieval.readings import sentence

    if not result.hits:
        click.echo(gettext("Nothing was found for “{query}”.").format(query=_printable(result.query)))
    else:
        click.echo(ngettext("{total} clause found.", "{total} clauses found.", result.total).format(total=_number(result.total)))
    for reading in result.readings:
        click.echo(_printable(sentence(reading)))
    if result.suggestion:
        click.echo(gettext("Did you mean: {query}").format(query=_printable(result.suggestion)))
    for hit in result.hits:
        click.echo()
        _print_hit(hit, f"{hit.rank}. ")


def _print_hit(hit: Hit, lead: str) -> None:
    indent = " " * len(lead)
    issued = hit.document.issued
    click.echo(lead + click.style(_printable(hit.citation), bold=True) + (f"  ({issued:%d/%m/%Y})" if issued else "") + _page_words(hit))
    text, highlights = _excerpt(hit.clause.text, hit.highlights)
    click.echo(indent + _emphasised(text, highlights))
    click.echo(indent + hit.url)


def _page_words(hit: Hit) -> str:
    """The page of a hit, and a warning where its words were recognised from a picture; "" where its file has no pages."""
    if not hit.clause.page:
        return ""
    words = gettext("page %(page)s") % {"page": hit.clause.page}
    if hit.recognised:
        words += "; " + gettext("recognised from a picture (certainty {confidence} %)").format(confidence=round(hit.recognised.confidence))
    return f"  [{words}]"


def _excerpt(text: str, highlights: Sequence[Span]) -> tuple[str, list[Span]]:
    """At most EXCERPT_LENGTH characters of ``text`` from around the first highlight, cut between words."""
    if len(text) <= EXCERPT_LENGTH:
        return text, list(highlights)
    wanted = max(0, highlights[0].start - EXCERPT_LENGTH // 4) if highlights else 0
    start = text.rfind(" ", 0, wanted + 1) + 1
    end = len(text) if start + EXCERPT_LENGTH >= len(text) else max(text.rfind(" ", start + 1, start + EXCERPT_LENGTH), start + 1)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [Span(span.start + shift, span.end + shift) for span in highlights if start <= span.start and span.end <= end]
    return before + text[start:end] + after, inside


def _emphasised(text: str, highlights: Sequence[Span]) -> str:
    """``text`` for a terminal; `click.echo` takes the emphasis off again where the output is none."""
    parts, position = [], 0
    for span in highlights:
        parts += [_printable(text[position : span.start]), click.style(_printable(text[span.start : span.end]), bold=True, fg="yellow")]
        position = span.end
    return "".join(parts) + _printable(text[position:])


@commands.command(
    "ask",
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
    cls=_Option,
    help=N_("How many of the nearest clauses to print where there is no answer (default: 5)."),
)
@_filter_options
@_json_option
@_everywhere
def ask_command(question: tuple[str, ...], nearest: int, as_json: bool, **filters: Any) -> None:
    """``kgsearch ask``."""
    from kgsearch.answering import Answerer
    from kgsearch.retrieval import Searcher

    answer = Answerer(Searcher(_settings())).ask(" ".join(question), filters=Filters(**filters), nearest=nearest)
    if as_json:
        _print_json(answer.to_json())
    else:
        _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    if answer.text is None:
        click.echo(_printable(answer.reason))
        for hit in answer.nearest:
            click.echo()
            _print_hit(hit, f"{hit.rank}. ")
        return
    first, *others = answer.evidence
    click.echo(click.style(_printable(answer.text), bold=True))
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
    click.echo(lead + _printable(evidence.hit.citation_full) + (f" ({remark})" if remark else "") + _page_words(evidence.hit))
    click.echo(f"{indent}“{_emphasised(evidence.quote, evidence.marked)}”")
    click.echo(indent + evidence.hit.url)


@commands.command("show", help=N_("Print the clause or document that a citation or an id names; all of them where it is ambiguous."))
@click.argument("citation_or_id", nargs=-1, required=True, metavar="CITATION_OR_ID")
@_json_option
@_everywhere
def show_command(citation_or_id: tuple[str, ...], as_json: bool) -> None:
    """``kgsearch show``."""
    from kgsearch.retrieval import Searcher

    searcher = Searcher(_settings())
    matches = searcher.show(" ".join(citation_or_id))
    if as_json:
        _print_json({"matches": [match.to_json() for match in matches]})
        return
    for number, match in enumerate(matches):
        if number:
            click.echo()
        if isinstance(match, DocumentRecord):
            _print_document(match)
            _print_relations(searcher, match)
        else:
            _print_clause(match)


def _print_relations(searcher: Searcher, document: DocumentRecord) -> None:
    """Whether a document has effect, what it does to others and what others do to it, each with the clause that says so."""
    from kgsearch.catalogue.standing import standing
    from kgsearch.catalogue.wording import force_name, relation_name

    reader = searcher.reader
    outgoing, incoming = reader.relations(document.id)
    found = standing(document, incoming, reader.document, date.today())
    day = gettext("from {day}").format(day=f"{found.since:%d/%m/%Y}") if found.since else ""
    said_in = ", ".join(_place_name(searcher, place) for place in found.clauses[:1])
    described = [force_name(found.force), *(part for part in (day, said_in) if part)]
    click.echo(f"  {gettext('Standing')}: {_printable('; '.join(described))}")
    said: dict[tuple[str, str], list[str]] = {}
    for records, is_incoming in ((incoming, True), (outgoing, False)):
        for record in records:
            if record.relation not in (Relation.CITES, Relation.BASIS):
                name = relation_name(record.relation, incoming=is_incoming, whole=record.whole)
                other = _other_name(searcher, record, incoming=is_incoming)
                said.setdefault((name, other), []).append(_place_name(searcher, record.source))
    for (name, other), places in said.items():
        shown = list(dict.fromkeys(places))
        more = ["…"] if len(shown) > MAX_PLACES else []
        click.echo(f"  {name}: {_printable(other)} ({_printable('; '.join([*shown[:MAX_PLACES], *more]))})")
    citing = {record.source.document for record in incoming}
    if citing:
        click.echo(f"  {gettext('Cited by')}: {_number(len(citing))}")


def _other_name(searcher: Searcher, record: RelationRecord, *, incoming: bool) -> str:
    """What the other document of a relation is called: its citation, or where it is not there the words of the clause."""
    from kgsearch.citations import cite

    place = record.source if incoming else record.target
    other = searcher.reader.document(place.document) if place else None
    return cite(other, full=False) if other else record.named


def _place_name(searcher: Searcher, place: Address) -> str:
    """The clause at a place, cited without its document."""
    clause = searcher.reader.clause(place.document, place.eid) if place.eid else None
    return clause.citation if clause else place.document


def _print_clause(hit: Hit) -> None:
    click.echo(click.style(_printable(hit.citation_full), bold=True) + _page_words(hit))
    for heading in hit.clause.headings:
        click.echo(f"  {_printable(heading)}")
    click.echo(_printable(f"{hit.clause.label} {hit.clause.full_text}".strip()))
    click.echo(hit.url)


def _print_document(document: Document | DocumentRecord) -> None:
    click.echo(click.style(_printable(f"{document.type} {document.number}".strip()), bold=True))
    rows = (
        (gettext("Title"), document.title),
        (gettext("Issuer"), document.issuer),
        (gettext("Date"), f"{document.issued:%d/%m/%Y}" if document.issued else ""),
        (gettext("Place"), document.place),
        (gettext("Signer"), ", ".join(part for part in (document.signer_title, document.signer) if part)),
        (gettext("In force from"), f"{document.effective:%d/%m/%Y}" if document.effective else ""),
        (gettext("Secrecy"), document.secrecy),
        (gettext("Id"), document.id),
        (gettext("Files"), ", ".join(document.files) if isinstance(document, DocumentRecord) else ""),
        (gettext("Warnings"), "; ".join(document.warnings)),
    )
    for name, value in rows:
        if value:
            click.echo(f"  {name}: {_printable(value)}")


@commands.command("parse", help=N_("Show what is read out of a file: its documents and their clauses. Nothing is indexed."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@_json_option
@_everywhere
def parse_command(file: Path, as_json: bool) -> None:
    """``kgsearch parse``."""
    from kgsearch.indexing.tools import read_documents

    _settings()
    found = read_documents(file)
    for member, reason in found.failures:
        click.echo(_printable(f"{file.name}: {member}: {reason}"), err=True)
    if as_json:
        _print_json({"documents": [document.to_json() for document in found.documents]})
        return
    for number, document in enumerate(found.documents):
        if number:
            click.echo()
        _print_document(document)
        for clause, ancestors in document.walk():
            click.echo(_clause_line(clause, len(ancestors)))


def _clause_line(clause: Clause, depth: int) -> str:
    words = f"{clause.label} {clause.text}".strip()
    return "  " * (depth + 1) + click.style(clause.eid, dim=True) + "  " + _printable(words)


@commands.command(
    "export",
    help=N_(
        "Write a document out whole: as plain text, as JSON or as Akoma Ntoso (XML). ID is its id, its number or a citation that names it."
    ),
)
@click.argument("citation_or_id", nargs=-1, required=True, metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    cls=_Option,
    help=N_("Format of the export (default: what the name of the output file says, else txt)."),
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    cls=_Option,
    help=N_("File to write, which must not exist yet (default: standard output)."),
)
@_everywhere
def export_command(citation_or_id: tuple[str, ...], form: str | None, output: Path | None) -> None:
    """``kgsearch export``."""
    from kgsearch.exporting import export
    from kgsearch.retrieval import Searcher

    searcher = Searcher(_settings())
    document = _document_named(searcher, " ".join(citation_or_id))
    text = export(searcher.reader, document, form or SUFFIXES.get(output.suffix.lower() if output else "", "txt"))
    if output is None:
        click.echo(text, nl=False)
        return
    _write_new(output, text)
    click.echo(gettext("{document} was written to {file}.").format(document=document.id, file=_printable(str(output))))


def _document_named(searcher: Searcher, text: str) -> DocumentRecord:
    """The one document that ``text`` names, itself or one of its clauses."""
    matches = searcher.show(text)
    named = {match.id: match for match in (match.document if isinstance(match, Hit) else match for match in matches)}
    if len(named) > 1:
        ids = [*list(named)[:MAX_CANDIDATES], *(["…"] if len(named) > MAX_CANDIDATES else [])]
        raise UsageError(
            gettext("“{text}” names {number} documents; name one of them by its id: {ids}.").format(
                text=text[:120], number=_number(len(named)), ids=", ".join(ids)
            )
        )
    return next(iter(named.values()))


def _write_new(file: Path, text: str) -> None:
    """Write ``text`` into a file that did not exist; what could not be written whole is not left behind."""
    try:
        stream = file.open("x", encoding="utf-8", newline="\n")
    except FileExistsError as error:
        raise UsageError(gettext("{file}: there is such a file already; name another, or remove it first.").format(file=file)) from error
    except OSError as error:
        raise _not_written(file, error) from error
    try:
        with stream:
            stream.write(text)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _not_written(file, error) from error


def _not_written(file: Path, error: OSError) -> UsageError:
    return UsageError(gettext("{file}: cannot be written: {reason}.").format(file=file, reason=reason_of(error)))


# --- eval --------------------------------------------------------------------------------------------------------------


@commands.command(
    "eval",
    help=N_(
        "Measure how often the right clause comes first, on a file of judged questions (JSON lines, or CSV with context and question)."
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--strip-marks", is_flag=True, cls=_Option, help=N_("Ask the questions without their marks."))
@click.option(
    "--compare",
    metavar="OLD.json",
    type=click.Path(path_type=Path),
    cls=_Option,
    help=N_("Say what got better and worse since an earlier run with --json."),
)
@_json_option
@_everywhere
def eval_command(file: Path, strip_marks: bool, compare: Path | None, as_json: bool) -> None:
    """``kgsearch eval``."""
    from kgsearch.evaluation import asker, evaluate, lines, read_report

    settings = _settings()
    earlier = read_report(compare) if compare else None
    ask = asker(settings) if file.suffix.lower() != ".csv" else None
    report = evaluate(settings, file, strip_marks=strip_marks, compare=earlier, ask=ask)
    if as_json:
        _print_json(report.to_json())
        return
    for line in lines(report):
        click.echo(_printable(line))


# --- printing ----------------------------------------------------------------------------------------------------------


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _number(value: float, digits: int = 0) -> str:
    """A number with its thousands grouped: 1,234.5 in English, 1.234,5 in Vietnamese."""
    written = f"{value:,.{digits}f}"
    return written if current_language() == "en" else written.translate({ord(","): ".", ord("."): ","})


def _printable(text: str) -> str:
    """``text`` without control characters: a document must not be able to steer the terminal that shows it."""
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf"))
