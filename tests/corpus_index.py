"""The index of a folder of documents, built once in a run of the tests, whichever of them asks first."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync


def indexed(corpus: Path, factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index of ``corpus`` that tests only read; every file of it must have been indexed."""
    settings = load_settings(corpus, factory.getbasetemp() / f"index-of-{corpus.name}")
    if not settings.index.exists():
        report = sync(settings, (), None)
        assert not report.failures
    return settings
