"""Work on all cores: a function applied to many things in other processes, its results in the order of the things.

What is ahead of the result that is wanted next is bounded, in number and in weight, so that the memory of a run does not grow with
what there is to do. A process that dies costs the thing that it was at. Where no process can be started, the work is done here.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from multiprocessing import connection, get_context
from types import TracebackType
from typing import Any, Generic, TypeVar

from kgsearch.i18n import current_language, use_language
from kgsearch.indexing.collecting import collect_rarely, collecting_rarely

FEW = 4
"""So many things are done in this process: starting others takes longer."""

AHEAD = 4
"""How many things a worker may be given before the result that is wanted next is there."""

HEAVIEST_AHEAD = 64 * 1024 * 1024
"""The weight (bytes of files) that may be ahead; one thing that is heavier is taken alone."""

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


class WorkerLostError(Exception):
    """The process that worked on something died of it."""


class Workers:
    """At most ``count`` processes, started when they are needed; 0 is as many as there are cores, 1 none but this one.

    Used as a context: when that ends, the processes do. They end too when this process is gone, however it ended, and leave Ctrl-C
    to it. As long as it lasts, this process too collects garbage rarely: it does the work itself, or what comes before and after.
    """

    def __init__(self, count: int = 0) -> None:
        self.count = count or _cores()
        self._pool: _Pool | None = None
        self._collecting = ExitStack()

    def __enter__(self) -> Workers:
        self._collecting.enter_context(collecting_rarely())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._collecting:
            self._end(at_once=kind is not None)

    def results(
        self, function: Callable[[_Thing], _Result], things: Iterable[_Thing], weight: Callable[[_Thing], int] = lambda _thing: 0
    ) -> Iterator[tuple[_Thing, _Result | Exception]]:
        """Each of ``things`` with what ``function`` makes of it, or with the exception that it raises; in their order.

        ``function``, the things and the results must be fit for pickling where there are more than FEW. WorkerLostError stands for a
        process that died.
        """
        coming = iter(things)
        first = list(islice(coming, FEW + 1))
        if len(first) > FEW and self.count > 1:
            yield from _Ahead(self, function, chain(first, coming), weight).results()
        else:
            yield from ((thing, _applied(function, thing)) for thing in chain(first, coming))

    def submit(self, function: Callable[[_Thing], _Result], thing: _Thing) -> Future[_Result]:
        """The result to come. Where no process can be started it is made here."""
        if self.count > 1:
            try:
                if self._pool is None:
                    self._pool = _Pool(self.count)
                return self._pool.submit(function, thing)
            except BrokenProcessPool as error:
                return _failed(error)
            except (OSError, ImportError, NotImplementedError):
                self.work_here()
        return _done(function, thing)

    def start_again(self) -> None:
        """Replace processes one of which has died; from now on work here where they die of nothing."""
        self._end(at_once=True)
        try:
            self.submit(abs, 0).result()
        except BrokenProcessPool:
            self.work_here()

    def work_here(self) -> None:
        """Start no more processes."""
        self._end(at_once=True)
        self.count = 1

    def _end(self, *, at_once: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.end(at_once=at_once)


class _Ahead(Generic[_Thing, _Result]):
    """What has been given to the workers and not been asked for yet."""

    def __init__(
        self, workers: Workers, function: Callable[[_Thing], _Result], things: Iterable[_Thing], weight: Callable[[_Thing], int]
    ) -> None:
        self._workers = workers
        self._function = function
        self._things = iter(things)
        self._weight = weight
        self._given: deque[tuple[_Thing, Future[_Result]]] = deque()
        self._heavy = 0

    def results(self) -> Iterator[tuple[_Thing, _Result | Exception]]:
        self._give()
        while self._given:
            thing, future = self._given[0]
            try:
                result: _Result | Exception = future.result()
            except BrokenProcessPool:
                result = self._alone()
            except Exception as error:
                result = error
            self._given.popleft()
            self._heavy -= self._weight(thing)
            self._give()
            yield thing, result

    def _give(self) -> None:
        while len(self._given) < AHEAD * self._workers.count and (self._heavy < HEAVIEST_AHEAD or not self._given):
            thing = next(self._things, None)
            if thing is None:
                return
            self._given.append((thing, self._workers.submit(self._function, thing)))
            self._heavy += self._weight(thing)

    def _alone(self) -> _Result | Exception:
        """The result for the first of what was given when a process died, made while nothing else is being made: nobody else can
        be the cause then. The others are given again."""
        self._workers.start_again()
        first, rest = self._given[0], list(islice(self._given, 1, None))
        try:
            result: _Result | Exception = self._workers.submit(self._function, first[0]).result()
        except BrokenProcessPool:
            result = WorkerLostError()
            self._workers.start_again()
        except Exception as error:
            result = error
        self._given = deque([first, *((thing, self._again(thing, future)) for thing, future in rest)])
        return result

    def _again(self, thing: _Thing, future: Future[_Result]) -> Future[_Result]:
        lost = not future.done() or future.cancelled() or isinstance(future.exception(), BrokenProcessPool)
        return self._workers.submit(self._function, thing) if lost else future


class _Pool:
    """The processes, and a pipe that nothing is written to: it closes when they are to end, and when this process is gone."""

    def __init__(self, count: int) -> None:
        context = get_context("spawn")
        watched, self._kept = context.Pipe(duplex=False)
        self._watched = watched
        self._executor = ProcessPoolExecutor(count, context, _begin, (watched, current_language()))

    def submit(self, function: Callable[[_Thing], _Result], thing: _Thing) -> Future[_Result]:
        with _interrupts_held():
            return self._executor.submit(function, thing)

    def end(self, *, at_once: bool) -> None:
        if at_once:
            self._kept.close()
        self._executor.shutdown(wait=not at_once, cancel_futures=True)
        self._kept.close()
        self._watched.close()


def _applied(function: Callable[[_Thing], _Result], thing: _Thing) -> _Result | Exception:
    """What ``function`` makes of ``thing``, or the exception that it raises."""
    try:
        return function(thing)
    except Exception as error:
        return error


def _begin(watched: connection.Connection, language: str) -> None:
    """What a worker does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use_language(language)
    collect_rarely()
    threading.Thread(target=_end_with, args=(watched,), name="kgsearch-parent", daemon=True).start()


def _end_with(watched: connection.Connection) -> None:
    """End this process, and what it has started, when the pipe is closed at its other end."""
    with suppress(OSError, EOFError):
        watched.recv_bytes()
    with suppress(Exception):
        from kgsearch.readers.supervisor import close

        close()
    os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes started meanwhile do not hear of Ctrl-C before they can leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _done(function: Callable[[_Thing], _Result], thing: _Thing) -> Future[_Result]:
    future: Future[Any] = Future()
    try:
        future.set_result(function(thing))
    except Exception as error:
        future.set_exception(error)
    return future


def _failed(error: Exception) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
