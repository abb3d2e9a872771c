"""Plain functions that make what the public sees: a plan with a result."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from zusammenplan.ballots.actions import release
from zusammenplan.ballots.choices import Audience, OwnResult, Way
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_item,
    make_round,
    make_tally,
)
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan


def make_measures(count: int, plan: Plan | None = None) -> list[Measure]:
    """Make so many measures of one plan in one field."""
    plan = plan or make_plan(title_de="Sozialplan 2027–2031")
    field = make_field(plan, name_de="Familie und Pflege")
    return [make_measure(plan, field=field) for _ in range(count)]


def make_result(measures: Sequence[Measure], *, is_released: bool = True, **fields: Any) -> Round:
    """Let two groups mark the measures by a show of hands: 1 and 2, so that the degree is 1.5."""
    round_ = make_round(
        measures[0].plan, **{"audience": Audience.PUBLIC, "title_de": "Erste Abstimmung", **fields}
    )
    groups = [
        make_closed_group(
            round_, name_de=name, way=Way.HANDS, own_result=OwnResult.MEDIAN, present=present
        )
        for name, present in (("Externe Gruppe", 17), ("Interne Gruppe", 9))
    ]
    for measure in measures:
        item = make_item(round_, measure)
        make_tally(groups[0], item, {1: 12, 2: 5})
        make_tally(groups[1], item, {1: 3, 2: 6})
    return release(round_, by=make_planner(), now=timezone.now()) if is_released else round_
