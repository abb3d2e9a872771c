"""
Voters' seats, and plans, rounds and files on which a server that will be killed does great deeds.

``fill`` prepares each deed so many times and prints what phones and a planner's browser need, and
where the database is; ``read`` takes the seats on standard input and prints which marks are kept.
"""

import io
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from zusammenplan.people.models import User
    from zusammenplan.places.models import AreaVersion
    from zusammenplan.plans.models import Plan

RECORDS = 60
EDITORS = 2


def table(number: int) -> bytes:
    lines = [
        f"{number}.{row}\tWohnberatung {row}\t9 Wohnen\tgeplant\tab 2027" for row in range(RECORDS)
    ]
    return "\n".join(["Nr.\tMaßnahme\tHandlungsfeld\tStatus\tZeitraum", *lines]).encode()


def make_plan(slug: str) -> "Plan":
    from zusammenplan.plans.tests import factories

    plan = factories.make_plan(slug=slug, title_de=f"Plan {slug}")
    field = factories.make_field(plan, code="9", name_de="Wohnen")
    for place in range(RECORDS):
        goal = factories.make_goal(plan, field=field)
        words = {"number": f"1.{place}", "title_de": f"Beratung {place}"}
        measure = factories.make_measure(plan, field=field, **words)
        measure.goals.add(goal)
        factories.make_cost(measure)
        factories.make_indicator(measure)
    return plan


def rewriting(number: int, by: "User") -> str:
    """Prepare the plan's next plan to its last step."""
    from django.urls import reverse
    from django.utils import timezone

    from zusammenplan.plans.actions.updates import begin_update, decide_many
    from zusammenplan.plans.choices import CarryChoice

    now, plan = timezone.now(), make_plan(f"fortschreibung-{number}")
    update = begin_update(plan, {"title_de": f"Folge {number}"}, by=by, now=now)
    records = (*plan.goals.all(), *plan.measures.all())
    decide_many(update, [(one, CarryChoice.CARRY, "") for one in records], by=by, now=now)
    return reverse("plans:plan-update-finish", args=[plan.slug])


def releasing() -> str:
    """Prepare a round that everybody has voted in."""
    from django.urls import reverse

    from zusammenplan.ballots.tests import factories

    round_ = factories.make_round(measures=RECORDS)
    group = factories.make_closed_group(round_)
    for item in round_.items.all():
        factories.make_tally(group, item, {1: 3, 2: 1})
    return reverse("ballots:release", args=[round_.slug])


def importing(plan: "Plan", number: int, by: "User") -> str:
    from django.urls import reverse
    from django.utils import timezone

    from zusammenplan.core.uploads import keep_upload

    upload = keep_upload("tabelle.tsv", table(number), by=by, now=timezone.now())
    return f"{reverse('tables:check', args=[upload.key])}?plan={plan.slug}"


def rewording(number: int, by: "User") -> str:
    """Prepare a plan's workbook in which every measure has another title."""
    import openpyxl
    from django.urls import reverse
    from django.utils import timezone

    from zusammenplan.core.uploads import keep_upload
    from zusammenplan.plans.exports.workbook import workbook_file
    from zusammenplan.plans.queries.content import plan_content

    now, plan = timezone.now(), make_plan(f"mappe-{number}")
    with workbook_file(plan_content(plan), now=now) as file:
        book = openpyxl.load_workbook(file)
    for cell in (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
        if str(cell.value).startswith("Beratung "):
            cell.value = f"Wohnberatung {number}"
    changed = io.BytesIO()
    book.save(changed)
    upload = keep_upload("plan.xlsx", changed.getvalue(), by=by, now=now)
    return reverse("plans:workbook-check", args=[plan.slug, upload.key])


def counting(areas: "list[AreaVersion]", year: int, by: "User") -> str:
    """Prepare a file of official figures of one more year."""
    from django.urls import reverse
    from django.utils import timezone

    from zusammenplan.core.uploads import keep_file
    from zusammenplan.indicators.tests.files import Value, flat

    values = [Value(one.ags, one.name, year, sex, "12") for one in areas for sex in ("", "m", "f")]
    text = flat(values, measure="PRUEF")
    file = keep_file("tabelle.csv", [text.encode()], by=by, now=timezone.now())
    return reverse("indicators:import-check", args=[file.key])


def make_areas() -> "list[AreaVersion]":
    from zusammenplan.places.tests.factories import make_area, make_area_version

    return [
        make_area_version(make_area(name=f"Gemeinde {number}"), ags=f"16099{number:03d}")
        for number in range(RECORDS)
    ]


def fill(times: int) -> dict[str, Any]:
    """Prepare each deed so many times, and give the pages that do it."""
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from zusammenplan.config.database import make_ready
    from zusammenplan.config.tests.crash_room import take_seats
    from zusammenplan.core.public import raise_version
    from zusammenplan.people.tests.factories import make_planner

    make_ready()
    with transaction.atomic():
        raise_version()
        planner = make_planner()
        client = Client()
        client.force_login(planner)
        plan, edited, areas = make_plan("absturz"), make_plan("bearbeitet"), make_areas()
        deeds = {
            "freeze": [reverse("plans:version-list", args=[plan.slug])] * times,
            "rewrite": [rewriting(number, planner) for number in range(times)],
            "release": [releasing() for _ in range(times)],
            "table": [importing(plan, number + 10, planner) for number in range(times)],
            "workbook": [rewording(number, planner) for number in range(times)],
            "statistics": [counting(areas, 2024 - number, planner) for number in range(times)],
        }
        return {
            "session": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}",
            "csrf": settings.CSRF_COOKIE_NAME,
            "file": str(settings.DATABASES["default"]["NAME"]),
            "seats": [asdict(seat) for seat in take_seats()],
            "edited": [
                reverse("plans:measure-change", args=[edited.slug, pk])
                for pk in edited.measures.values_list("pk", flat=True)[:EDITORS]
            ],
            "deeds": deeds,
        }


def must_follow_from_the_observations() -> None:
    """Compute all figures anew: they are as they were."""
    from zusammenplan.indicators.actions.figures import recompute
    from zusammenplan.indicators.models import Figure

    told = ("indicator", "area_version", "starts_on", "ends_on", "value", "sign")
    before = set(Figure.objects.values_list(*told))
    recompute()
    assert set(Figure.objects.values_list(*told)) == before


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zusammenplan.config.settings")
    django.setup()
    if sys.argv[1] == "fill":
        json.dump(fill(int(sys.argv[2])), sys.stdout)
    else:
        from zusammenplan.config.tests.crash_room import Seat, marks_of

        must_follow_from_the_observations()
        json.dump(marks_of([Seat(**seat) for seat in json.load(sys.stdin)]), sys.stdout)
