"""Plain functions that make rounds with votes, as their papers show them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group, Item, Round
from zusammenplan.ballots.tests.factories import (
    make_closed_group,
    make_item,
    make_open_group,
    make_round,
    make_tally,
)
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan

TITLES = (
    "Pflegestützpunkt: unabhängige Beratung zu Vorsorge und Pflege",
    "Bürgerbus-Initiativen in den Gemeinden unterstützen",
    "Leitbild des Landkreises erneuern",
)


def make_voted_round(*, titles: tuple[str, ...] = TITLES, **fields: Any) -> Round:
    """Make a round with two groups that have voted; the last measure got no mark."""
    plan = make_plan(title_de="Sozialplan 2027 bis 2031")
    round_ = make_round(plan, **{"title_de": "Was soll zuerst kommen?", **fields})
    items = make_field_of_items(round_, "1", "Beratung und Information", titles)
    yesterday = timezone.now() - timedelta(days=1)
    outer = make_group_of(round_, "Externe Steuerungsgruppe", "x", yesterday)
    inner = make_group_of(round_, "Interne Steuerungsgruppe", "-", yesterday)
    for number, item in enumerate(items[:-1] if len(items) > 1 else items):
        make_tally(outer, item, {1 + number % 5: 7, 2 + number % 5: 3})
        make_tally(inner, item, {2 + number % 5: 4})
    return round_


def make_field_of_items(round_: Round, code: str, name: str, titles: tuple[str, ...]) -> list[Item]:
    field = make_field(round_.plan, code=code, name_de=name)
    return [
        make_item(
            round_,
            make_measure(round_.plan, field=field, number=f"{code}.{number}", title_de=title),
        )
        for number, title in enumerate(titles, start=1)
    ]


def make_group_of(round_: Round, name: str, mark: str, closed_at: Any) -> Group:
    return make_closed_group(
        round_,
        name_de=name,
        mark=mark,
        way=Way.HANDS,
        present=10,
        opens_at=closed_at - timedelta(hours=2),
        closed_at=closed_at,
    )


def make_waiting_round(**fields: Any) -> Round:
    """Make a round on which nobody has voted yet."""
    round_ = make_round(make_plan(), **{"title_de": "Was soll zuerst kommen?", **fields})
    make_field_of_items(round_, "1", "Beratung und Information", TITLES)
    make_open_group(round_, name_de="Externe Steuerungsgruppe", mark="x", position=1)
    make_open_group(round_, name_de="Interne Steuerungsgruppe", mark="-", position=2)
    return round_
