"""The pages of the workbook: download, upload, check, take over."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.core.public import current_version
from zusammenplan.core.tests.clients import signed_in
from zusammenplan.people.tests.factories import make_planner, make_reader, make_user
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.workbook import (
    Decided,
    fingerprint,
    take_workbook,
)
from zusammenplan.plans.choices import EvidenceKind, IndicatorKind, RelationKind
from zusammenplan.plans.domain.workbook import SIGN, Why
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import read_workbook
from zusammenplan.plans.models import (
    Cost,
    Goal,
    IndicatorValue,
    Measure,
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    Plan,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import compared, sheet_name
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_evidence,
    make_field,
    make_goal,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_relation,
    make_term,
    make_value,
)
from zusammenplan.plans.tests.test_workbook import cell, put

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)


def full_plan(count: int = 1) -> Plan:
    plan = make_plan(slug="sozialplan")
    make_level(plan, name_de="Oberziel")
    field = make_field(plan, code="1", name_de="Wohnen")
    for at in range(1, count + 1):
        goal = make_goal(plan, title_de=f"Gut wohnen {at}", field=field, number=f"Z {at}")
        need = make_need(plan, title_de=f"Wohnungen fehlen {at}", field=field)
        need.areas.add(make_area())
        measure = make_measure(plan, number=f"1.{at}", field=field, title_de=f"Beratung {at}")
        measure.goals.add(goal)
        measure.needs.add(need)
        measure.target_groups.add(make_term())
        make_cost(measure)
        make_milestone(measure)
        make_value(make_numeric_indicator(measure, text_de=f"Beratungen {at}"))
        make_evidence(need, url="https://statistik.example/a")
    return plan


def continued_plan(count: int = 1) -> Plan:
    """Make a plan whose measures continue those of another one."""
    plan = full_plan(count)
    for at, measure in enumerate(plan.measures.order_by("number"), start=1):
        old = make_measure(make_plan(), title_de=f"Alte Beratung {at}")
        make_relation(measure, other=old, kind=RelationKind.CONTINUES)
    return plan


def file_of(plan: Plan, change: Callable[[Any], None] = lambda _book: None) -> bytes:
    with workbook_file(plan_content(plan), now=NOW) as written:
        book = openpyxl.load_workbook(written)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, plan: Plan, content: bytes, name: str = "plan.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("plans:workbook", args=[plan.slug]), {"file": file})


def seen_on(page: Any) -> str:
    return str(page.context["seen"])


# For whom


def test_planners_edit_readers_download_and_others_see_nothing() -> None:
    plan = full_plan()
    page, download = (
        reverse(f"plans:workbook{name}", args=[plan.slug]) for name in ("", "-download")
    )

    assert signed_in(make_planner()).get(page).status_code == 200
    for reader in (make_planner(), make_reader()):
        response = signed_in(reader).get(download)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        assert sheet_name("measures") in book.sheetnames
    assert signed_in(make_reader()).get(page).status_code == 403
    assert signed_in(make_user()).get(download).status_code == 403
    assert Client().get(page).status_code == 302


def test_the_workbook_of_another_planner_is_not_found() -> None:
    plan = full_plan()
    url = upload(signed_in(make_planner()), plan, file_of(plan)).url
    other = signed_in(make_planner())

    assert other.get(url).status_code == 404
    assert other.post(f"{url}uebernehmen/").status_code == 404


# The journey


def test_a_workbook_without_a_change_says_so() -> None:
    plan = full_plan()
    client = signed_in(make_planner())

    with translation.override("en"):
        page = client.get(upload(client, plan, file_of(plan)).url)

    assert "No change" in page.content.decode()
    assert page.context["is_empty"]


def test_changed_cells_are_shown_and_taken_over() -> None:
    plan = full_plan(2)
    planner = make_planner()
    client = signed_in(planner)
    before = current_version()

    def change(book: Any) -> None:
        cell(book, "measures", 3, "number").value = "1.2"
        cell(book, "measures", 4, "number").value = "1.1"
        cell(book, "measures", 3, "responsible").value = "Sozialamt"
        cell(book, "measures", 3, "goals").value = "Z 2"
        cell(book, "goals", 3, "level").value = "Oberziel"
        cell(book, "goals", 4, "parent").value = "Z 1"
        cell(book, "costs", 3, "amount").value = 1234.5
        cell(book, "milestones", 3, "done_on").value = date(2027, 2, 1)
        cell(book, "values", 3, "on").value = date(2026, 6, 30)
        cell(book, "needs", 3, "areas").value = None

    response = upload(client, plan, file_of(plan, change))
    page = client.get(response.url)
    done = client.post(f"{response.url}uebernehmen/", {"seen": seen_on(page)})

    assert done.status_code == 302
    first = Measure.objects.get(title_de="Beratung 1")
    assert (first.number, str(first.responsible)) == ("1.2", "Sozialamt")
    assert list(first.goals.values_list("number", flat=True)) == ["Z 2"]
    assert first.version == 2
    assert first.history.first().history_user == planner
    assert "plan.xlsx" in first.history.first().history_change_reason
    assert Measure.objects.get(title_de="Beratung 2").number == "1.1"
    assert Goal.objects.get(number="Z 2").parent == Goal.objects.get(number="Z 1")
    assert str(Goal.objects.get(number="Z 1").level) == "Oberziel"
    assert Cost.objects.filter(amount=Decimal("1234.50")).exists()
    assert Milestone.objects.filter(done_on=date(2027, 2, 1)).exists()
    assert IndicatorValue.objects.filter(on=date(2026, 6, 30)).exists()
    assert Need.objects.filter(areas__isnull=True).count() == 1
    assert current_version() > before
    assert client.get(response.url).status_code == 404


def test_new_rows_on_every_sheet_are_added() -> None:
    plan = full_plan()

    def change(book: Any) -> None:
        for sheet, values in (
            ("needs", {"title_de": "Zu wenig Zeit", "strength": "hoch"}),
            ("goals", {"title_de": "Oben", "needs": "Zu wenig Zeit"}),
            ("measures", {"title_de": "Lotsen", "field": "1", "goals": "Oben"}),
            ("costs", {"measure": "Lotsen", "year": 2028, "amount": 10}),
            ("milestones", {"measure": "Lotsen", "title_de": "Los", "due_on": "1.3.2028"}),
            (
                "indicators",
                {
                    "measure": "Lotsen",
                    "text_de": "Zahl der Lotsen",
                    "kind": str(IndicatorKind.NUMERIC.label),
                },
            ),
            ("values", {"indicator": "Zahl der Lotsen", "on": "31.12.2028", "value": "12,5"}),
        ):
            for column, value in values.items():
                cell(book, sheet, 4, column).value = value

    edited = read_workbook("plan.xlsx", file_of(plan, change), plan=plan)
    found = compared(plan_content(plan), edited.book)
    assert not found.refused, found.refused
    take_workbook(
        plan, edited.book, decided=Decided(), seen=fingerprint(found), source="plan.xlsx", by=None
    )

    measure = Measure.objects.get(title_de="Lotsen")
    assert measure.number == "1.2"
    assert [goal.title_de for goal in measure.goals.all()] == ["Oben"]
    assert [need.title_de for need in measure.goals.get().needs.all()] == ["Zu wenig Zeit"]
    assert measure.costs.get().amount == 10
    assert measure.milestones.get().first_due_on == date(2028, 3, 1)
    assert measure.indicators.get().values.get().value == Decimal("12.5")


def test_a_milestone_moves_with_a_reason_and_keeps_its_first_day() -> None:
    plan = full_plan(2)
    first, second = Milestone.objects.order_by("pk")
    Milestone.objects.filter(pk=second.pk).update(due_on=None, first_due_on=None)
    first.refresh_from_db()
    set_day, late = first.first_due_on, date(2029, 5, 1)
    assert set_day is not None

    def move(book: Any) -> None:
        cell(book, "milestones", 3, "due_on").value = late
        cell(book, "milestones", 4, "due_on").value = late

    def explain(book: Any) -> None:
        move(book)
        cell(book, "milestones", 3, "moved_reason").value = "Der Umbau dauert länger."

    edited = read_workbook("plan.xlsx", file_of(plan, move), plan=plan)
    assert [one.why for one in compared(plan_content(plan), edited.book).refused] == [
        Why.MOVE_REASON_MISSING
    ]
    edited = read_workbook("plan.xlsx", file_of(plan, explain), plan=plan)
    seen = fingerprint(compared(plan_content(plan), edited.book))
    take_workbook(plan, edited.book, decided=Decided(), seen=seen, source="plan.xlsx", by=None)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.first_due_on, first.due_on) == (set_day, late)
    assert (second.first_due_on, second.due_on) == (late, late)


def test_the_day_of_a_milestone_without_its_reason_is_not_chosen_in_a_conflict() -> None:
    plan = full_plan()
    milestone = Milestone.objects.get()

    def explain(book: Any) -> None:
        cell(book, "milestones", 3, "due_on").value = date(2029, 5, 1)
        cell(book, "milestones", 3, "moved_reason").value = "Aus Excel"

    content = file_of(plan, explain)
    Milestone.objects.update(due_on=date(2028, 2, 1), moved_reason="Aus dem Plan")
    client = signed_in(make_planner())
    url = upload(client, plan, content).url
    chosen = {f"cell/milestones/m{milestone.pk}/due_on": "file"}

    response = client.post(f"{url}uebernehmen/", {"seen": seen_on(client.get(url)), **chosen})

    assert response["Location"] == url
    assert Milestone.objects.get().due_on == date(2028, 2, 1)


def relations(plan: Plan) -> set[tuple[str, str, str, str]]:
    return {
        (it.measure.number, it.kind, it.other.title_de, it.note)
        for it in MeasureRelation.objects.filter(measure__plan=plan)
    }


def test_relations_and_evidence_are_changed_added_and_deleted() -> None:
    plan = continued_plan(2)
    first, second = plan.measures.order_by("number")
    make_relation(first, other=second, kind=RelationKind.BLOCKS, note="Erst bauen.")
    make_relation(first, other=second, kind=RelationKind.REPLACES)
    old = second.relations.get().other
    planner = make_planner()
    client = signed_in(planner)

    def change(book: Any) -> None:
        kinds = {
            kind.value: kind for row in (3, 4, 5) if (kind := cell(book, "relations", row, "kind"))
        }
        kinds["blockiert"].value, kinds["ersetzt"].value = "ersetzt", "blockiert"
        for column, value in (
            ("measure", "1.1"),
            ("kind", "gehört zusammen mit"),
            ("other", f"{old.plan.title_de}: {old.title_de}"),
            ("note", "Wie damals."),
        ):
            cell(book, "relations", 7, column).value = value
        for column, value in (
            ("need", "Wohnungen fehlen 1"),
            ("kind", str(EvidenceKind.STATISTIC)),
            ("text_de", "Jede zehnte Wohnung"),
        ):
            cell(book, "evidence", 5, column).value = value
        cell(book, "evidence", 3, "source").value = "Befragung 2027"
        book[sheet_name("evidence")].delete_rows(4)

    response = upload(client, plan, file_of(plan, change))
    page = client.get(response.url)
    gone = page.context["gone"][0]["name"]
    seen = {"seen": seen_on(page), gone: "on"}
    assert client.post(f"{response.url}uebernehmen/", seen).status_code == 302

    assert relations(plan) == {
        ("1.1", "continues", "Alte Beratung 1", ""),
        ("1.2", "continues", "Alte Beratung 2", ""),
        ("1.1", "replaces", "Beratung 2", "Erst bauen."),
        ("1.1", "blocks", "Beratung 2", ""),
        ("1.1", "belongs", "Alte Beratung 2", "Wie damals."),
    }
    assert set(NeedEvidence.objects.values_list("need__title_de", "kind", "source")) == {
        ("Wohnungen fehlen 1", "survey", "Befragung 2027"),
        ("Wohnungen fehlen 1", "statistic", ""),
    }
    changed = MeasureRelation.objects.get(kind=RelationKind.REPLACES)
    assert changed.history.first().history_user == planner
    edited = read_workbook("plan.xlsx", file_of(plan), plan=plan)
    assert compared(plan_content(plan), edited.book).is_empty


def test_a_relation_that_another_plan_notes_already_is_refused() -> None:
    plan = continued_plan()
    measure = plan.measures.get()
    old = measure.relations.get().other
    make_relation(old, other=measure, kind=RelationKind.BLOCKS)
    client = signed_in(make_planner())

    response = upload(client, plan, file_of(plan, put("relations", 3, "kind", "blockiert")))
    page = client.get(response.url)
    done = client.post(f"{response.url}uebernehmen/", {"seen": seen_on(page)}, follow=True)

    assert "schon vermerkt" in done.content.decode()
    assert measure.relations.get().kind == RelationKind.CONTINUES


def test_a_conflict_keeps_the_plans_value_unless_the_person_chooses() -> None:
    plan = full_plan()
    measure = Measure.objects.get()
    content = file_of(plan, put("measures", 3, "title_de", "Aus Excel"))
    Measure.objects.update(title_de="Aus dem Plan")
    client = signed_in(make_planner())
    name = f"cell/measures/{measure.identity}/title_de"

    url = upload(client, plan, content).url
    page = client.get(url)
    assert "Aus dem Plan" in page.content.decode()
    client.post(f"{url}uebernehmen/", {"seen": seen_on(page), name: "plan"})
    assert Measure.objects.get().title_de == "Aus dem Plan"

    url = upload(client, plan, content).url
    client.post(f"{url}uebernehmen/", {"seen": seen_on(client.get(url)), name: "file"})
    assert Measure.objects.get().title_de == "Aus Excel"


def test_only_ticked_rows_are_deleted() -> None:
    plan = full_plan(2)
    first = Measure.objects.order_by("pk")[0]
    client = signed_in(make_planner())

    def change(book: Any) -> None:
        book[sheet_name("measures")].delete_rows(3, 2)

    url = upload(client, plan, file_of(plan, change)).url
    page = client.get(url)
    client.post(
        f"{url}uebernehmen/", {"seen": seen_on(page), f"remove/measures/{first.identity}": "1"}
    )

    assert [one.title_de for one in Measure.objects.all()] == ["Beratung 2"]


def test_nothing_is_written_when_the_plan_changed_after_the_page_was_shown() -> None:
    plan = full_plan()
    client = signed_in(make_planner())
    url = upload(client, plan, file_of(plan, put("measures", 3, "title_de", "Neu"))).url
    seen = seen_on(client.get(url))
    Measure.objects.update(title_de="Anders")

    response: Any = client.post(f"{url}uebernehmen/", {"seen": seen})

    assert response.url == url
    assert Measure.objects.get().title_de == "Anders"


def test_what_breaks_in_the_middle_leaves_nothing() -> None:
    plan = full_plan(2)

    def change(book: Any) -> None:
        cell(book, "measures", 3, "title_de").value = "Neu 1"
        cell(book, "measures", 4, "title_de").value = "Neu 2"
        cell(book, "needs", 5, "title_de").value = "Neuer Bedarf"

    edited = read_workbook("plan.xlsx", file_of(plan, change), plan=plan)
    seen = fingerprint(compared(plan_content(plan), edited.book))

    def break_off(instance: Measure, **_rest: object) -> None:
        if instance.title_de == "Neu 2":
            raise RuntimeError("The power went off.")

    post_save.connect(break_off, sender=Measure)
    try:
        with pytest.raises(RuntimeError):
            take_workbook(plan, edited.book, decided=Decided(), seen=seen, source="x", by=None)
    finally:
        post_save.disconnect(break_off, sender=Measure)

    assert not Measure.objects.filter(title_de__startswith="Neu").exists()
    assert Need.objects.count() == 2


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence() -> None:
    plan, other = full_plan(), make_plan(slug="anderer")
    client = signed_in(make_planner())

    for content in (b"", b"Nr.;Titel\n", file_of(other), b"PK\x03\x04kaputt"):
        response = upload(client, plan, content)
        assert response.status_code == 422
        assert response.context["form"].errors["file"]


@pytest.mark.parametrize(
    ("made_at", "status"),
    [("2027-03-01T18:00:00", 302), ("9999-12-31T23:59:59-12:00", 422), ("gestern", 422)],
)
def test_a_hidden_sheet_with_another_moment_breaks_nothing(made_at: str, status: int) -> None:
    plan = full_plan()

    def change(book: Any) -> None:
        for sheet in book:
            if sheet.cell(1, 1).value == SIGN:
                sheet.cell(1, 4).value = made_at

    response = upload(client := signed_in(make_planner()), plan, file_of(plan, change))

    assert response.status_code == status
    if status == 302:
        assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.one_database
def test_the_check_needs_the_same_queries_for_any_length(count: int) -> None:
    plan = full_plan(count)
    client = signed_in(make_planner())
    url = upload(client, plan, file_of(plan, put("measures", 3, "title_de", "Neu"))).url
    client.get(url)

    with CaptureQueriesContext(connection) as queries:
        client.get(url)

    assert len(queries) == 35
