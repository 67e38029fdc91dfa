"""``kgsearch serve``."""

from __future__ import annotations

import contextlib
import sys
from functools import partial

import click

from kgsearch.cli.indexing import print_report, run_index
from kgsearch.cli.options import N_, Command, Option, everywhere, settings_of_call
from kgsearch.cli.printing import printable
from kgsearch.i18n import gettext


@click.command("serve", cls=Command, help=N_("Serve the web application. The corpus folder is indexed first where there is no index."))
@click.option("--host", metavar="H", cls=Option, help=N_("Address to listen on (default: 127.0.0.1, this machine alone)."))
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), cls=Option, help=N_("Port to listen on (default: 8000, or KGSEARCH_PORT).")
)
@click.option("--watch", is_flag=True, cls=Option, help=N_("Index what arrives in the corpus folder meanwhile, in a process of its own."))
@everywhere
def serve_command(host: str | None, port: int | None, watch: bool) -> None:
    """``kgsearch serve``."""
    from kgsearch.server.serving import serve

    settings = settings_of_call(host=host, port=port)
    if not settings.catalogue_path.exists():
        print_report(run_index(settings, ()))
    # Translated here: the server announces itself from a thread of its own, which does not know this run's language.
    announce = partial(_announce, gettext("Serving at {url} (Ctrl+C stops it)."))
    serve(settings, announce, watch=watch, troubled=_complain)


def _announce(message: str, url: str) -> None:
    click.echo(message.format(url=url))
    sys.stdout.flush()


def _complain(message: str) -> None:
    # That nobody listens, or that the disk of the log is full, is no reason not to start the watch again.
    with contextlib.suppress(OSError):
        click.echo(f"kgsearch: {printable(message)}", err=True)
