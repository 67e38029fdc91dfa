"""How a reader says that it is still at work.

A file is given up when nothing is heard of it for a minute. A reader that works page by page, or through an archive, reports each
step; where nobody listens that costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def report_progress() -> None:
    """Say that a step (a page, a member of an archive) is done and the next one begins."""
    for listener in _listeners:
        listener()


def listen(listener: Callable[[], None]) -> None:
    """Have ``listener`` called at every step from here on, in place of who listened before."""
    _listeners[:] = [listener]
