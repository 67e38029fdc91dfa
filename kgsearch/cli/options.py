"""Commands and options that speak the language chosen on the same command line, and the settings of a call."""

from __future__ import annotations

import contextlib
import gettext as stdlib_gettext
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgsearch.i18n import DOMAIN, LANGUAGES, gettext, translations_folder, use_language

if TYPE_CHECKING:
    from kgsearch.config import Settings

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def N_(message: str) -> str:  # the name that the extraction of messages knows
    """Mark a message for translation where it is defined before the language is known."""
    return message


def speak(language: str) -> None:
    """Use ``language`` for our messages and for click's own, which go through the standard library's text domain."""
    use_language(language)
    os.environ["LANGUAGE"] = language
    stdlib_gettext.bindtextdomain(DOMAIN, translations_folder())
    stdlib_gettext.textdomain(DOMAIN)


class Command(click.Command):
    """A command whose help is translated when it is shown, not when it is defined."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, translated."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._translated_help())

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, translated, however long it is."""
        return self._translated_help().split(". ")[0].rstrip(".")

    def _translated_help(self) -> str:
        message = self.help or ""
        return gettext(message)


class Group(Command, click.Group):
    """A group whose help is translated when it is shown."""

    command_class = Command


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, translated, with what click adds to it."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        help_text = self.help or ""
        return record[0], gettext(help_text) + record[1].removeprefix(help_text)


class Day(click.ParamType[date]):
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
        speak(value)
        _remember(context, parameter, value)


def everywhere(command: Decorated) -> Decorated:
    """The options that every command takes, before or after its name."""
    options = (
        click.option(
            "--corpus", metavar="DIR", type=click.Path(path_type=Path), cls=Option, expose_value=False,
            callback=_remember, help=N_("Folder of the documents (default: corpus)."),
        ),
        click.option(
            "--index", metavar="DIR", type=click.Path(path_type=Path), cls=Option, expose_value=False,
            callback=_remember, help=N_("Folder of the index (default: index)."),
        ),
        click.option(
            "--lang", type=click.Choice(LANGUAGES), cls=Option, expose_value=False, is_eager=True,
            callback=_choose_language, help=N_("Language of messages (default: vi)."),
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def json_option(command: Decorated) -> Decorated:
    """The option of commands that can print JSON."""
    return click.option("--json", "as_json", is_flag=True, cls=Option, help=N_("Print one JSON value and nothing else."))(command)


def settings_of_call(*, corpus_must_exist: bool = True, **overrides: Any) -> Settings:
    """The settings of this call, with the folders and the language named on the command line.

    Raises click.UsageError where a corpus folder is named that is none, unless one that is not there yet, or not now, will do.
    """
    from kgsearch.config import load_settings

    context = click.get_current_context()
    given: Mapping[str, Any] = context.find_root().ensure_object(dict)
    corpus: Path | None = given.get("corpus")
    settings = load_settings(corpus, given.get("index"), language=given.get("lang"), **overrides)
    speak(settings.language)
    if corpus_must_exist and corpus is not None and not settings.corpus.is_dir():
        raise click.UsageError(
            gettext("The folder {path} does not exist; connect its disk or network share, name another one, or create it.").format(
                path=corpus
            ),
            context,
        )
    return settings


def filter_options(command: Decorated) -> Decorated:
    """The options that limit the documents searched."""
    options = (
        click.option(
            "--type", "types", multiple=True, metavar="TYPE", cls=Option, help=N_("Only documents of this type; may be repeated.")
        ),
        click.option(
            "--issuer", "issuers", multiple=True, metavar="NAME", cls=Option, help=N_("Only documents of this issuer; may be repeated.")
        ),
        click.option(
            "--year",
            "years",
            multiple=True,
            metavar="YEAR",
            type=click.IntRange(1, 9999),
            cls=Option,
            help=N_("Only documents of this year; may be repeated."),
        ),
        click.option(
            "--document", "documents", multiple=True, metavar="ID", cls=Option, help=N_("Only this document (id); may be repeated.")
        ),
        click.option(
            "--from", "issued_from", metavar="DATE", type=Day(), cls=Option, help=N_("Only documents issued on or after this date.")
        ),
        click.option("--to", "issued_to", metavar="DATE", type=Day(), cls=Option, help=N_("Only documents issued on or before this date.")),
    )
    for option in reversed(options):
        command = option(command)
    return command
