"""The command line: each command reads its options, asks one room for the work, and prints what comes back.

This is the only package that prints. Results go to standard output, everything else to standard error, an error as one
line ``kgsearch: <message>``. Exit status: 0 done, 1 something failed and was named, 2 the call was wrong, 130 interrupted.
The rooms are imported inside the commands, so that a search does not pay for the web application or the database's mapper.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from kgsearch import __version__
from kgsearch.cli import documents, frame, indexing, keeping, measuring, searching, serving
from kgsearch.cli.options import N_, Group, Option, everywhere

__all__ = ["commands", "main", "run"]


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=N_("Search Vietnamese government documents; every result is a clause with its exact citation."),
)
@click.version_option(__version__, message="%(prog)s %(version)s", cls=Option, help=N_("Show the version and end."))
@everywhere
def commands() -> None:
    """Root of the commands."""
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False


for _command in (
    *(indexing.index_command, indexing.watch_command, indexing.status_command),
    *(keeping.check_command, keeping.backup_command, keeping.restore_command, keeping.reports_command),
    *(searching.search_command, searching.ask_command),
    *(documents.show_command, documents.parse_command, documents.export_command),
    *(measuring.eval_command, serving.serve_command),
):
    commands.add_command(_command)


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
    return frame.run(commands, arguments)
