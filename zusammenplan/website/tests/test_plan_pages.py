"""The pages of a whole plan: fields, goals, needs, timeline, changes, versions, files."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from zusammenplan.ballots.choices import Audience
from zusammenplan.core.public import raise_version
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.plans import change_plan
from zusammenplan.plans.choices import EvaluationStatus, MeasureStatus, PlanStatus, RelationKind
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.models import (
    Evaluation,
    EvaluationItem,
    Measure,
    MeasureRelation,
    Plan,
    PlanVersion,
)
from zusammenplan.plans.queries.public import changes
from zusammenplan.plans.tests.factories import (
    make_chapter,
    make_field,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_term,
)
from zusammenplan.plans.tests.full_plan import INNER_WORDS, FullPlan, make_file, make_full_plan
from zusammenplan.website.queries.words import file_kind, file_size
from zusammenplan.website.tests.factories import make_measures, make_result

pytestmark = pytest.mark.django_db

# Why somebody rated so, which is for the planner alone.
REASON = "Der Stützpunkt ist geöffnet."


def addresses(full: FullPlan) -> dict[str, str]:
    """Give the address of every page of the plan, in the language of the moment."""
    slug = full.plan.slug
    keys = {
        "plan-field": full.field.pk,
        "plan-goal": full.goal.pk,
        "plan-need": full.need.pk,
        "measure": full.measure.pk,
        "measure-easy": full.measure.pk,
    }
    lists = (
        "plan",
        "plan-goal-list",
        "plan-need-list",
        "plan-timeline",
        "plan-change-list",
        "plan-version-list",
        "plan-feed",
        "plan-json",
        "plan-xlsx",
    )
    return {
        **{name: reverse(f"website:{name}", args=[slug]) for name in lists},
        **{name: reverse(f"website:{name}", args=[slug, key]) for name, key in keys.items()},
        "timeline as a table": reverse("website:plan-timeline", args=[slug]) + "?view=table",
        "sitemap": reverse("website:sitemap"),
        "evaluation": reverse("website:evaluation", args=[slug, full.evaluation.slug]),
        "plan-version": reverse("website:plan-version", args=[slug, full.version.number]),
    }


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


# --- what everybody sees, and what nobody sees ---------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_of_a_plan_opens_for_everybody_and_is_kept(
    client: Client, language: str
) -> None:
    full = make_full_plan()
    with override(language):
        urls = addresses(full)

    for name, url in urls.items():
        response = client.get(url)
        assert response.status_code == 200, name
        assert not response.cookies, name
        assert response["ETag"].startswith('"'), name
        assert "public" in response["Cache-Control"], name
        again = client.get(url, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304, name


def test_no_page_of_an_unpublished_plan_is_found_even_by_planners(client: Client) -> None:
    full = make_full_plan(is_public=False)
    urls = addresses(full)
    urls["file"] = reverse(
        "website:measure-file", args=[full.plan.slug, full.measure.pk, full.public_file.pk]
    )
    del urls["sitemap"]

    for user in (None, make_planner()):
        if user:
            client.force_login(user)
        for name, url in urls.items():
            assert client.get(url).status_code == 404, name


def test_records_are_found_under_their_own_plan_alone(client: Client) -> None:
    full, other = make_full_plan(), make_plan()
    for name in ("plan-field", "plan-goal", "plan-need", "measure-easy"):
        url = addresses(full)[name].replace(full.plan.slug, other.slug)
        assert client.get(url).status_code == 404, name


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_from_inside_stands_on_any_page(client: Client, language: str) -> None:
    full = make_full_plan()
    with override(language):
        urls = addresses(full)

    for name, url in urls.items():
        response = client.get(url)
        assert response.status_code == 200, name
        content = response.content
        if name == "plan-xlsx":
            sheets = load_workbook(BytesIO(content)).worksheets
            cells = [str(cell) for sheet in sheets for row in sheet.values for cell in row]
            content = "\n".join(cells).encode()
        assert not [word for word in (*INNER_WORDS, REASON) if word in content.decode()], name


@pytest.mark.parametrize("number", [None, 1])
def test_nothing_from_inside_stands_in_any_document(client: Client, number: int | None) -> None:
    full = make_full_plan()
    for kind in ("evaluation", "measures"):
        make_chapter(full.plan, kind=kind)
    args = [full.plan.slug] if number is None else [full.plan.slug, number]
    name = "plan-document" if number is None else "plan-version"

    content = page(client, reverse(f"website:{name}", args=args))
    file = client.get(reverse(f"website:{name}-docx", args=args)).content
    with ZipFile(BytesIO(file)) as parts:
        content += "".join(parts.read(one).decode("utf-8", "ignore") for one in parts.namelist())

    assert "Zwischenauswertung" in content
    assert not [word for word in (*INNER_WORDS, REASON) if word in content]


def test_pages_that_were_kept_are_gone_when_the_publication_is_withdrawn(client: Client) -> None:
    full = make_full_plan()
    urls = addresses(full)
    del urls["sitemap"]
    for url in urls.values():
        assert client.get(url).status_code == 200

    change_plan(
        full.plan,
        {"is_public": False},
        seen_version=full.plan.version,
        by=make_planner(),
    )

    client.get("/kontakt/")
    for name, url in urls.items():
        assert client.get(url).status_code == 404, name


def test_a_proxy_lets_go_of_pages_that_were_withdrawn(client: Client) -> None:
    full = make_full_plan()
    urls = addresses(full)
    kept = {url: client.get(url)["Cache-Control"] for url in urls.values()}
    Plan.objects.update(is_public=False)
    raise_version()

    gone = [answer for url in kept if (answer := client.get(url)).status_code == 404]

    assert len(gone) == len(urls) - 1  # the map of the site is still there
    assert {answer["Cache-Control"] for answer in gone} == set(kept.values())
    client.force_login(make_planner())
    assert client.get(urls["plan"])["Cache-Control"] == "private, no-store"


def test_evaluation_is_not_set_against_a_plan_that_is_not_public(client: Client) -> None:
    former = make_full_plan(slug="frueher", is_public=False)
    Evaluation.objects.filter(pk=former.evaluation.pk).update(title_de="Stille Auswertung")
    full = make_full_plan(predecessor=former.plan)
    Measure.objects.filter(pk=full.measure.pk).update(identity=former.measure.identity)
    url = addresses(full)["evaluation"]
    assert "Stille Auswertung" not in page(client, url)

    Plan.objects.filter(pk=former.plan.pk).update(is_public=True)
    raise_version()
    client.get("/kontakt/")

    assert "Stille Auswertung" in page(client, url)


# --- one way through a plan ------------------------------------------------------------------

WITHOUT_TABS = {"plan-feed", "plan-json", "plan-xlsx", "sitemap"}


def test_every_page_of_a_plan_leads_to_all_the_others_and_shows_where_one_is(
    client: Client,
) -> None:
    full = make_full_plan()
    make_chapter(full.plan)
    urls = addresses(full)
    urls["plan-document"] = reverse("website:plan-document", args=[full.plan.slug])

    for name, url in urls.items():
        if name not in WITHOUT_TABS:
            tabs = page(client, url).split('<ul class="zp-tabs">')[1].split("</ul>")[0]
            assert tabs.count("<a ") == 8, name
            assert tabs.count('aria-current="page"') == 1, name


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_two_pages_have_the_same_title(client: Client, language: str) -> None:
    plans = [make_full_plan(slug=f"plan-{year}", title_de=f"Plan {year}") for year in (2022, 2027)]
    for full in plans:
        make_chapter(full.plan)
        Evaluation.objects.filter(pk=full.evaluation.pk).update(title_de="Schlussauswertung")
    titles: list[str] = []
    for full in plans:
        with override(language):
            urls = addresses(full)
            urls["plan-document"] = reverse("website:plan-document", args=[full.plan.slug])
        for name, url in urls.items():
            if name not in {*WITHOUT_TABS, "measure-easy"}:
                title = page(client, url).split("<title>")[1].split("</title>")[0]
                titles.append(" ".join(title.split()))

    assert sorted(titles) == sorted(set(titles))


def test_measure_and_goal_lead_to_what_an_evaluation_said_of_them(client: Client) -> None:
    full = make_full_plan()

    for name in ("measure", "plan-goal"):
        content = page(client, addresses(full)[name])
        assert 'href="#auswertung"' in content
        assert 'id="auswertung"' in content
        assert "17.\xa0Juni 2027</span>" in content


def test_evaluation_leads_to_its_goals_and_to_the_other_evaluations(client: Client) -> None:
    full = make_full_plan()
    other = Evaluation.objects.create(
        plan=full.plan,
        slug="schluss",
        title_de="Schlussauswertung",
        status=EvaluationStatus.CLOSED,
        scale={"kind": "percentage"},
        closed_at=datetime(2031, 1, 2, 9, tzinfo=UTC),
    )
    EvaluationItem.objects.create(evaluation=full.evaluation, goal=full.goal)
    urls = addresses(full)

    content = page(client, urls["evaluation"])

    assert f'href="{urls["plan-goal"]}"' in content
    assert reverse("website:evaluation", args=[full.plan.slug, other.slug]) in content


def test_english_page_tells_a_period_by_its_years(client: Client) -> None:
    measure = make_measure(period_text="ab 2028", starts_on=date(2028, 1, 1))
    goal = make_goal(measure.plan, period_text="laufend")
    slug = measure.plan.slug

    assert "ab 2028" in page(client, f"/plan/{slug}/massnahme/{measure.pk}/")
    assert "from 2028" in page(client, f"/en/plan/{slug}/massnahme/{measure.pk}/")
    assert "laufend" in page(client, f"/en/plan/{slug}/ziel/{goal.pk}/")


def test_markup_in_any_text_stays_text(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    full = make_full_plan()
    for record in (full.field, full.need, full.goal, full.measure):
        name = "name_de" if record is full.field else "title_de"
        setattr(record, name, evil)
        record.text_de = evil
        record.save()
    full.measure.text_easy = evil
    full.measure.save()
    full.need.evidence.update(text_de=evil, source=evil)
    full.measure.milestones.update(title_de=evil, moved_reason=evil)
    full.measure.indicators.update(text_de=evil, unit=evil, source=evil, evidence=evil)

    for name, url in addresses(full).items():
        if name not in {"plan-json", "plan-xlsx"}:
            assert "<script>alert" not in page(client, url), name


# --- always the same number of queries -----------------------------------------------------

NAMES = [
    "plan",
    "plan-goal-list",
    "plan-need-list",
    "plan-timeline",
    "plan-change-list",
    "plan-version-list",
    "plan-feed",
    "plan-json",
    "plan-xlsx",
    "plan-field",
    "plan-goal",
    "plan-need",
    "measure",
    "sitemap",
    "evaluation",
    "plan-version",
]


@pytest.mark.one_database
def test_each_page_needs_the_same_queries_for_one_and_for_three(client: Client) -> None:
    asked: dict[str, list[int]] = {}
    for size in (1, 3):
        urls = addresses(make_full_plan(measures=size, slug=f"plan-mit-{size}"))
        for name in NAMES:
            raise_version()
            client.get("/kontakt/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(urls[name]).status_code == 200, name
            asked.setdefault(name, []).append(len(queries))

    assert {name: numbers for name, numbers in asked.items() if len(set(numbers)) > 1} == {}


# --- the plan --------------------------------------------------------------------------------


def test_plan_page_tells_resolution_neighbours_and_downloads(client: Client) -> None:
    before = make_plan(title_de="Alter Plan")
    full = make_full_plan(predecessor=before)
    make_plan(title_de="Neuer Plan", predecessor=full.plan)
    make_plan(title_de="Noch geheim", predecessor=full.plan, is_public=False)

    content = page(client, addresses(full)["plan"])

    assert "Kreistag, Nr. KT 2027/16-04, 16.\xa0Juni 2027" in content
    assert "Alter Plan" in content
    assert "Neuer Plan" in content
    assert "Noch geheim" not in content
    assert 'download="voller-plan.xlsx"' in content


def test_plan_page_shows_how_many_milestones_are_reached(client: Client) -> None:
    content = page(client, addresses(make_full_plan())["plan"])

    assert "1 von 2" in content
    assert "Beratung an einem Ort." in content


def test_goal_speaks_for_a_measure_without_a_text(client: Client) -> None:
    measure = make_measure()
    measure.goals.add(make_goal(measure.plan, title_de="Kurze Wege zur Beratung"))

    assert "Kurze Wege zur Beratung" in page(client, f"/plan/{measure.plan.slug}/")


@pytest.mark.parametrize("narrowing", ["area", "group", "field"])
def test_plan_is_narrowed_by_area_target_group_and_field(client: Client, narrowing: str) -> None:
    plan = make_plan()
    wanted, other = make_measure(plan, title_de="Gesucht"), make_measure(plan, title_de="Anders")
    area, group = make_area(), make_term()
    wanted.areas.add(area)
    wanted.target_groups.add(group)
    keys = {"area": area.pk, "group": group.pk, "field": wanted.field_id}

    content = page(client, f"/plan/{plan.slug}/?{narrowing}={keys[narrowing]}")

    assert wanted.title_de in content
    assert other.title_de not in content


def test_areas_that_no_measure_is_for_are_not_offered(client: Client) -> None:
    full = make_full_plan()
    unused = make_area(name="Unbenutzter Raum")

    content = page(client, addresses(full)["plan"])

    assert unused.name not in content
    assert full.measure.areas.get().name in content


def titles_in_order(content: str, measures: list[Measure]) -> list[str]:
    return sorted((one.title_de for one in measures), key=content.index)


def test_plan_can_be_ordered_by_priority_and_progress(client: Client) -> None:
    plan = make_plan()
    late, first, last = (
        make_measure(plan, title_de=name, priority_degree=degree)
        for name, degree in (("Ohne Grad", None), ("Zuerst", "1.0"), ("Zuletzt", "5.5"))
    )
    make_milestone(last, done_on=date(2027, 1, 1))
    make_milestone(first)
    measures = [late, first, last]

    by_priority = page(client, f"/plan/{plan.slug}/?order=priority")
    by_progress = page(client, f"/plan/{plan.slug}/?order=progress")

    assert titles_in_order(by_priority, measures) == ["Zuerst", "Zuletzt", "Ohne Grad"]
    assert titles_in_order(by_progress, measures) == ["Zuletzt", "Zuerst", "Ohne Grad"]


def test_scale_on_which_ten_comes_first_is_ordered_the_other_way(client: Client) -> None:
    plan = make_plan()
    ends = {"priority_first": 10, "priority_last": 0}
    measures = [
        make_measure(plan, title_de=name, priority_degree=degree, **ends)
        for name, degree in (("Weniger", "2.0"), ("Mehr", "9.0"))
    ]

    content = page(client, f"/plan/{plan.slug}/?order=priority")

    assert titles_in_order(content, measures) == ["Mehr", "Weniger"]


def test_interim_result_also_orders_the_plan(client: Client) -> None:
    measures = make_measures(3)
    unrated = make_measure(measures[0].plan, title_de="Nicht zur Wahl")
    make_result(measures, is_released=False, audience=Audience.PUBLIC)

    content = page(client, f"/plan/{measures[0].plan.slug}/?order=priority")

    assert titles_in_order(content, [unrated, *measures])[-1] == "Nicht zur Wahl"


def test_long_plan_is_shown_in_pages_and_leads_to_its_fields(client: Client) -> None:
    plan = make_plan()
    field = make_field(plan)
    Measure.objects.bulk_create(
        Measure(
            plan=plan, field=field, number=str(number), title_de=f"Nr {number}", position=number
        )
        for number in range(101)
    )

    first = page(client, f"/plan/{plan.slug}/")
    second = page(client, f"/plan/{plan.slug}/?page=2")

    assert first.count('class="zp-measure"') == 100
    assert second.count('class="zp-measure"') == 1
    assert f"/plan/{plan.slug}/handlungsfeld/{field.pk}/" in first


# --- the measure -----------------------------------------------------------------------------


def test_measure_page_stands_in_the_red_thread(client: Client) -> None:
    full = make_full_plan()
    urls = addresses(full)

    content = page(client, urls["measure"])

    assert content.count("zp-thread__step ") == 6  # evidence, need, goal, measure, result, rating
    for name in ("plan-need", "plan-goal", "plan-field", "measure-easy"):
        assert urls[name] in content
    for text in (
        "Stützpunkt ist geöffnet",
        "zuerst geplant für Juli 2027: Der Bau dauert länger.",
        "97.714,29",
        "Land (LSZ): 68.400,00",
        "Pflegekasse 1",
        "zu 75\xa0% erreicht",
        "Das Konzept ist abgestimmt.",
        'role="img"',
        "1 von 2 Meilensteinen",
    ):
        assert text in content, text


def test_need_and_goal_lead_back_to_the_measure(client: Client) -> None:
    full = make_full_plan()
    urls = addresses(full)

    for name in ("plan-need", "plan-goal", "plan-field"):
        assert full.measure.title_de in page(client, urls[name]), name


def test_measure_names_published_relations_from_both_sides(client: Client) -> None:
    measure, other = make_measure(title_de="Diese"), make_measure(title_de="Jene")
    MeasureRelation.objects.create(measure=measure, kind=RelationKind.CONTINUES, other=other)
    make_measure(make_plan(), identity=measure.identity, title_de="Schon damals")

    here = page(client, f"/plan/{measure.plan.slug}/massnahme/{measure.pk}/")
    there = page(client, f"/plan/{other.plan.slug}/massnahme/{other.pk}/")

    assert "führt fort" in here
    assert "Schon damals" in here
    assert "wird fortgeführt durch" in there


def test_measure_in_easy_language_has_its_own_page(client: Client) -> None:
    full, plain = make_full_plan(), make_measure()

    content = page(client, addresses(full)["measure-easy"])

    assert "Die Beratung kostet nichts." in content
    assert 'lang="de"' in content
    missing = reverse("website:measure-easy", args=[plain.plan.slug, plain.pk])
    assert client.get(missing).status_code == 404


def test_indicator_without_days_is_told_as_a_table_alone(client: Client) -> None:
    measure = make_measure()
    make_numeric_indicator(measure, baseline_on=None, target_on=None)
    make_indicator(measure, reached_on=date(2027, 1, 1), evidence="Protokoll")

    content = page(client, f"/plan/{measure.plan.slug}/massnahme/{measure.pk}/")

    assert "zp-chart" not in content
    assert "500" in content
    assert "erreicht: Januar 2027" in content


def test_public_file_is_sent_to_be_kept_and_an_inner_one_is_not_found(client: Client) -> None:
    full = make_full_plan()
    url = reverse(
        "website:measure-file", args=[full.plan.slug, full.measure.pk, full.public_file.pk]
    )

    response = client.get(url)

    assert b"".join(response).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304
    inner = url.replace(f"/{full.public_file.pk}/", f"/{full.inner_file.pk}/")
    assert client.get(inner).status_code == 404


def test_file_of_another_measure_or_a_removed_or_lost_one_is_not_found(client: Client) -> None:
    full, other = make_full_plan(), make_measure()
    removed = make_file(full.measure, is_public=True, removed_at=timezone.now())
    lost = make_file(full.measure, is_public=True)
    lost.file.storage.delete(str(lost.file.name))
    stem = f"/plan/{full.plan.slug}/massnahme/{full.measure.pk}/datei"

    assert client.get(f"{stem}/{removed.pk}/").status_code == 404
    assert client.get(f"{stem}/{lost.pk}/").status_code == 404
    strange = f"/plan/{other.plan.slug}/massnahme/{other.pk}/datei/{full.public_file.pk}/"
    assert client.get(strange).status_code == 404


# --- goals and needs -------------------------------------------------------------------------


def test_goals_stand_as_deep_as_they_are(client: Client) -> None:
    plan = make_plan()
    above = None
    for depth in range(9):
        above = make_goal(plan, parent=above, title_de=f"Ebene {depth}")

    content = page(client, f"/plan/{plan.slug}/ziele/")

    assert "zp-goals__row--0" in content
    assert "zp-goals__row--8" in content


def test_goal_page_shows_the_way_up_and_all_below(client: Client) -> None:
    plan = make_plan()
    level = make_level(plan, name_de="Leitziel")
    top = make_goal(plan, level=level, title_de="Oben", number="1")
    goal = make_goal(plan, parent=top, title_de="Mitte", text_de="Erläutert.")
    low = make_goal(plan, parent=goal, title_de="Unten", state="reached", ends_on=date(2029, 1, 1))
    measure = make_measure(plan, title_de="Ganz unten getan")
    measure.goals.add(low)

    content = page(client, f"/plan/{plan.slug}/ziel/{goal.pk}/")

    for text in ("Leitziel 1", "Oben", "Unten", "erreicht, bis 2029", "Ganz unten getan"):
        assert text in content, text


def test_need_page_shows_its_evidence_with_its_source(client: Client) -> None:
    full = make_full_plan()

    content = page(client, addresses(full)["plan-need"])

    assert "Befragung 2026" in content
    assert "https://statistik.example/a" in content
    assert full.goal.title_de in content


def test_needs_and_goals_without_a_field_or_anything_else(client: Client) -> None:
    plan = make_plan()
    need, goal = make_need(plan, state="met"), make_goal(plan)

    assert "Ohne Handlungsfeld" in page(client, f"/plan/{plan.slug}/bedarfe/")
    assert "noch kein Beleg" in page(client, f"/plan/{plan.slug}/bedarf/{need.pk}/")
    assert "noch keine Maßnahme" in page(client, f"/plan/{plan.slug}/ziel/{goal.pk}/")


def test_field_with_very_many_needs_and_goals_leads_to_the_overviews(client: Client) -> None:
    field = make_field()
    for number in range(51):
        make_need(field.plan, field=field, title_de=f"Bedarf Nummer {number}")
        make_goal(field.plan, field=field)

    content = page(client, f"/plan/{field.plan.slug}/handlungsfeld/{field.pk}/")

    assert content.count("Bedarf Nummer") == 50
    assert "Alle Bedarfe des Plans" in content
    assert "Alle Ziele des Plans" in content


def test_pages_of_an_empty_plan_say_so(client: Client) -> None:
    plan = make_plan()
    said = {
        "ziele": "Noch keine Ziele",
        "bedarfe": "Noch keine Bedarfe",
        "zeitplan": "Noch keine Maßnahmen",
        "aenderungen": "Noch hat sich nichts geändert",
        "fassungen": "Noch keine Fassung festgehalten",
    }

    for part, text in said.items():
        assert text in page(client, f"/plan/{plan.slug}/{part}/")


# --- over time -------------------------------------------------------------------------------


def test_timeline_shows_bars_milestones_and_open_ends(client: Client) -> None:
    plan = make_plan(starts_on=date(2027, 1, 1), ends_on=date(2030, 12, 31))
    whole = make_measure(plan, starts_on=date(2027, 1, 1), ends_on=date(2030, 12, 31))
    make_measure(plan, starts_on=date(1950, 1, 1), status=MeasureStatus.DONE)
    make_measure(plan, ends_on=date(2090, 1, 1), status=MeasureStatus.DROPPED)
    make_measure(plan, title_de="Ohne Zeit")
    make_milestone(whole, due_on=date(2029, 1, 1))
    make_milestone(whole, done_on=date(2028, 1, 1))

    content = page(client, f"/plan/{plan.slug}/zeitplan/")

    assert content.count("<rect class=") == 3 + 3  # three bars, and three signs explained
    assert "ohne Zeitraum" in content
    assert "style=" not in content


def test_timeline_as_a_table_names_the_next_milestone(client: Client) -> None:
    full = make_full_plan()

    content = page(client, addresses(full)["timeline as a table"])

    assert "Stützpunkt ist geöffnet, 1.\xa0Oktober 2027" in content
    assert 'scope="rowgroup"' in content


def test_timeline_can_be_narrowed_to_nothing(client: Client) -> None:
    full = make_full_plan()

    assert "Keine Maßnahme passt" in page(client, addresses(full)["plan-timeline"] + "?q=xyz")


def kinds(plan: Plan) -> list[str]:
    return [one.kind for one in changes(plan, now=timezone.now())]


def test_changes_tell_status_milestones_versions_and_evaluations() -> None:
    full = make_full_plan()
    measure, plan = full.measure, full.plan
    measure.status = MeasureStatus.RUNNING
    measure.save()
    milestone = measure.milestones.get(done_on__isnull=True)
    milestone.due_on = date(2028, 1, 1)
    milestone.save()
    plan.status = PlanStatus.IN_FORCE
    plan.save()
    PlanVersion.objects.create(
        plan=plan, number=9, label_de="Neue Fassung", content="{}", frozen_at=timezone.now()
    )
    full.plan.evaluations.filter(status=EvaluationStatus.CLOSED).update(closed_at=timezone.now())

    assert set(kinds(plan)) == {
        "measure_added",
        "measure_status",
        "milestone_moved",
        "plan_status",
        "version_frozen",
        "evaluation_closed",
    }


def test_changes_before_the_publication_and_older_than_a_year_are_not_told() -> None:
    plan = make_plan(is_public=False)
    make_measure(plan)
    plan.is_public = True
    plan.save()
    assert kinds(plan) == []

    old = make_measure(plan)
    Measure.history.filter(id=old.pk).update(history_date=timezone.now() - timedelta(days=366))
    plan.history.update(history_date=timezone.now() - timedelta(days=500))
    assert kinds(plan) == ["measure_added"]  # that of the draft is dated after the publication now

    hidden = make_plan(is_public=False)
    assert kinds(hidden) == []


def test_deleted_measure_and_milestone_are_not_told() -> None:
    measure = make_measure()
    make_milestone(measure)
    plan = measure.plan
    step = make_milestone(measure)
    step.done_on = date(2027, 1, 1)
    step.save()
    step.delete()
    gone = make_measure(plan, field=measure.field)
    gone.delete()

    assert kinds(plan) == ["measure_added"]


def test_many_new_measures_of_a_day_become_one_line(client: Client) -> None:
    plan = make_plan()
    make_measures(5, plan)

    content = page(client, f"/plan/{plan.slug}/aenderungen/")

    assert "5 neue Maßnahmen" in content
    (listed,) = content.split('<ul class="zp-changes__list">')[1:]
    assert listed.partition("</ul>")[0].count("<li>") == 1


def test_feed_is_atom_with_absolute_links_and_lasting_names(client: Client) -> None:
    full = make_full_plan()
    full.measure.status = MeasureStatus.DONE
    full.measure.save()
    url = addresses(full)["plan-feed"]

    response = client.get(url)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(response.content)
    assert feed.tag == f"{atom}feed"
    entries = feed.findall(f"{atom}entry")
    titles = [one.findtext(f"{atom}title") for one in entries]
    assert "Status: abgeschlossen, vorher: geplant: 2.1 Pflegestützpunkt 1" in titles
    links = [one.attrib["href"] for one in feed.iter(f"{atom}link")]
    assert all(link.startswith("http") for link in links)
    assert feed.findtext(f"{atom}updated") == entries[0].findtext(f"{atom}updated")
    names = [one.findtext(f"{atom}id") for one in entries]
    raise_version()
    again = ET.fromstring(client.get(url).content)
    assert [one.findtext(f"{atom}id") for one in again.findall(f"{atom}entry")] == names


# --- files -----------------------------------------------------------------------------------


def test_open_data_of_a_plan_can_be_read_again(client: Client) -> None:
    full = make_full_plan()
    other = make_measure(make_plan(title_de="Anderer Plan"))
    MeasureRelation.objects.create(measure=full.measure, kind="belongs", other=other)

    content = client.get(addresses(full)["plan-json"]).content

    read = from_json(content.decode())
    assert read.measures[0].title.de == "Pflegestützpunkt 1"
    assert [one.plan.de for one in read.measures[0].relations] == ["Anderer Plan"]
    assert json.loads(content)["evaluations"][0]["ratings"][0]["reason"] == ""


def test_workbook_computes_nothing(client: Client) -> None:
    full = make_full_plan()
    full.measure.title_de = '=HYPERLINK("http://boese.example")'
    full.measure.save()

    book = load_workbook(BytesIO(client.get(addresses(full)["plan-xlsx"]).content))

    for _ in range(2):  # made, and kept
        answer = client.get(addresses(full)["plan-xlsx"])
        assert answer["Content-Disposition"] == 'attachment; filename="voller-plan.xlsx"'
    assert book.sheetnames == [
        "Maßnahmen",
        "Ziele",
        "Bedarfe",
        "Meilensteine",
        "Indikatoren",
        "Kosten",
    ]
    cell = book["Maßnahmen"]["B2"]
    assert (cell.value, cell.data_type) == (full.measure.title_de, "s")
    assert book["Kosten"]["D2"].value == 68400


def test_sitemap_names_the_pages_of_published_plans_alone(client: Client) -> None:
    full = make_full_plan()
    hidden = make_measure(make_plan(is_public=False))

    content = page(client, "/sitemap.xml")

    for name in (
        "plan",
        "plan-goal",
        "plan-need",
        "plan-field",
        "measure",
        "evaluation",
        "plan-version",
    ):
        assert f"{addresses(full)[name]}</loc>" in content
    assert hidden.plan.slug not in content


@pytest.mark.parametrize(
    ("size", "said"), [(200, "1 KB"), (640_000, "640 KB"), (2_140_000, "2,1 MB")]
)
def test_size_of_a_file_is_told_as_people_say_it(size: int, said: str) -> None:
    assert file_size(size) == said


def test_kind_of_a_file_is_told_as_people_say_it() -> None:
    assert (file_kind("application/pdf", "a.pdf"), file_kind("image/png", "bild")) == ("PDF", "PNG")
