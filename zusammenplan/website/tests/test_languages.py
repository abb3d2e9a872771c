"""What stays German on an English page says so (WCAG 2.2, 3.1.2)."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.models import Term
from zusammenplan.plans.tests.factories import (
    make_evidence,
    make_field,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_plan,
    make_relation,
)

pytestmark = pytest.mark.django_db
SAID_TO_BE_GERMAN = re.compile(r'<(\w+)\b[^>]* lang="de"[^>]*>.*?</\1>', re.DOTALL)
NOT_SAID = re.compile(r"<(head|svg|title)\b.*?</\1>|<[^>]+>", re.DOTALL)


def test_titles_that_nobody_has_translated_are_said_to_be_german(client: Client) -> None:
    plan = make_plan(title_de="Pflegeplan", summary_de=" Wir sorgen vor. ", is_public=True)
    field = make_field(plan, name_de="Handlungsfeld Nähe")
    level = make_level(plan, name_de="Fernziel")
    goal = make_goal(plan, title_de="Kurze Wege", field=field, level=level)
    need = make_need(plan, title_de="Niemand berät", field=field)
    measure = make_measure(
        plan, title_de="Beratung öffnen", field=field, status_reason="Es fehlt an Geld"
    )
    make_milestone(
        measure,
        title_de="Erster Spatenstich",
        first_due_on=date(2027, 3, 1),
        moved_reason="Frost im Boden",
    )
    make_relation(measure, note="Beide brauchen Räume")
    make_indicator(measure, evidence="Gezählt wird im Mai")
    make_evidence(need, source="Befragung im Frühjahr", dated_on=date(2026, 5, 2))
    goal.needs.add(need)
    measure.goals.add(goal)
    group = Term.objects.create(kind=TermKind.TARGET_GROUP, name_de="Ältere Leute")
    measure.target_groups.add(group)
    german = (
        *("Wir sorgen vor.", "Ältere Leute", "Es fehlt an Geld", "Erster Spatenstich"),
        *("Frost im Boden", "Beide brauchen Räume", "Gezählt wird im Mai", "Befragung im Frühjahr"),
        *("Pflegeplan", "Handlungsfeld Nähe", "Fernziel", "Kurze Wege", "Niemand berät"),
    )
    pages = {
        "plan": [],
        "plan-field": [field.pk],
        "plan-goal-list": [],
        "plan-goal": [goal.pk],
        "plan-need-list": [],
        "plan-need": [need.pk],
        "plan-timeline": [],
        "measure": [measure.pk],
    }

    for name, keys in pages.items():
        with override("en"):
            url = reverse(f"website:{name}", args=[plan.slug, *keys])
        content = client.get(url).content.decode()
        heard = NOT_SAID.sub(" ", SAID_TO_BE_GERMAN.sub(" ", content))

        assert 'lang="de"' in content
        assert [text for text in (*german, "Beratung öffnen") if text in heard] == [], name
