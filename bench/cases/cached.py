"""A public page from the cache against a view that answers two letters."""

from bench.data import make_plan
from bench.measure import Goal, Row, in_turn
from bench.server import Client, get, serving
from bench.votes import make_round

REQUESTS = 150
GOAL = Goal("ratio", ">=", 0.7)


def cached_pages() -> list[Row]:
    plan = make_plan(100)
    make_round(plan, [], is_released=True)
    pages = {"plan page": f"/plan/{plan.slug}/", "imprint": "/impressum/"}
    rows = []
    for connections in (1, 8):
        with serving() as server, Client(server.port, connections) as client:
            for name, path in pages.items():
                value, floor = in_turn(
                    lambda path=path: client.rate([get(path)], count=REQUESTS),  # type: ignore[misc] # a lambda's default
                    lambda: client.rate([get("/floor/")], count=REQUESTS),
                )
                said = f"cached {name}, {connections} connection(s) [requests/s]"
                rows.append(Row(said, value, floor, GOAL))
    return rows
