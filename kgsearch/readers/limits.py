"""How much of the machine the reading of one file may use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1024 * 1024

PROGRAM_MEMORY = 4096 * MEGABYTE
"""Address space of a program that a reader starts (LibreOffice maps far more than it uses)."""

PROGRAM_CPU = 600
"""Seconds of computing of such a program, in all its threads; its reader ends it by the clock before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file.

    ``memory``: bytes of address space; ``cpu``: seconds of computing, ``silence``: seconds of waiting, both without a step
    reported; ``total``: seconds in all; ``answer``: bytes of the text that is given back. Where the system has no such limits
    (Windows) those of time and of the answer remain.
    """

    memory: int = 512 * MEGABYTE
    cpu: int = 60
    silence: float = 60.0
    total: float = 3600.0
    answer: int = 64 * MEGABYTE


if sys.platform == "win32":

    def limit_process(limits: Limits) -> None:
        """Nothing: the system has no such limits."""

    def limit_computing(seconds: int) -> None:
        """Nothing: the system has no such limits."""

    def program_limits(memory: int = PROGRAM_MEMORY) -> Callable[[], None] | None:
        """None: the system has no such limits."""
        return None

else:
    import resource

    def limit_process(limits: Limits) -> None:
        """Limit this process for good: its memory, the files it writes, and no core is dumped."""
        _lower(resource.RLIMIT_CORE, 0, 0)
        _lower(resource.RLIMIT_FSIZE, 1024 * MEGABYTE, 1024 * MEGABYTE)
        # What a reader starts may raise its own limit so far, this process stays below.
        _lower(resource.RLIMIT_AS, limits.memory, max(limits.memory, PROGRAM_MEMORY))

    def limit_computing(seconds: int) -> None:
        """Give this process ``seconds`` of computing from now on; then the system ends it."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds, resource.RLIM_INFINITY)

    def program_limits(memory: int = PROGRAM_MEMORY) -> Callable[[], None] | None:
        """What a started program does first (``preexec_fn`` of subprocess): it allows itself ``memory`` bytes of address space.

        Its computing is limited anew: it reports no steps, and what its reader has left would end it for no fault of the file.
        """

        def raise_limits() -> None:
            _lower(resource.RLIMIT_AS, memory, memory)
            _lower(resource.RLIMIT_CPU, PROGRAM_CPU, PROGRAM_CPU)

        return raise_limits

    def _lower(kind: int, soft: int, hard: int) -> None:
        """Set a limit as far as the limit in force allows."""
        _soft, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:
            hard = highest if hard == resource.RLIM_INFINITY else min(hard, highest)
            soft = min(soft, hard)
        resource.setrlimit(kind, (soft, hard))
