"""What changed between two plans, for the council: page, Word and PDF say the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from zusammenplan.core.printable import printable
from zusammenplan.people.tests.factories import make_planner, make_reader, make_user
from zusammenplan.plans.models import Plan, Resolution
from zusammenplan.plans.tests.factories import make_goal, make_measure, make_need, make_plan
from zusammenplan.reports.exports.changes_docx import changes_docx
from zusammenplan.reports.exports.changes_pdf import changes_pdf
from zusammenplan.reports.queries.changes import ChangesPaper, changes_paper
from zusammenplan.reports.tests.pdf_structure import findings
from zusammenplan.reports.tests.test_exports import HOSTILE

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def make_two_plans() -> Plan:
    old = make_plan(title_de="Sozialplan 2022–2026", status="evaluated")
    new = make_plan(title_de="Sozialplan 2027–2031", predecessor=old, starts_on=date(2027, 1, 1))
    same = make_measure(old, number="1.1", title_de="Bürgerbus")
    make_measure(new, number="2.4", title_de="Bürgerbus", identity=same.identity)
    adapted = make_measure(old, number="1.2", title_de="Pflegestammtisch aufbauen")
    make_measure(new, number="1.2", title_de="Pflegenetzwerk aufbauen", identity=adapted.identity)
    make_measure(old, title_de="Messe", status="dropped", status_reason="zu wenig Besuch")
    make_measure(old, title_de="Heft", status="done")
    make_measure(new, title_de="Rufbus")
    make_goal(old, title_de="Gut beraten", state="reached")
    make_need(new, title_de="Wege sind weit")
    for plan in (old, new):
        plan.measures.update(field=None)
    return new


def the_paper() -> ChangesPaper:
    return changes_paper(make_two_plans(), now=NOW)


def test_the_counts_stand_on_top() -> None:
    paper = the_paper()

    assert paper.fates == (
        "Carried on unchanged",
        "Carried on and adapted",
        "New",
        "Finished",
        "Dropped",
    )
    assert {row.label: row.counts for row in paper.counts} == {
        "Measures": (1, 1, 1, 1, 1),
        "Goals": (0, 0, 0, 1, 0),
        "Needs": (0, 0, 1, 0, 0),
    }
    assert paper.lead[1] == ("Of 4 measures of the old plan 2 are carried on. 1 measure is new.")


def test_each_record_stands_below_its_fate_with_reason_or_synopsis() -> None:
    measures = the_paper().sections[0]
    rows = {group.heading: group.rows[0] for group in measures.groups}

    assert rows["Dropped"].note == "zu wenig Besuch"
    assert rows["Carried on unchanged"].note == "so far number 1.1"
    told = rows["Carried on and adapted"].synopsis[0]
    assert (told.label, told.before, told.after) == (
        "Title",
        "Pflegestammtisch aufbauen",
        "Pflegenetzwerk aufbauen",
    )


def test_a_draft_says_that_it_is_one_and_an_adopted_plan_names_its_resolution() -> None:
    new = make_two_plans()
    assert changes_paper(new, now=NOW).label == "Draft, not adopted yet"

    Resolution.objects.create(
        plan=new, body="Kreistag", number="747/18", decided_on=date(2027, 2, 1)
    )
    Plan.objects.filter(pk=new.pk).update(status="adopted")
    new.refresh_from_db()

    assert "747/18" in changes_paper(new, now=NOW).label


def test_word_uses_real_styles_and_says_all() -> None:
    document = Document(BytesIO(changes_docx(the_paper())))

    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style is not None]
    assert ("Title", "Sozialplan 2027–2031") in styles
    assert ("Heading 1", "Measures") in styles
    assert ("Heading 2", "Dropped (1)") in styles
    assert any(name == "List Bullet" and "zu wenig Besuch" in text for name, text in styles)
    cells = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert cells[1] == ["Title", "Pflegestammtisch aufbauen", "Pflegenetzwerk aufbauen"]


def test_german_values_say_on_page_and_in_word_that_they_are_german(client: Client) -> None:
    new = make_two_plans()
    client.force_login(make_planner())
    word = Document(BytesIO(changes_docx(changes_paper(new, now=NOW))))

    page = client.get(reverse("reports:plan-changes", args=[new.slug]), HTTP_ACCEPT_LANGUAGE="en")

    shown = page.content.decode()
    assert '<span lang="de">Rufbus</span>' in shown
    assert '<span lang="de">Pflegestammtisch</span></del>' in shown
    assert '<span lang="de"> aufbauen</span>' in shown
    rows = [row.cells for row in word.tables[-1].rows]
    texts = [*word.paragraphs, *(one for row in rows for cell in row for one in cell.paragraphs)]
    spoken = {
        run.text
        for paragraph in texts
        for run in paragraph.runs
        if run._r.find(f".//{qn('w:lang')}") is not None  # noqa: SLF001 - no call for it
    }
    assert {"Sozialplan 2027–2031", "1.2 Pflegenetzwerk aufbauen"} <= spoken
    assert any(text.endswith("Rufbus") for text in spoken)
    assert {"Pflegestammtisch aufbauen", "Pflegenetzwerk aufbauen"} <= spoken
    assert "Title" not in spoken


def test_the_pdf_is_accessible_named_and_in_its_language() -> None:
    content = changes_pdf(the_paper())

    assert findings(content) == []
    with pikepdf.open(BytesIO(content)) as file:
        assert str(file.Root.Lang) == "en"
        with file.open_metadata() as metadata:
            assert "Sozialplan 2027–2031" in metadata["dc:title"]
        with file.open_outline() as bookmarks:
            assert len(bookmarks.root) == 4


@pytest.mark.one_database
def test_no_text_does_harm_in_a_file() -> None:
    texts = [text.replace("\x00", "")[:400] for text in HOSTILE]
    new = make_two_plans()
    assert new.predecessor is not None
    for text in texts:
        old = make_measure(new.predecessor, title_de="Bisher")
        make_measure(new, title_de=text, identity=old.identity)

    paper = changes_paper(new, now=NOW)

    assert changes_pdf(paper).startswith(b"%PDF")
    written = {
        " ".join(cell.text.split())
        for table in Document(BytesIO(changes_docx(paper))).tables
        for row in table.rows
        for cell in row.cells
    }
    assert {" ".join(printable(text).split()) for text in texts} <= written


@pytest.mark.parametrize("name", ["plan-changes", "plan-changes-docx", "plan-changes-pdf"])
def test_whoever_reads_plans_gets_page_and_files(client: Client, name: str) -> None:
    url = reverse(f"reports:{name}", args=[make_two_plans().slug])

    assert client.get(url).status_code == 302
    client.force_login(make_user())
    assert client.get(url).status_code == 403
    client.force_login(make_reader())
    assert client.get(url).status_code == 200
    client.force_login(make_planner())
    assert client.get(url).status_code == 200


def test_a_plan_that_follows_none_has_no_such_page(client: Client) -> None:
    client.force_login(make_planner())

    assert client.get(reverse("reports:plan-changes", args=[make_plan().slug])).status_code == 404


@pytest.mark.one_database
def test_the_page_needs_the_same_queries_for_any_length(client: Client) -> None:
    new = make_two_plans()
    client.force_login(make_planner())
    url = reverse("reports:plan-changes", args=[new.slug])
    client.get(url)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "<del>" in client.get(url).content.decode()
        return len(captured)

    make_measure(new, title_de="Neue 0")
    once = asked()
    for place in range(1, 5):
        make_measure(new, title_de=f"Neue {place}")
    assert asked() == once
