"""What nobody should type, on every way in: a sentence or stored as it is, never an error."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zusammenplan.people.tests.factories import NOW, make_planner
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.models import Goal, Measure, Need, Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import (
    make_block,
    make_chapter,
    make_field,
    make_goal,
    make_measure,
    make_plan,
)

pytestmark = pytest.mark.django_db

TITLES = {
    "long": "Ä" * 300,
    "too long": "Ä" * 1500,
    "emoji": "Kita 👩‍👩‍👧‍👦 für alle 🎉",
    "right to left": "مركز الرعاية \u202egnp.exe",
    "formula": '=HYPERLINK("http://boese.example","Klick")',
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": "\"'><svg/onload=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% now 'Y' %}%(plan)s %s {0}",
    "blank": " \u00a0\u200b",
    "nul": "a\x00b",
    "surrogate-like": "\ufffe\uffff x",
}
DAYS = (
    "31.02.2027",
    "1. März 2027",
    "2027-03-01",
    "01.03.27",
    "seit 2019",
    "ab 2022",
    "00.00.0000",
)
ALIVE = re.compile(r"<script>alert|<img src=x|<svg/onload", re.IGNORECASE)


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_planner())
    return client


@pytest.fixture
def plan() -> Plan:
    plan = make_plan(slug="plan")
    make_field(plan, code="1", name_de="Wohnen")
    make_block(make_chapter(plan), text_de="<p>Die Lage</p>")
    return plan


def shown_safely(client: Client, plan: Plan) -> None:
    """Open what shows texts, inside and outside, and find no script alive."""
    names = ["measure-list", "goal-list", "need-list", "outline", "gaps", "plan-detail"]
    pages = [reverse(f"plans:{name}", args=[plan.slug]) for name in names]
    for model, page in ((Measure, "measure"), (Goal, "goal"), (Need, "need")):
        for one in model._default_manager.filter(plan=plan):
            pages.append(reverse(f"plans:{page}-detail", args=[plan.slug, one.pk]))
            pages.append(reverse(f"plans:{page}-change", args=[plan.slug, one.pk]))
    public = ["plan", "plan-goal-list", "plan-need-list", "plan-document", "plan-feed", "plan-json"]
    pages += [reverse(f"website:{name}", args=[plan.slug]) for name in public]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert page.endswith(".json") or not ALIVE.search(answer.content.decode()), page


def test_any_title_is_typed_into_any_form(planner: Client, plan: Plan) -> None:
    stored = 0
    for place, title in enumerate(TITLES.values()):
        forms = {
            "plans:measure-add": {"number": f"9.{place}", "title_de": title, "status": "planned"},
            "plans:goal-add": {"title_de": title, "state": "pursued"},
            "plans:need-add": {"title_de": title, "strength": "middle", "state": "open"},
            "plans:view-add": {"name": title, "query": "", "is_shared": "on"},
            "plans:chapter-add": {"title_de": title, "kind": "text"},
        }
        for name, typed in forms.items():
            answer = planner.post(reverse(name, args=[plan.slug]), typed)
            assert answer.status_code in {200, 302, 409, 422}, (name, title)
            stored += answer.status_code == 302
    assert stored > len(TITLES)
    assert Measure.objects.filter(title_de=TITLES["emoji"]).exists()
    shown_safely(planner, plan)


def test_any_day_is_typed_or_refused(planner: Client, plan: Plan) -> None:
    measure = make_measure(plan)
    for day in DAYS:
        measure.refresh_from_db()
        whole = {
            "number": measure.number,
            "title_de": "X",
            "status": "planned",
            "version": measure.version,
            "period_text": day,
        }
        for name, typed in (
            ("plans:measure-milestones", {"title_de": "Fest", "due_on": day}),
            ("plans:measure-change", whole),
            ("plans:measure-change", {**whole, "status_on": day}),
        ):
            answer = planner.post(reverse(name, args=[plan.slug, measure.pk]), typed)
            assert answer.status_code in {200, 302, 409, 422}, (name, day)
    measure.refresh_from_db()
    assert measure.version > 1
    # "1. März 2027", "2027-03-01" and "01.03.27".
    assert measure.milestones.filter(due_on=date(2027, 3, 1)).count() == 3


def table_of(titles: list[str]) -> bytes:
    lines = [
        f'8.{place}\t"{title.replace(chr(34), chr(34) * 2)}"\t1 Wohnen\tgeplant\t{day}'
        for place, (title, day) in enumerate(zip(titles, DAYS * 2, strict=False))
    ]
    return "\n".join(["Nr.\tMaßnahme\tHandlungsfeld\tStatus\tZeitraum", *lines]).encode()


def test_any_title_comes_in_a_table_onto_the_pages_and_out_again(
    planner: Client, plan: Plan
) -> None:
    titles = [title.replace("\x00", "") for title in TITLES.values()]
    file = SimpleUploadedFile("<script>alert(1)</script>.tsv", table_of(titles))

    page = planner.post(reverse("tables:import"), {"file": file, "plan": plan.slug}, follow=True)
    shown = {"plan": plan.slug, "seen": page.context["outlook"].fingerprint}
    take = f"{page.request['PATH_INFO']}uebernehmen/"
    done = planner.post(take, shown | {"shown": f"plan={plan.slug}"}, follow=True)

    for answer in (page, done):
        assert answer.status_code == 200
        assert not ALIVE.search(answer.content.decode())
    kept = set(plan.measures.values_list("title_de", flat=True))
    assert {TITLES["emoji"], TITLES["long"], TITLES["formula"], TITLES["script"]} <= kept
    assert TITLES["too long"] not in kept
    assert "8.1" in page.content.decode()
    shown_safely(planner, plan)


def test_any_value_comes_in_a_workbook(planner: Client, plan: Plan) -> None:
    goal = make_goal(plan, number="Z1", title_de="Oben")
    make_goal(plan, number="Z2", title_de="Unten", parent=goal)
    for place in range(len(TITLES)):
        make_measure(plan, number=f"1.{place}", title_de=f"Alt {place}")
    titles = [title.replace("\x00", "").replace("\ufffe\uffff", "") for title in TITLES.values()]
    with workbook_file(plan_content(plan), now=NOW) as file:
        book = openpyxl.load_workbook(file)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value).startswith("Alt "):
                    cell.value = titles[int(str(cell.value)[4:])]
                elif cell.value == "Oben":
                    row[cell.column + 1].value = "Z2 Unten"
    changed = io.BytesIO()
    book.save(changed)
    file = SimpleUploadedFile("plan.xlsx", changed.getvalue())
    page = planner.post(reverse("plans:workbook", args=[plan.slug]), {"file": file}, follow=True)
    assert page.status_code == 200
    assert not ALIVE.search(page.content.decode())
    take = page.request["PATH_INFO"] + "uebernehmen/"
    answer = planner.post(take, {"seen": page.context["seen"]}, follow=True)
    assert answer.status_code == 200
    assert Measure.objects.filter(title_de=TITLES["emoji"]).exists()
    goal.refresh_from_db()
    assert goal.parent is None
    shown_safely(planner, plan)
    with workbook_file(plan_content(plan), now=NOW) as again:
        cells = [
            cell
            for sheet in openpyxl.load_workbook(again).worksheets
            for row in sheet.iter_rows()
            for cell in row
        ]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert not formulas
