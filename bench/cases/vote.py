"""One vote of 16 marks against the bare inserts of as many rows in one transaction."""

import secrets
from collections.abc import Iterator
from itertools import islice

from bench.data import make_plan
from bench.measure import Goal, Row, in_turn
from bench.server import Client, post, serving
from bench.votes import invite, make_round
from zusammenplan.ballots.models import Ballot, Mark

MEASURES = 16
VOTES = 60
BATCHES, WARM_UP = 15, 3


def vote() -> list[Row]:
    round_ = make_round(make_plan(MEASURES), ["Externe Steuerungsgruppe"])
    group = round_.groups.get()
    items = list(round_.items.order_by("position").values_list("pk", flat=True))
    address = f"/stimmzettel/{round_.slug}/{group.pk}/"
    batches = 2 * (BATCHES + WARM_UP)
    cookies = invite(group, voters=2 * batches * VOTES)
    voters = iter(cookies)

    def real(voter: int) -> bytes:
        token = secrets.token_hex(16)
        marks = "&".join(f"m{item}={place % 6 + 1}" for place, item in enumerate(items))
        return post(
            address,
            f"csrfmiddlewaretoken={token}&seen=&{marks}",
            Cookie=f"zp_csrf={token}; {cookies[voter]}",
        )

    rows = []
    for connections in (1, 8):
        with serving() as server, Client(server.port, connections) as client:
            value, floor = in_turn(
                lambda: client.rate(
                    [real(voter) for voter in _next(voters)], count=VOTES, status=302
                ),
                lambda: client.rate(
                    [post(f"/floor/vote/{voter}/", "") for voter in _next(voters)], count=VOTES
                ),
                batches=BATCHES,
                warm_up=WARM_UP,
            )
            said = f"vote of 16 marks, {connections} connection(s) [votes/s]"
            rows.append(Row(said, value, floor, Goal("ratio", ">=", 0.6)))
    kept = Mark.objects.count(), Ballot.objects.count()
    assert kept == (len(cookies) * MEASURES, len(cookies)), kept
    return rows


def _next(voters: Iterator[int]) -> Iterator[int]:
    return islice(voters, VOTES)
