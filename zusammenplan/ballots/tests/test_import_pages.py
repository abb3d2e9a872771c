"""The pages that take over a table: choose the file, check, take over."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.ballots.actions import look_ahead
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.tests.test_tables import EXTERNAL, SMALL, released, table_in, taken
from zusammenplan.core.tables import UnreadableFileError, read_tables
from zusammenplan.core.tests.clients import sentences, signed_in
from zusammenplan.core.tests.office_files import (
    locked,
)
from zusammenplan.meetings.tests.factories import make_body
from zusammenplan.people.tests.factories import (
    make_planner,
)
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.tests.factories import make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]

FAULTY = f"{SMALL}1.4\tBesuche zu Hause\tx\tx\t\n\tNachbarschaft stärken\tx\t\t\n"


@pytest.fixture
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def planner() -> Any:
    return signed_in(make_planner())


def upload(client: Any, content: str | bytes = SMALL, **fields: str) -> Any:
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("Tischvorlage.tsv", content)
    return client.post(reverse("tables:import"), {"file": file, **fields})


def check_url(client: Any, content: str | bytes = SMALL, **fields: str) -> str:
    response = upload(client, content, **fields)
    assert response.status_code == 302
    return str(response.url)


def entries(page: str) -> dict[str, str]:
    """Read what a browser would send from the form that checks."""
    form = page[page.index("<form method") :]
    form = re.sub(r'<input[^>]*type="radio"(?![^>]*checked)[^>]*>', "", form)
    found = dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)">(.*?)</select>', form, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return {name: html.unescape(value) for name, value in found.items()}


def take(client: Any, url: str, **changed: str) -> Any:
    values = entries(client.get(url).content.decode())
    address, _mark, query = url.partition("?")
    return client.post(f"{address}uebernehmen/?{query}", {**values, **changed})


def english(url: str) -> str:
    return url if url.startswith("/en/") else f"/en{url}"


def words(response: Any) -> str:
    """Give the page's text without tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", text))


def test_the_file_of_another_planner_is_not_found(planner: Any) -> None:
    url = check_url(planner)
    other = signed_in(make_planner())

    assert other.get(url).status_code == 404
    assert other.post(url.replace("?", "uebernehmen/?")).status_code == 404
    assert planner.get(url).status_code == 200


# The journey


def test_a_table_is_chosen_checked_and_taken_over(planner: Any) -> None:
    make_body(name_de=EXTERNAL)
    plan = make_plan(title_de="Sozialplan 2027")
    with translation.override("en"):
        page = planner.get(f"{reverse('tables:import')}?plan={plan.slug}")
        assert f'<option value="{plan.slug}" selected' in page.content.decode()
        url = check_url(planner, f"{EXTERNAL} (x)\n{SMALL}", plan=plan.slug)
        preview = planner.get(url)
        assert "Take over 3 measures" in words(preview)
        assert not plan.measures.exists()

        response = take(planner, url)
        done = planner.get(response.url)

    assert plan.measures.count() == 3
    round_ = Round.objects.get()
    assert round_.groups.get().body is not None
    assert "Measures: 3 new, 0 changed, 0 unchanged." in words(done)
    assert reverse("ballots:round-detail", args=[round_.slug]) in done.content.decode().replace(
        "/en/", "/"
    )
    assert planner.get(url).status_code == 404
    assert not list((Path(site_settings.MEDIA_ROOT) / "imports").iterdir())


def test_columns_that_nobody_understands_are_named_at_the_top(planner: Any) -> None:
    table = "Nr.\tMaßnahme\tKopfzahl\tLeer\n1\tRufbus\t12\t\n2\tLotsendienst\t7\t\n"

    text = words(planner.get(check_url(planner, table)))

    assert "Nicht übernommene Spalten C „Kopfzahl“ Der Plan" in text


def test_a_new_plan_is_named_on_the_way(planner: Any) -> None:
    url = check_url(planner)
    assert entries(planner.get(url).content.decode())["title"] == "Tischvorlage"

    take(planner, english(url), title="Gut leben am Rennsteig")

    assert Plan.objects.get().title_de == "Gut leben am Rennsteig"
    assert not Round.objects.exists()


