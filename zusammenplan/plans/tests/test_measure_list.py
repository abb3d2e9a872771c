"""The list of measures: filter by everything, ways of showing, cells, several at once, views."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from zusammenplan.core.index import rebuild
from zusammenplan.core.tests.clients import sentences, signed_in, text
from zusammenplan.people.actions.tasks import add_task
from zusammenplan.people.tests.factories import make_organisation, make_planner, make_reader
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans import actions
from zusammenplan.plans.actions import several
from zusammenplan.plans.actions.refusals import OtherPlanError, StatusReasonMissingError
from zusammenplan.plans.choices import MeasureStatus, TermKind
from zusammenplan.plans.forms.lists import LACKING, MOST_OPTIONS, MeasureFilter
from zusammenplan.plans.models import Measure, Need, Plan, SavedView
from zusammenplan.plans.queries.measure_list import year_of_interest
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_field,
    make_goal,
    make_indicator,
    make_measure,
    make_milestone,
    make_need,
    make_plan,
    make_term,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


def list_url(plan: Plan, query: str = "") -> str:
    return reverse("plans:measure-list", args=[plan.slug]) + (f"?{query}" if query else "")


def found(plan: Plan, query: str) -> list[str]:
    measures = MeasureFilter(QueryDict(query), plan=plan, year=2027).apply(plan.measures.all())
    return [measure.number for measure in measures]


# Filter


def test_the_filter_narrows_by_what_a_measure_is_linked_to() -> None:
    plan = make_plan()
    top = make_goal(plan)
    below = make_goal(plan, parent=make_goal(plan, parent=top))
    need, area = make_need(plan), make_area()
    group, situation = make_term(), make_term(TermKind.LIFE_SITUATION)
    measure = make_measure(plan, number="1.1")
    other = make_measure(plan, number="1.2")
    measure.goals.add(below)
    measure.needs.add(need)
    measure.areas.add(area)
    measure.target_groups.add(group)
    measure.life_situations.add(situation)
    other.goals.add(make_goal(plan))
    partner, person = make_organisation(), make_planner()
    measure.partners.add(partner)
    Measure.objects.filter(pk=measure.pk).update(contact=person)
    make_cost(measure, source="Land (LSZ)")
    make_cost(other, source="Landkreis")
    make_milestone(measure, due_on=date(2026, 1, 1))
    make_milestone(other, due_on=date(2026, 1, 1), done_on=date(2026, 2, 1))

    for query in (
        f"goal={top.pk}",
        f"goal={below.pk}",
        f"need={need.pk}",
        f"area={area.pk}",
        f"group={group.pk}",
        f"situation={situation.pk}",
        f"partner={partner.pk}",
        f"contact={person.pk}",
        "money=Land (LSZ)",
        "milestone=overdue",
        "milestone=open",
    ):
        assert found(plan, query) == ["1.1"], query


def test_the_filter_finds_what_answers_a_need_by_way_of_its_goals() -> None:
    plan = make_plan()
    need, above = make_need(plan), make_goal(plan)
    above.needs.add(need)
    measure = make_measure(plan, number="1.1")
    measure.goals.add(make_goal(plan, parent=above))
    make_measure(plan).goals.add(make_goal(plan))

    assert found(plan, f"need={need.pk}") == ["1.1"]


def test_the_filter_narrows_by_priority_year_and_open_tasks() -> None:
    plan = make_plan()
    planner = make_planner()
    rated = make_measure(plan, number="1.1", priority_degree=Decimal("1.5"))
    make_measure(plan, number="1.2", starts_on="2026-01-01", ends_on="2027-12-31")
    make_measure(plan, number="1.3", starts_on="2028-01-01")
    add_task(rated, {"title": "Anrufen", "assignee": planner}, by=planner, now=NOW)

    assert found(plan, "degree=1.5") == ["1.1"]
    assert found(plan, "year=2027") == ["1.2"]
    assert found(plan, "year=2040") == ["1.3"]
    assert found(plan, "task=open") == ["1.1"]
    add_task(make_milestone(plan.measures.get(number="1.2")), {"title": "Mahnen"}, by=None, now=NOW)
    assert found(plan, "task=open") == ["1.1", "1.2"]


def test_the_filter_finds_what_lacks_something() -> None:
    plan = make_plan()
    full = make_measure(
        plan,
        number="1.1",
        text_de="Text",
        responsible=make_organisation(),
        starts_on="2027-01-01",
        priority_degree=1,
    )
    full.goals.add(make_goal(plan))
    full.needs.add(make_need(plan))
    make_indicator(full)
    make_milestone(full)
    make_cost(full)
    empty = make_measure(plan, number="9.9")
    Measure.objects.filter(pk=empty.pk).update(field=None)

    for what in LACKING:
        assert found(plan, f"lacks={what}") == ["9.9"], what


@pytest.mark.parametrize(
    "query", ["degree=x", "degree=1.55", "year=abc", "year=99999", "goal=0", "show=3d", "task=all"]
)
def test_a_wrong_value_narrows_nothing(query: str) -> None:
    plan = make_plan()
    make_measure(plan, number="1.1")

    assert found(plan, query) == ["1.1"]


def test_before_a_plan_says_when_it_begins_its_first_costs_say_which_year_counts() -> None:
    plan = make_plan(starts_on=None)
    today = date(2026, 11, 26)
    assert year_of_interest(plan, today) == 2026

    make_cost(make_measure(plan), year=2028)
    make_cost(make_measure(plan), year=2027)
    assert year_of_interest(plan, today) == 2027

    plan.starts_on = date(2029, 1, 1)
    assert year_of_interest(plan, today) == 2029


def test_costs_of_the_year_are_added_up_and_sorted() -> None:
    plan = make_plan()
    field = make_field(plan)
    for number, amounts in (("1.1", (10, 20)), ("1.2", (25,)), ("1.3", ())):
        measure = make_measure(plan, field=field, number=number)
        for amount in amounts:
            make_cost(measure, year=2027, amount=amount)
        make_cost(measure, year=2030, amount=1000)

    assert found(plan, "sort=cost") == ["1.2", "1.1", "1.3"]
    assert found(plan, "sort=-cost") == ["1.1", "1.2", "1.3"]


# Ways of showing


@pytest.mark.parametrize(
    "query", ["", "show=karten", "show=zeit", "mehr=1", "sort=-cost", "task=open"]
)
@pytest.mark.one_database
def test_the_list_asks_as_often_for_three_rows_as_for_one(planner: Client, query: str) -> None:
    plan = make_plan()

    def fill() -> None:
        measure = make_measure(plan, responsible=make_organisation(), starts_on="2027-01-01")
        measure.goals.add(make_goal(plan))
        make_milestone(measure)
        make_cost(measure)
        make_need(plan)
        by = make_planner()
        add_task(measure, {"title": "Anrufen"}, by=by, now=NOW)

    fill()
    planner.get(list_url(plan, query))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert planner.get(list_url(plan, query)).status_code == 200
        return len(queries)

    once = asked()
    fill()
    fill()
    assert asked() == once


def test_a_row_shows_milestones_and_costs(planner: Client) -> None:
    year = date.today().year  # noqa: DTZ011 - as the page does
    measure = make_measure()
    make_milestone(measure, done_on="2026-05-01")
    make_milestone(measure)
    make_cost(measure, year=year, amount=Decimal("1234.50"))

    page = text(planner.get(list_url(measure.plan)))

    assert "1 von 2" in page
    assert "1.234,50" in page


def test_cards_and_timeline_show_the_same_measures(planner: Client) -> None:
    measure = make_measure(title_de="Bürgerbus", starts_on="2026-05-01", status_reason="Wartet")
    make_milestone(measure, title_de="Bus gekauft", due_on=date(2020, 1, 1))

    for show in ("karten", "zeit"):
        page = text(planner.get(list_url(measure.plan, f"show={show}")))
        assert "Bürgerbus" in page
        assert "Bus gekauft: überfällig seit 01.01.2020" in page
    assert 'class="is-bar is-planned is-open-end"' in page
    assert ' style="' not in page


def test_further_filters_are_kept_although_they_are_not_shown(planner: Client) -> None:
    measure = make_measure()
    goal = make_goal(measure.plan, title_de="Gut versorgt")

    page = text(planner.get(list_url(measure.plan, f"goal={goal.pk}&sort=title&show=karten")))

    assert f'name="goal" value="{goal.pk}" form="filter"' in page
    assert "Gut versorgt" in page
    shown = text(planner.get(list_url(measure.plan, f"goal={goal.pk}&mehr=1")))
    assert f'<option value="{goal.pk}" selected>' in shown
    assert f'name="goal" value="{goal.pk}"' not in shown


def test_very_many_needs_are_offered_for_the_chosen_field_alone(planner: Client) -> None:
    plan = make_plan()
    here, there = make_field(plan), make_field(plan)
    needs = Need.objects.bulk_create(
        Need(plan=plan, field=field, title_de=f"Bedarf {place}", position=place)
        for place, field in enumerate([here, there] * (MOST_OPTIONS // 2 + 1))
    )

    nowhere = text(planner.get(list_url(plan, f"mehr=1&need={needs[0].pk}")))
    in_field = text(planner.get(list_url(plan, f"mehr=1&field={here.pk}")))

    assert f'<option value="{needs[0].pk}" selected>Bedarf 0<' in nowhere
    assert ">Bedarf 2<" not in nowhere
    assert ">Bedarf 2<" in in_field
    assert ">Bedarf 1<" not in in_field


# Cells


def cell_url(measure: Measure, cell: str) -> str:
    return reverse("plans:measure-cell", args=[measure.plan.slug, measure.pk, cell])


@pytest.mark.parametrize("cell", ["title", "status", "responsible"])
def test_a_cell_opens_and_closes(planner: Client, cell: str) -> None:
    measure = make_measure(responsible=make_organisation(), title_de="Bürgerbus")

    assert 'name="version" value="1"' in text(planner.get(cell_url(measure, cell), headers=HTMX))
    row = text(planner.get(cell_url(measure, "zeile"), headers=HTMX))
    assert row.strip().startswith("<tr>")
    assert "Bürgerbus" in row


def test_a_row_that_comes_back_shows_the_costs_of_the_year_that_the_list_shows(
    planner: Client,
) -> None:
    measure = make_measure(make_plan(starts_on=date(2199, 1, 1)))
    make_cost(measure, year=2199, amount=Decimal(7000))

    assert "7.000" in text(planner.get(reverse("plans:measure-list", args=[measure.plan.slug])))
    assert "7.000" in text(planner.get(cell_url(measure, "zeile"), headers=HTMX))


def test_a_cell_is_saved_and_its_row_comes_back(planner: Client) -> None:
    measure = make_measure()

    row = planner.post(
        cell_url(measure, "status"),
        {"version": "1", "status": "dropped", "status_reason": "Kein Geld"},
        headers=HTMX,
    )

    measure.refresh_from_db()
    assert (measure.status, measure.status_reason, measure.version) == ("dropped", "Kein Geld", 2)
    assert measure.status_on is not None
    assert "Kein Geld" in text(row)
    assert "autofocus" in text(row)
    planner.post(
        cell_url(measure, "responsible"), {"version": "2", "responsible": "Jugendamt"}, headers=HTMX
    )
    planner.post(cell_url(measure, "title"), {"version": "3", "title_de": "Neu"}, headers=HTMX)
    measure.refresh_from_db()
    assert (str(measure.responsible), measure.title_de) == ("Jugendamt", "Neu")


@pytest.mark.parametrize(
    ("cell", "typed", "stored"),
    [
        ("title", {"title_de": "Von Ines"}, "Von Jost"),
        ("status", {"status": "done"}, "läuft"),
        ("responsible", {"responsible": "Bauamt"}, "Jugendamt"),
    ],
)
def test_the_second_editor_of_a_cell_sees_what_is_stored_now(
    planner: Client, cell: str, typed: dict[str, str], stored: str
) -> None:
    measure = make_measure()
    theirs = {"title_de": "Von Jost", "status": "running", "responsible": "Jugendamt"}
    actions.change_measure(measure, theirs, seen_version=1, by=None)

    response = planner.post(cell_url(measure, cell), {"version": "1", **typed}, headers=HTMX)

    assert stored in text(response)
    assert 'name="version" value="2"' in text(response)
    assert response["HX-Retarget"] == "closest [data-cell]"
    measure.refresh_from_db()
    assert measure.version == 2


def test_an_empty_title_is_refused_in_the_cell(planner: Client) -> None:
    measure = make_measure()

    response = planner.post(
        cell_url(measure, "title"), {"version": "1", "title_de": " "}, headers=HTMX
    )

    assert "zp-field-error" in text(response)


def test_without_the_script_a_cell_leads_to_the_form(planner: Client) -> None:
    measure = make_measure()

    assert planner.get(cell_url(measure, "title"))["Location"].endswith("/bearbeiten/")
    assert planner.get(cell_url(measure, "nummer"), headers=HTMX).status_code == 404


def test_a_reader_edits_no_cell() -> None:
    measure = make_measure()
    reader = signed_in(make_reader())

    assert reader.get(cell_url(measure, "title"), headers=HTMX).status_code == 403
    assert "zp-edit" not in text(reader.get(list_url(measure.plan)))


# Several at once


def bulk(client: Client, plan: Plan, query: str = "", **typed: Any) -> Any:
    url = reverse("plans:measure-bulk", args=[plan.slug])
    return client.post(f"{url}?{query}" if query else url, typed)


def test_picked_measures_are_named_before_they_are_changed(planner: Client) -> None:
    measure = make_measure(title_de="Bürgerbus")

    page = text(bulk(planner, measure.plan, pick=[measure.pk], deed="status"))

    assert "Bürgerbus" in page
    assert f'name="keys" value="{measure.pk}"' in page
    measure.refresh_from_db()
    assert measure.version == 1


def test_a_status_is_set_with_reason_and_day(planner: Client) -> None:
    measure = make_measure()

    response = bulk(
        planner,
        measure.plan,
        "q=Ma&page=1",
        keys=str(measure.pk),
        deed="status",
        do="1",
        status="dropped",
        reason="Kein Geld",
        on="01.02.2027",
    )

    measure.refresh_from_db()
    assert (measure.status, measure.status_reason) == ("dropped", "Kein Geld")
    assert measure.status_on == date(2027, 2, 1)
    assert response["Location"] == list_url(measure.plan, "q=Ma&page=1")
    assert "1" in sentences(response)[-1]


def test_all_that_the_filter_shows_are_meant_although_they_fill_pages(planner: Client) -> None:
    plan = make_plan()
    field = make_field(plan)
    Measure.objects.bulk_create(
        Measure(plan=plan, field=field, number=str(n), title_de=f"Maßnahme {n}", position=n)
        for n in range(60)
    )
    make_measure(plan, status="done", number="x")

    page = text(bulk(planner, plan, "status=planned", all="1", deed="responsible"))

    assert "60" in page
    keys = re.search(r'name="keys" value="([\d,]+)"', page)
    assert keys
    bulk(planner, plan, keys=keys[1], deed="responsible", do="1", responsible="Sozialamt")
    assert plan.measures.filter(responsible__name="Sozialamt").count() == 60


def test_field_target_group_and_goal_are_set_for_several(planner: Client) -> None:
    plan = make_plan()
    first, second = make_measure(plan), make_measure(plan)
    field, goal, group = make_field(plan), make_goal(plan), make_term()
    keys = f"{second.pk},{first.pk}"

    bulk(planner, plan, keys=keys, deed="field", do="1", what=field.pk)
    assert list(field.measures.order_by("position")) == [first, second]
    for deed, record, links in (("group", group, "target_groups"), ("goal", goal, "goals")):
        bulk(planner, plan, keys=keys, deed=deed, do="1", what=record.pk, way="add")
        assert set(getattr(first, links).all()) == {record}
        bulk(planner, plan, keys=keys, deed=deed, do="1", what=record.pk, way="take")
        assert not getattr(second, links).exists()
    again = bulk(planner, plan, keys=keys, deed="goal", do="1", what=goal.pk, way="take")
    assert sentences(again)[-1].startswith("Die ausgewählten")


def test_what_was_not_said_is_asked_again(planner: Client) -> None:
    measure = make_measure()

    page = text(bulk(planner, measure.plan, keys=str(measure.pk), deed="goal", do="1", way="add"))

    assert "zp-field-error" in page


def test_a_status_that_must_be_explained_asks_for_the_reason_wherever_it_is_set(
    planner: Client,
) -> None:
    measure = make_measure(status="running", status_reason="Läuft gut")
    keys, status = str(measure.pk), {"deed": "status", "do": "1", "status": "dropped"}
    row = {"status": "dropped", "version": measure.version}

    assert "zp-field-error" in text(bulk(planner, measure.plan, keys=keys, **status, reason=" "))
    cell = planner.post(cell_url(measure, "status"), row, HTTP_HX_REQUEST="true")
    assert cell.status_code == 200
    measure.refresh_from_db()
    assert measure.status == "running"
    with pytest.raises(StatusReasonMissingError):
        several.set_status([measure], status=MeasureStatus.DROPPED, by=None)

    bulk(planner, measure.plan, keys=keys, **status, reason="Kein Geld")
    measure.refresh_from_db()
    assert (measure.status_reason, measure.status_on) == ("Kein Geld", localdate())
    several.set_status([measure], status=MeasureStatus.RUNNING, by=None, on=date(2027, 1, 1))
    measure.refresh_from_db()
    assert (measure.status_reason, measure.status_on) == ("", date(2027, 1, 1))


def test_nothing_of_another_plan_is_linked() -> None:
    measure = make_measure()

    with pytest.raises(several.GoalOfOtherPlanError):
        several.link_goal([measure], make_goal(), by=None)
    with pytest.raises(OtherPlanError):
        several.set_field([measure], field=make_field(), by=None)
    assert several.set_field([measure], field=measure.field, by=None) == 0
    assert several.set_field([], field=measure.field, by=None) == 0


def test_several_measures_wait_for_the_plan_first_as_a_single_one_does() -> None:
    measure = make_measure()

    field = make_field(measure.plan)

    with CaptureQueriesContext(connection) as captured:
        several.set_field([measure], field=field, by=None)

    read = re.findall(r'FROM "(\w+)"', "".join(query["sql"] for query in captured))
    assert read.index("plans_plan") < read.index("plans_measure")


def test_each_changed_measure_notes_who_and_what() -> None:
    measure, planner = make_measure(), make_planner()

    several.set_status([measure], status=MeasureStatus.DONE, by=planner)
    several.link_target_group([measure], make_term(name_de="Pflegende"), by=planner)

    assert [entry.history_user for entry in measure.history.all()[:2]] == [planner, planner]
    assert "Pflegende" in measure.history.first().history_change_reason


# Saved views


def view_form(name: str, query: str = "", **typed: str) -> dict[str, str]:
    return {"name": name, "query": query, **typed}


def test_a_view_is_kept_shown_as_a_tab_changed_and_deleted(planner: Client) -> None:
    plan = make_measure().plan
    add_url = reverse("plans:view-add", args=[plan.slug])

    asked = text(planner.get(f"{add_url}?status=running&sort=-cost&page=2&field="))
    planner.post(add_url, view_form("Läuft gerade", "status=running&sort=-cost"))

    view = SavedView.objects.get()
    assert 'value="status=running&amp;sort=-cost"' in asked
    opened = planner.get(view.get_absolute_url())
    assert opened["Location"] == list_url(plan, f"status=running&sort=-cost&ansicht={view.pk}")
    assert 'aria-current="page">Läuft gerade' in text(planner.get(opened["Location"]))
    change_url = reverse("plans:view-change", args=[plan.slug, view.pk])
    assert "läuft" in text(planner.get(change_url))
    assert 'value="status=done"' in text(planner.get(f"{change_url}?status=done"))
    planner.post(change_url, view_form("Erledigt", "status=done", is_shared="on"))
    view.refresh_from_db()
    assert (view.name, view.query, view.is_shared) == ("Erledigt", "status=done", True)
    planner.post(reverse("plans:view-delete", args=[plan.slug, view.pk]))
    assert not SavedView.objects.exists()


def test_a_filter_set_while_the_page_stands_is_what_a_view_keeps(planner: Client) -> None:
    plan = make_plan()
    make_measure(plan, number="1.1")
    address = reverse("plans:measure-list", args=[plan.slug])

    part = text(planner.get(address, {"q": "Beratung"}, headers=HTMX))

    assert '<div id="views" hx-swap-oob="true">' in part
    assert f'{reverse("plans:view-add", args=[plan.slug])}?q=Beratung"' in part
    assert 'href="?q=Beratung&amp;mehr=1#mehr"' in part
    assert "hx-swap-oob" not in text(planner.get(address, {"q": "Beratung"}))


def test_a_view_needs_a_name(planner: Client) -> None:
    response = planner.post(reverse("plans:view-add", args=[make_plan().slug]), view_form(" "))

    assert 'id="id_name_error"' in text(response)


def test_a_private_view_is_for_its_owner_alone(planner: Client) -> None:
    plan = make_plan()
    reader = make_reader()
    signed_in(reader).post(
        reverse("plans:view-add", args=[plan.slug]), view_form("Meine", is_shared="on")
    )
    view = SavedView.objects.get()

    assert not view.is_shared
    for name in ("view-open", "view-change"):
        assert planner.get(reverse(f"plans:{name}", args=[plan.slug, view.pk])).status_code == 404
    assert "Meine" not in text(planner.get(list_url(plan)))
    assert "Meine" in text(signed_in(reader).get(list_url(plan)))


def test_a_shared_view_is_changed_by_planners_only(planner: Client) -> None:
    plan = make_plan()
    planner.post(reverse("plans:view-add", args=[plan.slug]), view_form("Für alle", is_shared="on"))
    view = SavedView.objects.get()
    reader = signed_in(make_reader())

    shown = reader.get(view.get_absolute_url(), follow=True)
    assert reverse("plans:view-change", args=[plan.slug, view.pk]) not in text(shown)
    assert reverse("plans:view-add", args=[plan.slug]) in text(shown)
    assert reader.get(reverse("plans:view-change", args=[plan.slug, view.pk])).status_code == 403
    assert reader.post(reverse("plans:view-delete", args=[plan.slug, view.pk])).status_code == 403
    other = signed_in(make_planner())
    assert other.get(reverse("plans:view-change", args=[plan.slug, view.pk])).status_code == 200


def test_the_word_filter_finds_stems_parts_and_the_responsible_one() -> None:
    plan = make_plan()
    make_measure(plan, number="1.1", title_de="Pflegestützpunkt")
    make_measure(plan, number="1.2", responsible=make_organisation(name="Kreisseniorenbüro"))
    rebuild()

    assert found(plan, "q=Stützpunkte") == ["1.1"]
    assert found(plan, "q=Senioren") == ["1.2"]
    assert found(plan, "q=der") == ["1.1", "1.2"]
