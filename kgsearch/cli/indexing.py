"""``kgsearch index``, ``kgsearch watch`` and ``kgsearch status``: the index and the folder that it follows."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsearch.cli.frame import FAILED
from kgsearch.cli.keeping import print_reports
from kgsearch.cli.options import N_, Command, Option, everywhere, json_option, settings_of_call
from kgsearch.cli.printing import grouped, name_failures, print_json, printable, progress_bar
from kgsearch.i18n import gettext, ngettext

if TYPE_CHECKING:
    from kgsearch.config import Settings
    from kgsearch.indexing import Report

PATIENCE_SECONDS = 30.0
"""How long `kgsearch index` waits for another run: most are over by then."""

MAX_WAITING = 10
"""Files that are named as waiting after a run; `kgsearch status` names them all."""


@click.command(
    "index",
    cls=Command,
    help=N_("Bring the index in step with the corpus folder, or add the files and folders given. Files that have not changed are skipped."),
)
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER]...", type=click.Path(path_type=Path))
@click.option(
    "--emptied",
    is_flag=True,
    cls=Option,
    help=N_("The corpus folder has lost all its files on purpose: take them out of the index."),
)
@click.option(
    "--rebuild",
    is_flag=True,
    cls=Option,
    help=N_("Build the engine again from the catalogue, beside the old one, which answers until the new one is complete."),
)
@json_option
@everywhere
def index_command(paths: tuple[Path, ...], rebuild: bool, emptied: bool, as_json: bool) -> None:
    """``kgsearch index``."""
    report = run_index(settings_of_call(), paths, rebuild=rebuild, emptied=emptied)
    if as_json:
        print_json(report)
    else:
        print_report(report)
    if report["failures"]:
        raise click.exceptions.Exit(FAILED)


def run_index(settings: Settings, paths: Sequence[Path], *, rebuild: bool = False, emptied: bool = False) -> dict[str, Any]:
    """Bring the index in step, drawing progress on a terminal; the report's JSON."""
    from kgsearch.indexing import sync
    from kgsearch.indexing.lock import Waiting

    waiting = Waiting(PATIENCE_SECONDS, _say_that_it_waits)
    with progress_bar(gettext("Indexing")) as progress:
        return sync(settings, paths, progress, rebuild=rebuild, emptied=emptied, waiting=waiting).to_json()


def _say_that_it_waits(message: str) -> None:
    # That nobody listens is no reason not to wait.
    with contextlib.suppress(OSError):
        click.echo(f"kgsearch: {printable(message)}", err=True)


def print_report(report: Mapping[str, Any]) -> None:
    """What a run did, from its JSON; the files that failed on standard error."""
    click.echo(_report_line(report))
    click.echo(
        gettext("The index holds {documents} documents, {clauses} clauses.").format(
            documents=grouped(report["documents"]), clauses=grouped(report["clauses"])
        )
    )
    if report["moved"]:
        click.echo(_moved_line(report))
    if report["files_waiting"]:
        click.echo(_waiting_line(report["files_waiting"]))
    name_failures(report["failures"])


def _report_line(report: Mapping[str, Any]) -> str:
    counts = {name: grouped(report[name]) for name in ("added", "changed", "removed", "unchanged", "failed")}
    return gettext(
        "Files: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged, {failed} failed ({seconds} s)."
    ).format(**counts, seconds=grouped(report["seconds"], digits=1))


def _moved_line(report: Mapping[str, Any]) -> str:
    line = ngettext("{number} file was renamed or moved.", "{number} files were renamed or moved.", report["moved"])
    return line.format(number=grouped(report["moved"]))


def _waiting_line(waiting: Sequence[Mapping[str, str]]) -> str:
    names = [*(one["file"] for one in waiting[:MAX_WAITING]), *(["…"] if len(waiting) > MAX_WAITING else [])]
    return gettext("Not complete yet: {files}").format(files=printable(", ".join(names)))


# --- watch ---------------------------------------------------------------------------------------------------------------


@click.command(
    "watch",
    cls=Command,
    help=N_(
        "Index what arrives in the corpus folder, as it arrives, until interrupted. Files that are being written are waited for; renamed, "
        "rewritten and removed ones are followed."
    ),
)
@click.option(
    "--poll",
    is_flag=True,
    cls=Option,
    help=N_("Look at the folder again and again instead of being told by the system; done by itself on network shares."),
)
@click.option("--tied", is_flag=True, hidden=True, cls=Option)
@click.option("--json", "as_json", is_flag=True, cls=Option, help=N_("Print a JSON value on a line for each thing told, and nothing else."))
@everywhere
def watch_command(poll: bool, tied: bool, as_json: bool) -> None:
    """``kgsearch watch``; with ``--tied`` it ends when standard input does: so it goes with the process that started it."""
    from kgsearch.indexing.watching.watch import watch

    # Whoever started the process knows that there is such a folder, and wants it waited for where it is away for a while.
    settings, stop, teller = settings_of_call(corpus_must_exist=not tied), threading.Event(), _Teller(as_json)
    if tied:
        threading.Thread(target=_end_with_standard_input, args=(stop,), daemon=True).start()
    with _interrupted_by_terminate(), contextlib.suppress(KeyboardInterrupt):
        watch(
            settings,
            stop=stop,
            told=teller.report,
            troubled=teller.trouble,
            poll=poll or None,
            ready=lambda polling: teller.ready(settings, polling),
        )


