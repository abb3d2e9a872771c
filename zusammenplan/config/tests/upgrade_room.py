"""Fill a database of the release before, bring it up to date, and tell what is there."""

import json
import os
import sys

import django

BEFORE = [
    ("core", "0002_cache_table"),
    ("people", "0001_initial"),
    ("plans", "0001_initial"),
    ("meetings", "0001_initial"),
    ("ballots", "0001_initial"),
]


def fill_as_before() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    outside = [
        node for node in executor.loader.graph.leaf_nodes() if node[0] in {"auth", "contenttypes"}
    ]
    executor.migrate([*BEFORE, *outside])
    executor = MigrationExecutor(connection)
    old = executor.loader.project_state(BEFORE).apps
    plan = old.get_model("plans", "Plan").objects.create(slug="alt", title_de="Alter Plan")
    field = old.get_model("plans", "FieldOfAction").objects.create(
        plan=plan, code="1", name_de="Wohnen"
    )
    office = old.get_model("people", "Organisation").objects.create(name="Wohnungsamt")
    for number in range(1, 4):
        values = {
            "plan": plan,
            "field": field,
            "number": f"1.{number}",
            "title_de": f"Wohnberatung {number}",
            "status": "dropped",
            "responsible": office,
        }
        old.get_model("plans", "Measure").objects.create(**values)


def bring_up_to_date() -> dict[str, object]:
    from zusammenplan.config.database import make_ready
    from zusammenplan.config.tests.tables import tables
    from zusammenplan.core.index import found, not_noted
    from zusammenplan.plans.actions import change_measure
    from zusammenplan.plans.models import Measure, Plan
    from zusammenplan.plans.queries.content import plan_content

    make_ready()
    measure = Measure.objects.get(number="1.1")
    change_measure(measure, {"title_de": "Mietberatung"}, seen_version=1, by=None)
    return {
        "measures": [str(one.title_de) for one in Measure.objects.order_by("number")],
        "identities": len(set(Measure.objects.values_list("identity", flat=True))),
        "content": len(plan_content(Plan.objects.get()).measures),
        "found": (found(Measure, "Beratung") or Measure.objects.none()).count(),
        "not noted": not_noted(),
        "tables": tables(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zusammenplan.config.settings")
    django.setup()
    fill_as_before()
    json.dump(bring_up_to_date(), sys.stdout)