def test_whoever_chooses_a_corrected_file_finds_the_title_again(planner: Any) -> None:
    page = planner.get(check_url(planner, title="Gut & leben")).content.decode()

    (back,) = re.findall(r'href="([^"]*)"><span class="kern-label">Korrigierte Datei', page)
    assert 'value="Gut &amp; leben"' in planner.get(html.unescape(back)).content.decode()


def test_the_preview_shows_what_is_new_changed_and_refused(planner: Any) -> None:
    plan = taken(marks_of={}).plan
    Measure.objects.filter(number="1.1").update(title_de="Pflegeberatung")
    with translation.override("en"):
        url = check_url(planner, FAULTY, plan=plan.slug)
        page = planner.get(url)
        rows = words(page)
        refused = words(planner.get(f"{url}&show=refused"))
        hints = words(planner.get(f"{url}&show=hint"))

    assert "Title: so far “Pflegeberatung”." in rows
    assert "All 6 Not taken over 2 With a hint 2" in rows
    assert "1.4 Besuche zu Hause 1, 2 not taken over" in rows
    assert "– Nachbarschaft stärken 1 not taken over" in rows
    assert "Telefon für Angehörige" not in refused
    assert "Besuche zu Hause" in refused
    assert "No grade marked. It is taken as “not rated”." in hints
    assert "Take over 1 measure" in rows


def test_columns_and_groups_can_be_chosen_and_checked_again(planner: Any) -> None:
    content = "Nr.\tMaßnahme\tErläuterung\t1\t2\n1\tBeraten\n1.1\tPflege\tBeratung daheim\tx\t\n"
    url = check_url(planner, content)
    values = entries(planner.get(url).content.decode())
    assert (values["column-1"], values["column-2"], values["column-3"]) == (
        "title",
        "text",
        "grade",
    )
    chosen = {**values, "column-2": "ignored", "group-0": "+", "other-0": "Runder Tisch"}

    again = planner.post(url.partition("?")[0], chosen)
    take(planner, again.url)

    assert Measure.objects.get().text_de == ""
    assert Group.objects.get().name_de == "Runder Tisch"


def test_columns_that_make_no_plan_are_said_and_can_be_put_right(planner: Any) -> None:
    url = check_url(planner)

    broken = planner.get(english(f"{url}&column-1=ignored"))
    page = words(broken)

    assert "No column with the measures' titles was found." in page
    assert "Take over 3" not in page
    assert entries(broken.content.decode())["column-1"] == "ignored"
    response = take(planner, f"{url}&column-1=ignored")
    assert response.status_code == 302
    assert not Plan.objects.exists()


def test_a_table_that_changes_nothing_has_no_button(planner: Any) -> None:
    plan = taken(marks_of={}).plan
    with translation.override("en"):
        page = planner.get(check_url(planner, plan=plan.slug))

    assert "There is nothing to take over." in words(page)
    assert 'name="seen"' not in page.content.decode()


def test_other_marks_than_the_released_ones_are_said_before_and_refused(planner: Any) -> None:
    plan, _round = released()
    other = SMALL.replace("Gemeinde\tx\t", "Gemeinde\t\tx")
    with translation.override("en"):
        url = check_url(planner, other, plan=plan.slug)
        page = planner.get(url)
        assert "a released result stays as it is" in words(page)
        response = take(planner, url)
        assert any("Nothing was taken over." in sentence for sentence in sentences(response))


def test_of_two_planners_at_once_the_second_sees_how_it_stands_now(planner: Any) -> None:
    plan = make_plan()
    second = signed_in(make_planner())
    first_url, second_url = check_url(planner, plan=plan.slug), check_url(second, plan=plan.slug)
    seen = entries(second.get(second_url).content.decode())["seen"]

    take(planner, first_url)
    response = take(second, english(second_url), seen=seen)

    assert response.url.startswith(english(second_url).partition("?")[0])
    assert any("This is how it stands now." in sentence for sentence in sentences(response))
    assert "There is nothing to take over." in words(second.get(response.url))
    assert plan.measures.get(number="1.1").history.count() == 1


