"""Large plans: forms offer a part of long lists and lose nothing, lists are cut into pages."""

import random
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zusammenplan.core.choosing import LISTED
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.domain.attainment import Said, summarise, with_goals_above
from zusammenplan.plans.forms.goals import GoalForm
from zusammenplan.plans.forms.measures import MeasureForm
from zusammenplan.plans.models import Goal, Measure, Need, Plan
from zusammenplan.plans.queries.evaluations import things_of
from zusammenplan.plans.queries.results import results_of
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_field,
    make_goal,
    make_measure,
    make_need,
    make_plan,
    make_rating,
)

pytestmark = pytest.mark.django_db
TYPED = {"number": "1.1", "title_de": "Getippt", "status": "planned", "version": "1"}


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


def plan_of_many_needs() -> Plan:
    """Make more needs than a page lists; the last ones lie in a field of their own."""
    plan = make_plan()
    near, far = make_field(plan, code="1"), make_field(plan, code="2")
    Need.objects.bulk_create(
        Need(plan=plan, field=field, title_de=f"Bedarf {field.code}-{place}.", position=place)
        for field, number in ((near, LISTED), (far, 30))
        for place in range(number)
    )
    return plan


def form_of(measure: Measure, typed: dict[str, Any] | None = None) -> MeasureForm:
    data = None
    if typed is not None:
        data = QueryDict(mutable=True)
        for name, value in typed.items():
            data.setlist(name, value if isinstance(value, list) else [value])
    return MeasureForm(data, plan=measure.plan, initial=MeasureForm.initial_of(measure))


def listed(form: Any, name: str) -> list[str]:
    return [str(record) for record in form.fields[name].records.values()]


# Forms


def test_a_form_asks_as_much_for_what_lies_in_its_part_of_a_list_as_for_what_lies_far() -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, field=plan.fields.get(code="1"))
    asked = []
    for title in ("Bedarf 1-0.", "Bedarf 2-29."):
        measure.needs.set([Need.objects.get(title_de=title)])
        with CaptureQueriesContext(connection) as queries:
            assert title in listed(form_of(measure), "needs")
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_a_form_lists_the_needs_of_its_field_first_and_no_more_than_a_page() -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, field=plan.fields.get(code="2"))

    form = form_of(measure)

    assert len(listed(form, "needs")) == LISTED
    assert all(name.startswith("Bedarf 2-") for name in listed(form, "needs")[:30])
    assert form.fields["needs"].part.has_more  # type: ignore[attr-defined]


def test_what_is_chosen_stays_in_the_list_and_is_not_lost_by_saving(planner: Client) -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, number="1.1", field=plan.fields.get(code="1"))
    far = plan.needs.get(title_de="Bedarf 2-29.")
    measure.needs.add(far)
    address = reverse("plans:measure-change", args=[plan.slug, measure.pk])

    page = planner.get(address).content.decode()
    box = re.search(rf'<input type="checkbox"\s+name="needs"\s+value="{far.pk}"[^>]*>', page)
    assert box
    assert "checked" in box.group()
    planner.post(address, {**TYPED, "needs": [far.pk]})

    assert list(measure.needs.all()) == [far]


def test_looking_for_a_word_saves_nothing_and_keeps_what_was_typed_and_ticked(
    planner: Client,
) -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, number="1.1", title_de="Alt")
    ticked = plan.needs.get(title_de="Bedarf 1-3.")
    address = reverse("plans:measure-change", args=[plan.slug, measure.pk])
    looked = {**TYPED, "needs": [ticked.pk], "needs_q": "2-17.", "look": "needs:1"}

    page = planner.post(address, looked).content.decode()

    measure.refresh_from_db()
    assert measure.title_de == "Alt"
    assert 'value="Getippt"' in page
    assert "Bedarf 2-17." in page
    assert "Bedarf 2-18." not in page
    assert f'<p class="zp-choose__picked">{ticked}</p>' in page
    assert 'name="version" value="1"' in page


