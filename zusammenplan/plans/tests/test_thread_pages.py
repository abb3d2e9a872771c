"""The pages of needs, goals, levels, terms, the outline and the gaps: for whom, what they do."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.core.tests.clients import sentences, signed_in, text
from zusammenplan.people.tests.factories import make_planner, make_reader
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.needs import change_need
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.models import Goal, GoalLevel, Measure, Need, Plan, Term
from zusammenplan.plans.tests.factories import (
    make_evidence,
    make_field,
    make_goal,
    make_level,
    make_measure,
    make_need,
    make_plan,
    make_term,
)

pytestmark = pytest.mark.django_db

READ = ["need-list", "need-detail", "need-export", "goal-list", "goal-detail", "level-list"]
READ += ["outline", "gaps", "term-list"]
EDIT = ["need-add", "need-change", "need-delete", "goal-add", "goal-change", "goal-delete"]
EDIT += ["level-add", "level-change", "level-delete"]


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


def of_plan(name: str, plan: Plan, *args: object) -> str:
    return reverse(f"plans:{name}", args=[plan.slug, *args])


@pytest.fixture
def plan() -> Plan:
    """Make a plan with one of everything."""
    plan = make_plan()
    field = make_field(plan)
    goal = make_goal(plan, field=field, level=make_level(plan))
    need = make_need(plan, field=field)
    make_evidence(need)
    goal.needs.add(need)
    make_measure(plan, field=field).goals.add(goal)
    make_term()
    return plan


def url(name: str, plan: Plan) -> str:
    if name == "term-list":
        return reverse("plans:term-list")
    if name == "need-export":
        return of_plan(name, plan, "csv")
    records: dict[str, Any] = {"need": plan.needs, "goal": plan.goals, "level": plan.levels}
    noun, _, rest = name.partition("-")
    if noun in records and rest in {"detail", "change", "delete"}:
        return of_plan(name, plan, records[noun].first().pk)
    return of_plan(name, plan)


# For whom; of every address and role config/tests/test_permissions.py tells


def test_whoever_only_reads_finds_no_button(plan: Plan) -> None:
    reader = signed_in(make_reader())

    for name in READ:
        response = reader.get(url(name, plan))
        assert response.status_code == 200, name
        page = b"".join(response) if response.streaming else response.content
        assert b"bearbeiten/" not in page, name
        assert b'method="post" action="/intern/' not in page, name


@pytest.mark.one_database
def test_the_tabs_of_the_plan_stand_on_every_page_once(planner: Client, plan: Plan) -> None:
    for name in (*READ, *EDIT):
        if name in {"term-list", "need-export"}:
            continue
        page = text(planner.get(url(name, plan)))
        tabs = re.findall(r'<div class="zp-plan-tabs">.*?</nav>', page, re.DOTALL)
        assert len(tabs) == 1, name
        assert tabs[0].count('aria-current="page"') == 1, name
        assert page.index("zp-plan-tabs") < page.index("<h1"), name


def test_a_measure_leads_to_its_goals_and_needs_and_begins_from_them(
    planner: Client, plan: Plan
) -> None:
    goal, need, measure = plan.goals.get(), plan.needs.get(), plan.measures.get()
    measure.needs.add(need)
    to_goal, to_need = of_plan("goal-detail", plan, goal.pk), of_plan("need-detail", plan, need.pk)

    facts = text(planner.get(of_plan("measure-detail", plan, measure.pk)))
    assert f'<li><a class="zp-a" href="{to_goal}">' in facts
    assert f'<li><a class="zp-a" href="{to_need}">' in facts

    add = of_plan("measure-add", plan)
    assert f'href="{add}?goal={goal.pk}"' in text(planner.get(to_goal))
    assert f'href="{add}?need={need.pk}"' in text(planner.get(to_need))
    from_goal = planner.get(add, {"goal": goal.pk}).context["form"]
    assert (from_goal["goals"].value(), from_goal["field"].value()) == ([goal.pk], goal.field_id)
    assert planner.get(add, {"need": need.pk}).context["form"]["needs"].value() == [need.pk]
    assert planner.get(add, {"goal": "x"}).context["form"]["goals"].value() == []
    new_goal = planner.get(of_plan("goal-add", plan), {"need": need.pk}).context["form"]
    assert (new_goal["needs"].value(), new_goal["field"].value()) == ([need.pk], need.field_id)


def test_needs_and_goals_are_talked_about_on_their_pages(planner: Client, plan: Plan) -> None:
    for name, record in (("need-detail", plan.needs.get()), ("goal-detail", plan.goals.get())):
        assert 'id="notizen"' in text(planner.get(of_plan(name, plan, record.pk)))
    for name in ("need-add", "goal-add"):
        assert "data-draft-key" in text(planner.get(of_plan(name, plan)))


@pytest.mark.parametrize("name", ["need-list", "goal-list", "outline", "gaps", "term-list"])
@pytest.mark.one_database
def test_a_page_asks_as_often_for_three_rows_as_for_one(
    planner: Client, plan: Plan, name: str
) -> None:
    address = url(name, plan)
    planner.get(address)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            planner.get(address)
        return len(queries)

    once = asked()
    for _ in range(2):
        need, goal = make_need(plan), make_goal(plan, parent=plan.goals.first())
        goal.needs.add(need)
        make_evidence(need)
        make_measure(plan).goals.add(goal)
        make_term()

    assert asked() == once


@pytest.mark.parametrize("name", ["need-detail", "goal-detail", "need-export"])
@pytest.mark.one_database
def test_a_record_asks_as_often_with_three_links_as_with_one(
    planner: Client, plan: Plan, name: str
) -> None:
    address = url(name, plan)
    need, goal = plan.needs.get(), plan.goals.get()
    measure = plan.measures.get()
    measure.needs.add(need)
    need.areas.add(make_area())
    need.target_groups.add(make_term())
    make_goal(plan, parent=goal)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = planner.get(address)
            _ = b"".join(response) if response.streaming else response.content
        return len(queries)

    asked()
    once = asked()
    for _ in range(2):
        make_evidence(need)
        make_goal(plan, parent=goal).needs.add(need)
        other = make_measure(plan)
        other.goals.add(goal)
        other.needs.add(need)
        need.areas.add(make_area())
        need.target_groups.add(make_term())

    assert asked() == once


# Needs


def typed_need(**fields: object) -> dict[str, object]:
    return {
        "title_de": "Beratung fehlt",
        "strength": "high",
        "state": "open",
        "version": "1",
        "beleg-TOTAL_FORMS": "1",
        "beleg-INITIAL_FORMS": "0",
        "beleg-0-kind": "survey",
        "beleg-0-text_de": "41 % fanden nichts",
        **fields,
    }


def test_a_need_is_added_with_evidence_and_links(planner: Client, plan: Plan) -> None:
    area, group = make_area(), make_term()

    response = planner.post(
        of_plan("need-add", plan),
        typed_need(
            **{"areas": [area.pk], "target_groups": [group.pk], "beleg-0-dated_on": "31.05.2026"}
        ),
    )

    need = Need.objects.get(title_de="Beratung fehlt")
    assert response["Location"] == of_plan("need-detail", plan, need.pk)
    assert (list(need.areas.all()), list(need.target_groups.all())) == ([area], [group])
    assert str(need.evidence.get().dated_on) == "2026-05-31"


def test_wrong_input_of_a_need_is_told_and_nothing_typed_is_lost(
    planner: Client, plan: Plan
) -> None:
    group = make_term()
    typed = typed_need(
        title_de="",
        text_de="Viel Text",
        state="met",
        target_groups=[group.pk],
        **{"beleg-0-text_de": "", "beleg-0-url": "kein Netz", "beleg-0-source": "Quelle 7"},
    )

    page = text(planner.post(of_plan("need-add", plan), typed))

    for kept in ("Viel Text", "kein Netz", "Quelle 7"):
        assert kept in page
    for wrong in ("id_title_de", "id_state_reason", "id_beleg-0-url", "id_beleg-0-text_de"):
        assert f'id="{wrong}_error"' in page
    assert re.search(rf'name="target_groups" value="{group.pk}"[^>]*checked', page)
    assert Need.objects.count() == 1


def test_evidence_is_changed_and_removed_on_the_form_of_the_need(
    planner: Client, plan: Plan
) -> None:
    need = plan.needs.get()
    first, second = need.evidence.get(), make_evidence(need)
    address = of_plan("need-change", plan, need.pk)
    assert text(planner.get(address)).count('name="beleg-') > 20

    planner.post(
        address,
        typed_need(
            **{
                "beleg-TOTAL_FORMS": "3",
                "beleg-INITIAL_FORMS": "2",
                "beleg-0-pk": str(first.pk),
                "beleg-0-text_de": "Geändert",
                "beleg-1-pk": str(second.pk),
                "beleg-1-kind": "survey",
                "beleg-1-text_de": "egal",
                "beleg-1-remove": "on",
                "beleg-2-kind": "statistic",
            }
        ),
    )

    assert [one.text_de for one in need.evidence.all()] == ["Geändert"]


def test_the_second_editor_of_a_need_sees_both_versions_and_keeps_the_own_one(
    planner: Client, plan: Plan
) -> None:
    need = plan.needs.get()
    area = make_area(name="Oberland")
    change_need(need, {"title_de": "Von Jost"}, links={"areas": []}, seen_version=1, by=None)

    page = text(
        planner.post(
            of_plan("need-change", plan, need.pk),
            typed_need(title_de="Von Ines", areas=[area.pk], field=need.field_id),
        )
    )

    assert "<td>Von Jost</td><td>Von Ines</td>" in page
    assert "<td>Oberland</td>" in page
    assert "41 % fanden nichts" in page
    assert 'name="version" value="2"' in page
    assert re.search(rf'name="areas" value="{area.pk}"[^>]*checked', page)


@pytest.mark.parametrize("name", ["plans:need-list", "plans:measure-list"])
def test_areas_to_filter_by_stand_below_those_they_lie_in(
    planner: Client, plan: Plan, name: str
) -> None:
    first, second = make_area(name="Oberland"), make_area(name="Unterland")
    make_area(name="Au", parent=second)
    make_area(name="Zell", parent=first)
    make_area(name="Land", is_reference=True)

    found = planner.get(reverse(name, args=[plan.slug]) + "?mehr=1").content.decode()

    offered = found.partition('name="area"')[2].partition("</select>")[0]
    areas = re.findall(r"<option[^>]*>([^<]+)</option>", offered)[1:]
    assert areas == ["Oberland", "\u2003Zell", "Unterland", "\u2003Au"]


def test_needs_are_filtered_sorted_and_downloaded(planner: Client, plan: Plan) -> None:
    first = plan.needs.get()
    second = make_need(plan, title_de="Ärzte fehlen", strength="high")
    area, group = make_area(), make_term()
    second.areas.add(area)
    second.target_groups.add(group)
    address = of_plan("need-list", plan)

    for query in (
        "q=ärzte",
        f"area={area.pk}",
        f"group={group.pk}",
        "strength=high",
        "lacks=evidence",
        "lacks=goal",
    ):
        page = text(planner.get(f"{address}?{query}"))
        assert "Ärzte fehlen" in page
        assert first.title_de not in page
    page = text(planner.get(f"{address}?sort=strength"))
    assert page.index("Ärzte fehlen") < page.index(first.title_de)
    assert planner.get(f"{address}?area=x&sort=quatsch&page=99").status_code == 200
    assert planner.get(address, headers={"HX-Request": "true"}).content.strip().startswith(b"<div")

    export = b"".join(planner.get(f"{of_plan('need-export', plan, 'csv')}?strength=high"))
    assert "Ärzte fehlen" in export.decode("utf-8-sig")
    assert first.title_de not in export.decode("utf-8-sig")
    assert planner.get(of_plan("need-export", plan, "exe")).status_code == 404
    workbook = planner.get(of_plan("need-export", plan, "xlsx"))
    assert b"".join(workbook).startswith(b"PK")
    workbook.close()


def test_a_need_with_a_formula_and_other_scripts_is_kept_and_harmless(
    planner: Client, plan: Plan
) -> None:
    title = "=1+1 🙂 שלום " + "ö" * 280
    planner.post(of_plan("need-add", plan), typed_need(title_de=title))

    need = Need.objects.get(title_de=title)
    assert planner.get(of_plan("need-detail", plan, need.pk)).status_code == 200
    export = b"".join(planner.get(of_plan("need-export", plan, "csv"))).decode("utf-8-sig")
    assert "'=1+1" in export


def test_needs_move_and_go(planner: Client, plan: Plan) -> None:
    need = plan.needs.get()
    make_need(plan, field=need.field)

    planner.post(of_plan("need-move", plan, need.pk), {"direction": "down"})
    assert plan.needs.in_order().last() == need
    planner.post(of_plan("need-delete", plan, need.pk), {"reason": "Doppelt"})
    assert need not in plan.needs.all()


# Goals


def typed_goal(**fields: object) -> dict[str, object]:
    return {"title_de": "Alle finden Rat", "state": "pursued", "version": "1", **fields}


def test_a_goal_is_added_under_another_one_with_its_period(planner: Client, plan: Plan) -> None:
    above, need = plan.goals.get(), plan.needs.get()
    page = text(planner.get(f"{of_plan('goal-add', plan)}?goal={above.pk}"))
    assert re.search(rf'name="parent"\s+value="{above.pk}"[^>]*\schecked', page)

    planner.post(
        of_plan("goal-add", plan),
        typed_goal(parent=above.pk, needs=[need.pk], period_text="ab Mai 2027"),
    )

    goal = Goal.objects.get(title_de="Alle finden Rat")
    assert (goal.parent, goal.field, str(goal.starts_on)) == (above, above.field, "2027-05-01")
    assert list(goal.needs.all()) == [need]


def test_a_period_that_is_not_understood_is_kept_and_told(planner: Client, plan: Plan) -> None:
    response = planner.post(of_plan("goal-add", plan), typed_goal(period_text="irgendwann"))

    assert Goal.objects.get(title_de="Alle finden Rat").period_text == "irgendwann"
    assert any("irgendwann" in sentence for sentence in sentences(response))

    typed = {"number": "1.9", "title_de": "Rat geben", "status": "planned", "period_text": "bald"}
    response = planner.post(of_plan("measure-add", plan), typed)

    assert plan.measures.get(number="1.9").period_text == "bald"
    assert any("bald" in sentence for sentence in sentences(response))


def test_a_goal_that_does_not_fit_is_refused_at_its_field(planner: Client, plan: Plan) -> None:
    above = plan.goals.get()
    foreign = make_goal()

    page = text(
        planner.post(of_plan("goal-add", plan), typed_goal(parent=above.pk, level=above.level_id))
    )
    assert 'id="id_level_error"' in page
    page = text(planner.post(of_plan("goal-add", plan), typed_goal(parent=foreign.pk)))
    assert 'id="id_parent_error"' in page
    page = text(planner.post(of_plan("goal-change", plan, above.pk), typed_goal(parent=above.pk)))
    assert 'id="id_parent_error"' in page
    assert Goal.objects.filter(plan=plan).count() == 1


def test_no_goal_is_offered_below_the_deepest(planner: Client) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    for _ in range(7):
        above, goal = goal, make_goal(plan, parent=goal)
    add = reverse("plans:goal-add", args=[plan.slug])

    def page(of: Goal) -> str:
        return text(planner.get(reverse("plans:goal-detail", args=[plan.slug, of.pk])))

    assert f"{add}?goal={above.pk}" in page(above)
    assert f"{add}?goal={goal.pk}" not in page(goal)
    assert "höchstens 8 Ebenen" in text(planner.get(add, {"goal": goal.pk}))


def test_a_goal_that_is_given_up_needs_a_reason(planner: Client, plan: Plan) -> None:
    page = text(planner.post(of_plan("goal-add", plan), typed_goal(state="dropped")))

    assert 'id="id_state_reason_error"' in page


def test_the_second_editor_of_a_goal_sees_both_versions(planner: Client, plan: Plan) -> None:
    goal = plan.goals.get()
    Goal.objects.filter(pk=goal.pk).update(title_de="Von Jost", version=2)

    page = text(
        planner.post(of_plan("goal-change", plan, goal.pk), typed_goal(title_de="Von Ines"))
    )

    assert "<td>Von Jost</td><td>Von Ines</td>" in page


def test_goals_are_listed_as_a_tree_filtered_moved_and_deleted(planner: Client, plan: Plan) -> None:
    goal = plan.goals.get()
    child = make_goal(plan, parent=goal, field=goal.field, title_de="Darunter")
    second = make_goal(plan, parent=goal, field=goal.field, title_de="Daneben")
    address = of_plan("goal-list", plan)

    assert "zp-depth-1" in text(planner.get(address))
    for query in ("q=Darunter", "lacks=need", "lacks=measure"):
        page = text(planner.get(f"{address}?{query}"))
        assert f'id="goal-{child.pk}"' in page, query
        assert f'id="goal-{goal.pk}"' not in page, query
    assert "Darunter" not in text(planner.get(f"{address}?level={goal.level_id}"))
    planner.post(of_plan("goal-move", plan, second.pk), {"direction": "up"})
    assert list(goal.children.order_by("position")) == [second, child]

    refused = text(planner.post(of_plan("goal-delete", plan, goal.pk), {"reason": "Weg"}))
    assert 'role="alert"' in refused
    planner.post(of_plan("goal-delete", plan, child.pk), {"reason": "Weg"})
    assert not Goal.objects.filter(pk=child.pk).exists()


def test_a_refused_move_says_why(planner: Client, plan: Plan) -> None:
    goal = plan.goals.get()
    other = make_goal(plan, field=goal.field, level=goal.level)

    response = planner.post(of_plan("goal-move", plan, other.pk), {"direction": "in"})

    assert len(sentences(response)) == 1
    other.refresh_from_db()
    assert other.parent is None


# Levels and terms


def test_levels_are_proposed_renamed_added_and_deleted(planner: Client) -> None:
    plan = make_plan()
    address = of_plan("level-list", plan)
    assert "Leitziel" in text(planner.get(address))
    assert not GoalLevel.objects.exists()

    planner.post(of_plan("level-defaults", plan))
    planner.post(of_plan("level-defaults", plan))
    top = plan.levels.get(depth=1)
    planner.post(of_plan("level-change", plan, top.pk), {"name_de": "Vision", "version": "1"})
    planner.post(of_plan("level-add", plan), {"name_de": "Zwischenziel", "below": top.pk})
    assert [level.name_de for level in plan.levels.order_by("depth")][:3] == [
        "Vision",
        "Zwischenziel",
        "Oberziel",
    ]

    make_goal(plan, level=top)
    refused = text(planner.post(of_plan("level-delete", plan, top.pk), {"reason": "Weg"}))
    assert 'role="alert"' in refused
    second = plan.levels.get(depth=2)
    planner.post(of_plan("level-delete", plan, second.pk), {"reason": "Weg"})
    assert plan.levels.count() == 4


def test_the_second_editor_of_a_level_sees_both_names(planner: Client, plan: Plan) -> None:
    level = plan.levels.get()
    GoalLevel.objects.filter(pk=level.pk).update(name_de="Von Jost", version=2)

    page = text(
        planner.post(
            of_plan("level-change", plan, level.pk), {"name_de": "Von Ines", "version": "1"}
        )
    )

    assert "<td>Von Jost</td><td>Von Ines</td>" in page


def test_terms_are_proposed_and_taken_over_by_a_button(planner: Client) -> None:
    page = text(planner.get(reverse("plans:term-list")))
    assert "Alleinerziehende" in page
    english = text(planner.get(f"/en{reverse('plans:term-list')}"))
    assert "Single parents" in english
    assert "Alleinerziehende" not in english
    assert not Term.objects.exists()

    planner.post(reverse("plans:term-defaults"), {"art": "target_group"})

    assert set(Term.objects.values_list("kind", flat=True)) == {"target_group"}


def test_terms_are_added_changed_moved_and_deleted(planner: Client) -> None:
    add = f"{reverse('plans:term-add')}?art=life_situation"
    planner.post(add, {"name_de": "Wohnen"})
    planner.post(add, {"name_de": "Arbeit"})
    assert 'id="id_name_de_error"' in text(planner.post(add, {"name_de": "Arbeit"}))
    first, second = Term.objects.order_by("position")
    assert first.kind == TermKind.LIFE_SITUATION

    planner.post(reverse("plans:term-move", args=[second.pk]), {"direction": "up"})
    assert Term.objects.order_by("position").first() == second
    change = reverse("plans:term-change", args=[second.pk])
    planner.post(change, {"name_de": "Erwerbsarbeit", "version": "1"})
    assert "<td>Erwerbsarbeit</td>" in text(
        planner.post(change, {"name_de": "Beruf", "version": "1"})
    )
    assert 'id="id_name_de_error"' in text(
        planner.post(change, {"name_de": "Wohnen", "version": "2"})
    )

    make_need().life_situations.add(first)
    for term in (first, second):
        planner.post(reverse("plans:term-delete", args=[term.pk]), {"reason": "Weg"})
    assert list(Term.objects.all()) == [first]


def test_no_plan_takes_the_address_of_the_terms(planner: Client) -> None:
    response = planner.post(
        reverse("plans:plan-add"), {"title_de": "Plan", "status": "draft", "slug": "begriffe"}
    )

    assert 'id="id_slug_error"' in text(response)


# The outline


def test_rows_open_and_close_by_links(planner: Client, plan: Plan) -> None:
    field, goal = plan.fields.get(), plan.goals.get()
    address = of_plan("outline", plan)

    closed = text(planner.get(f"{address}?auf="))
    assert 'aria-expanded="false"' in closed
    assert goal.title_de not in closed
    opened = text(planner.get(f"{address}?auf=f{field.pk}"))
    assert goal.title_de in opened
    assert f'href="{address}?auf=#f{field.pk}"' in opened
    assert planner.get(f"{address}?auf=x.f{'9' * 30}.alles").status_code == 200


def test_each_deed_of_the_outline_names_its_row_in_the_language_of_its_title(
    planner: Client, plan: Plan
) -> None:
    goal = plan.goals.get()
    deeds = ["Change the title here", "Add a goal below", "Add a measure below", "All entries"]
    with translation.override("en"):
        page = text(planner.get(f"{of_plan('outline', plan)}?auf=alles"))

    for deed in [*deeds, "More", "Close"]:
        named = f'<span lang="de">{goal.title_de}</span></span>'
        assert re.search(rf"{deed}(<[^>]+>)*: {re.escape(named)}", page), deed


def test_a_title_is_changed_in_place(planner: Client, plan: Plan) -> None:
    goal, measure, field = plan.goals.get(), plan.measures.get(), plan.fields.get()
    address = of_plan("outline", plan)
    for key in (f"g{goal.pk}", f"m{measure.pk}", f"f{field.pk}"):
        assert 'name="title_de"' in text(planner.get(f"{address}?auf=alles&bearbeiten={key}"))
        response = planner.post(
            of_plan("outline-rename", plan),
            {"zeile": key, "auf": f"f{field.pk}", "title_de": f"Neu {key}", "version": "1"},
        )
        assert response["Location"] == f"{address}?auf=f{field.pk}#{key}"
    for record in (goal, measure, field):
        record.refresh_from_db()
    assert (goal.title_de, measure.title_de) == (f"Neu g{goal.pk}", f"Neu m{measure.pk}")
    assert field.name_de == f"Neu f{field.pk}"


def test_an_older_or_empty_title_overwrites_nothing_and_is_not_lost(
    planner: Client, plan: Plan
) -> None:
    goal = plan.goals.get()
    Goal.objects.filter(pk=goal.pk).update(title_de="Von Jost", version=2)
    typed = {"zeile": f"g{goal.pk}", "auf": "alles", "title_de": "Von Ines", "version": "1"}

    page = text(planner.post(of_plan("outline-rename", plan), typed))

    assert "Von Jost" in page
    assert 'value="Von Ines"' in page
    assert 'name="version" value="2"' in page
    empty = planner.post(of_plan("outline-rename", plan), {**typed, "title_de": " "})
    assert 'id="id_title_de_error"' in text(empty)


def test_rows_are_moved_by_buttons(planner: Client, plan: Plan) -> None:
    field, goal, measure = plan.fields.get(), plan.goals.get(), plan.measures.get()
    other_field = make_field(plan)
    second = make_goal(plan, field=field)
    make_measure(plan, field=field)
    last = make_measure(plan, field=field)
    last.goals.add(goal)
    address = of_plan("outline-move", plan)

    def move(way: str, key: str, past: int = 0) -> int:
        return planner.post(address, {"tun": f"{way}.{key}.{past}"}).status_code

    move("up", f"g{second.pk}", goal.pk)
    assert list(plan.goals.in_order()) == [second, goal]
    move("in", f"g{goal.pk}")
    goal.refresh_from_db()
    assert goal.parent == second
    move("up", f"m{last.pk}", measure.pk)
    assert plan.measures.in_order().first() == last
    move("down", f"m{last.pk}", measure.pk)
    assert list(plan.measures.in_order())[:2] == [measure, last]
    move("up", f"f{other_field.pk}", field.pk)
    assert plan.fields.order_by("position").first() == other_field
    assert move("up", f"m{last.pk}", 10**17) == 404
    assert move("up", "quatsch") == 404
    assert move("up", f"g{make_goal().pk}") == 404


def test_a_refused_move_in_the_outline_says_why(planner: Client, plan: Plan) -> None:
    goal = plan.goals.get()
    other = make_goal(plan, field=goal.field, level=goal.level)

    response = planner.post(of_plan("outline-move", plan), {"tun": f"in.g{other.pk}.0"})

    assert len(sentences(response)) == 1


def test_goals_and_measures_are_added_below_a_row(planner: Client, plan: Plan) -> None:
    field, goal = plan.fields.get(), plan.goals.get()
    address, add = of_plan("outline", plan), of_plan("outline-add", plan)
    for new in (f"z.g{goal.pk}", f"m.g{goal.pk}", f"z.f{field.pk}", f"m.f{field.pk}"):
        assert f'name="neu" value="{new}"' in text(planner.get(f"{address}?auf=alles&neu={new}"))

    planner.post(add, {"neu": f"z.g{goal.pk}", "title_de": "Teilziel", "auf": ""})
    response = planner.post(
        add, {"neu": f"m.g{goal.pk}", "title_de": "Bus", "number": "7.7", "auf": ""}
    )
    planner.post(add, {"neu": f"z.f{field.pk}", "title_de": "Oben"})
    planner.post(add, {"neu": "z.f0", "title_de": "Ganz lose"})

    measure = Measure.objects.get(number="7.7")
    assert response["Location"] == f"{address}?auf=g{goal.pk}#m{measure.pk}"
    assert (measure.field, list(measure.goals.all())) == (field, [goal])
    assert Goal.objects.get(title_de="Teilziel").parent == goal
    assert Goal.objects.get(title_de="Oben").field == field
    assert Goal.objects.get(title_de="Ganz lose").field is None
    assert planner.post(add, {"neu": "quatsch"}).status_code == 404


def test_what_cannot_be_added_below_is_said_in_the_row(planner: Client, plan: Plan) -> None:
    goal, measure = plan.goals.get(), plan.measures.get()
    add = of_plan("outline-add", plan)

    taken = planner.post(
        add, {"neu": f"m.g{goal.pk}", "title_de": "Bus", "number": measure.number, "auf": "alles"}
    )
    assert 'id="id_number_error"' in text(taken)
    assert 'value="Bus"' in text(taken)
    empty = planner.post(add, {"neu": f"z.g{goal.pk}", "title_de": "", "auf": "alles"})
    assert 'id="id_title_de_error"' in text(empty)


def test_an_empty_plan_says_how_to_begin(planner: Client) -> None:
    plan = make_plan()

    assert "zp-empty" in text(planner.get(of_plan("outline", plan)))
    for name in ("need-list", "goal-list"):
        assert "zp-empty" in text(planner.get(of_plan(name, plan)))
        assert "zp-empty" in text(planner.get(f"{of_plan(name, plan)}?q=nichts"))


# Gaps


def test_each_kind_of_gap_leads_to_where_it_is_mended(planner: Client, plan: Plan) -> None:
    address = of_plan("gaps", plan)
    measure = plan.measures.get()
    need = make_need(plan)

    assert f'/massnahmen/{measure.pk}/bearbeiten/"' in text(
        planner.get(f"{address}?luecke=indikator")
    )
    assert f'/bedarfe/{need.pk}/bearbeiten/"' in text(planner.get(f"{address}?luecke=beleg"))
    assert f'/bedarfe/{need.pk}/"' in text(planner.get(f"{address}?luecke=ziel"))
    assert planner.get(f"{address}?luecke=quatsch&page=9").status_code == 200


def test_a_plan_without_gaps_says_so(planner: Client) -> None:
    assert "zp-empty" in text(planner.get(of_plan("gaps", make_plan())))
