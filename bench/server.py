"""The product's server as a process, and a client that costs next to nothing."""

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Self

START_SECONDS = 60
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
Answered = Callable[[int, bytes], None]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Give the processor time that the server has used so far."""
        return cpu_seconds_of(self.pid)

    def megabytes(self) -> float:
        """Give the resident memory of those that answer; gunicorn's first process watches them."""
        return sum(status_of(worker)["VmRSS"] for worker in children_of(self.pid)) / 1024


def children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in children.split()]


def cpu_seconds_of(pid: int) -> float:
    """Give the processor time of a process and of all that it started, ended ones included."""
    spent = 0
    for one in (pid, *children_of(pid)):
        fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
        spent += sum(map(int, fields[11:15]))
    return spent / CLOCK_TICKS


def status_of(pid: int | str) -> dict[str, int]:
    """Read the kilobytes in a process's status."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines)
    return {name: int(text.split()[0]) for name, text in pairs if text.endswith(" kB")}


@contextmanager
def serving(workers: int = 1) -> Iterator[Server]:
    """Start the server as ``zusammenplan serve`` does, on a free port, and end it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    command += ["--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        server = Server(port, process.pid)
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            with Client(server.port) as client:
                client.run([get("/floor/")], count=1)
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def get(path: str, **headers: str) -> bytes:
    """Write a GET as a browser sends it; headers by their names with underscores."""
    return _request("GET", path, headers)


def post(path: str, body: str, **headers: str) -> bytes:
    """Write a POST of a form."""
    headers["Content_Type"] = "application/x-www-form-urlencoded"
    headers["Content_Length"] = str(len(body))
    return _request("POST", path, headers) + body.encode()


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    headers = {"Host": "127.0.0.1", "Accept_Encoding": "gzip", "Accept_Language": "de", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


class Client:
    """Keep-alive connections; each sends its next request when its last answer is in."""

    def __init__(self, port: int, connections: int = 1) -> None:
        self.sockets = [
            socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(connections)
        ]
        for one in self.sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        for one in self.sockets:
            one.close()

    def rate(self, requests: Sequence[bytes], *, count: int, status: int = 200) -> float:
        """Send so many requests, the given ones in turn; give how many a second were answered."""
        began = time.perf_counter()
        self.run(requests, count=count, status=status)
        return count / (time.perf_counter() - began)

    def run(
        self,
        requests: Sequence[bytes],
        *,
        count: int,
        status: int | None = 200,
        answered: Answered | None = None,
    ) -> None:
        """Send so many requests, the given ones in turn, and insist on the status."""
        waiting = islice(cycle(requests), count)
        with selectors.DefaultSelector() as ready:
            for one in self.sockets:
                if request := next(waiting, None):
                    one.sendall(request)
                    ready.register(one, selectors.EVENT_READ)
            while ready.get_map():
                for key, _event in ready.select(timeout=30) or _silence():
                    answering = key.fileobj
                    assert isinstance(answering, socket.socket)
                    check(receive(answering), status, answered)
                    if request := next(waiting, None):
                        answering.sendall(request)
                    else:
                        ready.unregister(answering)


def check(answer: bytes, status: int | None, answered: Answered | None = None) -> None:
    got = int(answer[9:12])
    if status is not None and got != status:
        raise RuntimeError(f"The server answered {got} instead of {status}.")
    if answered:
        answered(got, answer)


def receive(one: socket.socket) -> bytes:
    """Read one answer to its end."""
    answer = _more(one)
    while b"\r\n\r\n" not in answer:
        answer += _more(one)
    head, _, body = answer.partition(b"\r\n\r\n")
    _, is_named, rest = head.lower().partition(b"\r\ncontent-length: ")
    length = int(rest.split(b"\r\n", 1)[0]) if is_named else 0
    missing = length - len(body)
    parts = [answer]
    while missing > 0:
        part = _more(one)
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _more(one: socket.socket) -> bytes:
    part = one.recv(262_144)
    if not part:
        raise ConnectionError("The server closed the connection.")
    return part


def _silence() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("The server did not answer.")
