"""The state of the index, for whoever looks after it: what is indexed, what failed and why, what waits, what runs now, the last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template

from kgsearch.config import Settings
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _
from kgsearch.i18n import ngettext
from kgsearch.indexing import status as read_status
from kgsearch.indexing.progress import phase_names, running
from kgsearch.indexing.watching.standing import watching
from kgsearch.server.formats import decimal, number
from kgsearch.server.service import search_service

blueprint = Blueprint("status", __name__)

# Of each list; `kgsearch status` has them all.
LISTED = 100
UNAVAILABLE = 503
# Seconds after which the page looks again, while something runs and while nothing does.
SOON, LATER = 2, 15

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Run:
    """The indexing that is going on: ``name`` of its phase, ``done`` of ``total`` steps, what it says of its speed in words."""

    name: str
    done: int
    total: int
    said: tuple[str, ...]
    started: str

    @property
    def percent(self) -> int:
        """How much of the phase is done, at most 100."""
        return min(100, 100 * self.done // self.total) if self.total > 0 else 0


@dataclass(frozen=True, slots=True)
class Count:
    """A line of a table: what was counted, and how many."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Phase:
    """What a phase of the last run did: so many steps, in what time, how many a second."""

    name: str
    done: int
    took: str
    rate: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run in figures; ``ended`` is an ISO 8601 time, "" where it is not known."""

    counts: tuple[Count, ...]
    took: str
    ended: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the page shows: ``known`` is the JSON of ``kgsearch status``, empty where there is no index; ``problem`` says why nothing can
    be searched, "" where it can."""

    known: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    run: Run | None = None
    last: LastRun | None = None
    watch: Mapping[str, Any] | None = None

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why something cannot be searched. What a run that is going on will mend is none."""
        if self.problem and self.run:
            return ()
        return tuple(dict.fromkeys(filter(None, (self.problem, self.known.get("engine_error")))))

    @property
    def is_whole(self) -> bool:
        """Whether every file that there is can be found."""
        troubles = ("files_failed", "files_waiting", "waiting", "engine_error", "reports_error")
        behind = self.watch is not None and self.watch["trouble_since"]
        return bool(self.known) and not self.problem and not behind and not any(self.known.get(name) for name in troubles)


@blueprint.get("/status")
def status() -> Response:
    """The page; with status 503 where nothing can be searched, and then it says why and what runs."""
    state = index_state(_settings())
    now = datetime.now().astimezone()
    page = render_template("status.html", state=state, status=state.known, listed=LISTED, now=now, again=SOON if state.run else LATER)
    return make_response(page, UNAVAILABLE if state.problem and not state.known else 200)


def status_json() -> dict[str, Any]:
    """The JSON of ``kgsearch status``, also while nothing can be searched. Raises IndexStateError where there is no catalogue."""
    settings = _settings()
    known, problem = _known(settings)
    if not known:
        raise IndexStateError(problem)
    return {
        **known,
        "engine_error": known.get("engine_error") or problem or None,
        "running": running(settings.index, settings.lock_path),
        "watching": watching(settings.index),
    }


def index_state(settings: Settings) -> IndexState:
    """How the index stands, as far as it can be told."""
    now = running(settings.index, settings.lock_path)
    known, problem = _known(settings)
    return IndexState(known, problem, _run(now) if now else None, _last_run(known.get("last_run")), watching(settings.index))


def _settings() -> Settings:
    settings: Settings = current_app.config["KGSEARCH_SETTINGS"]
    return settings


def _known(settings: Settings) -> tuple[Mapping[str, Any], str]:
    """What is known of the index, and why nothing can be searched, "" where it can. While the engine is built for the first time, or is
    damaged, the catalogue tells; where there is none either, nothing is known."""
    try:
        return search_service().status(), ""
    except IndexStateError as error:
        problem = str(error)
    try:
        return read_status(settings), problem
    except IndexStateError:
        return {}, problem


def _run(now: Mapping[str, Any]) -> Run:
    rate, left = _rate(now["rate"], now["done"]), now["seconds_left"]
    said = [_("{rate} a second").format(rate=rate)] if rate else []
    if left is not None:
        said.append(_("about {time} left").format(time=duration(left)))
    return Run(phase_names().get(now["phase"], now["phase"]), now["done"], now["total"], tuple(said), now["started"])


def _last_run(run: Any) -> LastRun | None:
    """The last run in words; None where none is known."""
    if not isinstance(run, Mapping):
        return None
    counts = (Count(name, run[key]) for key, name in _outcomes().items() if run.get(key))
    phases = (
        Phase(phase_names().get(name, name), figures["done"], duration(figures["seconds"]), _rate(figures["rate"], figures["done"]))
        for name, figures in run.get("phases", {}).items()
        if figures["done"]
    )
    took = duration(run["seconds"]) if "seconds" in run else ""
    return LastRun(tuple(counts), took, str(run.get("ended") or ""), tuple(phases))


def _outcomes() -> dict[str, str]:
    return {
        "added": _("New files"),
        "changed": _("Changed files"),
        "moved": _("Renamed or moved files"),
        "removed": _("Removed files"),
        "unchanged": _("Unchanged files"),
        "failed": _("Files that could not be read"),
        "waiting": _("Files that were not complete yet"),
    }


def duration(seconds: float) -> str:
    """A time in words, as exact as one wants to know it: "45 giây", "3 phút", "2 giờ 5 phút"."""
    if seconds < 1:
        return _("less than a second")
    # From two minutes on nobody counts seconds.
    if seconds < 2 * _MINUTE:
        whole = round(seconds)
        return ngettext("{count} second", "{count} seconds", whole).format(count=whole)
    minutes = round(seconds / _MINUTE)
    hours, rest = divmod(minutes, _HOUR // _MINUTE)
    parts = [ngettext("{count} hour", "{count} hours", hours).format(count=number(hours))] if hours else []
    if rest:
        parts.append(ngettext("{count} minute", "{count} minutes", rest).format(count=rest))
    return " ".join(parts)


def _rate(rate: float, done: int) -> str:
    """So many a second, with a decimal where they are few; "" of a single one, which says nothing of others."""
    if done < 2 or not rate:
        return ""
    return number(round(rate)) if rate >= 10 else decimal(rate)