def test_a_draft_offers_what_it_picked_in_no_shown_part_of_a_list(planner: Client) -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, number="1.1", field=plan.fields.get(code="1"))
    far, foreign = plan.needs.get(title_de="Bedarf 2-29."), make_need()
    address = reverse("plans:measure-change", args=[plan.slug, measure.pk])
    picked = {"entwurf": address, "needs": [far.pk, foreign.pk]}
    planner.post(reverse("notes:draft-keep"), picked)

    pages = [planner.get(f"{address}{query}").content.decode() for query in ("", "?entwurf=1")]

    box = rf'name="needs"\s+value="{far.pk}"'
    assert [bool(re.search(box, page)) for page in pages] == [False, True]
    assert not re.search(rf'name="needs"\s+value="{foreign.pk}"', pages[1])


def test_a_list_is_turned_page_by_page() -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, field=plan.fields.get(code="1"))

    form = form_of(measure, {**TYPED, "field": str(measure.field_id), "look": "needs:2"})

    assert len(listed(form, "needs")) == 30
    assert not form.fields["needs"].part.has_more  # type: ignore[attr-defined]
    assert not form.is_bound
    assert not form.is_valid()


def test_an_entry_that_no_page_showed_can_be_sent_and_one_of_another_plan_cannot() -> None:
    plan = plan_of_many_needs()
    measure = make_measure(plan, field=plan.fields.get(code="1"))
    far = plan.needs.get(title_de="Bedarf 2-29.")

    assert form_of(measure, {**TYPED, "needs": [str(far.pk)]}).is_valid()
    refused = form_of(measure, {**TYPED, "needs": [str(make_need().pk)]})
    assert "needs" in refused.errors


@pytest.mark.parametrize("sent", ["needs:0", "needs:99999999", "needs:x", "", "anders:1", ":"])
def test_a_page_that_is_none_does_no_harm(sent: str) -> None:
    measure = make_measure(plan_of_many_needs())

    form = form_of(measure, {**TYPED, "needs": ["x", "9" * 30], "look": sent})

    assert not form.is_valid()
    assert [str(one) for one in form["needs"].value()] == ["x", "9" * 30]


def test_the_goal_above_is_one_of_a_list_without_the_goal_itself_and_those_below() -> None:
    plan = make_plan()
    above, goal = make_goal(plan, title_de="Oben"), make_goal(plan, title_de="Mitte")
    make_goal(plan, title_de="Unten", parent=goal)
    Goal.objects.filter(pk=goal.pk).update(parent=above)
    goal.refresh_from_db()

    form = GoalForm(None, plan=plan, goal=goal, initial=GoalForm.initial_of(goal))

    assert [name.strip() for _key, name in form.fields["parent"].choices[1:]] == ["Oben"]  # type: ignore[attr-defined]
    assert form["parent"].value() == above.pk


def test_a_goal_above_that_is_not_listed_is_found_by_a_word() -> None:
    plan = make_plan()
    Goal.objects.bulk_create(
        Goal(plan=plan, title_de=f"Ziel {place}.", position=place) for place in range(LISTED + 20)
    )
    typed = QueryDict("title_de=Neu&state=pursued&parent_q=Ziel 119.&look=parent:1")

    form = GoalForm(typed, plan=plan)

    assert listed(form, "parent") == ["Ziel 119."]
    assert form["title_de"].value() == "Neu"


# Numbers


def test_a_new_goal_and_a_new_need_are_proposed_the_next_number(planner: Client) -> None:
    plan = make_plan()
    above = make_goal(plan, number="2")
    make_goal(plan, number="2.4", parent=above)
    make_need(plan, number="B7")

    goal = planner.get(reverse("plans:goal-add", args=[plan.slug]), {"goal": above.pk})
    need = planner.get(reverse("plans:need-add", args=[plan.slug]))
    measure = planner.get(reverse("plans:measure-add", args=[plan.slug]))

    assert goal.context["form"]["number"].value() == "2.5"
    assert need.context["form"]["number"].value() == "B8"
    assert measure.context["form"]["number"].value() == "1"


def test_where_goals_and_needs_have_no_numbers_none_is_proposed(planner: Client) -> None:
    plan = make_plan()
    make_goal(plan, number="")

    for name in ("plans:goal-add", "plans:need-add"):
        page = planner.get(reverse(name, args=[plan.slug]))
        assert page.context["form"]["number"].value() == ""


