"""The pages of a plan's life: for whom, what they show, what they do."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.core.tests.clients import signed_in
from zusammenplan.people.tests.factories import make_planner, make_reader
from zusammenplan.plans.actions import change_measure
from zusammenplan.plans.actions.life import add_resolution, take_step
from zusammenplan.plans.actions.updates import begin_update
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import EvaluationStatus, PlanStatus
from zusammenplan.plans.models import (
    CarryDecision,
    Evaluation,
    Measure,
    Plan,
    PlanUpdate,
    Rating,
    Resolution,
)
from zusammenplan.plans.tests.factories import (
    make_field,
    make_goal,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_value,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
COUNCIL = {"body": "Kreistag", "number": "747/18", "decided_on": date(2018, 12, 18)}

READ = ["plan-status", "version-list", "plan-compare", "measure-story", "plan-adapt"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Give English addresses, so that the pages answer with the source texts."""
    with translation.override("en"):
        yield


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(name: str, plan: Plan, *more: object) -> str:
    return reverse(f"plans:{name}", args=[plan.slug, *more])


# For whom; of every address and role config/tests/test_permissions.py tells


def test_whoever_only_reads_finds_no_form_that_writes() -> None:
    measure, reader = make_measure(), signed_in(make_reader())
    add_resolution(measure.plan, COUNCIL, by=None)
    open_session(measure.plan)

    for name in READ:
        more = [measure.pk] if name == "measure-story" else []
        response = reader.get(url(name, measure.plan, *more))
        assert response.status_code == 200, name
        assert 'method="post"' not in page(response), name


# Steps and resolutions


def test_the_page_offers_the_steps_that_may_follow(planner: Client) -> None:
    shown = page(planner.get(url("plan-status", make_plan(status="committee"))))

    assert "Set to “adopted”" in shown
    assert "Back to “draft”" in shown
    assert "Set to “in force”" not in shown


def test_adopting_asks_for_the_resolution_and_freezes(planner: Client) -> None:
    plan = make_plan(status="committee")
    address = url("plan-step", plan, "adopted")

    refused = planner.post(address, {"seen_status": "committee", "number": "747/18"})
    assert 'id="id_body_error"' in page(refused)
    assert 'id="id_decided_on_error"' in page(refused)
    planner.post(
        address,
        {
            "seen_status": "committee",
            "body": "Kreistag",
            "number": "747/18",
            "decided_on": "18.12.2018",
        },
    )

    plan.refresh_from_db()
    assert plan.status == "adopted"
    assert plan.resolutions.get().number == "747/18"
    assert plan.versions.get().number == 1


def test_a_step_that_is_not_in_the_table_is_refused_with_a_sentence(planner: Client) -> None:
    response = planner.get(url("plan-step", make_plan(), "in_force"))

    assert response.status_code == 409
    assert "cannot become “in force”" in page(response)
    assert planner.get(url("plan-step", make_plan(), "unsinn")).status_code == 404


def test_a_step_that_somebody_else_has_taken_meanwhile_is_refused(planner: Client) -> None:
    plan = make_plan(status="participation")

    response = planner.post(url("plan-step", plan, "vote"), {"seen_status": "draft"})

    assert response.status_code == 409
    plan.refresh_from_db()
    assert plan.status == "participation"


def test_a_step_back_asks_for_the_reason(planner: Client) -> None:
    plan = make_plan(status="committee")
    address = url("plan-step", plan, "draft")

    assert 'id="id_reason_error"' in page(planner.post(address, {"seen_status": "committee"}))
    planner.post(address, {"seen_status": "committee", "reason": "zurückverwiesen"})

    plan.refresh_from_db()
    assert plan.status == "draft"


def test_superseding_is_proposed_when_the_successor_comes_into_force(planner: Client) -> None:
    old = make_plan(status="in_force", title_de="Alter Plan")
    plan = make_plan(status="adopted", predecessor=old)
    address = url("plan-step", plan, "in_force")

    assert "“Alter Plan” ends with it" in page(planner.get(address))
    planner.post(address, {"seen_status": "adopted", "supersedes": "on"})

    old.refresh_from_db()
    assert old.status == "superseded"


