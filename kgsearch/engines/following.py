"""An engine that follows its home: it sees every commit and every engine put in the place of another, and no search waits for it.

Who first notices that there is something new opens it; until it is open, all others search what was open before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TypeVar

from kgsearch.engines.base import Engine, EngineQuery, EngineResult, EngineWriter
from kgsearch.engines.home import EngineHome
from kgsearch.errors import IndexStateError

RETRY_AFTER = 2.0
"""Seconds before a commit that could not be opened is tried again: checking it may take as long as reading it all."""

_T = TypeVar("_T")


class FollowingEngine:
    """The `Engine` in use in the home at ``path``, opened by ``open_engine``. Raises IndexStateError where there is none."""

    def __init__(self, path: Path, open_engine: Callable[[Path], Engine]) -> None:
        self._home = EngineHome(path)
        self._open = open_engine
        self._opening = Lock()
        self._folder, self._engine = self._home.open(lambda folder: (folder, open_engine(folder)))
        self._failed_at: float | None = None
        self._closed = False
        self.name = self._engine.name
        self.trouble: str | None = None

    def search(self, query: EngineQuery) -> EngineResult:
        """Matches of ``query`` in what was committed last. Raises IndexStateError when the engine's files cannot be read."""
        return self._asked(lambda engine: engine.search(query))

    def writer(self) -> AbstractContextManager[EngineWriter]:
        """A batch for the engine in use."""
        return self._asked(lambda engine: engine.writer())

    def passages(self) -> int:
        """How many passages are held."""
        return self._asked(lambda engine: engine.passages())

    def documents(self) -> frozenset[str]:
        """Ids of the documents held."""
        return self._asked(lambda engine: engine.documents())

    def commit_name(self) -> str:
        """What tells the last commit from all others."""
        return self._asked(lambda engine: engine.commit_name())

    def refresh(self) -> None:
        """See what other processes have committed or put in place since. Raises IndexStateError where that cannot be opened: what
        was open before goes on being searched then."""
        with self._opening:
            self._catch_up()

    def close(self) -> None:
        """Let go of files; searches under way end first."""
        with self._opening:
            self._closed = True
            self._engine.close()

    def _asked(self, question: Callable[[Engine], _T]) -> _T:
        self._follow()
        while True:
            engine = self._engine
            try:
                return question(engine)
            except IndexStateError:
                # Another thread may have put another engine in its place and closed it.
                if engine is self._engine:
                    raise

    def _follow(self) -> None:
        """Catch up, unless another thread is at it. What cannot be opened is told in ``trouble``, and searches go on as before."""
        if not self._opening.acquire(blocking=False):
            return
        try:
            if self._failed_at is None or monotonic() - self._failed_at >= RETRY_AFTER:
                self._catch_up()
        except IndexStateError:
            pass
        finally:
            self._opening.release()

    def _catch_up(self) -> None:
        if self._closed:
            return
        try:
            self._home.open(self._open_newest)
        except IndexStateError as error:
            self._failed_at, self.trouble = monotonic(), str(error)
            raise
        self._failed_at, self.trouble = None, None

    def _open_newest(self, folder: Path) -> None:
        if folder == self._folder:
            self._engine.refresh()
            return
        engine, before = self._open(folder), self._engine
        self._engine, self._folder = engine, folder
        before.close()
