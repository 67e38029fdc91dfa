"""Fixtures that several test files share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kgsearch import i18n

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from test_server import FakeService

ROOT = Path(__file__).resolve().parents[1]

# No test is timed against the clock. A check before landing draws the same examples each time; other runs go on looking.
settings.register_profile("kgsearch", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("kgsearch")


# Where the tests are started in the background of a shell, Ctrl-C is ignored, and so it would be by every program that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _settings_of_the_tests_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine that runs the tests reaches them, and no test's language the next one."""
    for name in list(os.environ):
        if name.startswith("KGSEARCH_") or name == "LANGUAGE":
            monkeypatch.delenv(name)
    token = i18n._language.set(None)
    yield
    i18n._language.reset(token)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; the test is skipped where it is missing."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("needs the real documents in ../shared, which is missing here")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample documents."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def sample_index(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index folder of the samples, built once; tests only read it."""
    from kgsearch.config import load_settings
    from kgsearch.indexing import sync

    folder = tmp_path_factory.mktemp("samples") / "index"
    sync(load_settings(samples, folder), (), None)
    return folder


@pytest.fixture
def service() -> FakeService:
    """A search service over a few clauses held in memory."""
    from test_server import FakeService

    return FakeService()


@pytest.fixture
def client(tmp_path: Path, service: FakeService) -> FlaskClient:
    """The pages and the API over `service`."""
    from kgsearch.config import Settings
    from kgsearch.server import create_app

    return create_app(Settings(corpus=tmp_path, index=tmp_path / "index"), service).test_client()