def test_the_old_plan_tells_that_its_successor_is_in_force(planner: Client) -> None:
    old = make_plan(status="in_force")
    make_plan(status="in_force", predecessor=old, title_de="Neuer Plan")

    assert "“Neuer Plan” has come into force" in page(planner.get(url("plan-status", old)))


def test_a_resolution_is_written_down_changed_and_deleted(planner: Client) -> None:
    plan = make_plan()
    typed = {"body": "Stadtrat", "number": "18/2048-BV", "decided_on": "28. Oktober 2018"}
    planner.post(url("resolution-add", plan), typed)
    resolution = Resolution.objects.get()
    assert (resolution.number, resolution.is_adoption) == ("18/2048-BV", False)

    planner.post(
        url("resolution-change", plan, resolution.pk), {**typed, "number": "1", "version": "1"}
    )
    assert Resolution.objects.get().number == "1"
    clash = planner.post(
        url("resolution-change", plan, resolution.pk), {**typed, "number": "2", "version": "1"}
    )
    assert "Somebody else was faster" in page(clash)
    planner.post(url("resolution-delete", plan, resolution.pk), {"reason": "doppelt"})
    assert not Resolution.objects.exists()


def test_a_cited_resolution_is_not_deleted(planner: Client) -> None:
    plan = take_step(
        make_plan(status="committee"),
        PlanStatus.ADOPTED,
        seen_status="committee",
        resolution=COUNCIL,
        by=None,
        now=NOON,
    )

    address = url("resolution-delete", plan, plan.resolutions.get().pk)
    assert "Correct it instead" in page(planner.post(address, {"reason": "weg"}))


def test_a_plan_that_grows_old_is_warned_about_and_not_locked(planner: Client) -> None:
    plan = make_plan(status="in_force", starts_on=date(2015, 1, 1))

    for name in ("plan-detail", "plan-status"):
        assert "The plan is growing old" in page(planner.get(url(name, plan)))
    assert planner.get(url("plan-change", plan)).status_code == 200


# Versions and comparing


def test_a_version_is_frozen_by_hand(planner: Client) -> None:
    plan = make_plan()
    address = url("version-list", plan)

    assert 'id="id_label_de_error"' in page(planner.post(address, {"label_de": ""}))
    planner.post(address, {"label_de": "Entwurf zur Beteiligung"})

    shown = page(planner.get(address))
    assert plan.versions.get().number == 1
    assert "Entwurf zur Beteiligung" in shown
    assert plan.versions.get().checksum[:12] in shown


@pytest.mark.parametrize("is_public", [False, True])
def test_the_name_of_a_version_leads_to_where_it_is_read(
    planner: Client, *, is_public: bool
) -> None:
    plan = make_plan(is_public=is_public)
    freeze(plan, label_de="Entwurf", by=None, now=NOON)

    found = re.search(
        r'<th scope="row"><a class="zp-a" href="([^"]+)">',
        page(planner.get(url("version-list", plan))),
    )

    assert found is not None
    assert planner.get(found[1]).status_code == 200


def test_a_frozen_version_is_compared_with_today(planner: Client) -> None:
    plan = make_plan()
    measure = make_measure(plan, title_de="Bürgerbus beraten")
    freeze(plan, label_de="Entwurf", by=None, now=NOON)
    change_measure(measure, {"title_de": "Bürgerbus fördern"}, seen_version=1, by=None)

    shown = page(planner.get(url("plan-compare", plan)))

    removed, new = (f'<span class="kern-sr-only">{word}: </span>' for word in ("removed", "new"))
    assert f'<del>{removed}<span lang="de">beraten</span></del>' in shown
    assert f'<ins>{new}<span lang="de">fördern</span></ins>' in shown


