"""The papers are true: the commands in them run, what they name exists, and nothing that exists is left out."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from kgsearch import cli

ROOT = Path(__file__).resolve().parents[1]
README, README_VI = ROOT / "README.md", ROOT / "README.vi.md"
DEPENDENCIES = ROOT / "docs" / "dependencies.md"

PLACEHOLDER = re.compile(r"[A-Z_]{3,}|<[^>]+>|…")


def code_blocks(path: Path) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def commands_in(path: Path) -> list[list[str]]:
    """Each `kgsearch …` line of the code blocks, split as a shell would; comments and prompts taken off."""
    lines = (line.strip().removeprefix("$ ").split("  #")[0] for block in code_blocks(path) for line in block.splitlines())
    return [shlex.split(line)[1:] for line in lines if line.startswith("kgsearch ")]


def options_in(path: Path) -> set[str]:
    """Long options named with `kgsearch` or alone in code; those of other programs stand in lines of their own."""
    text = path.read_text("utf-8")
    spans = [*re.findall(r"`([^`\n]+)`", text), *(" ".join(command) for command in commands_in(path))]
    return {option for span in spans for option in re.findall(r"(?<!\S)--[a-z]+", span)}


def defined_options() -> set[str]:
    known: set[str] = {"--help"}
    for command in (cli.commands, *cli.commands.commands.values()):
        known |= {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    return known


@pytest.mark.parametrize("path", [README, README_VI], ids=lambda path: path.name)
def test_every_option_named_exists(path: Path) -> None:
    assert options_in(path) <= defined_options()


@pytest.mark.parametrize("path", [README, README_VI], ids=lambda path: path.name)
def test_every_command_is_shown(path: Path) -> None:
    shown = {words[0] for words in commands_in(path) if words}
    assert shown == set(cli.commands.commands)


def runnable() -> list[list[str]]:
    """The commands to try; those that run until they are stopped are started by tests/test_cli.py."""
    endless = {"serve", "watch"}
    return [words for words in commands_in(README) if words[0] not in endless and not any(PLACEHOLDER.fullmatch(word) for word in words)]


def test_the_readme_has_commands_to_run() -> None:
    assert len(runnable()) >= 6


@pytest.mark.parametrize("words", runnable(), ids=" ".join)
def test_every_command_in_the_readme_runs(
    words: list[str], samples: Path, sample_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    # `index` writes, and the session's index is only read.
    folder = tmp_path / "index" if words[0] == "index" else sample_index
    assert cli.run([*words, "--index", str(folder)]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("path", [README, README_VI], ids=lambda path: path.name)
def test_every_make_target_named_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", path.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("path", [README, README_VI, ROOT / "docs" / "architecture.md"], ids=lambda path: path.name)
def test_every_path_named_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.findall(r"`((?:kgsearch|docs|tests|web|corpus|benchmarks)/[\w./-]*)`", text) + re.findall(r"\]\((?!\w+:|#)([^)]+)\)", text)
    assert named
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing


def requirements() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {re.split(r"[<>=]", line)[0] for line in project["dependencies"] + project["optional-dependencies"]["dev"]}


def test_dependencies_are_the_ones_explained() -> None:
    rows = re.findall(r"^\| `([\w-]+)`(?: [=<>]+ [\d.]+)? \| [^|`]+ \|", DEPENDENCIES.read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(rows) == sorted(requirements())


def test_licence_is_named_everywhere() -> None:
    assert "GPL-3.0-or-later" in README.read_text("utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text("utf-8")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit):
        cli.commands.make_context("kgsearch", ["--help"])
    shown = capsys.readouterr().out
    assert all(re.search(rf"^  {name}\b", shown, flags=re.MULTILINE) for name in cli.commands.commands)
