"""Plain functions that make what the interface answers: a plan with a released result."""

from typing import Any

from django.utils import timezone

from zusammenplan.ballots.actions import release
from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_item,
    make_round,
    make_tally,
)
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.models import Plan
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan


def make_marked_round(plan: Plan | None = None, *, measures: int = 1, **fields: Any) -> Round:
    """Let one group that counted and one that named its majority mark new measures."""
    plan = plan or make_plan(slug="sozialplan", title_de="Sozialplan", title_en="Social plan")
    field = make_field(plan, code="2.2", name_de="Familie und Pflege")
    round_ = make_round(plan, **{"slug": "abstimmung", "title_de": "Abstimmung", **fields})
    counted = make_closed_group(
        round_, name_de="Externe Gruppe", name_en="External group", way=Way.HANDS, present=17
    )
    named = make_closed_group(
        round_,
        name_de="Interne Gruppe",
        way=Way.MAJORITY,
        own_result="majority",
        counts_marks=False,
    )
    for number in range(measures):
        measure = make_measure(plan, field=field, number=f"2.2/{number}", title_de="Bürgerbus")
        item = make_item(round_, measure)
        make_tally(counted, item, {1: 12, 2: 5})
        make_tally(named, item, {2: 1})
    return round_


def make_released_round(plan: Plan | None = None, *, measures: int = 1, **fields: Any) -> Round:
    round_ = make_marked_round(plan, measures=measures, **fields)
    return release(round_, by=make_planner(), now=timezone.now())
