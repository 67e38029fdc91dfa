"""Serve the application with waitress."""

from __future__ import annotations

import errno
import http.client
import logging
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from waitress.server import create_server

from kgsearch.config import Settings
from kgsearch.errors import UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.server.app import create_app
from kgsearch.server.security import MAX_BODY
from kgsearch.server.watcher import watch_beside

# A browser keeps several connections open; fifty people at once are some hundreds.
CONNECTIONS = 500
BACKLOG = 128
IDLE_SECONDS = 60
ANSWER_SECONDS = 30
_WILDCARDS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


def serve(
    settings: Settings, announce: Callable[[str], None], *, watch: bool = False, troubled: Callable[[str], None] = lambda _message: None
) -> None:
    """Serve until interrupted; ``announce`` gets the address (``http://host:port/``) once it answers requests.

    Where there is no catalogue yet the corpus folder is indexed first. ``watch`` has a process beside this one index what arrives
    there; ``troubled`` is told when that had to be started again. Ctrl-C and a request to terminate end it all quietly.
    Raises UsageError where the address cannot be listened on or there is no corpus folder, IndexStateError where the index
    folder cannot be written.
    """
    # The port first: that it is taken should not be learnt after a long indexing.
    with _listening_socket(settings) as listening:
        _index_first(settings)
        port = listening.getsockname()[1]
        server = _server(settings, listening)
        _end_quietly_when_terminated()
        announcing = threading.Thread(target=_announce_when_answering, args=(settings.host, port, announce), daemon=True)
        with ExitStack() as running:
            running.callback(server.close)
            if watch:
                running.callback(watch_beside(settings, troubled).close)
            announcing.start()
            # waitress itself ends on KeyboardInterrupt and SystemExit, after the requests in hand.
            server.run()


def _listening_socket(settings: Settings) -> socket.socket:
    try:
        family, *_rest, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), settings.port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError, ValueError) as error:
        raise UsageError(_refusal(settings, error)) from error


def _index_first(settings: Settings) -> None:
    if not settings.catalogue_path.exists():
        from kgsearch.indexing import sync

        sync(settings, (), None)


def _server(settings: Settings, listening: socket.socket) -> Any:
    # It warns of every request that has to wait for a thread, which says nothing to who runs the server.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return create_server(
        create_app(settings),
        sockets=[listening],
        threads=settings.threads,
        backlog=BACKLOG,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=MAX_BODY,
        clear_untrusted_proxy_headers=True,
        ident=None,
    )


def _refusal(settings: Settings, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return _("Port {port} of {host} is taken; choose another with --port.").format(port=settings.port, host=settings.host)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM):
        return _("Port {port} may not be used by this user; choose one from 1024 with --port.").format(port=settings.port)
    if isinstance(error, socket.gaierror) or (isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL):
        return _("{host} is no address of this machine; give one with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for all.").format(
            host=settings.host
        )
    reason = reason_of(error)
    return _("Cannot listen on {host}, port {port}: {reason}.").format(host=settings.host, port=settings.port, reason=reason)


def _announce_when_answering(host: str, port: int, announce: Callable[[str], None]) -> None:
    reachable = _WILDCARDS.get(host, host)
    connection = http.client.HTTPConnection(reachable, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except OSError:
        # Stopped before it answered: there is nothing to announce.
        return
    finally:
        connection.close()
    shown = f"[{reachable}]" if ":" in reachable else reachable
    announce(f"http://{shown}:{port}/")


def _end_quietly_when_terminated() -> None:
    """Have SIGTERM (service managers, containers) end the server as Ctrl-C does. Only a main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        return

    def end(_signal: int, _frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
