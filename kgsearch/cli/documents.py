"""``kgsearch show``, ``kgsearch parse`` and ``kgsearch export``: whole documents and clauses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsearch.cli.options import N_, Command, Option, everywhere, json_option, settings_of_call
from kgsearch.cli.printing import grouped, page_words, print_json, printable
from kgsearch.errors import UsageError, reason_of
from kgsearch.exporting import FORMATS, SUFFIXES
from kgsearch.i18n import gettext
from kgsearch.models import Address, Clause, Document, DocumentRecord, Hit, Relation, RelationRecord

if TYPE_CHECKING:
    from kgsearch.retrieval import Searcher

MAX_PLACES = 4
"""Clauses that are named as saying the same of a document."""

MAX_CANDIDATES = 20
"""Ids that an error names where several documents were meant."""


@click.command(
    "show", cls=Command, help=N_("Print the clause or document that a citation or an id names; all of them where it is ambiguous.")
)
@click.argument("citation_or_id", nargs=-1, required=True, metavar="CITATION_OR_ID")
@json_option
@everywhere
def show_command(citation_or_id: tuple[str, ...], as_json: bool) -> None:
    """``kgsearch show``."""
    from kgsearch.retrieval import Searcher

    searcher = Searcher(settings_of_call())
    matches = searcher.show(" ".join(citation_or_id))
    if as_json:
        print_json({"matches": [match.to_json() for match in matches]})
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
    click.echo(f"  {gettext('Standing')}: {printable('; '.join(described))}")
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
        click.echo(f"  {name}: {printable(other)} ({printable('; '.join([*shown[:MAX_PLACES], *more]))})")
    citing = {record.source.document for record in incoming}
    if citing:
        click.echo(f"  {gettext('Cited by')}: {grouped(len(citing))}")


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
    click.echo(click.style(printable(hit.citation_full), bold=True) + page_words(hit))
    for heading in hit.clause.headings:
        click.echo(f"  {printable(heading)}")
    click.echo(printable(f"{hit.clause.label} {hit.clause.full_text}".strip()))
    click.echo(hit.url)


def _print_document(document: Document | DocumentRecord) -> None:
    click.echo(click.style(printable(f"{document.type} {document.number}".strip()), bold=True))
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
            click.echo(f"  {name}: {printable(value)}")


@click.command("parse", cls=Command, help=N_("Show what is read out of a file: its documents and their clauses. Nothing is indexed."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@everywhere
def parse_command(file: Path, as_json: bool) -> None:
    """``kgsearch parse``."""
    from kgsearch.indexing.tools import read_documents

    settings_of_call()
    found = read_documents(file)
    for member, reason in found.failures:
        click.echo(printable(f"{file.name}: {member}: {reason}"), err=True)
    if as_json:
        print_json({"documents": [document.to_json() for document in found.documents]})
        return
    for number, document in enumerate(found.documents):
        if number:
            click.echo()
        _print_document(document)
        for clause, ancestors in document.walk():
            click.echo(_clause_line(clause, len(ancestors)))


def _clause_line(clause: Clause, depth: int) -> str:
    words = f"{clause.label} {clause.text}".strip()
    return "  " * (depth + 1) + click.style(clause.eid, dim=True) + "  " + printable(words)


@click.command(
    "export",
    cls=Command,
    help=N_(
        "Write a document out whole: as plain text, as JSON or as Akoma Ntoso (XML). ID is its id, its number or a citation that names it."
    ),
)
@click.argument("citation_or_id", nargs=-1, required=True, metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    cls=Option,
    help=N_("Format of the export (default: what the name of the output file says, else txt)."),
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("File to write, which must not exist yet (default: standard output)."),
)
@everywhere
def export_command(citation_or_id: tuple[str, ...], form: str | None, output: Path | None) -> None:
    """``kgsearch export``."""
    from kgsearch.exporting import export
    from kgsearch.retrieval import Searcher

    searcher = Searcher(settings_of_call())
    document = _document_named(searcher, " ".join(citation_or_id))
    text = export(searcher.reader, document, form or SUFFIXES.get(output.suffix.lower() if output else "", "txt"))
    if output is None:
        click.echo(text, nl=False)
        return
    _write_new(output, text)
    click.echo(gettext("{document} was written to {file}.").format(document=document.id, file=printable(str(output))))


def _document_named(searcher: Searcher, text: str) -> DocumentRecord:
    """The one document that ``text`` names, itself or one of its clauses."""
    matches = searcher.show(text)
    named = {match.id: match for match in (match.document if isinstance(match, Hit) else match for match in matches)}
    if len(named) > 1:
        ids = [*list(named)[:MAX_CANDIDATES], *(["…"] if len(named) > MAX_CANDIDATES else [])]
        raise UsageError(
            gettext("“{text}” names {number} documents; name one of them by its id: {ids}.").format(
                text=text[:120], number=grouped(len(named)), ids=", ".join(ids)
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
