"""The planner's pages of an evaluation: for whom, what they show, what they do."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from zusammenplan.core.tests.clients import signed_in
from zusammenplan.people.tests.factories import NOW, make_planner, make_reader
from zusammenplan.plans.choices import EvaluationStatus, ScaleKind
from zusammenplan.plans.forms.evaluations import MOST_TICKED
from zusammenplan.plans.models import Evaluation, EvaluationItem, Measure, Plan, Rating
from zusammenplan.plans.queries.evaluations import goals_to_rate
from zusammenplan.plans.queries.results import results_of
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_field,
    make_goal,
    make_level,
    make_measure,
    make_plan,
    make_rating,
    make_rating_request,
)

pytestmark = pytest.mark.django_db

READ = ["evaluation-list", "evaluation-detail", "evaluation-check", "evaluation-people"]


def make_asked_item(**fields: object) -> EvaluationItem:
    item = make_evaluation_item(make_evaluation(None, **fields))
    make_rating_request(item.evaluation, item)
    return item


def url(name: str, item: EvaluationItem) -> str:
    evaluation = item.evaluation
    args: list[Any] = [evaluation.plan.slug]
    if name not in {"evaluation-list", "evaluation-scale", "evaluation-add"}:
        args.append(evaluation.slug)
    if name == "evaluation-rate":
        args.append(item.pk)
    if name == "evaluation-person-remove":
        args.append(item.request_id)
    if name == "evaluation-export":
        args.append("csv")
    return reverse(f"plans:{name}", args=args)


def close(evaluation: Evaluation, *, days: int = 0) -> Evaluation:
    evaluation.status = EvaluationStatus.CLOSED
    evaluation.closed_at = NOW + timedelta(days=days)
    evaluation.save()
    return evaluation


# Flat


@pytest.mark.parametrize("name", [*READ, "evaluation-items", "evaluation-export"])
@pytest.mark.one_database
def test_a_page_needs_the_same_queries_for_any_number_of_things(
    name: str, django_assert_max_num_queries: Any
) -> None:
    plan = make_plan(predecessor=make_plan())
    before = close(make_evaluation(plan.predecessor))
    former = close(make_evaluation(plan))
    evaluation = make_evaluation(plan)
    client = signed_in(make_planner())
    counts = []
    for _ in range(2):
        for _ in range(2):
            goal = make_goal(plan)
            measure = make_measure(plan)
            measure.goals.add(goal)
            item = make_evaluation_item(evaluation, measure)
            make_rating_request(evaluation, item)
            make_rating(item)
            make_rating(make_evaluation_item(evaluation, goal))
            make_rating(make_evaluation_item(former, measure))
            make_rating(make_evaluation_item(before, make_measure(before.plan)))
        client.get(url(name, item))
        with django_assert_max_num_queries(40) as captured:
            assert client.get(url(name, item)).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.one_database
def test_the_list_of_rounds_needs_the_same_queries_for_any_number(
    django_assert_max_num_queries: Any,
) -> None:
    plan = make_plan()
    client = signed_in(make_planner())
    counts = []
    for _ in range(2):
        for _ in range(2):
            make_rating(make_evaluation_item(make_evaluation(plan)))
        address = reverse("plans:evaluation-list", args=[plan.slug])
        with django_assert_max_num_queries(20) as captured:
            client.get(address)
        counts.append(len(captured))

    assert counts[0] == counts[1]


# The scale


def test_the_scale_is_set_on_its_page() -> None:
    plan = make_plan()

    response = signed_in(make_planner()).post(
        reverse("plans:evaluation-scale", args=[plan.slug]),
        {"scale_kind": "own", "own_scale": "gut\nmittel = 40 %\nschlecht", "version": 1},
    )

    assert response.status_code == 302
    assert Plan.objects.get().scale_kind == ScaleKind.OWN


def test_a_wrong_own_scale_is_said_next_to_the_field() -> None:
    plan = make_plan()

    response = signed_in(make_planner()).post(
        reverse("plans:evaluation-scale", args=[plan.slug]),
        {"scale_kind": "own", "own_scale": "schlecht = 10 %\ngut = 90 %", "version": 1},
    )

    assert "muss für weniger stehen als die Stufe darüber" in response.content.decode()


def test_a_second_editor_of_the_scale_sees_what_the_first_one_saved() -> None:
    plan = make_plan(version=2, scale_kind=ScaleKind.PERCENTAGE)

    response = signed_in(make_planner()).post(
        reverse("plans:evaluation-scale", args=[plan.slug]),
        {"scale_kind": "traffic_light", "own_scale": "", "version": 1},
    )

    assert "Jemand anderes war schneller" in response.content.decode()
    assert Plan.objects.get().scale_kind == ScaleKind.PERCENTAGE


# Prepare


def test_a_round_suggests_all_measures_and_the_action_goals() -> None:
    plan = make_plan()
    make_level(plan)
    level = make_level(plan, is_action=True)
    make_goal(plan, title_de="Oben")
    goal = make_goal(plan, title_de="Handeln", level=level)

    assert goals_to_rate(plan) == [goal]


def test_without_a_level_of_action_goals_the_leaves_are_rated() -> None:
    plan = make_plan()
    above = make_goal(plan)
    leaf = make_goal(plan, parent=above)

    assert goals_to_rate(plan) == [leaf]


def test_a_round_is_prepared_on_its_page() -> None:
    plan = make_plan()
    measure, goal = make_measure(plan), make_goal(plan)
    client = signed_in(make_planner())
    address = reverse("plans:evaluation-add", args=[plan.slug])
    page = client.get(address).content.decode()
    assert page.count(" checked") == 2

    client.post(
        address,
        {
            "title_de": "Zwischenstand",
            "due_on": "31.12.2027",
            "measures": measure.pk,
            "goals": goal.pk,
        },
    )

    evaluation = Evaluation.objects.get()
    assert evaluation.items.count() == 2
    assert evaluation.status == EvaluationStatus.PREPARED


def test_a_round_without_anything_is_refused_with_a_sentence() -> None:
    plan = make_plan()
    make_measure(plan)

    response = signed_in(make_planner()).post(
        reverse("plans:evaluation-add", args=[plan.slug]), {"title_de": "Leer"}
    )

    assert "Wählen Sie mindestens eine Maßnahme oder ein Ziel" in response.content.decode()


def test_a_correction_begins_with_what_the_closed_round_had() -> None:
    item = make_asked_item()
    make_rating(item)
    close(item.evaluation)
    address = f"{url('evaluation-add', item)}?korrektur={item.evaluation.slug}"
    client = signed_in(make_planner())
    assert "(Korrektur)" in client.get(address).content.decode()

    client.post(address, {"title_de": "Korrektur", "measures": item.measure_id})

    assert Evaluation.objects.latest("pk").ratings.get().reason == "Läuft gut."


# Check


def test_the_list_shows_rating_reason_evidence_author_and_the_round_before() -> None:
    plan = make_plan()
    measure = make_measure(plan)
    former = close(make_evaluation(plan, title_de="Damals"))
    make_rating(make_evaluation_item(former, measure), "0.0000")
    item = make_evaluation_item(make_evaluation(plan), measure)
    make_rating(item, evidence="Jahresbericht", checked_at=None)

    page = signed_in(make_planner()).get(url("evaluation-check", item)).content.decode()

    for words in (
        "überwiegend erreicht",
        "Läuft gut.",
        "Nachweis: Jahresbericht",
        "Ulrike Bachmann",
        "Damals",
        "nicht erreicht",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("all", {"Alpha", "Beta", "Gamma"}),
        ("unrated", {"Alpha"}),
        ("unchecked", {"Beta"}),
        ("differing", {"Beta"}),
        ("anything", {"Alpha", "Beta", "Gamma"}),
    ],
)
def test_the_views_of_the_list_narrow_it(view: str, shown: set[str]) -> None:
    plan = make_plan()
    former, evaluation = close(make_evaluation(plan)), make_evaluation(plan)
    names = {"Alpha": None, "Beta": ("0.3333", None), "Gamma": ("0.6667", NOW)}
    for name, rating in names.items():
        measure = make_measure(plan, title_de=name)
        make_rating(make_evaluation_item(former, measure))
        item = make_evaluation_item(evaluation, measure)
        if rating:
            make_rating(item, rating[0], checked_at=rating[1])

    page = signed_in(make_planner()).get(f"{url('evaluation-check', item)}?ansicht={view}")

    text = page.content.decode()
    assert {name for name in names if name in text} == shown


def test_htmx_gets_the_table_alone() -> None:
    item = make_asked_item()

    response = signed_in(make_planner()).get(
        url("evaluation-check", item), headers={"HX-Request": "true"}
    )

    assert response.content.strip().startswith(b'<div id="ratings">')


def test_picked_ratings_are_accepted_as_they_were_seen() -> None:
    item = make_asked_item()
    rating = make_rating(item, checked_at=None)
    changed = make_rating(make_evaluation_item(item.evaluation), checked_at=None, version=2)
    picks = [f"{rating.pk}-1", f"{changed.pk}-1", "x", "1-", "9" * 30]

    signed_in(make_planner()).post(url("evaluation-accept", item), {"pick": picks})

    assert Rating.objects.get(pk=rating.pk).checked_at is not None
    assert Rating.objects.get(pk=changed.pk).checked_at is None


def test_the_planner_rates_and_changes_with_a_reason() -> None:
    item = make_asked_item()
    client = signed_in(make_planner())
    client.post(url("evaluation-rate", item), {"choice": "s0", "reason": "Fertig", "version": 0})
    without_why = client.post(
        url("evaluation-rate", item), {"choice": "s3", "reason": "Doch nicht", "version": 1}
    )

    assert "Sagen Sie in wenigen Worten, warum Sie es ändern." in without_why.content.decode()
    client.post(
        url("evaluation-rate", item),
        {"choice": "s3", "reason": "Doch nicht", "why": "Neue Zahlen", "version": 1},
    )
    assert Rating.objects.get().share == 0


def test_the_planner_who_comes_second_sees_what_was_saved_and_may_overwrite_it() -> None:
    item = make_asked_item()
    make_rating(item, version=2)
    client = signed_in(make_planner())
    typed = {"choice": "s3", "reason": "Meins", "why": "Zahlen", "version": 1}

    response = client.post(url("evaluation-rate", item), typed)

    page = response.content.decode()
    assert "Jemand anderes war schneller" in page
    assert "Läuft gut." in page
    assert "Meins" in page
    client.post(url("evaluation-rate", item), {**typed, "version": 2})
    assert Rating.objects.get().reason == "Meins"


def test_before_the_round_is_closed_for_ever_the_page_says_how_much_is_not_rated() -> None:
    item = make_asked_item()
    page = signed_in(make_planner()).get(url("evaluation-close", item)).content.decode()

    assert "1 Maßnahme oder Ziel ist nicht bewertet und bleibt es." in page


def test_a_step_that_is_not_possible_is_refused_with_a_sentence() -> None:
    item = make_asked_item()

    response = signed_in(make_planner()).post(url("evaluation-close", item))

    assert response.status_code == 409
    assert "Dieser Schritt geht jetzt nicht" in response.content.decode()


# People


def test_persons_are_added_assigned_and_sent_links_by_mail() -> None:
    item = make_evaluation_item()
    client = signed_in(make_planner())
    client.post(
        url("evaluation-person-add", item),
        {"name": "Torben Escher", "email": "torben.escher@rennsteiggrund.example"},
    )
    person = item.evaluation.requests.get()
    client.post(url("evaluation-assign", item), {"pick": item.pk, "person": person.pk})
    client.post(
        url("evaluation-links", item), {"people": person.pk, "until": days_on(9), "deed": "mail"}
    )

    (message,) = mail.outbox
    assert message.to == ["torben.escher@rennsteiggrund.example"]
    assert "/bewertung/" in message.body


def days_on(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def test_links_are_shown_once_as_cards() -> None:
    item = make_asked_item()
    client = signed_in(make_planner())
    wanted = {"people": item.request_id, "until": days_on(9), "deed": "show"}

    response = client.post(url("evaluation-links", item), wanted)

    assert "/bewertung/" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "/bewertung/" not in client.get(url("evaluation-people", item)).content.decode()


def test_only_who_has_not_finished_is_reminded() -> None:
    item = make_asked_item()
    make_rating(item)
    late = make_rating_request(
        item.evaluation,
        make_evaluation_item(item.evaluation),
        name="Torben Escher",
        email="torben.escher@rennsteiggrund.example",
    )
    wanted = {"people": [item.request_id, late.pk], "until": days_on(9), "deed": "remind"}

    signed_in(make_planner()).post(url("evaluation-links", item), wanted)

    (message,) = mail.outbox
    assert message.to == [late.email]


@pytest.mark.parametrize("days", [None, -1, 400])
def test_links_need_a_day_within_a_year(days: int | None) -> None:
    until = "" if days is None else days_on(days)
    item = make_asked_item()
    wanted = {"people": item.request_id, "until": until, "deed": "mail"}

    response = signed_in(make_planner()).post(url("evaluation-links", item), wanted)

    assert response.status_code == 200
    assert mail.outbox == []


# Results


def test_results_stand_by_field_and_by_goal_with_the_share_of_rated() -> None:
    plan = make_plan()
    field = make_field(plan, code="7", name_de="Pflege")
    above = make_goal(plan, title_de="Oben")
    goal = make_goal(plan, title_de="Unten", parent=above)
    evaluation = make_evaluation(plan)
    for share in ("1.0000", "0.3333", None):
        measure = make_measure(plan, field=field)
        measure.goals.add(goal, above)
        make_rating(make_evaluation_item(evaluation, measure), share)
    make_evaluation_item(evaluation, make_measure(plan, field=field))

    results = results_of(evaluation)

    (line,) = results.fields
    assert (line.name, line.average) == ("7 Pflege", "67\u00a0%")
    assert line.rated == "2 von 4 bewertet (50\u00a0%)"
    # Both goals hold the three measures, each once.
    assert [(one.depth, one.summary.total) for one in results.tree] == [(0, 3), (1, 3)]


def test_a_round_stands_against_the_round_before_and_the_plan_before() -> None:
    old = make_plan()
    plan = make_plan(predecessor=old)
    ancestor = make_measure(old)
    measure = make_measure(plan, identity=ancestor.identity)
    make_rating(
        make_evaluation_item(close(make_evaluation(old, title_de="Alt")), ancestor), "0.0000"
    )
    make_rating(
        make_evaluation_item(close(make_evaluation(plan, title_de="Davor")), measure), "0.3333"
    )
    evaluation = make_evaluation(plan)
    make_rating(make_evaluation_item(evaluation, measure), "1.0000")

    results = results_of(evaluation)

    assert [(one.title, one.change) for one in results.measures.against] == [
        ("Davor", "+67 Punkte"),
        ("Alt", "+100 Punkte"),
    ]


def test_a_closed_round_is_compared_with_the_one_before_it_and_not_with_later_ones() -> None:
    plan = make_plan()
    first, second = make_evaluation(plan), make_evaluation(plan)
    close(first)
    close(second, days=30)

    assert results_of(first).former is None
    assert results_of(second).former == first


def test_the_pictures_have_words_for_those_who_do_not_see_them() -> None:
    item = make_asked_item()
    make_rating(item)

    page = signed_in(make_reader()).get(url("evaluation-detail", item)).content.decode()

    assert 'aria-label="überwiegend erreicht: 1"' in page
    assert "<desc" in page


def test_the_csv_and_the_workbook_hold_the_ratings_and_no_formula() -> None:
    item = make_asked_item()
    make_rating(item, reason="=1+1")
    client = signed_in(make_reader())

    content = b"".join(client.get(url("evaluation-export", item)).streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][4:6] == ["überwiegend erreicht", "'=1+1"]

    address = reverse(
        "plans:evaluation-export", args=[item.evaluation.plan.slug, item.evaluation.slug, "xlsx"]
    )
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(address).streaming_content))  # type: ignore[attr-defined]
    )
    assert book.sheetnames == ["Bewertungen", "Nach Handlungsfeld", "Nach Ziel"]
    assert book["Bewertungen"]["F2"].data_type == "s"


def test_the_story_of_a_measure_reaches_over_plans_and_only_over_closed_rounds() -> None:
    old, plan = make_plan(title_de="Alter Plan"), make_plan(title_de="Neuer Plan")
    ancestor = make_measure(old)
    measure = make_measure(plan, identity=ancestor.identity)
    make_rating(make_evaluation_item(close(make_evaluation(old, title_de="Alt")), ancestor))
    make_rating(make_evaluation_item(close(make_evaluation(plan, title_de="Neu"), days=9), measure))
    make_rating(make_evaluation_item(make_evaluation(plan, title_de="Offen"), measure))

    panel = rendered_panel(measure)

    assert panel.index("Neuer Plan") < panel.index("Alter Plan")
    assert "Offen" not in panel


def rendered_panel(measure: Measure) -> str:
    template = Template("{% load plans %}{% rating_panel measure %}")
    return str(template.render(Context({"measure": measure})))


# The public page


def test_a_closed_round_of_a_public_plan_is_public_without_reasons_and_names() -> None:
    item = make_asked_item()
    make_rating(item)
    close(item.evaluation)
    address = reverse("website:evaluation", args=[item.evaluation.plan.slug, item.evaluation.slug])

    page = Client().get(address).content.decode()

    assert "überwiegend erreicht" in page
    assert "1 von 1 bewertet" in page
    assert "Läuft gut." not in page
    assert "Ulrike Bachmann" not in page


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_public_page_speaks_both_languages(language: str) -> None:
    item = make_asked_item()
    make_rating(item)
    close(item.evaluation)
    with override(language):
        address = reverse(
            "website:evaluation", args=[item.evaluation.plan.slug, item.evaluation.slug]
        )

    page = Client().get(address).content.decode()

    assert {"de": "überwiegend erreicht", "en": "mostly attained"}[language] in page


@pytest.mark.parametrize("status", [EvaluationStatus.OPEN, EvaluationStatus.CHECK])
def test_a_round_that_is_not_closed_is_not_public(status: EvaluationStatus) -> None:
    evaluation = make_asked_item(status=status).evaluation

    address = reverse("website:evaluation", args=[evaluation.plan.slug, evaluation.slug])

    assert Client().get(address).status_code == 404


def test_a_closed_round_of_a_hidden_plan_is_not_public() -> None:
    evaluation = close(make_evaluation(make_plan(is_public=False)))

    address = reverse("website:evaluation", args=[evaluation.plan.slug, evaluation.slug])

    assert Client().get(address).status_code == 404


def test_the_public_pages_of_plan_and_measure_lead_to_the_evaluation() -> None:
    item = make_asked_item()
    make_rating(item)
    evaluation = close(item.evaluation)
    address = reverse("website:evaluation", args=[evaluation.plan.slug, evaluation.slug])

    plan_page = Client().get(reverse("website:plan", args=[evaluation.plan.slug]))
    measure_page = Client().get(
        reverse("website:measure", args=[evaluation.plan.slug, item.measure_id])
    )

    assert address in plan_page.content.decode()
    assert address in measure_page.content.decode()
    assert "Läuft gut." not in measure_page.content.decode()


# The scope of a large plan


def test_what_a_page_of_the_scope_does_not_show_stays() -> None:
    evaluation = make_evaluation()
    plan = evaluation.plan
    out = make_measure(plan, title_de="Mobile Beratung")
    into = make_measure(plan, title_de="Beratung im Quartier")
    hidden = make_measure(plan, title_de="Mittagstisch")
    for measure in (out, hidden):
        make_evaluation_item(evaluation, measure)
    address = reverse("plans:evaluation-items", args=[plan.slug, evaluation.slug]) + "?q=beratung"
    client = signed_in(make_planner())

    page = client.get(address).content.decode()
    saved = client.post(address, {"shown_measures": [out.pk, into.pk], "measures": [into.pk]})

    assert "Mobile Beratung" in page
    assert "Mittagstisch" not in page
    assert saved["Location"] == address
    rated = evaluation.items.values_list("measure_id", flat=True)
    assert set(rated) == {into.pk, hidden.pk}


@pytest.mark.parametrize(("deed", "number"), [("all", 3), ("none", 1)])
def test_all_that_a_search_finds_is_taken_in_or_out_at_once(deed: str, number: int) -> None:
    evaluation = make_evaluation()
    plan = evaluation.plan
    make_evaluation_item(evaluation, make_measure(plan, title_de="Mittagstisch"))
    make_evaluation_item(evaluation, make_measure(plan, title_de="Mobile Beratung"))
    make_goal(plan, title_de="Beratung ist nah")
    address = reverse("plans:evaluation-items", args=[plan.slug, evaluation.slug]) + "?q=Beratung"

    signed_in(make_planner()).post(address, {"deed": deed})

    assert evaluation.items.count() == number


def test_the_scope_is_not_emptied() -> None:
    item = make_evaluation_item()
    shown = {"shown_measures": [item.measure_id]}

    response = signed_in(make_planner()).post(url("evaluation-items", item), shown)

    assert response.status_code == 200
    assert item.evaluation.items.count() == 1


def test_a_large_plan_is_taken_in_whole_and_the_form_stays_small() -> None:
    plan = make_plan()
    Measure.objects.bulk_create(
        Measure(plan=plan, number=f"1.{place}", title_de=f"Maßnahme {place}", position=place)
        for place in range(MOST_TICKED + 1)
    )
    address = reverse("plans:evaluation-add", args=[plan.slug])
    client = signed_in(make_planner())

    page = client.get(address).content.decode()
    client.post(address, {"title_de": "Zwischenstand", "version": 0})

    assert 'type="checkbox"' not in page
    assert plan.evaluations.get().items.count() == MOST_TICKED + 1


def test_the_check_leads_to_the_goals_too() -> None:
    plan = make_plan()
    goal = make_goal(plan)
    item = make_evaluation_item(make_evaluation(plan), goal)

    page = signed_in(make_planner()).get(url("evaluation-check", item)).content.decode()

    assert f'href="{reverse("plans:goal-detail", args=[plan.slug, goal.pk])}"' in page


@pytest.mark.parametrize(
    ("name", "query"),
    [("evaluation-check", "q"), ("evaluation-items", "q"), ("evaluation-add", "korrektur")],
)
def test_a_sign_that_no_database_holds_is_nothing_to_look_for(name: str, query: str) -> None:
    item = make_asked_item()

    response = signed_in(make_planner()).get(f"{url(name, item)}?{query}=a%00b")

    assert response.status_code == 200


def test_ratings_are_found_by_the_word_of_a_reason() -> None:
    item = make_asked_item()
    make_rating(item, reason="Die Räume sind eröffnet.")
    other = make_evaluation_item(item.evaluation)
    address = url("evaluation-check", item) + "?q=räume"

    page = signed_in(make_planner()).get(address).content.decode()

    assert str(item.measure) in page
    assert str(other.measure) not in page