def test_the_comparison_is_narrowed_by_kind_and_by_what_happened(planner: Client) -> None:
    plan = make_plan()
    freeze(plan, label_de="Entwurf", by=None, now=NOON)
    make_measure(plan, title_de="Neue Maßnahme", field=make_field(plan, name_de="Neues Feld"))
    address = url("plan-compare", plan)

    assert "Neue Maßnahme" in page(planner.get(f"{address}?art=measure&was=added"))
    assert "Neue Maßnahme" not in page(planner.get(f"{address}?art=field"))
    assert "Nothing fits" in page(planner.get(f"{address}?was=removed"))
    assert "Nothing fits" in page(planner.get(f"{address}?was=moved"))
    assert "unchanged" in page(planner.get(f"{address}?was=all"))


@pytest.mark.parametrize("query", ["von=x&bis=y", "art=q&was=z&page=99", "eintrag=unsinn"])
def test_a_wrong_address_narrows_nothing(planner: Client, query: str) -> None:
    plan = make_plan()
    freeze(plan, label_de="Entwurf", by=None, now=NOON)

    assert planner.get(f"{url('plan-compare', plan)}?{query}").status_code == 200


def test_a_plan_is_compared_with_its_successor_by_identity(planner: Client) -> None:
    old = make_plan(title_de="Alter Plan")
    new = make_plan(predecessor=old)
    measure = make_measure(old, title_de="Bürgerbus", field=make_field(old, code="1"))
    make_measure(new, title_de="Rufbus", identity=measure.identity, field=make_field(new, code="1"))
    address = f"{url('plan-compare', new)}?von={old.slug}@heute&bis={new.slug}@heute"

    shown = page(planner.get(f"{address}&art=measure"))

    assert "Bürgerbus</span></del>" in shown
    assert "Rufbus</span></ins>" in shown


def test_one_measure_is_compared_alone(planner: Client) -> None:
    plan = make_plan()
    one = make_measure(plan, title_de="Die eine")
    make_measure(plan, title_de="Die andere")
    freeze(plan, label_de="Entwurf", by=None, now=NOON)

    shown = page(planner.get(f"{url('plan-compare', plan)}?eintrag=measure:{one.identity}"))

    assert "Die eine" in shown
    assert "Die andere" not in shown


def test_htmx_gets_the_comparison_alone(planner: Client) -> None:
    plan = make_plan()
    freeze(plan, label_de="Entwurf", by=None, now=NOON)

    response = planner.get(url("plan-compare", plan), headers={"HX-Request": "true"})

    assert response.content.strip().startswith(b'<div id="found"')


# The story of one measure


def test_the_story_goes_through_plans_versions_ratings_and_values(planner: Client) -> None:
    old = make_plan(title_de="Alter Plan", starts_on=date(2022, 1, 1))
    new = make_plan(title_de="Neuer Plan", starts_on=date(2027, 1, 1), predecessor=old)
    measure = make_measure(old, title_de="Bus beraten")
    freeze(old, label_de="Erste", by=None, now=datetime(2021, 12, 1, tzinfo=UTC))
    change_measure(
        measure,
        {"title_de": "Bus fördern", "status": "running", "status_on": date(2023, 3, 1)},
        seen_version=1,
        by=None,
    )
    freeze(old, label_de="Zweite", by=None, now=datetime(2024, 6, 1, tzinfo=UTC))
    evaluation = Evaluation.objects.create(
        plan=old,
        slug="auswertung",
        title_de="Auswertung 2026",
        status=EvaluationStatus.CLOSED,
        closed_at=datetime(2026, 9, 1, tzinfo=UTC),
        scale={},
    )
    Rating.objects.create(
        evaluation=evaluation,
        measure=measure,
        share=Decimal("0.75"),
        reason="Zwei Busse fahren",
        rated_at=NOON,
    )
    make_milestone(measure, title_de="Erster Bus", done_on=date(2025, 5, 5))
    make_value(make_numeric_indicator(measure), on=date(2025, 12, 31), value=Decimal(201))
    make_measure(
        new,
        title_de="Rufbus",
        identity=measure.identity,
        priority_degree=Decimal("1.5"),
        priority_round="Abstimmung",
        priority_on=date(2026, 11, 1),
    )

    shown = page(planner.get(url("measure-story", old, measure.pk)))

    for told in (
        *("In 2 plans", "version 1: Erste", "version 2: Zweite", "fördern</span></ins>", "running"),
        *("75 % attained", "Zwei Busse fahren", "Erster Bus", "201", "Priority 1.5", "Rufbus"),
    ):
        assert told in shown, told
    years = [year for year in range(2020, 2030) if f'id="year-{year}"' in shown]
    assert years == [2021, 2022, 2023, 2024, 2025, 2026, 2027]