def test_the_preview_of_new_numbers_comes_in_pages(planner: Client) -> None:
    plan = make_plan()
    field = make_field(plan, code="4")
    Measure.objects.bulk_create(
        Measure(
            plan=plan, field=field, number=f"9.{place}", title_de=f"Tun {place}", position=place
        )
        for place in range(60)
    )
    address = reverse("plans:plan-renumber", args=[plan.slug])

    first = planner.get(address).content.decode()
    last = planner.get(address, {"page": 2}).content.decode()

    assert "60 von 60 Maßnahmen" in first
    assert "Tun 59" not in first
    assert "Tun 59" in last
    planner.post(f"{address}?page=2")
    assert plan.measures.filter(number="4.60", title_de="Tun 59").exists()


# Pages of goals and needs


def test_the_page_of_a_goal_turns_its_sub_goals_and_its_needs_page_by_page(
    planner: Client,
) -> None:
    plan = plan_of_many_needs()
    goal = make_goal(plan)
    goal.needs.set(plan.needs.all())
    Goal.objects.bulk_create(
        Goal(plan=plan, parent=goal, title_de=f"Teilziel {place}.", position=place)
        for place in range(60)
    )
    address = reverse("plans:goal-detail", args=[plan.slug, goal.pk])

    first = planner.get(address).content.decode()
    further = planner.get(address, {"teilziele": "2", "bedarfe": "2"}).content.decode()

    assert "1 bis 50 von 60" in first
    assert "Teilziel 59." not in first
    assert "Teilziel 59." in further
    assert "Bedarf 1-99." not in first
    assert "Bedarf 1-99." in further


def test_the_page_of_a_need_turns_its_goals_and_measures_page_by_page(planner: Client) -> None:
    need = make_need()
    Goal.objects.bulk_create(
        Goal(plan=need.plan, title_de=f"Ziel {place}.", position=place) for place in range(60)
    )
    Measure.objects.bulk_create(
        Measure(plan=need.plan, number=f"{place}", title_de=f"Tun {place}.", position=place)
        for place in range(60)
    )
    need.goals.set(need.plan.goals.all())
    need.measures.set(need.plan.measures.all())
    address = reverse("plans:need-detail", args=[need.plan.slug, need.pk])

    first = planner.get(address).content.decode()
    further = planner.get(address, {"ziele": "2", "page": "2"}).content.decode()

    assert ("Ziel 59." in first, "Tun 59." in first) == (False, False)
    assert ("Ziel 59." in further, "Tun 59." in further) == (True, True)


# Results


@pytest.mark.parametrize("seed", range(5))
def test_what_the_database_counts_is_what_the_single_ratings_come_to(seed: int) -> None:
    chance = random.Random(seed)
    plan = make_plan()
    fields = [None, *(make_field(plan, code=str(code)) for code in (1, 2))]
    goals = [make_goal(plan, title_de=f"Z{place}") for place in range(6)]
    for place, goal in enumerate(goals[1:], start=1):
        goal.parent = chance.choice([None, *goals[:place]])
        goal.save()
    evaluation = make_evaluation(plan)
    for place in range(12):
        measure = make_measure(plan, field=chance.choice(fields), number=f"M{place}")
        measure.goals.set(chance.sample(goals, chance.randint(0, 3)))
        item = make_evaluation_item(evaluation, measure)
        if chance.random() < 0.8:
            make_rating(item, chance.choice(["0.0000", "0.3333", "0.6667", "1.0000", None]))

    results = results_of(evaluation)

    things = things_of(evaluation)
    said = [thing.said for thing in things]
    assert results.measures.summary == summarise(said, results.scale)
    by_field: dict[str, list[Said]] = {}
    for thing in things:
        by_field.setdefault(thing.field_name, []).append(thing.said)
    assert Counter(line.summary for line in results.fields) == Counter(
        summarise(group, results.scale) for group in by_field.values()
    )
    parents = {goal.pk: goal.parent_id for goal in goals}
    below: dict[str, list[Said]] = {}
    for thing in things:
        linked = Measure.objects.get(pk=thing.pk).goals.values_list("pk", flat=True)
        for pk in with_goals_above(linked, parents):
            below.setdefault(str(Goal.objects.get(pk=pk)), []).append(thing.said)
    assert {line.name: line.summary for line in results.tree} == {
        name: summarise(group, results.scale) for name, group in below.items()
    }
