"""
Plans on which a server that will be killed does great deeds, in a database of its own.

Prints what a planner's browser needs for each deed, and where the database is.
"""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from zusammenplan.people.models import User
    from zusammenplan.plans.models import Plan

RECORDS = 60


def table() -> bytes:
    lines = [f"9.{row}\tWohnberatung {row}\t9 Wohnen\tgeplant\tab 2027" for row in range(RECORDS)]
    return "\n".join(["Nr.\tMaßnahme\tHandlungsfeld\tStatus\tZeitraum", *lines]).encode()


def make_plan(number: int) -> "Plan":
    from zusammenplan.plans.tests import factories

    plan = factories.make_plan(slug=f"absturz-{number}", title_de=f"Absturz {number}")
    field = factories.make_field(plan, code="9", name_de="Wohnen")
    for place in range(RECORDS):
        goal = factories.make_goal(plan, field=field)
        measure = factories.make_measure(plan, number=f"1.{place}", field=field)
        measure.goals.add(goal)
        factories.make_cost(measure)
        factories.make_indicator(measure)
    return plan


def begin_rewriting(plan: "Plan", by: "User") -> None:
    from django.utils import timezone

    from zusammenplan.plans.actions.updates import begin_update, decide_many
    from zusammenplan.plans.choices import CarryChoice

    now = timezone.now()
    update = begin_update(plan, {"title_de": f"Folge von {plan.slug}"}, by=by, now=now)
    records = (*plan.goals.all(), *plan.measures.all())
    decide_many(update, [(one, CarryChoice.CARRY, "") for one in records], by=by, now=now)


def fill(times: int) -> dict[str, Any]:
    """Make for each deed so many plans alike, and give the pages that do it."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from zusammenplan.config.database import make_ready
    from zusammenplan.core.public import raise_version
    from zusammenplan.core.uploads import keep_upload
    from zusammenplan.people.tests.factories import make_planner

    make_ready()
    raise_version()
    planner = make_planner()
    client = Client()
    client.force_login(planner)
    pages: dict[str, list[str]] = {"freeze": [], "rewrite": [], "import": []}
    for at in range(times):
        frozen, rewritten, imported = (make_plan(3 * at + place) for place in range(3))
        begin_rewriting(rewritten, planner)
        upload = keep_upload("tabelle.tsv", table(), by=planner, now=timezone.now())
        check = reverse("tables:check", args=[upload.key])
        pages["freeze"].append(reverse("plans:version-list", args=[frozen.slug]))
        pages["rewrite"].append(reverse("plans:plan-update-finish", args=[rewritten.slug]))
        pages["import"].append(f"{check}?plan={imported.slug}")
    return {
        "session": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}",
        "csrf": settings.CSRF_COOKIE_NAME,
        "file": str(settings.DATABASES["default"]["NAME"]),
        "pages": pages,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zusammenplan.config.settings")
    django.setup()
    json.dump(fill(int(sys.argv[1])), sys.stdout)