def test_the_measure_leads_to_its_story(planner: Client) -> None:
    measure = make_measure()

    shown = page(planner.get(url("measure-detail", measure.plan, measure.pk)))

    assert url("measure-story", measure.plan, measure.pk) in shown


# The next plan


def open_session(plan: Plan) -> PlanUpdate:
    return begin_update(plan, {"title_de": "Neuer Plan"}, by=None, now=NOON)


def test_a_rewriting_suggests_title_and_period(planner: Client) -> None:
    plan = make_plan(
        title_de="Sozialplan 2022–2026", starts_on=date(2022, 1, 1), ends_on=date(2026, 12, 31)
    )

    shown = page(planner.get(url("plan-update", plan)))

    assert 'value="Sozialplan 2027–2031"' in shown
    planner.post(
        url("plan-update", plan),
        {"title_de": "Sozialplan 2027–2031", "starts_on": "01.01.2027", "copies_chapters": "on"},
    )
    update = PlanUpdate.objects.get()
    assert (update.starts_on, update.copies_chapters) == (date(2027, 1, 1), True)
    assert not update.sets_baselines


def test_decisions_are_saved_without_a_script(planner: Client) -> None:
    one = make_measure()
    other = make_measure(one.plan)
    open_session(one.plan)
    address = url("plan-update-decide", one.plan)

    shown = planner.post(
        address,
        {f"choice-measure-{one.pk}": "carry", f"choice-measure-{other.pk}": "drop"},
    )

    assert "The council will ask" in page(shown)
    assert CarryDecision.objects.get().measure == one
    done = planner.post(
        address,
        {f"choice-measure-{other.pk}": "drop", f"reason-measure-{other.pk}": "kein Bedarf"},
    )
    assert done.status_code == 302
    assert CarryDecision.objects.count() == 2


def test_htmx_gets_the_row_and_the_progress_back(planner: Client) -> None:
    measure = make_measure()
    open_session(measure.plan)
    row = f"measure-{measure.pk}"

    response = planner.post(
        url("plan-update-decide", measure.plan),
        {"row": row, f"choice-{row}": "adapt", f"version-{row}": "0"},
        headers={"HX-Request": "true"},
    )

    answer = page(response)
    assert answer.startswith(f'<tr id="row-{row}"')
    assert 'hx-swap-oob="true"' in answer
    assert "1 of 1" in answer
    assert CarryDecision.objects.get().choice == "adapt"


def test_a_decision_of_somebody_else_is_not_overwritten(planner: Client) -> None:
    measure = make_measure()
    open_session(measure.plan)
    row = f"measure-{measure.pk}"
    typed = {"row": row, f"version-{row}": "0"}
    address = url("plan-update-decide", measure.plan)
    planner.post(address, {**typed, f"choice-{row}": "carry"})

    second = planner.post(address, {**typed, f"choice-{row}": "postpone"})

    assert "Nothing was overwritten" in page(second)
    assert CarryDecision.objects.get().choice == "carry"


@pytest.mark.parametrize("row", ["measure-0", "measure-x", "unsinn", "plan-1"])
def test_an_unknown_row_is_not_found(planner: Client, row: str) -> None:
    plan = make_plan()
    open_session(plan)

    response = planner.post(url("plan-update-decide", plan), {"row": row})

    assert response.status_code == 404


def test_the_picked_records_are_decided_together(planner: Client) -> None:
    plan = make_plan()
    needs = [make_need(plan) for _ in range(3)]
    open_session(plan)
    address = f"{url('plan-update-decide', plan)}?art=need"
    picked = [need.pk for need in needs[:2]]

    planner.post(address, {"bulk": "1", "bulk_choice": "drop", "pick": picked})
    assert not CarryDecision.objects.exists()
    planner.post(
        address,
        {"bulk": "1", "bulk_choice": "drop", "bulk_reason": "gedeckt", "pick": picked},
    )

    assert CarryDecision.objects.filter(choice="drop", reason="gedeckt").count() == 2