class _Teller:
    """Prints what a watch does: a line for each run that changed something, or a JSON value on a line each."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._first = True
        self._failures: set[tuple[str, str]] = set()

    def report(self, report: Report) -> None:
        """A run that changed something."""
        value = report.to_json()
        if self._as_json:
            self._print(json.dumps({"report": value}, ensure_ascii=False))
            return
        if self._first or any(value[name] for name in ("added", "changed", "removed")):
            self._say(_report_line(value))
        if value["moved"]:
            self._say(_moved_line(value))
        if value["files_waiting"]:
            self._say(_waiting_line(value["files_waiting"]))
        failures = {(failure["file"], failure["reason"]) for failure in value["failures"]}
        # A file that failed is named when it does, not at every run after it.
        with contextlib.suppress(OSError):
            name_failures([{"file": file, "reason": reason} for file, reason in sorted(failures - self._failures)])
        self._first, self._failures = False, failures

    def trouble(self, message: str) -> None:
        """Something that went wrong."""
        if self._as_json:
            self._print(json.dumps({"trouble": message}, ensure_ascii=False))
        else:
            self._print(f"kgsearch: {datetime.now():%H:%M:%S}  {printable(' '.join(message.split()))}", err=True)

    def ready(self, settings: Settings, polling: bool) -> None:
        """The folder is watched and the index is in step with it."""
        if self._as_json:
            self._print(json.dumps({"watching": str(settings.corpus), "polling": polling}, ensure_ascii=False))
            return
        how = gettext("looking again and again") if polling else gettext("told by the system")
        self._say(gettext("Watching {folder} ({how}; Ctrl+C stops it).").format(folder=printable(str(settings.corpus)), how=how))

    def _say(self, line: str) -> None:
        self._print(f"{datetime.now():%H:%M:%S}  {line}")

    def _print(self, line: str, *, err: bool = False) -> None:
        # That nobody listens any more, or that the disk of the log is full, is no reason to stop indexing.
        with contextlib.suppress(OSError):
            click.echo(line, err=err)


def _end_with_standard_input(stop: threading.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1024):
            pass
    stop.set()


@contextlib.contextmanager
def _interrupted_by_terminate() -> Iterator[None]:
    """Have SIGTERM (service managers, containers) interrupt as Ctrl-C does. Only a main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# --- status --------------------------------------------------------------------------------------------------------------


@click.command("status", cls=Command, help=N_("Say what is indexed, by what, since when, what failed, what waits and what runs now."))
@json_option
@everywhere
def status_command(as_json: bool) -> None:
    """``kgsearch status``."""
    from kgsearch.indexing import status

    settings = settings_of_call()
    value = status(settings)
    if as_json:
        print_json(value)
    else:
        _print_status(value, settings)


def _print_status(status: Mapping[str, Any], settings: Settings) -> None:
    rows = (
        (gettext("Documents"), grouped(status["documents"])),
        (gettext("Clauses"), grouped(status["clauses"])),
        (gettext("Files read"), grouped(status["files_ok"])),
        (gettext("Files that failed"), grouped(status["files_failed"])),
        (gettext("Files not complete yet"), grouped(len(status["files_waiting"]))),
        (gettext("Documents waiting for the engine"), grouped(status["waiting"])),
        (gettext("Last change"), _moment(status["changed"])),
        (gettext("Engine"), status["engine"] or "-"),
        (gettext("Passages in the engine"), "-" if status["passages"] is None else grouped(status["passages"])),
        (gettext("Versions of schema and analysis"), f"{status['schema_version']}, {status['analysis_version'] or '-'}"),
        (gettext("Corpus folder"), str(settings.corpus)),
        (gettext("Index folder"), str(settings.index)),
        (gettext("Errors reported and open"), grouped(status["reports_open"])),
        (gettext("Last run"), _last_run(status["last_run"])),
        (gettext("Running now"), _running(status["running"])),
        (gettext("Watch"), _watch_line(status["watching"])),
    )
    for name, value in rows:
        click.echo(f"{name}: {printable(str(value))}")
    if status["files_waiting"]:
        click.echo(_waiting_line(status["files_waiting"]))
    name_failures(status["failures"])
    print_reports(status["reports"])
    for error in filter(None, (status["engine_error"], status["reports_error"])):
        click.echo(f"kgsearch: {printable(error)}", err=True)


def _moment(written: str | None) -> str:
    return f"{datetime.fromisoformat(written).astimezone():%d/%m/%Y %H:%M}" if written else "-"


def _last_run(report: Mapping[str, Any] | None) -> str:
    if not report:
        return "-"
    when = _moment(report.get("ended"))
    return f"{when}; {_report_line(report)}"


def _watch_line(watching: Mapping[str, Any] | None) -> str:
    if not watching:
        return gettext("none")
    line = gettext("in trouble since {moment}, see what it printed") if watching["trouble_since"] else gettext("goes on")
    line = line.format(moment=_moment(watching["trouble_since"]))
    return line + " " + gettext("(process {pid})").format(pid=watching["pid"]) if watching["pid"] else line


def _running(running: Mapping[str, Any] | None) -> str:
    if not running:
        return gettext("nothing")
    from kgsearch.indexing.progress import phase_names

    phase = phase_names().get(running["phase"], running["phase"])
    line = gettext("{phase}: {done} of {total}").format(phase=phase, done=grouped(running["done"]), total=grouped(running["total"]))
    if running["rate"]:
        line += "; " + gettext("{rate} a second").format(rate=grouped(running["rate"], digits=1))
    if running["seconds_left"] is not None:
        line += "; " + gettext("{seconds} s left").format(seconds=grouped(running["seconds_left"]))
    return line + " " + gettext("(process {pid})").format(pid=running["pid"])
