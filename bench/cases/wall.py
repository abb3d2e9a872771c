"""The projector's poll while nothing changes, and what a thousand open projectors cost."""

import socket
import time

from bench.data import make_plan
from bench.measure import Goal, Row, in_turn
from bench.server import Client, Server, check, get, receive, serving
from bench.votes import fill_marks, make_round
from zusammenplan.ballots.choices import Audience

REQUESTS = 150
PROJECTORS = 1_000
EVERY_SECONDS = 5.0
WATCHED_SECONDS = 15.0


def wall() -> list[Row]:
    round_ = make_round(make_plan(40), ["Externe Steuerungsgruppe", "Interne Steuerungsgruppe"])
    round_.audience = Audience.PUBLIC
    round_.save()
    fill_marks(round_, voters=40)
    # One page of the measures, as somebody holds it: turning pages is a change.
    poll = Poll(f"/leinwand/{round_.wall_key}/stand/?seite=1")
    rows = []
    for connections in (1, 8):
        with serving() as server, Client(server.port, connections) as client:
            value, floor = in_turn(
                lambda: poll.rate(client),
                lambda: client.rate([get("/floor/")], count=REQUESTS),
            )
            said = f"projector's poll unchanged, {connections} connection(s) [requests/s]"
            rows.append(Row(said, value, floor, Goal("ratio", ">=", 0.7)))
    with serving() as server:
        # The pages of the measures take turns, so that every third answer is a new one.
        paths = ("/floor/", f"/leinwand/{round_.wall_key}/stand/")
        shares = [_share(server, path) for path in paths]
    said = "1,000 open projectors, each every 5 s [% of one core]"
    rows.append(Row(said, shares[1], shares[0], Goal("value", "<", 20)))
    return rows


class Poll:
    """Asks again and again with the tag of the last answer."""

    def __init__(self, path: str) -> None:
        self.path, self.etag = path, "-"

    def request(self) -> bytes:
        return get(self.path, If_None_Match=self.etag, HX_Request="true")

    def rate(self, client: Client) -> float:
        client.run([self.request()], count=1, status=None, answered=self.note)
        return client.rate([self.request()], count=REQUESTS, status=304)

    def note(self, _status: int, answer: bytes) -> None:
        head = answer.partition(b"\r\n\r\n")[0].decode()
        self.etag = head.partition("ETag: ")[2].partition("\r\n")[0]


def _share(server: Server, path: str) -> float:
    """Hold as many connections open as there are projectors and let each ask in its turn."""
    open_: dict[int, socket.socket] = {}
    polls = [Poll(path) for _ in range(PROJECTORS)]
    pause = EVERY_SECONDS / PROJECTORS
    began, used = time.monotonic(), server.cpu_seconds()
    for turn in range(int(WATCHED_SECONDS / pause)):
        time.sleep(max(0.0, began + turn * pause - time.monotonic()))
        poll = polls[turn % PROJECTORS]
        check(_ask(open_, turn % PROJECTORS, server, poll.request()), None, poll.note)
    share = 100 * (server.cpu_seconds() - used) / (time.monotonic() - began)
    for one in open_.values():
        one.close()
    return share


def _ask(open_: dict[int, socket.socket], projector: int, server: Server, request: bytes) -> bytes:
    """Ask on the projector's connection; open a new one if the server has closed it."""
    if projector in open_:
        try:
            open_[projector].sendall(request)
            return receive(open_[projector])
        except ConnectionError:
            open_[projector].close()
    open_[projector] = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    open_[projector].sendall(request)
    return receive(open_[projector])