def test_a_group_chosen_beside_the_main_button_is_taken_without_a_second_look(
    planner: Any,
) -> None:
    make_body(name_de=EXTERNAL)
    url = check_url(planner, title="Sozialplan 2027")

    response = take(planner, url, **{"group-0": f"={EXTERNAL}"})

    assert response.url.startswith("/intern/plan/importieren/fertig/")
    assert [group.name_de for group in Group.objects.all()] == [EXTERNAL]


def test_a_second_table_under_the_same_title_knows_whose_the_sign_is(planner: Any) -> None:
    make_body(name_de=EXTERNAL)
    taken(title="Sozialplan 2027")

    page = planner.get(check_url(planner, title="Sozialplan 2027")).content.decode()

    assert entries(page)["group-0"] == f"={EXTERNAL}"


@pytest.mark.one_database
def test_the_number_of_queries_does_not_grow_with_the_table(planner: Any) -> None:
    plan = make_plan()
    rows = [f"1.{number}\tMaßnahme Nummer {number}\tx\t\t" for number in range(1, 61)]
    urls = [
        check_url(planner, "\n".join([*SMALL.splitlines()[:2], *part]), plan=plan.slug)
        for part in (rows[:2], rows)
    ]
    counts = []
    for url in urls:
        planner.get(url)
        with CaptureQueriesContext(connection) as queries:
            planner.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_long_tables_are_shown_in_pages(planner: Any) -> None:
    rows = [f"1.{number}\tMaßnahme Nummer {number}\tx\t\t" for number in range(1, 151)]
    url = check_url(planner, "\n".join([*SMALL.splitlines()[:2], *rows]))

    page = words(planner.get(f"{url}&page=2"))

    assert "Maßnahme Nummer 150" in page
    assert "Maßnahme Nummer 20 " not in page


def test_what_was_skipped_joined_and_counted_is_shown(planner: Any) -> None:
    content = (
        f"{SMALL.splitlines()[0]}\n1\tGut beraten sein und\t\t\t\n\tgut ankommen\t\t\t\n"
        f"1.1\tPflegeberatung\tx, -\tx\t\n{SMALL.splitlines()[0]}\n1.2\tSprechstunde\t2x\t\t-\n"
    )

    page = words(planner.get(english(check_url(planner, content))))

    assert "1.2 Sprechstunde x: 1 (2); -: 3 new" in page
    assert "joined with a row Joined with row 2" in page
    assert "skipped The header stands here once more." in page


def test_fields_alone_and_marks_alone_can_be_taken_over(planner: Any) -> None:
    plan = taken(marks_of={}).plan
    fields = english(check_url(planner, SMALL.replace("Gut beraten", "Beraten"), plan=plan.slug))
    assert "Take over the fields of action" in words(planner.get(fields))

    marks = english(f"{check_url(planner, plan=plan.slug)}&group-0=%2B&other-0=Beirat")
    page = words(planner.get(marks))
    assert "Take over the marks" in page
    assert "1.1 Pflegeberatung in jeder Gemeinde 1 new marks" in page
    assert "A new round is made for the marks." in page
    take(planner, marks)

    again = words(planner.get(english(check_url(planner, plan=plan.slug))))
    assert "The marks go into the round" in again
    assert Group.objects.get().name_de == "Beirat"


def test_marks_that_are_released_already_are_said_to_be(planner: Any) -> None:
    plan, _round = released()

    page = words(planner.get(english(check_url(planner, plan=plan.slug))))

    assert "holds just these marks." in page


def test_rows_that_were_left_out_are_counted_in_the_end(planner: Any) -> None:
    response = take(planner, english(check_url(planner, FAULTY)))
    assert sentences(response) == [
        "Measures: 3 new, 0 changed, 0 unchanged. 2 rows were not taken over."
    ]


