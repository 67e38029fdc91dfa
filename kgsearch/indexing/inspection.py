"""How the index stands, without changing anything."""

from __future__ import annotations

from typing import Any

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings
from kgsearch.engines.home import EngineHome
from kgsearch.errors import IndexStateError
from kgsearch.indexing import lexicon
from kgsearch.indexing.progress import running
from kgsearch.indexing.tools import Tools, default_tools
from kgsearch.indexing.watching.standing import watching


def status(settings: Settings, *, tools: Tools | None = None) -> dict[str, Any]:
    """`CatalogueReader.status` with how many ``passages`` the engine holds, and ``engine_error``: None, or why the engine cannot be
    opened; ``lexicon``: what was learnt from the corpus, None where nothing was; ``running``: what
    `kgsearch.indexing.progress.running` says, ``watching``: what `kgsearch.indexing.watching.standing.watching` does. The folders are
    left out, because the same JSON is served to the network. Raises IndexStateError where there is no index.
    """
    with CatalogueReader(settings.catalogue_path) as reader:
        known = reader.status()
    passages, engine_error = None, None
    try:
        engine = EngineHome(settings.engine_path).open((tools or default_tools()).open_engine)
        passages = engine.passages()
        engine.close()
    except IndexStateError as error:
        engine_error = str(error)
    return {
        **known,
        "passages": passages,
        "engine_error": engine_error,
        "lexicon": lexicon.status(settings.lexicon_path),
        "running": running(settings.index, settings.lock_path),
        "watching": watching(settings.index),
    }
