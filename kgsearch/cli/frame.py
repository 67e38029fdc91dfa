"""The frame that every command runs in: what becomes of its errors, and the status that it ends with."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from contextvars import copy_context
from datetime import datetime
from pathlib import Path

import click

from kgsearch import __version__
from kgsearch.cli.options import speak
from kgsearch.cli.printing import printable
from kgsearch.errors import KgsearchError, ReadError
from kgsearch.i18n import current_language, gettext

DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def run(commands: click.Group, arguments: Sequence[str]) -> int:
    """Run one command line of ``commands`` in a context of its own and return its exit status. No exception passes."""
    return copy_context().run(_run, commands, arguments)


def _run(commands: click.Group, arguments: Sequence[str]) -> int:
    speak(current_language())
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
        click.echo(f"kgsearch: {printable(line)}", err=True)
    return status


def _usage_message(error: click.ClickException) -> str:
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = gettext("See: {command} --help").format(command=error.ctx.command_path)
        return f"{message if message.endswith('?') else message.rstrip('.') + '.'} {hint}"
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
