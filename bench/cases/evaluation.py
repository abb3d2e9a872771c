"""The evaluation of a round with a million marks against counting its rows."""

import time
from collections.abc import Callable

from django.db import connection

from bench.data import make_plan
from bench.measure import Goal, Row, in_turn
from bench.memory import peak_megabytes
from bench.votes import fill_marks, make_round
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import evaluate, items_of, result_of, rule_of

MEASURES = 16
GROUPS = ["Externe Steuerungsgruppe", "Interne Steuerungsgruppe"]
VOTERS_FEW, VOTERS_MANY = 626, 62_500


def evaluation() -> list[Row]:
    few = make_round(make_plan(MEASURES, slug="wenige"), GROUPS)
    many = make_round(make_plan(MEASURES, slug="viele"), GROUPS)
    marks = fill_marks(few, VOTERS_FEW), fill_marks(many, VOTERS_MANY)
    assert marks == (10_016, 1_000_000), marks
    with connection.cursor() as cursor:
        # What autovacuum does by itself within minutes; the index alone can then be read.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    rows = []
    for said, run in (
        ("evaluation of 1,000,000 marks [ms]", _evaluate),
        ("result of 1,000,000 marks with its sentences [ms]", result_of),
    ):
        value, floor = in_turn(
            lambda run=run: _milliseconds(lambda: run(many)),  # type: ignore[misc] # a lambda's default
            lambda: _milliseconds(_count_all),
            batches=7,
            warm_up=2,
        )
        rows.append(Row(said, value, floor, Goal("value", "<", 500)))
    # The first run of each warms up the connection's own memory.
    result_of(few)
    small = peak_megabytes(lambda: result_of(few))[0]
    large = peak_megabytes(lambda: result_of(many))[0]
    rows.append(
        Row("peak memory, 1,000,000 marks against 10,016 [MB]", large, small, _within(small, 5))
    )
    return rows


def _within(floor: float, more: float) -> Goal:
    return Goal("value", "<", round(floor + more, 1))


def _evaluate(round_: Round) -> None:
    evaluate(round_, rule_of(round_), items_of(round_))


def _count_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ballots_mark")
        cursor.fetchone()


def _milliseconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000
