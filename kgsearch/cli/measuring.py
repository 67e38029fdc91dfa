"""``kgsearch eval``."""

from __future__ import annotations

from pathlib import Path

import click

from kgsearch.cli.options import N_, Command, Option, everywhere, json_option, settings_of_call
from kgsearch.cli.printing import print_json, printable


@click.command(
    "eval",
    cls=Command,
    help=N_(
        "Measure how often the right clause comes first, on a file of judged questions (JSON lines, or CSV with context and question)."
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--strip-marks", is_flag=True, cls=Option, help=N_("Ask the questions without their marks."))
@click.option(
    "--compare",
    metavar="OLD.json",
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("Say what got better and worse since an earlier run with --json."),
)
@json_option
@everywhere
def eval_command(file: Path, strip_marks: bool, compare: Path | None, as_json: bool) -> None:
    """``kgsearch eval``."""
    from kgsearch.evaluation import asker, evaluate, lines, read_report

    settings = settings_of_call()
    earlier = read_report(compare) if compare else None
    ask = asker(settings) if file.suffix.lower() != ".csv" else None
    report = evaluate(settings, file, strip_marks=strip_marks, compare=earlier, ask=ask)
    if as_json:
        print_json(report.to_json())
        return
    for line in lines(report):
        click.echo(printable(line))
