"""How gunicorn's threads wait for requests: not for ever, so that slow clients hold up nobody."""

import socket
import time
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

# What a phone on a bad line needs for the head of a request, and for a file of 100 MB.
SECONDS_FOR_HEAD = 20
SECONDS_FOR_BODY = 600


class DiscreetLogger(Logger):  # type: ignore[misc] # gunicorn tells no types
    """Let our own log write what the server says: in it stand addresses as they were asked for."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn tells no types
    """A worker whose threads stop listening to a client that does not come to an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.until: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        self.until[conn] = time.monotonic() + SECONDS_FOR_HEAD
        try:
            return super().handle(conn)
        finally:
            self.until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        self.until[conn] = time.monotonic() + SECONDS_FOR_BODY
        return super().handle_request(req, conn)

    def murder_keepalived(self, *args: Any, **kwargs: Any) -> None:
        """Do what the main thread does each second; what was received meanwhile is answered."""
        super().murder_keepalived(*args, **kwargs)
        now = time.monotonic()
        for conn, until in list(self.until.items()):
            if until < now:
                self.until.pop(conn, None)
                try:
                    conn.sock.shutdown(socket.SHUT_RD)
                except OSError:
                    continue  # the client went first