def test_taking_over_what_stands_there_already_says_so(planner: Any) -> None:
    plan = taken(marks_of={}).plan
    outlook = look_ahead(table_in(SMALL), plan=plan, title="", marks_of={})
    url = english(check_url(planner, plan=plan.slug))

    response = take(planner, url, seen=outlook.fingerprint)

    assert sentences(response) == ["Everything stood in the plan already. Nothing was changed."]


# Files of no use


def test_the_page_says_of_a_file_what_its_reader_says_and_keeps_nothing(planner: Any) -> None:
    for content in (b"%PDF-1.7\n1 0 obj", locked()):
        with pytest.raises(UnreadableFileError) as refusal:
            read_tables("Tischvorlage.tsv", content)

        response = upload(planner, content)

        assert response.status_code == 422
        assert str(refusal.value) in words(response)
    assert not (Path(site_settings.MEDIA_ROOT) / "imports").exists()
    assert not Plan.objects.exists()


def test_a_file_of_50_mb_is_refused_before_it_is_read(planner: Any) -> None:
    with translation.override("en"):
        response = upload(planner, b"x" * 50_000_000)

    assert response.status_code == 422
    assert "larger than 10 MB" in words(response)


def test_a_table_that_is_not_understood_is_explained_by_a_person(planner: Any) -> None:
    with translation.override("en"):
        url = check_url(planner, "Vorhaben\tStelle\tKennung\nVertretung\tJugendamt\tsiehe Anlage\n")
        page = words(planner.get(url))
        prose = upload(planner, "Herzlich willkommen\nDer Plan folgt.\n")
        nothing = planner.post(reverse("tables:import"), {})

    assert "No column with the measures' numbers" in page
    assert "B “Stelle” Jugendamt" in page
    assert "Take over 1 measure" not in page
    assert prose.status_code == 422
    assert nothing.status_code == 422
    assert "Choose the file with the table." in words(nothing)


def test_a_formula_in_a_title_stays_text(planner: Any) -> None:
    content = "Nr.\tMaßnahme\n1\tBeraten\n1.1\t=cmd|' /C calc'!A0\n1.2\t<script>alert(1)</script>\n"

    page = planner.get(check_url(planner, content)).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_file_with_an_endless_name_is_kept_under_a_short_one(planner: Any) -> None:
    file = SimpleUploadedFile(f"{'Tischvorlage ' * 15}.tsv", SMALL.encode())

    response = planner.post(reverse("tables:import"), {"file": file})

    assert "….tsv" not in words(planner.get(response.url))
    assert "Tischvorlage .tsv" in words(planner.get(response.url))


# Goals, words and columns

GOALS = """\
Familien stärken\t\t\t
Unterziel\tHandlungsziel\tIndikatoren\tZeitraum
Gut beraten sein\tBeratungsstelle sichern\tVertrag liegt vorStelle ist besetzt\tseit 2019
\tLotsen ausbilden\t\tab 2022
"""
LISTED = """\
Kennung\tWas\tOben\tErreicht
1\tGut leben\t\t
2\tBeraten\t1\t75 %
3\tBauen\t1\tdemnächst
"""
MEANINGS = {"column-0": "number", "column-1": "title", "column-2": "parent", "column-3": "progress"}


def test_a_table_of_goals_is_shown_and_taken_over(planner: Any) -> None:
    url = check_url(planner, GOALS, title="Sozialplan")
    with translation.override("en"):
        page = words(planner.get(english(url)))

    take(planner, url)

    assert "Goals 2 Measures 2 Indicators 2" in page
    assert "Oberziel Familien stärken" in page
    assert "The number 1 is proposed." in page
    plan = Plan.objects.get()
    goals = plan.goals.order_by("level__depth")
    assert list(goals.values_list("title_de", "parent__title_de", "level__name_de")) == [
        ("Familien stärken", None, "Oberziel"),
        ("Gut beraten sein", "Familien stärken", "Unterziel"),
    ]
    first = plan.measures.get(title_de="Beratungsstelle sichern")
    assert list(first.goals.values_list("title_de", flat=True)) == ["Gut beraten sein"]
    assert list(first.indicators.order_by("position").values_list("text_de", flat=True)) == [
        "Vertrag liegt vor",
        "Stelle ist besetzt",
    ]
    assert (first.period_text, str(first.starts_on)) == ("seit 2019", "2019-01-01")