def test_all_suggestions_are_accepted_at_once(planner: Client) -> None:
    plan = make_plan()
    make_measure(plan, status="done")
    make_measure(plan, status="running")
    make_measure(plan, status="dropped", status_reason="zu teuer")
    open_session(plan)

    planner.post(url("plan-update-decide", plan), {"agree": "1"})

    choices = CarryDecision.objects.order_by("pk").values_list("choice", "reason")
    assert list(choices) == [("finished", ""), ("carry", ""), ("drop", "zu teuer")]


def test_the_undecided_ones_are_found(planner: Client) -> None:
    plan = make_plan()
    decided, undecided = make_goal(plan, title_de="Klar"), make_goal(plan, title_de="Offen")
    open_session(plan)
    address = url("plan-update", plan)
    row = f"goal-{decided.pk}"
    planner.post(url("plan-update-decide", plan), {"row": row, f"choice-{row}": "carry"})

    shown = page(planner.get(f"{address}?art=goal&was=undecided"))

    assert undecided.title_de in shown
    assert decided.title_de not in shown
    assert "Klar" in page(planner.get(f"{address}?art=goal&was=carry"))
    assert "Nothing here" in page(planner.get(f"{address}?art=goal&was=drop"))


def test_the_new_plan_is_made_once_all_is_decided(planner: Client) -> None:
    measure = make_measure()
    open_session(measure.plan)
    finish = url("plan-update-finish", measure.plan)

    assert "1 record is still undecided" in page(planner.get(finish))
    assert planner.post(finish).status_code == 409
    planner.post(url("plan-update-decide", measure.plan), {f"choice-measure-{measure.pk}": "adapt"})
    done = planner.post(finish)
    again = planner.post(finish)

    new = Plan.objects.get(predecessor=measure.plan)
    assert done["Location"] == again["Location"] == url("plan-adapt", new)
    assert measure.title_de in page(planner.get(url("plan-adapt", new)))
    assert "1 record is still to be adapted" in page(planner.get(url("plan-detail", new)))


def test_a_rewriting_is_changed_and_given_up(planner: Client) -> None:
    plan = make_plan()
    open_session(plan)

    planner.post(url("plan-update-change", plan), {"title_de": "Anders", "version": "1"})
    assert PlanUpdate.objects.get().title_de == "Anders"
    clash = planner.post(url("plan-update-change", plan), {"title_de": "Zwei", "version": "1"})
    assert "Somebody else was faster" in page(clash)
    planner.post(url("plan-update-discard", plan))
    assert not PlanUpdate.objects.exists()
    assert planner.get(url("plan-update-discard", plan)).status_code == 404


# Queries


def fill(number: int) -> Measure:
    plan = make_plan(starts_on=date(2022, 1, 1))
    field = make_field(plan)
    for _ in range(number):
        make_goal(plan)
        make_need(plan)
        measure = make_measure(plan, field=field)
        make_milestone(measure, done_on=date(2025, 1, 1))
        make_value(make_numeric_indicator(measure))
        add_resolution(plan, COUNCIL, by=None)
    for place in range(number):
        freeze(plan, label_de=f"Fassung {place}", by=None, now=NOON)
        change_measure(measure, {"text_de": f"Text {place}"}, seen_version=place + 1, by=None)
    open_session(plan)
    return measure


@pytest.mark.parametrize("name", [*READ, "plan-update", "plan-update-finish"])
@pytest.mark.one_database
def test_a_page_needs_the_same_queries_for_any_length(planner: Client, name: str) -> None:
    def queries(number: int) -> int:
        measure = fill(number)
        more = [measure.pk] if name == "measure-story" else []
        planner.get(url(name, measure.plan, *more))
        with CaptureQueriesContext(connection) as captured:
            planner.get(url(name, measure.plan, *more))
        return len(captured)

    assert queries(1) == queries(3)
