"""
The great deeds on a plan, each done by a process that is killed amid it, in an own database.

Prints for each deed how many rows more there were after each kill, and how many a deed that was
let finish makes; the test compares them.
"""

import io
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from zusammenplan.plans.models import Plan

KILLS = 3
RECORDS = 12

Deed = Callable[[], object]


def counts() -> dict[str, int]:
    """Count the rows of every table, history and index included."""
    from django.apps import apps

    from zusammenplan.core.index import kind_of

    return {
        kind_of(model): model._default_manager.count()
        for model in apps.get_models()
        if kind_of(model).split(".")[0] in {"plans", "core", "people"}
    }


def more(before: dict[str, int]) -> dict[str, int]:
    now = counts()
    return {name: now[name] - number for name, number in before.items() if now[name] != number}


def done_by_a_process(deed: Deed, *, killed_after: float | None) -> float:
    """Let another process do the deed, and kill it after so long; tell how long it lived."""
    from django.db import connections

    connections.close_all()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            deed()
        except BaseException as failure:  # noqa: BLE001 - it must not go on as the parent
            sys.stderr.write(f"{failure!r}\n")
            os._exit(1)
        os._exit(0)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("The deed was refused.")
    return time.monotonic() - start


def make_plans(number: int) -> "list[Plan]":
    from zusammenplan.plans.tests.factories import (
        make_block,
        make_chapter,
        make_cost,
        make_goal,
        make_indicator,
        make_measure,
        make_need,
        make_plan,
    )

    plans = []
    for _ in range(number):
        plan = make_plan()
        for place in range(RECORDS):
            make_need(plan)
            measure = make_measure(plan, number=f"1.{place}", title_de=f"Beratung {place}")
            measure.goals.add(make_goal(plan))
            make_cost(measure)
            make_indicator(measure)
        make_block(make_chapter(plan))
        plans.append(plan)
    return plans


def freezing(plan: "Plan") -> Deed:
    from django.utils import timezone

    from zusammenplan.plans.actions.versions import freeze

    return lambda: freeze(plan, label_de="Beschluss", by=None, now=timezone.now())


def succeeding(plan: "Plan") -> Deed:
    from django.utils import timezone

    from zusammenplan.plans.actions.succession import make_successor
    from zusammenplan.plans.actions.updates import begin_update, decide_many
    from zusammenplan.plans.choices import CarryChoice

    now = timezone.now()
    update = begin_update(plan, {"title_de": "Folgeplan"}, by=None, now=now)
    records = (*plan.needs.all(), *plan.goals.all(), *plan.measures.all())
    carried = [(record, CarryChoice.CARRY, "") for record in records]
    decide_many(update, carried, by=None, now=now)
    return lambda: make_successor(update, by=None, now=now)


def taking_a_table(plan: "Plan") -> Deed:
    from zusammenplan.plans.actions import apply_rows
    from zusammenplan.plans.domain.rows import FieldRow, MeasureRow

    rows = [MeasureRow(f"9.{n}", f"Wohnberatung {n}", field_code="9") for n in range(RECORDS)]
    fields = [FieldRow("9", "Wohnen")]
    return lambda: apply_rows(plan, fields=fields, measures=rows, by=None, source="tabelle")


def taking_a_workbook(plan: "Plan") -> Deed:
    import openpyxl
    from django.utils import timezone

    from zusammenplan.plans.actions.workbook import Decided, fingerprint, take_workbook
    from zusammenplan.plans.exports.workbook import workbook_file
    from zusammenplan.plans.forms.workbook import read_workbook
    from zusammenplan.plans.queries.content import plan_content
    from zusammenplan.plans.queries.workbook import compared

    with workbook_file(plan_content(plan), now=timezone.now()) as file:
        book = openpyxl.load_workbook(file)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value).startswith("Beratung "):
                    cell.value = f"Wohn{str(cell.value).lower()}"
    changed = io.BytesIO()
    book.save(changed)
    edited = read_workbook("plan.xlsx", changed.getvalue(), plan=plan).book
    seen = fingerprint(compared(plan_content(plan), edited))
    return lambda: take_workbook(
        plan, edited, decided=Decided(), seen=seen, source="plan.xlsx", by=None
    )


DEEDS = {
    "freeze": freezing,
    "succeed": succeeding,
    "table": taking_a_table,
    "workbook": taking_a_workbook,
}


def kill_each() -> dict[str, dict[str, object]]:
    from django.db import transaction

    from zusammenplan.config.database import make_ready
    from zusammenplan.core.public import raise_version

    make_ready()
    raise_version()
    chance = random.Random(0)
    told: dict[str, dict[str, object]] = {}
    for name, prepare in DEEDS.items():
        with transaction.atomic():
            first, *others = [prepare(plan) for plan in make_plans(KILLS + 1)]
        before = counts()
        whole = done_by_a_process(first, killed_after=None)
        full = more(before)
        after = []
        for deed in others:
            before = counts()
            done_by_a_process(deed, killed_after=chance.uniform(0.1, 1.1) * whole)
            after.append(more(before))
        told[name] = {"full": full, "after": after}
    return told


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zusammenplan.config.settings")
    django.setup()
    json.dump(kill_each(), sys.stdout)
