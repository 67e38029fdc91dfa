"""The rooms: imports point one way, each library is known to one room, functions stay short, a search starts light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kgsearch"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

LAYERS = (
    {"errors", "models", "config", "i18n", "durable"},
    {"language"},
    {"readers", "parser", "citations"},
    {"catalogue", "engines"},
    {"indexing", "retrieval", "exporting", "comparing"},
    {"answering"},
    {"evaluation"},
    {"server", "cli"},
)
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}

KNOWN_BY = {
    "alembic": "kgsearch/catalogue/",
    "click": "kgsearch/cli/",
    "filelock": "kgsearch/indexing/",
    "flask": "kgsearch/server/",
    "lxml": "kgsearch/readers/",
    "markupsafe": "kgsearch/server/",
    "PIL": "kgsearch/readers/",
    "pypdfium2": "kgsearch/readers/",
    "pycrfsuite": "kgsearch/language/",
    "sqlalchemy": "kgsearch/catalogue/",
    "sqlite3": "kgsearch/catalogue/",
    "unidecode": "kgsearch/language/",
    "waitress": "kgsearch/server/",
    "watchdog": "kgsearch/indexing/",
    "werkzeug": "kgsearch/server/",
    "whoosh": "kgsearch/engines/whoosh",
}

MAX_LINES = 60


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports anywhere in it, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            module = node.module or ""
            # `from kgsearch import i18n` names a room as well.
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "kgsearch" else (module,)


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != PACKAGE or not path.stem.startswith("__")], ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    assert room in HEIGHT, f"{room} has no place in LAYERS"
    for module in imported(path):
        parts = module.split(".")
        if parts[0] != "kgsearch" or len(parts) == 1 or parts[1] in (room, "web", "__version__"):
            continue
        below = HEIGHT[parts[1]] < HEIGHT[room]
        beside = HEIGHT[parts[1]] == HEIGHT[room]
        assert below or beside or (room == "cli"), f"{name_of(path)} imports {module}, which stands above it"


def test_answering_is_built_from_the_bottom() -> None:
    """Values know no question, questions no reading, and reading none of the ways of answering."""
    parts = ("values", "question", "reading")
    for path in MODULES:
        room = path.relative_to(PACKAGE).parts
        if room[0] != "answering" or room[1] not in parts:
            continue
        for module in imported(path):
            inside = module.split(".")[2:3] if module.startswith("kgsearch.answering.") else []
            allowed = {"kinds", *parts[: parts.index(room[1]) + 1]}
            assert set(inside) <= allowed, f"{name_of(path)} imports {module}, which stands above it"


def test_rooms_do_not_import_one_another() -> None:
    """Rooms at one height may use each other, but never both ways."""
    edges = {
        (room_of(path), module.split(".")[1])
        for path in MODULES
        for module in imported(path)
        if module.startswith("kgsearch.") and module.split(".")[1] in HEIGHT and room_of(path) in HEIGHT
    }
    mutual = sorted({tuple(sorted(edge)) for edge in edges if edge[0] != edge[1] and edge[::-1] in edges})
    assert not mutual


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_library_is_known_to_one_room(path: Path) -> None:
    for module in imported(path):
        home = KNOWN_BY.get(module.split(".")[0])
        assert home is None or name_of(path).startswith(home), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_LINES, f"{name_of(path)}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) != "cli"], ids=name_of)
def test_only_the_command_line_prints(path: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
    assert "print" not in names


def test_a_search_imports_nothing_heavy(samples: Path, sample_index: Path) -> None:
    heavy = {"flask", "werkzeug", "jinja2", "waitress", "sqlalchemy", "alembic", "numpy", "scipy", "sklearn", "sklearn_crfsuite", "pyvi"}
    heavy |= {"lxml", "PIL", "pypdfium2", "watchdog"}
    script = (
        "import sys\n"
        "from kgsearch.cli import run\n"
        "status = run(sys.argv[1:])\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    command = [sys.executable, "-c", script, "search", "giải ngân đầu tư công", "--corpus", str(samples), "--index", str(sample_index)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    assert not heavy & set(result.stderr.split())
