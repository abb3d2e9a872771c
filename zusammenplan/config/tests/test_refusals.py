"""What cannot be is refused on its page, with a German sentence that says what to do."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from zusammenplan.people.tests.factories import NOW, make_planner
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import sheet_name
from zusammenplan.plans.tests.factories import make_field, make_goal, make_measure, make_plan

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from zusammenplan.plans.models import Plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]

HEAD = "Nr.\tTitel\tÜbergeordnete Nr.\tBeginn"


@pytest.fixture
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_planner())
    return client


@pytest.fixture
def plan() -> Plan:
    """Give a plan with a goal above another, next to one whose goal has a number of its own."""
    make_goal(make_plan(slug="fremd"), number="77", title_de="Fremdes Ziel")
    plan = make_plan(slug="plan")
    make_field(plan, code="1", name_de="Wohnen")
    above = make_goal(plan, number="Z1", title_de="Gut wohnen")
    make_goal(plan, number="Z2", title_de="Beraten sein", parent=above)
    return plan


def says(answer: Any, sentence: str) -> bool:
    return escape(sentence) in answer.content.decode() or sentence in answer.content.decode()


def checked(client: Client, plan: Plan, *rows: str) -> Any:
    """Upload a list and give the page that checks it."""
    content = "\n".join([HEAD, *rows]).encode()
    sent = {"file": SimpleUploadedFile("liste.tsv", content), "plan": plan.slug}
    return client.post(reverse("tables:import"), sent, follow=True)


# Lists of goals and measures


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["1\tA\t1\t", "2\tB\t\t"], "1 steht unter 1 und damit im Kreis unter sich selbst."),
        (
            ["1\tA\t3\t", "2\tB\t1\t", "3\tC\t2\t", "9\tD\t\t"],
            "2 steht unter 1 und damit im Kreis unter sich selbst.",
        ),
        (["1\tA\t\t", "2\tB\t\t", "3\tC\t1; 2\t"], "3 nennt eine zweite übergeordnete Nummer"),
        (
            ["1\tA\t\t", "2\tB\t\t", "3\tC\t1\t", "3\tC\t2\t"],
            "3 nennt eine zweite übergeordnete Nummer",
        ),
        (["1\tA\t\t", "2\tB\t9\t"], "2 steht unter 9, aber keine Zeile hat diese Nummer."),
        (["1\tA\t\t", "2\tB\t77\t"], "2 steht unter 77, aber keine Zeile hat diese Nummer."),
        (["1\tA\t9\t", "2\tB\t1\t", "4\tC\t\t"], "2 steht unter 1 (Zeile 2), und die wird nicht"),
        (["1\tA\t\t31.02.2027"], "„31.02.2027“ in „Beginn“ bei 1 ist kein Datum."),
        (["1\tA\t\tirgendwann"], "„irgendwann“ in „Beginn“ bei 1 ist kein Datum."),
    ],
)
def test_a_row_that_cannot_stand_in_the_list_is_named_on_the_page(
    planner: Client, plan: Plan, rows: list[str], sentence: str
) -> None:
    page = checked(planner, plan, *rows)

    assert page.status_code == 200
    assert says(page, sentence)


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("1.3.2027", date(2027, 3, 1)),
        ("01.03.27", date(2027, 3, 1)),
        ("1. März 2027", date(2027, 3, 1)),
        ("2027-03-01", date(2027, 3, 1)),
        ("März 2027", date(2027, 3, 1)),
        ("03/2027", date(2027, 3, 1)),
        ("2027", date(2027, 1, 1)),
        ("I. Quartal 2027", date(2027, 1, 1)),
    ],
)
def test_a_begin_is_taken_over_in_any_german_spelling(
    planner: Client, plan: Plan, written: str, begins: date
) -> None:
    page = checked(planner, plan, f"5\tWohnberatung\t\t{written}")
    values = {"plan": plan.slug, "seen": page.context["outlook"].fingerprint}
    take = page.request["PATH_INFO"] + "uebernehmen/"
    planner.post(take, values | {"shown": f"plan={plan.slug}"}, follow=True)

    assert plan.measures.get(number="5").starts_on == begins


def test_a_list_deeper_than_eight_levels_is_refused_whole(planner: Client, plan: Plan) -> None:
    rows = [f"{at}\tEbene {at}\t{at - 1 or ''}\t" for at in range(1, 11)]
    page = checked(planner, plan, *rows)
    values = {"plan": plan.slug, "seen": page.context["outlook"].fingerprint}
    take = page.request["PATH_INFO"] + "uebernehmen/"
    answer = planner.post(take, values | {"shown": f"plan={plan.slug}"}, follow=True)

    assert says(answer, "Das Ziel „Ebene 9“ stünde tiefer als 8 Ebenen.")
    assert plan.goals.count() == 2


# Forms


def test_a_goal_below_itself_or_below_a_foreign_one_is_refused_at_its_field(
    planner: Client, plan: Plan
) -> None:
    above, below = plan.goals.order_by("number")
    foreign = make_plan().goals.create(title_de="Fremd", position=1)
    for parent in (above, below, foreign):
        typed = {"title_de": "Gut wohnen", "state": "pursued", "parent": parent.pk, "version": 1}
        answer = planner.post(reverse("plans:goal-change", args=[plan.slug, above.pk]), typed)
        assert answer.context["form"].errors["parent"][0].endswith(".")
    above.refresh_from_db()
    assert above.parent is None


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("1.6.2027", date(2027, 6, 1)),
        ("01.06.27", date(2027, 6, 1)),
        ("1. Juni 2027", date(2027, 6, 1)),
        ("2027-06-01", date(2027, 6, 1)),
        ("Juni 2027", date(2027, 6, 30)),
        ("II. Quartal 2027", date(2027, 6, 30)),
        ("12. KW 2027", date(2027, 3, 28)),
        ("Herbst 2027", date(2027, 11, 30)),
        ("bis 2028", date(2028, 12, 31)),
        ("31.2.2027", "„31.2.2027“ gibt es im Kalender nicht."),
        ("morgen", "„morgen“"),
        ("1.6.", "Jahr"),
        ("1.1.20027", "Jahr"),
        ("1\x0b.6.2027\u202e", "ist nicht verständlich"),
    ],
)
def test_a_day_in_any_german_spelling_is_kept_or_refused_at_its_field(
    planner: Client, plan: Plan, written: str, due: date | str
) -> None:
    measure = make_measure(plan)
    address = reverse("plans:measure-milestones", args=[plan.slug, measure.pk])

    answer = planner.post(address, {"title_de": "Eröffnung", "due_on": written})

    if isinstance(due, date):
        assert measure.milestones.get().due_on == due
    else:
        assert due in answer.context["form"].errors["due_on"][0]
        assert not measure.milestones.exists()


# The workbook


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("parent", "Z2", "Das Ziel stünde unter sich selbst. Wählen Sie ein anderes Ziel darüber."),
        ("parent", "77", "„77“ in „Übergeordnetes Ziel“ gibt es in der Arbeitsmappe nicht."),
        ("parent", "Z1; Z2", "gibt es in der Arbeitsmappe nicht."),
        ("starts_on", "31.2.2027", "„31.2.2027“ ist kein Tag."),
    ],
)
def test_a_cell_that_cannot_be_is_named_on_the_page(
    planner: Client, plan: Plan, column: str, value: str, sentence: str
) -> None:
    with workbook_file(plan_content(plan), now=NOW) as file:
        book = openpyxl.load_workbook(file)
    page = book[sheet_name("goals")]
    at = next(cell.column for cell in page[1] if cell.value == column)
    page.cell(3, at).value = value
    changed = io.BytesIO()
    book.save(changed)
    sent = {"file": SimpleUploadedFile("plan.xlsx", changed.getvalue())}

    answer = planner.post(reverse("plans:workbook", args=[plan.slug]), sent, follow=True)

    assert answer.status_code == 200
    assert says(answer, sentence)


def test_a_row_of_another_workbook_is_named_on_the_page(planner: Client, plan: Plan) -> None:
    with workbook_file(plan_content(plan), now=NOW) as file:
        book = openpyxl.load_workbook(file)
    page = book[sheet_name("goals")]
    page.cell(3, 1).value = "1f0e1c1a-0000-4000-8000-000000000000"
    changed = io.BytesIO()
    book.save(changed)
    sent = {"file": SimpleUploadedFile("plan.xlsx", changed.getvalue())}

    answer = planner.post(reverse("plans:workbook", args=[plan.slug]), sent, follow=True)

    assert says(answer, "Diese Zeile stammt aus einer anderen Arbeitsmappe.")
