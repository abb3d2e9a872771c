"""The files that people take away."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, strategies as st

from zusammenplan.core.spreadsheets import harmless
from zusammenplan.people.tests.factories import make_organisation
from zusammenplan.plans.exports.lists import csv_lines, plan_document, xlsx_file
from zusammenplan.plans.models import Plan
from zusammenplan.plans.tests.factories import make_field, make_measure, make_plan

EVIL = '=HYPERLINK("http://böse.example")'


def full_plan() -> Plan:
    plan = make_plan(slug="sozialplan", title_de="Sozialplan 2027–2031")
    field = make_field(plan, code="2", name_de="Familie, Beruf")
    make_measure(
        plan,
        field=field,
        number="2.1",
        title_de='Pflege; „Stützpunkt“\n"neu"',
        text_de=EVIL,
        responsible=make_organisation(name="+Amt"),
        period_text="seit 2019",
        starts_on=date(2019, 1, 1),
        status="running",
        priority_degree=Decimal("1.5"),
        priority_round="Runde 1",
        priority_on=date(2027, 6, 16),
    )
    Plan.objects.get(pk=plan.pk).measures.create(number="X", title_de="Ohne Feld")
    return plan


def read_csv(plan: Plan) -> list[list[str]]:
    text = "".join(csv_lines(plan.measures.in_order()))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


@pytest.mark.django_db
def test_the_csv_opens_again_and_computes_nothing() -> None:
    head, first, second = read_csv(full_plan())

    assert len(head) == len(first) == len(second) == 12
    assert first[0:3] == ["2.1", 'Pflege; „Stützpunkt“\n"neu"', "2 Familie, Beruf"]
    assert first[3:6] == [f"'{EVIL}", "'+Amt", "seit 2019"]
    assert first[9:11] == ["1,5", "Runde 1"]
    assert second[0:3] == ["X", "Ohne Feld", ""]


@pytest.mark.django_db
def test_the_workbook_opens_again_and_holds_text_alone() -> None:
    plan = full_plan()

    with xlsx_file(plan.measures.in_order(), title=plan.title_de) as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]

    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 3
    assert rows[1][0] == "2.1"
    assert rows[1][3] == EVIL
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.django_db
def test_an_empty_plan_gives_a_workbook_with_its_head() -> None:
    with xlsx_file(make_plan().measures.in_order(), title="Leer") as file:
        assert openpyxl.load_workbook(file).worksheets[0].max_row == 1


@given(st.text())
def test_no_text_is_computed_by_a_spreadsheet_program(text: str) -> None:
    assert harmless(text).lstrip("'") == text.lstrip("'")
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.django_db
def test_the_document_has_the_shape_that_others_script_against() -> None:
    plan = full_plan()

    def identity(number: str) -> str:
        return str(plan.measures.get(number=number).identity)

    document = plan_document(plan)

    assert document == {
        "title": "Sozialplan 2027–2031",
        "fields": [{"code": "2", "name": "Familie, Beruf"}],
        "goals": [],
        "measures": [
            {
                "number": "2.1",
                "field": "2",
                "goals": [],
                "title": 'Pflege; „Stützpunkt“\n"neu"',
                "period": {"text": "seit 2019", "starts_on": "2019-01-01", "ends_on": None},
                "status": "running",
                "indicators": [],
                "priority": {"degree": 1.5, "round": "Runde 1"},
                "id": identity("2.1"),
            },
            {
                "number": "X",
                "field": None,
                "goals": [],
                "title": "Ohne Feld",
                "period": {"text": "", "starts_on": None, "ends_on": None},
                "status": "planned",
                "indicators": [],
                "priority": None,
                "id": identity("X"),
            },
        ],
    }


@pytest.mark.django_db
def test_the_command_writes_a_file(tmp_path: Path) -> None:
    plan = full_plan()

    call_command("export_plan", plan.slug, format="json", output=str(tmp_path / "plan.json"))
    call_command("export_plan", plan.slug, format="xlsx", output=str(tmp_path / "plan.xlsx"))

    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert document == plan_document(plan)
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets[0].max_row == 3


@pytest.mark.django_db
def test_the_command_writes_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    plan = full_plan()
    out = io.StringIO()

    call_command("export_plan", plan.slug, stdout=out)
    call_command("export_plan", plan.slug, format="xlsx")

    assert json.loads(out.getvalue())["title"] == plan.title_de
    assert capfdbinary.readouterr().out.startswith(b"PK")


@pytest.mark.django_db
def test_the_command_says_which_plans_there_are() -> None:
    make_plan(slug="sozialplan")

    with pytest.raises(CommandError, match="sozialplan"):
        call_command("export_plan", "socialplan")


@pytest.mark.django_db
def test_the_command_says_that_it_cannot_write(tmp_path: Path) -> None:
    plan = make_plan()

    with pytest.raises(CommandError):
        call_command("export_plan", plan.slug, output=str(tmp_path / "nirgends" / "plan.json"))
