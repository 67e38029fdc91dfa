"""What several commands print: JSON, numbers, hits, failures, progress, words of documents that must not steer the terminal."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click

from kgsearch.i18n import current_language, gettext
from kgsearch.models import Hit, Span

EXCERPT_LENGTH = 480
"""Characters of a clause that a search prints; ``kgsearch show`` prints all of them."""


def print_json(value: Any) -> None:
    """One JSON value, indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def grouped(value: float, digits: int = 0) -> str:
    """A number with its thousands grouped: 1,234.5 in English, 1.234,5 in Vietnamese."""
    written = f"{value:,.{digits}f}"
    return written if current_language() == "en" else written.translate({ord(","): ".", ord("."): ","})


def printable(text: str) -> str:
    """``text`` without control characters: a document must not be able to steer the terminal that shows it."""
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf"))


def print_hit(hit: Hit, lead: str) -> None:
    """A hit behind ``lead``, its number: citation, words with what matched emphasised, address."""
    indent = " " * len(lead)
    issued = hit.document.issued
    click.echo(lead + click.style(printable(hit.citation), bold=True) + (f"  ({issued:%d/%m/%Y})" if issued else "") + page_words(hit))
    text, highlights = excerpt(hit.clause.text, hit.highlights)
    click.echo(indent + emphasised(text, highlights))
    click.echo(indent + hit.url)


def page_words(hit: Hit) -> str:
    """The page of a hit, and a warning where its words were recognised from a picture; "" where its file has no pages."""
    if not hit.clause.page:
        return ""
    words = gettext("page %(page)s") % {"page": hit.clause.page}
    if hit.recognised:
        words += "; " + gettext("recognised from a picture (certainty {confidence} %)").format(confidence=round(hit.recognised.confidence))
    return f"  [{words}]"


def excerpt(text: str, highlights: Sequence[Span]) -> tuple[str, list[Span]]:
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


def emphasised(text: str, highlights: Sequence[Span]) -> str:
    """``text`` for a terminal; `click.echo` takes the emphasis off again where the output is none."""
    parts, position = [], 0
    for span in highlights:
        parts += [printable(text[position : span.start]), click.style(printable(text[span.start : span.end]), bold=True, fg="yellow")]
        position = span.end
    return "".join(parts) + printable(text[position:])


def name_failures(failures: Sequence[Mapping[str, str]]) -> None:
    """Each ``{file, reason}`` on a line of standard error."""
    for failure in failures:
        click.echo(f"kgsearch: {printable(failure['file'])}: {printable(failure['reason'])}", err=True)


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """A function that draws progress ``(done, total, name)`` on standard error; None where that is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with contextlib.ExitStack() as stack:
        bar: Any = None

        def progress(done: int, total: int, name: str) -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(click.progressbar(length=total, label=label, file=sys.stderr, item_show_func=lambda item: item))
            # The total grows once the files are read; click takes a bar that was full once for finished.
            bar.length, bar.finished = total, False
            bar.update(done - bar.pos, printable(name))

        yield progress
