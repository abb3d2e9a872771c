"""
Let a virus scanner look at an uploaded file before anything of it is read or kept.

It speaks to clamd, the server of ClamAV, whose protocol sends a file piece by piece. Without the
setting nothing is searched; with it no file comes in unsearched.
"""

import logging
import socket
import struct
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

DEFAULT_PORT = 3310
SECONDS = 60
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class UnsafeFileError(Exception):
    """The file is not taken; the sentence says why and what to do."""


class VirusFoundError(UnsafeFileError):
    """The scanner knows what is in the file."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The virus scanner found something dangerous in this file, so it was not taken. "
                "Do not pass it on, and tell whoever looks after your computers."
            )
        )


class TooLargeToSearchError(UnsafeFileError):
    """The scanner takes no file of this size."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This file is larger than the virus scanner takes, so it was not taken. Choose a "
                "smaller one, or ask whoever runs this site."
            )
        )


class NotSearchedError(UnsafeFileError):
    """The scanner does not answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Files cannot be searched for viruses at the moment, so none is taken. Everything "
                "else that you entered is still here. Please try again in a few minutes."
            )
        )


def search_for_viruses(file: IO[bytes] | Any) -> None:
    """
    Let the scanner look at the file, if there is a scanner.

    :raises VirusFoundError: if it found something
    :raises TooLargeToSearchError: if the file is larger than it takes
    :raises NotSearchedError: if it does not answer
    """
    if not settings.CLAMD:
        return
    file.seek(0)
    try:
        answer = _ask(b"zINSTREAM\0", file)
    except OSError as refusal:
        log.exception("The virus scanner at %s does not answer", settings.CLAMD)
        raise NotSearchedError from refusal
    finally:
        file.seek(0)
    if answer.endswith(" FOUND"):
        log.warning("The virus scanner refused an upload: %s", answer)
        raise VirusFoundError
    if "size limit exceeded" in answer:
        raise TooLargeToSearchError
    if not answer.endswith(" OK"):
        log.error("The virus scanner at %s answered: %s", settings.CLAMD, answer or "nothing")
        raise NotSearchedError


def scanner_answers() -> bool:
    """Tell whether the scanner of the settings is there."""
    try:
        return _ask(b"zPING\0") == "PONG"
    except OSError:
        return False


def _ask(command: bytes, file: Any = None) -> str:
    with _connect() as there:
        try:
            there.sendall(command)
            if file is not None:
                for piece in iter(lambda: file.read(PIECE), b""):
                    there.sendall(struct.pack(">L", len(piece)) + piece)
                there.sendall(struct.pack(">L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops listening as soon as a file is too large; why, it has said.
            return _answer(there)
        return _answer(there)


def _connect() -> socket.socket:
    place = settings.CLAMD
    if place.startswith("/"):
        there = socket.socket(socket.AF_UNIX)
        there.settimeout(SECONDS)
        try:
            there.connect(place)
        except OSError:
            there.close()
            raise
        return there
    host, _colon, port = place.rpartition(":") if ":" in place else (place, "", "")
    return socket.create_connection((host.strip("[]"), int(port or DEFAULT_PORT)), SECONDS)


def _answer(there: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        piece = there.recv(LONGEST_ANSWER)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode(errors="replace")
