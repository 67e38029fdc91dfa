"""What is installed is what is in the tree: a package or data file that is not listed would be silently missing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import kgsearch

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def source_files() -> set[Path]:
    tracked = {path for folder in ("kgsearch", "web") for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {path for path in tracked if "__pycache__" not in path.parts and path.suffix != ".pyc"}


def installed_name(path: Path) -> str:
    """Where a file of the tree is in an installation."""
    relative = path.relative_to(ROOT)
    return str(Path("kgsearch", relative) if relative.parts[0] == "web" else relative)


def test_packages_listed_are_the_packages_in_the_tree(project: dict[str, Any]) -> None:
    in_tree = {".".join(Path(installed_name(path)).parent.parts) for path in source_files() if path.suffix == ".py"}
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(in_tree)


def test_every_package_has_an_init(project: dict[str, Any]) -> None:
    directories = project["tool"]["setuptools"]["package-dir"]
    for package in project["tool"]["setuptools"]["packages"]:
        folder = ROOT / directories.get(package, package.replace(".", "/"))
        assert (folder / "__init__.py").is_file(), f"{package} has no __init__.py"


def test_web_holds_no_code() -> None:
    assert [path.name for path in (ROOT / "web").rglob("*.py")] == ["__init__.py"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("build", reason="needs the package build, one of the dev extras")
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy, so that nothing is written into the tree.
    tree = folder / "tree"
    tree.mkdir()
    for path in sorted(source_files() | {ROOT / name for name in ("pyproject.toml", "README.md", "LICENSE")}):
        copy = tree / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(tree)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if result.returncode and "No matching distribution found for setuptools" in result.stdout + result.stderr:
        pytest.skip("the build backend cannot be installed without a network")
    assert result.returncode == 0, result.stdout + result.stderr
    return next(folder.glob("*.whl"))


def test_wheel_holds_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {Path(installed_name(path)).as_posix() for path in source_files()}


def test_wheel_names_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
        licences = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    assert "License-Expression: GPL-3.0-or-later" in metadata
    assert f"Version: {kgsearch.__version__}" in metadata
    assert licences


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def pins() -> dict[str, str]:
    lines = (line.split("#")[0].split(";")[0].strip() for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines())
    return {normal(line.split("==")[0]): line.split("==")[1].strip() for line in lines if line}


def test_every_dependency_is_pinned(project: dict[str, Any]) -> None:
    from packaging.requirements import Requirement

    listed = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    for requirement in map(Requirement, listed):
        assert pins().get(normal(requirement.name)) in requirement.specifier, f"{requirement} is not pinned to a version that it allows"


def test_constraints_and_settings_name_no_registry() -> None:
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".pre-commit-config.yaml", ".ci/run"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text and "--index-url" not in text, name


def test_public_verbs_are_the_pipelines() -> None:
    assert set(kgsearch.__all__) == {"__version__", "ask", "open_index", "parse", "read", "search"}
    for name in kgsearch.__all__:
        assert getattr(kgsearch, name)
    with pytest.raises(AttributeError):
        _ = kgsearch.nothing_of_the_kind
