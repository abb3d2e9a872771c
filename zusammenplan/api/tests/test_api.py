"""The interface: published things alone, in JSON, kept like public pages."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zusammenplan.api.tests.factories import make_marked_round, make_released_round
from zusammenplan.api.views.docs import addresses
from zusammenplan.api.views.endpoints import api
from zusammenplan.ballots.choices import Audience
from zusammenplan.core.public import raise_version
from zusammenplan.people.tests.factories import make_organisation
from zusammenplan.plans.tests.factories import make_measure, make_milestone, make_plan
from zusammenplan.plans.tests.full_plan import INNER_WORDS, make_full_plan

pytestmark = pytest.mark.django_db

ROOT = "/api/v1"


def answer(client: Client, path: str) -> Any:
    response = client.get(f"{ROOT}{path}")
    assert response.status_code == 200, response.content
    return response.json()


def test_plans_tell_both_languages_and_their_page(client: Client) -> None:
    make_released_round(measures=2)

    found = answer(client, "/plans")

    assert (found["count"], found["page"], found["pages"]) == (1, 1, 1)
    plan = found["items"][0]
    assert plan["title"] == {"de": "Sozialplan", "en": "Social plan"}
    assert plan["summary"] == {"de": "", "en": None}
    assert (plan["fields"], plan["measures"]) == (1, 2)
    assert plan["url"].endswith("/plan/sozialplan/")
    assert answer(client, "/plans/sozialplan") == plan


def test_fields_and_measures_of_a_plan(client: Client) -> None:
    make_released_round(measures=2)

    fields = answer(client, "/plans/sozialplan/fields")["items"]
    measures = answer(client, "/plans/sozialplan/measures")["items"]

    assert [(one["code"], one["measures"]) for one in fields] == [("2.2", 2)]
    assert [one["number"] for one in measures] == ["2.2/0", "2.2/1"]
    assert measures[0]["field"] == "2.2"
    assert measures[0]["priority"]["degree"] == 1.5
    assert measures[0]["priority"]["round"] == "Abstimmung"
    assert answer(client, "/plans/sozialplan/measures/2.2/1") == measures[1]


def test_measure_without_field_and_priority(client: Client) -> None:
    plan = make_plan()
    measure = make_measure(plan, responsible=make_organisation(name="Sozialamt"), number="7")
    measure.field = None
    measure.save()

    found = answer(client, f"/plans/{plan.slug}/measures/7")

    assert found["field"] is None
    assert found["priority"] is None
    assert found["responsible"] == "Sozialamt"


def test_plan_tells_levels_resolutions_and_how_much_it_holds(client: Client) -> None:
    before = make_plan(slug="vorher")
    make_full_plan(predecessor=before)

    found = answer(client, "/plans/voller-plan")

    assert [level["name"]["de"] for level in found["levels"]] == ["Oberziel", "Handlungsziel"]
    assert found["resolutions"][0]["number"] == "KT 2027/16-04"
    assert found["predecessor"] == "vorher"
    sizes = [found[name] for name in ("fields", "needs", "goals", "measures", "versions")]
    assert sizes == [1, 1, 2, 1, 1]


def test_predecessor_that_is_not_published_is_not_named(client: Client) -> None:
    make_full_plan(predecessor=make_plan(slug="vorher", is_public=False))

    assert answer(client, "/plans/voller-plan")["predecessor"] is None


def test_needs_and_goals_stand_as_a_thread(client: Client) -> None:
    full = make_full_plan()

    need = answer(client, "/plans/voller-plan/needs")["items"][0]
    top, goal = answer(client, "/plans/voller-plan/goals")["items"]

    assert need["evidence"][0]["source"] == "Befragung 2026"
    assert (need["field"], need["areas"]) == ("2", [full.need.areas.get().name])
    assert (top["parent"], goal["parent"]) == (None, top["identity"])
    assert (goal["level"], goal["needs"]) == (2, [need["identity"]])
    assert goal["ratings"][0]["share"] == "0.7500"
    assert answer(client, f"/plans/voller-plan/needs/{need['identity']}") == need
    assert answer(client, f"/plans/voller-plan/goals/{goal['identity']}") == goal


def test_measure_tells_all_that_belongs_to_it(client: Client) -> None:
    full = make_full_plan()

    found = answer(client, "/plans/voller-plan/measures/2.1")

    assert [cost["amount"] for cost in found["costs"]] == ["68400.00", "29314.29"]
    assert [step["done_on"] for step in found["milestones"]] == ["2027-03-01", None]
    numeric, verbal = found["indicators"]
    assert numeric["values"] == [{"on": "2026-12-31", "value": "201.0000", "note": None}]
    assert [file["description"] for file in verbal["files"]] == ["Protokoll"]
    assert found["goals"] == [str(full.goal.identity)]
    assert found["needs"] == [str(full.need.identity)]
    assert found["partners"] == ["Pflegekasse 1 von voller-plan"]
    assert found["ratings"] == [
        {
            "evaluation": full.evaluation.slug,
            "state": "rated",
            "share": "0.7500",
        }
    ]
    assert found["relations"] == []
    file = found["files"][0]
    assert file["url"].startswith("http")
    path = "/" + file["url"].split("/", 3)[3]
    assert b"".join(client.get(path)).startswith(b"%PDF")


def test_evaluation_gives_numbers_and_ratings(client: Client) -> None:
    full = make_full_plan()

    listed = answer(client, "/plans/voller-plan/evaluations")["items"]
    found = answer(client, f"/plans/voller-plan/evaluations/{full.evaluation.slug}")

    assert [one["slug"] for one in listed] == [full.evaluation.slug]
    assert (listed[0]["rated"], listed[0]["average"]) == (2, 0.75)
    assert {one["of"] for one in found["ratings"]} == {"measure", "goal"}
    assert found["scale"] == {"kind": "percentage"}


def test_version_gives_what_stood_in_the_plan_then(client: Client) -> None:
    full = make_full_plan()
    full.measure.title_de = "Später umbenannt"
    full.measure.save()

    listed = answer(client, "/plans/voller-plan/versions")["items"]
    found = answer(client, "/plans/voller-plan/versions/1")

    assert listed[0]["resolution"]["body"] == "Kreistag"
    assert "content" not in listed[0]
    assert found["content"]["measures"][0]["title"]["de"] == "Pflegestützpunkt 1"


def test_changes_since_the_publication_are_told(client: Client) -> None:
    plan = make_plan(slug="sozialplan")
    measure = make_measure(plan, number="7", title_de="Bürgerbus")
    milestone = make_milestone(measure)
    milestone.done_on = date(2027, 3, 1)
    milestone.save()

    found = answer(client, "/plans/sozialplan/changes")["items"]

    assert [one["kind"] for one in found] == ["milestone_done", "measure_added"]
    assert found[0]["measure"] == "7"
    assert found[0]["new"] == "2027-03-01"


def test_nothing_from_inside_is_given_anywhere(client: Client) -> None:
    full = make_full_plan()
    paths = [
        "/plans/voller-plan",
        "/plans/voller-plan/needs",
        "/plans/voller-plan/goals",
        "/plans/voller-plan/measures",
        "/plans/voller-plan/evaluations",
        f"/plans/voller-plan/evaluations/{full.evaluation.slug}",
        "/plans/voller-plan/versions/1",
        "/plans/voller-plan/changes",
    ]

    for path in paths:
        content = json.dumps(answer(client, path), ensure_ascii=False)
        assert not [word for word in INNER_WORDS if word in content], path
    open_one = full.plan.evaluations.exclude(pk=full.evaluation.pk).get()
    assert client.get(f"{ROOT}/plans/voller-plan/evaluations/{open_one.slug}").status_code == 404


def test_parts_of_a_plan_need_the_same_queries_for_any_length(client: Client) -> None:
    parts = ("needs", "goals", "measures", "evaluations", "versions", "versions/1", "changes")
    asked: dict[str, list[int]] = {}
    for size in (1, 3):
        make_full_plan(measures=size, slug=f"plan-mit-{size}")
        for part in parts:
            raise_version()
            # The kinds of records are known then.
            client.get(f"{ROOT}/plans/plan-mit-{size}/fields")
            with CaptureQueriesContext(connection) as queries:
                answer(client, f"/plans/plan-mit-{size}/{part}")
            asked.setdefault(part, []).append(len(queries))

    assert {part: numbers for part, numbers in asked.items() if len(set(numbers)) > 1} == {}


def test_result_tells_marks_degrees_rule_and_sentence(client: Client) -> None:
    make_released_round()

    listed = answer(client, "/results")["items"]
    found = answer(client, "/results/abstimmung")

    assert [one["slug"] for one in listed] == ["abstimmung"]
    assert found["scale"] == {"first": 1, "last": 6}
    assert found["rule"]["pooling"] == "bodies"
    assert found["groups"][0]["name"] == {"de": "Externe Gruppe", "en": "External group"}
    assert found["released_at"]
    standing = found["standings"][0]
    assert (standing["degree"], standing["rank"], standing["difference"]) == (1.5, 1, 1)
    counted, named = standing["groups"]
    assert counted["marks"] == {"1": 12, "2": 5, "3": 0, "4": 0, "5": 0, "6": 0}
    assert (named["marks"], named["majority"]) == (None, 2)
    assert "External group" in standing["sentence"]["en"]
    assert "Externe Gruppe" in standing["sentence"]["de"]


def test_correction_names_what_it_corrects(client: Client) -> None:
    first = make_released_round()
    make_released_round(make_plan(), slug="korrektur", corrects=first)

    assert answer(client, "/results/korrektur")["corrects"] == "abstimmung"


def test_interim_results_are_not_given_even_if_pages_show_them(client: Client) -> None:
    make_marked_round(audience=Audience.PUBLIC)

    assert answer(client, "/results")["items"] == []
    assert client.get(f"{ROOT}/results/abstimmung").status_code == 404
    assert answer(client, "/plans/sozialplan/measures")["items"][0]["priority"] is None


def test_nothing_of_an_unpublished_plan_is_given(client: Client) -> None:
    plan = make_plan(slug="entwurf", is_public=False)
    make_released_round(plan)

    assert answer(client, "/plans")["items"] == []
    assert answer(client, "/results")["items"] == []
    for path in (
        "/plans/entwurf",
        "/plans/entwurf/fields",
        "/plans/entwurf/measures",
        "/plans/entwurf/measures/2.2/0",
        "/plans/entwurf/needs",
        "/plans/entwurf/goals",
        "/plans/entwurf/evaluations",
        "/plans/entwurf/versions",
        "/plans/entwurf/versions/1",
        "/plans/entwurf/changes",
        "/results/abstimmung",
    ):
        response = client.get(f"{ROOT}{path}")
        assert response.status_code == 404
        assert response.json() == {"detail": "There is nothing at this address."}


def test_lists_come_in_pages(client: Client) -> None:
    for number in range(3):
        make_plan(slug=f"plan-{number}-x")

    second = answer(client, "/plans?size=2&page=2")

    assert (second["count"], second["pages"], len(second["items"])) == (3, 2, 1)


@pytest.mark.parametrize("query", ["page=0", "page=viele", "size=501", "size=-1"])
def test_wrong_parameter_is_named(client: Client, query: str) -> None:
    response = client.get(f"{ROOT}/plans?{query}")

    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", query.split("=", maxsplit=1)[0]]


@pytest.mark.parametrize("path", ["/gibt-es-nicht", "/plans/", "/plans/x/y"])
def test_unknown_address_is_refused_in_json(client: Client, path: str) -> None:
    response = client.get(f"{ROOT}{path}")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("application/json")


def test_any_site_may_ask_and_only_ask(client: Client) -> None:
    response = client.get(f"{ROOT}/plans")
    refused = client.post(f"{ROOT}/plans")

    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.head(f"{ROOT}/plans").status_code == 200
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
    assert "detail" in refused.json()


def test_answers_are_kept_until_something_changes(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_plan()
    first = client.get(f"{ROOT}/plans")

    with django_assert_num_queries(0):
        same = client.get(f"{ROOT}/plans", headers={"If-None-Match": first["ETag"]})
    make_plan()
    raise_version()

    assert same.status_code == 304
    assert same["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies
    assert answer(client, "/plans")["count"] == 2


@pytest.mark.parametrize("count", [1, 3])
def test_interface_needs_the_same_queries_for_any_length(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    make_released_round(measures=count)
    for number in range(count):
        make_released_round(make_plan(), slug=f"weitere-{number}")

    for path, queries in (
        ("/plans", 10),
        ("/plans/sozialplan/fields", 5),
        ("/plans/sozialplan/measures", 16),
        ("/results", 4),
        ("/results/abstimmung", 5),
    ):
        for cache in ("pages", "parts"):
            caches[cache].clear()
        with django_assert_num_queries(queries):
            client.get(f"{ROOT}{path}")


def test_index_leads_on(client: Client) -> None:
    found = answer(client, "/")

    assert set(found) == {
        *("plans", "results", "indicators", "areas", "social_indices", "openapi", "docs")
    }


def test_documentation_shows_every_address_in_both_languages(client: Client) -> None:
    german = client.get(f"{ROOT}/docs").content.decode()
    english = client.get(f"{ROOT}/docs?lang=en").content.decode()
    unknown = client.get(f"{ROOT}/docs?lang=xx").content.decode()

    assert '<html lang="de">' in german
    assert '<html lang="en">' in english
    assert '<html lang="de">' in unknown
    assert english.count("GET /<wbr>api") == len(api.get_openapi_schema()["paths"])
    assert "<script" not in german
    assert "2.3" in english


def test_an_address_with_a_line_break_is_answered_in_json_too(client: Client) -> None:
    response = client.get(f"{ROOT}/plans/x/measures/a%0Ab")

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (
        404,
        "application/json",
    )


def test_examples_of_the_documentation_are_json() -> None:
    examples = [address.example for address in addresses()]

    assert examples
    assert all(json.loads(example) for example in examples)
