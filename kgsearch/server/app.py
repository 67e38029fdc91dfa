"""The Flask application: its limits, its language, its errors, and the pages and API that it serves."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from kgsearch import i18n
from kgsearch.config import Settings
from kgsearch.errors import IndexStateError, KgsearchError, NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.server import api, compare, faults, formats, help_page, language, link_pages, pages, security, status
from kgsearch.server.file_pages import file_page
from kgsearch.server.results import short_name
from kgsearch.server.service import EXTENSION, SearchService, ServiceHolder

_STATUS: tuple[tuple[type[KgsearchError], int], ...] = ((UsageError, 400), (NotFoundError, 404), (IndexStateError, 503))


def create_app(settings: Settings, searcher: SearchService | None = None) -> Flask:
    """The web application over ``searcher``, by default over the index that ``settings`` names.

    The index is opened by the first request that needs it; as long as it cannot be, those requests are answered with
    status 503 and the reason.
    """
    app = Flask("kgsearch.web")
    # Vietnamese is sent as it is written, not as \\u escapes.
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["KGSEARCH_SETTINGS"] = settings
    app.extensions[EXTENSION] = ServiceHolder(lambda: searcher if searcher is not None else _open(settings))
    security.secure(app, list(settings.trusted_hosts) or None)
    language.speak(app, settings.language)
    _prepare_templates(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(link_pages.blueprint)
    app.register_blueprint(compare.blueprint)
    app.register_blueprint(faults.blueprint)
    app.register_blueprint(help_page.blueprint)
    app.register_blueprint(status.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_error_handler(KgsearchError, _on_own_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_failure)
    return app


def _open(settings: Settings) -> SearchService:
    from kgsearch.retrieval import Searcher

    return Searcher(settings)


def _prepare_templates(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.finalize = formats.printable
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(day=formats.day, moment=formats.moment, number=formats.number, short_name=short_name)
    environment.globals.update(nonce=security.nonce, language_address=pages.language_address, file_page=file_page)


def _on_own_error(error: KgsearchError) -> Response:
    code = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return _answer(code, str(error))


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    messages = {
        404: _("There is no such page."),
        405: _("This address does not take that method."),
        413: _("The request is too large."),
    }
    message = messages.get(error.code) or _("The request cannot be answered: {name}.").format(name=error.name)
    response = _answer(error.code, message)
    # What the exception's own headers say (Allow of a 405, for instance) holds for our body too.
    response.headers.extend((name, value) for name, value in error.get_headers() if name.lower() != "content-type")
    return response


def _on_failure(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, _("Something went wrong in the program; the server's log says what. Please try again."))


def _answer(code: int, message: str) -> Response:
    if request.path.startswith(api.PREFIX + "/"):
        return api.error_response(code, message)
    return pages.error_response(code, message)