def test_indicators_are_joined_or_left_out_and_the_field_is_asked(planner: Any) -> None:
    url = check_url(planner, GOALS, title="Sozialplan")
    values = entries(planner.get(url).content.decode())
    chosen = {**values, "indicator-3-1": "join", "field": "4 Beratung"}

    again = planner.post(url.partition("?")[0], chosen)
    take(planner, again.url)

    measure = Measure.objects.get(title_de="Beratungsstelle sichern")
    assert measure.indicators.get().text_de == "Vertrag liegt vor Stelle ist besetzt"
    assert str(measure.field) == "4 Beratung"
    assert measure.number == "4.1"


def test_action_goals_are_taken_as_goals_where_the_person_says_so(planner: Any) -> None:
    url = check_url(planner, GOALS, title="Sozialplan")

    take(planner, f"{url}&rows-as=goal", **{"rows-as": "goal"})

    plan = Plan.objects.get()
    assert not plan.measures.exists()
    assert plan.goals.filter(level__name_de="Handlungsziel", level__is_action=True).count() == 2


def test_taking_over_a_table_of_goals_again_changes_nothing(planner: Any) -> None:
    take(planner, check_url(planner, GOALS, title="Sozialplan"))
    with translation.override("en"):
        page = words(planner.get(english(check_url(planner, GOALS, title="Sozialplan"))))

    assert "Everything stands in the plan already." in page
    assert Measure.objects.count() == 2


def test_other_columns_are_explained_once_and_offered_next_time(planner: Any) -> None:
    url = check_url(planner, LISTED, title="Liste")
    first = planner.post(
        url.partition("?")[0], {"title": "Liste", **MEANINGS, "status-demnächst": "planned"}
    )
    with translation.override("en"):
        page = words(planner.get(english(first.url)))
    take(planner, first.url)

    assert "75 % Progress" in page
    assert "You know these columns" not in page
    plan = Plan.objects.get()
    assert list(plan.goals.values_list("number", flat=True)) == ["1"]
    assert sorted(plan.measures.values_list("number", "status")) == [
        ("2", "running"),
        ("3", "planned"),
    ]

    with translation.override("en"):
        second = check_url(planner, LISTED, title="Andere Liste")
        offer = planner.get(second)
    assert "You know these columns" in words(offer)
    assert "Take over 2 measures" not in words(offer), "it is offered, never used unasked"
    wanted = html.unescape(
        re.findall(r'href="(\?[^"]*column-2=parent[^"]*)"', offer.content.decode())[0]
    )
    with translation.override("en"):
        used = words(planner.get(f"{second.partition('?')[0]}{wanted}"))
    assert "Take over 2 measures" in used
    assert "You know these columns" not in used


@pytest.mark.one_database
def test_the_queries_do_not_grow_with_goals_and_indicators(planner: Any) -> None:
    head, *_rows = GOALS.partition("Gut beraten sein")

    def asked(count: int) -> int:
        rows = "".join(
            f"Ziel {at}\tTun {at}\tVertrag liegt vorStelle ist besetzt\tseit 2019\n"
            for at in range(count)
        )
        take(planner, check_url(planner, head + rows, title=f"Sozialplan {count}"))
        url = check_url(planner, head + rows, title=f"Sozialplan {count}")
        planner.get(url)
        with CaptureQueriesContext(connection) as queries:
            planner.get(url)
        return len(queries)

    assert asked(1) == asked(12)


def test_the_hint_at_the_file_speaks_the_language_of_the_page(planner: Any) -> None:
    page = planner.get(reverse("tables:import"))
    with translation.override("en"):
        english = planner.get(reverse("tables:import"))

    assert "bis 10 MB. Die Datei wird nur gelesen" in page.content.decode()
    assert "up to 10 MB. It is only read" in english.content.decode()
