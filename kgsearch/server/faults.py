"""“Báo lỗi”: a reader says what is wrong with a document, a clause or a citation; the administrator finds it in ``kgsearch status``."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kgsearch.catalogue.faults import MAX_MESSAGE, About, Fault, FaultReports, about_names
from kgsearch.citations import cite
from kgsearch.errors import IndexStateError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord, DocumentRecord
from kgsearch.server.asked import asked_clause, asked_document
from kgsearch.server.parameters import Arguments, query_string, whole_number
from kgsearch.server.references import place_address
from kgsearch.server.service import search_service

blueprint = Blueprint("faults", __name__)

# Of one address; a whole office may stand behind one.
REPORTS_IN_A_PERIOD = 20
PERIOD_SECONDS = 600
MAX_SENDERS = 1000
# Numbers are never used again, however many reports are kept.
MAX_NUMBER = 10**9 - 1

BAD_REQUEST, FORBIDDEN, TOO_MANY, UNAVAILABLE = 400, 403, 429, 503
_EXTENSION = "kgsearch.reporting"


class SendRate:
    """How often each sender may send: ``limit`` times in ``period`` seconds of ``clock``. Safe to use from several threads."""

    def __init__(
        self, limit: int = REPORTS_IN_A_PERIOD, period: float = PERIOD_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._period, self._clock = limit, period, clock
        self._lock = Lock()
        self._sent: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, sender: str) -> bool:
        """Whether ``sender`` may send now; then it is counted."""
        now = self._clock()
        with self._lock:
            times = self._sent.setdefault(sender, deque())
            self._sent.move_to_end(sender)
            while len(self._sent) > MAX_SENDERS:
                self._sent.popitem(last=False)
            while times and times[0] <= now - self._period:
                times.popleft()
            if len(times) >= self._limit:
                return False
            times.append(now)
            return True


@dataclass(frozen=True, slots=True)
class Reported:
    """The place that a report is about; without a clause it is the document."""

    record: DocumentRecord
    clause: ClauseRecord | None

    @classmethod
    def read(cls, arguments: Arguments) -> Reported:
        """The place that ``document`` and ``eid`` name. Raises NotFoundError where there is none."""
        record = asked_document(arguments.get("document", ""))
        eid = arguments.get("eid", "")
        if not eid:
            return cls(record, None)
        found = search_service().reader.clauses_of([(record.id, eid)])
        return cls(record, asked_clause(list(found.values()), eid))

    @property
    def eid(self) -> str:
        """The clause's eId, "" for the document."""
        return self.clause.eid if self.clause else ""

    @property
    def name(self) -> str:
        """How the place is cited."""
        return cite(self.record, self.clause.citation if self.clause else "", full=False, attached=self.eid.startswith("att_"))

    @property
    def words(self) -> str:
        """What stands there, or its beginning."""
        return self.clause.text if self.clause else self.record.title

    @property
    def address(self) -> str:
        """Where it is read."""
        return place_address(Address(self.record.id, self.eid))


@blueprint.get("/report")
def report() -> Response:
    """The form, with the place that it is about."""
    return _form(Reported.read(request.args), _about(request.args), "", "", 200)


@blueprint.post("/report")
def send() -> BaseResponse:
    """Keep a report; what is wrong with it is said above the form, in which everything typed is still there."""
    place = Reported.read(request.form)
    about, message = _about(request.form), request.form.get("message", "")
    if not sent_from_here():
        return _form(place, about, message, _("This was not sent from a page of this server; please send it again from here."), FORBIDDEN)
    if not _rate().take(request.remote_addr or ""):
        minutes = PERIOD_SECONDS // 60
        told = _("Too many reports in a short time; please send it again in {minutes} minutes.").format(minutes=minutes)
        return _form(place, about, message, told, TOO_MANY)
    try:
        number = _reports().add(Fault(place.record.id, place.eid, place.name, place.words, about, message))
    except UsageError as error:
        return _form(place, about, message, str(error), BAD_REQUEST)
    except IndexStateError as error:
        return _form(place, about, message, str(error), UNAVAILABLE)
    pairs = [("document", place.record.id), ("eid", place.eid), ("number", str(number))]
    return redirect("/report/sent" + query_string([pair for pair in pairs if pair[1]]), 303)


@blueprint.get("/report/sent")
def sent() -> str:
    """That the report is kept, and the way back."""
    number = whole_number(request.args, "number", 0, 0, MAX_NUMBER)
    return render_template("report_sent.html", place=Reported.read(request.args), number=number)


def sent_from_here() -> bool:
    """Whether the request in hand comes from a page of this server.

    Browsers say so in Sec-Fetch-Site where the server is trusted (https, this machine), on plain HTTP in Origin; older ones at least in
    Referer. What says nothing at all is no browser's form.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    # The host alone: behind a proxy the scheme here is another than the browser's.
    try:
        return urlsplit(said).netloc.casefold() == request.host.casefold() != ""
    except ValueError:
        return False


def _about(arguments: Arguments) -> About:
    text = arguments.get("about", "")
    return About(text) if text in set(About) else About.TEXT


def _form(place: Reported, about: About, message: str, error: str, status: int) -> Response:
    page = render_template("report.html", place=place, about=about, kinds=about_names(), message=message, error=error, longest=MAX_MESSAGE)
    return make_response(page, status)


def _reports() -> FaultReports:
    return FaultReports(current_app.config["KGSEARCH_SETTINGS"].index)


def _rate() -> SendRate:
    rate: SendRate = current_app.extensions.setdefault(_EXTENSION, SendRate())
    return rate


@blueprint.app_context_processor
def _names() -> dict[str, object]:
    return {"about_names": about_names}
