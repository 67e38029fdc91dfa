"""The language of a response: Vietnamese unless settings, ``?lang=`` or the cookie that it sets say English."""

from __future__ import annotations

from flask import Flask, Response, g, request

from kgsearch.i18n import LANGUAGES, use_language

COOKIE = "kgsearch_language"
PARAMETER = "lang"
ONE_YEAR = 365 * 24 * 3600


def speak(app: Flask, default: str) -> None:
    """Have every request of ``app`` answered in the language that its reader chose, ``default`` where there is no choice."""

    @app.before_request
    def choose_language() -> None:
        g.language = _known(request.args.get(PARAMETER)) or _known(request.cookies.get(COOKIE)) or default
        use_language(g.language)

    @app.after_request
    def remember_language(response: Response) -> Response:
        chosen = _known(request.args.get(PARAMETER))
        if chosen:
            response.set_cookie(COOKIE, chosen, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = g.get("language", default)
            response.vary.add("Cookie")
        return response


def _known(language: str | None) -> str | None:
    return language if language in LANGUAGES else None
