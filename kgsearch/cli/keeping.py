"""``kgsearch backup``, ``restore``, ``check`` and ``reports``: what the administrator of an office keeps an eye on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kgsearch.cli.frame import FAILED
from kgsearch.cli.options import N_, Command, Option, everywhere, json_option, settings_of_call
from kgsearch.cli.printing import grouped, name_failures, print_json, printable, progress_bar
from kgsearch.i18n import gettext


@click.command("reports", cls=Command, help=N_("List the errors that readers reported and that are open, or settle one that is mended."))
@click.option("--settle", metavar="N", type=click.IntRange(1, 10**9), cls=Option, help=N_("Settle the report with this number."))
@json_option
@everywhere
def reports_command(settle: int | None, as_json: bool) -> None:
    """``kgsearch reports``."""
    from kgsearch.catalogue.faults import FaultReports

    kept = FaultReports(settings_of_call().index)
    found = [one.to_json() for one in ([kept.settle(settle)] if settle else kept.open())]
    if as_json:
        print_json({"reports": found})
    elif settle:
        click.echo(gettext("Report {number} is settled.").format(number=settle))
    elif not found:
        click.echo(gettext("No error is reported and open."))
    else:
        print_reports(found)


def print_reports(reports: Sequence[Mapping[str, Any]]) -> None:
    """The errors that readers reported, from their JSON."""
    from kgsearch.catalogue.faults import about_names

    names = about_names()
    for report in reports:
        reported = datetime.fromisoformat(report["reported"]).astimezone()
        place = f"{report['document']}#{report['eid']}" if report["eid"] else report["document"]
        click.echo(printable(f"{report['number']}. {report['citation']} ({place}), {reported:%d/%m/%Y %H:%M}"))
        click.echo(f"   {names.get(report['about'], report['about'])}:")
        click.echo(printable("   " + report["message"].replace("\n", "\n   ")))


@click.command(
    "backup",
    cls=Command,
    help=N_("Write catalogue, reports, settings and original files into one file (.zip), also while the server runs and documents arrive."),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@everywhere
def backup_command(file: Path, as_json: bool) -> None:
    """``kgsearch backup``."""
    from kgsearch.indexing.keeping.backup import back_up

    settings = settings_of_call()
    with progress_bar(gettext("Backing up")) as progress:
        report = back_up(settings, file, progress).to_json()
    _tell_of_backup(report, gettext("Written: {file} ({size} MB), with {documents} documents, {clauses} clauses, {files} files."), as_json)


@click.command(
    "restore",
    cls=Command,
    help=N_("Restore what `kgsearch backup` wrote, into corpus and index folders that are empty or do not exist."),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@everywhere
def restore_command(file: Path, as_json: bool) -> None:
    """``kgsearch restore``."""
    from kgsearch.indexing.keeping.backup import restore

    settings = settings_of_call(corpus_must_exist=False)
    with progress_bar(gettext("Restoring")) as progress:
        report = restore(settings, file, progress).to_json()
    _tell_of_backup(report, gettext("Restored from {file}: {documents} documents, {clauses} clauses, {files} files."), as_json)


def _tell_of_backup(report: Mapping[str, Any], message: str, as_json: bool) -> None:
    """Print what a backup holds, as ``message`` or as JSON; what it does not hold is named, and makes the status FAILED."""
    if as_json:
        print_json(report)
    else:
        counts = {name: grouped(report[name]) for name in ("documents", "clauses", "files")}
        click.echo(message.format(**counts, file=printable(report["file"]), size=grouped(report["size"] / 1_000_000, digits=1)))
        for remark in report["remarks"]:
            click.echo(printable(remark))
        name_failures(report["skipped"])
    if report["skipped"]:
        raise click.exceptions.Exit(FAILED)


@click.command(
    "check",
    cls=Command,
    help=N_("Verify that catalogue, lexicon, engine and files agree, and say how to mend what does not. Nothing is changed."),
)
@click.option(
    "--deep", is_flag=True, cls=Option, help=N_("Compare the files of the corpus folder byte by byte, not by size and time alone.")
)
@json_option
@everywhere
def check_command(deep: bool, as_json: bool) -> None:
    """``kgsearch check``."""
    from kgsearch.indexing.keeping.checking import check

    report = check(settings_of_call(), deep=deep).to_json()
    if as_json:
        print_json(report)
    else:
        _print_check(report)
    if report["findings"]:
        raise click.exceptions.Exit(FAILED)


def _print_check(report: Mapping[str, Any]) -> None:
    parts = {
        "catalogue": gettext("Catalogue"),
        "engine": gettext("Engine"),
        "lexicon": gettext("Lexicon"),
        "files": gettext("Files"),
        "reports": gettext("Errors reported"),
        "index": gettext("Index folder"),
    }
    if not report["findings"]:
        click.echo(
            gettext("Catalogue, lexicon, engine and files agree ({seconds} s).").format(seconds=grouped(report["seconds"], digits=1))
        )
    for finding in report["findings"]:
        click.echo(printable(f"{parts.get(finding['part'], finding['part'])}: {finding['what']}"))
        click.echo(printable(f"  {finding['mend']}"))
    if report["running"]:
        click.echo(gettext("A run is writing the index now; what it has not done yet counts as not agreeing."))
