"""Headers and limits that every response and request keeps."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

MAX_BODY = 64 * 1024
MAX_FORM_PARTS = 50

# Everything comes from this server; scripts also need the nonce of their own response, so injected ones do not run.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce() -> str:
    """The nonce of the response in hand, which its script elements carry."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def secure(app: Flask, trusted_hosts: list[str] | None) -> None:
    """Set the limits of requests on ``app`` and the headers of its responses; ``trusted_hosts`` None accepts any Host header."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        TRUSTED_HOSTS=trusted_hosts,
    )
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response
