"""The next plan out of the old one: what goes along, what is told, all or nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from zusammenplan.core.history import deed_of
from zusammenplan.core.tests.races import Race
from zusammenplan.indicators.tests.factories import make_figure, make_indicator as make_of_data
from zusammenplan.people.tests.factories import make_organisation, make_planner
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions import change_measure, succession as making
from zusammenplan.plans.actions.citations import cite_value
from zusammenplan.plans.actions.succession import UndecidedError, make_successor
from zusammenplan.plans.actions.updates import (
    Carried,
    CarryReasonMissingError,
    DecidedMeanwhileError,
    ForeignRecordError,
    UpdateFinishedError,
    begin_update,
    change_update,
    decide,
    decide_many,
    discard_update,
)
from zusammenplan.plans.choices import CarryChoice, ChapterKind, RelationKind
from zusammenplan.plans.domain.comparison import Kind
from zusammenplan.plans.domain.succession import Fate, succession
from zusammenplan.plans.models import (
    Abbreviation,
    Block,
    CarryDecision,
    Chapter,
    Measure,
    MeasureRelation,
    Plan,
    PlanUpdate,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.updates import progress_of, to_adapt
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_evidence,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_term,
    make_value,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)
NEW = {
    "title_de": "Sozialplan 2027–2031",
    "starts_on": date(2027, 1, 1),
    "ends_on": date(2031, 12, 31),
}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def make_old_plan(**fields: Any) -> Plan:
    return make_plan(
        title_de="Sozialplan 2022–2026",
        status="in_force",
        starts_on=date(2022, 1, 1),
        ends_on=date(2026, 12, 31),
        **fields,
    )


def begin(plan: Plan, **values: Any) -> PlanUpdate:
    return begin_update(plan, {**NEW, **values}, by=None, now=NOON)


def say(update: PlanUpdate, record: Any, choice: CarryChoice, reason: str = "") -> None:
    decide(update, record, choice, reason=reason, seen_version=0, by=None, now=NOON)


def make(update: PlanUpdate) -> Plan:
    return make_successor(update, by=None, now=NOON)


def carried(measure: Measure, **options: Any) -> Measure:
    """Make the next plan with this one measure, and give it as it stands there."""
    update = begin(measure.plan, **options)
    say(update, measure, CarryChoice.CARRY)
    return make(update).measures.get()


# Deciding


def test_a_rewriting_that_somebody_has_begun_is_gone_on_with() -> None:
    plan = make_old_plan()

    assert begin(plan) == begin(plan)
    assert PlanUpdate.objects.count() == 1


def test_a_decision_tells_who_and_when_and_can_be_changed() -> None:
    measure, planner = make_measure(make_old_plan()), make_planner()
    update = begin(measure.plan)
    say(update, measure, CarryChoice.CARRY)

    decide(update, measure, CarryChoice.ADAPT, seen_version=1, by=planner, now=NOON)

    decision = CarryDecision.objects.get()
    assert (decision.choice, decision.decided_by, decision.version) == ("adapt", planner, 2)
    assert decision.history.count() == 2


def test_dropping_wants_a_reason() -> None:
    measure = make_measure(make_old_plan())

    with pytest.raises(CarryReasonMissingError):
        say(begin(measure.plan), measure, CarryChoice.DROP, " ")


def test_a_second_planner_overwrites_no_decision() -> None:
    measure = make_measure(make_old_plan())
    update = begin(measure.plan)
    say(update, measure, CarryChoice.CARRY)

    with pytest.raises(DecidedMeanwhileError, match="carry on"):
        say(update, measure, CarryChoice.POSTPONE)
    say(update, measure, CarryChoice.CARRY)  # the same is no quarrel


def test_a_record_of_another_plan_is_not_decided_on() -> None:
    update = begin(make_old_plan())

    with pytest.raises(ForeignRecordError):
        say(update, make_measure(), CarryChoice.CARRY)
    with pytest.raises(ForeignRecordError):
        decide_many(update, [(make_need(), CarryChoice.CARRY, "")], by=None, now=NOON)


def test_several_decisions_are_saved_together_or_not_at_all() -> None:
    plan = make_old_plan()
    records: list[Carried] = [make_measure(plan), make_goal(plan), make_need(plan)]
    update = begin(plan)

    with pytest.raises(CarryReasonMissingError):
        decide_many(
            update,
            [(records[0], CarryChoice.CARRY, ""), (records[1], CarryChoice.DROP, "")],
            by=None,
            now=NOON,
        )
    assert not CarryDecision.objects.exists()
    number = decide_many(
        update, [(one, CarryChoice.CARRY, "") for one in records], by=None, now=NOON
    )

    assert number == 3
    assert [(one.done, one.total) for one in progress_of(update)] == [(1, 1)] * 3


def test_a_rewriting_can_be_given_up() -> None:
    measure = make_measure(make_old_plan())
    update = begin(measure.plan)
    say(update, measure, CarryChoice.CARRY)

    discard_update(update, by=None)

    assert not PlanUpdate.objects.exists()
    measure.refresh_from_db()
    assert measure.status == "planned"


def test_after_the_new_plan_is_made_nothing_is_decided_any_more() -> None:
    measure = make_measure(make_old_plan())
    update = begin(measure.plan)
    say(update, measure, CarryChoice.CARRY)
    make(update)

    with pytest.raises(UpdateFinishedError):
        decide(update, measure, CarryChoice.FINISHED, seen_version=1, by=None, now=NOON)
    with pytest.raises(UpdateFinishedError):
        change_update(update, {"title_de": "Anders"}, seen_version=2, by=None)
    with pytest.raises(UpdateFinishedError):
        discard_update(update, by=None)


# Making the new plan


def test_nothing_is_made_before_all_is_decided() -> None:
    plan = make_old_plan()
    measure = make_measure(plan)
    make_need(plan)
    update = begin(plan)
    say(update, measure, CarryChoice.CARRY)

    with pytest.raises(UndecidedError, match="1 record"):
        make(update)
    assert Plan.objects.count() == 1


def test_the_new_plan_is_a_hidden_draft_that_knows_the_old_one() -> None:
    old = make_old_plan(scale_kind="traffic_light", first_chapter=0)

    new = make(begin(old))

    assert (new.status, new.is_public, new.predecessor) == ("draft", False, old)
    assert (new.slug, new.starts_on) == ("sozialplan-2027-2031", date(2027, 1, 1))
    assert (new.scale_kind, new.first_chapter) == ("traffic_light", 0)
    old.refresh_from_db()
    assert old.status == "in_force"


def test_a_carried_measure_keeps_its_identity_and_all_that_belongs_to_it() -> None:
    old = make_old_plan()
    need, goal = make_need(old), make_goal(old)
    goal.needs.add(need)
    make_evidence(need)
    measure = make_measure(
        old,
        status="running",
        responsible=make_organisation(name="Sozialamt"),
        period_text="seit 2019",
        starts_on=date(2019, 1, 1),
        priority_degree=Decimal("1.5"),
        priority_round="Erste Abstimmung",
        priority_on=date(2021, 6, 1),
        is_additional=True,
    )
    measure.goals.add(goal)
    measure.needs.add(need)
    measure.areas.add(make_area())
    measure.target_groups.add(make_term())
    measure.partners.add(make_organisation(name="Verein"))
    make_milestone(measure, title_de="offen")
    make_milestone(measure, title_de="fertig", done_on=date(2024, 1, 1))
    make_cost(measure, year=2025)
    make_cost(measure, year=2028)
    make_cost(measure, year=None)
    update = begin(old)
    for record in (need, goal, measure):
        say(update, record, CarryChoice.CARRY)

    new = make(update)

    copy = new.measures.get()
    assert copy.identity == measure.identity
    assert (copy.status, copy.version, copy.period_text) == ("running", 1, "seit 2019")
    assert (copy.priority_degree, copy.priority_round, copy.is_additional) == (None, "", False)
    assert copy.goals.get() == new.goals.get(identity=goal.identity)
    assert copy.needs.get() == new.needs.get(identity=need.identity)
    assert new.goals.get().needs.get() == new.needs.get()
    assert new.needs.get().evidence.count() == 1
    assert (copy.areas.count(), copy.target_groups.count(), copy.partners.count()) == (1, 1, 1)
    assert [one.title_de for one in copy.milestones.all()] == ["offen"]
    assert {one.year for one in copy.costs.all()} == {2028, None}
    assert copy.field is not None
    assert copy.field.plan == new
    assert deed_of(copy.history.get()) == "Taken along from “Sozialplan 2022–2026”"


def test_a_period_that_is_over_is_not_taken_along() -> None:
    measure = make_measure(
        make_old_plan(),
        period_text="2022 bis 2024",
        starts_on=date(2022, 1, 1),
        ends_on=date(2024, 12, 31),
    )

    copy = carried(measure)

    assert (copy.period_text, copy.starts_on, copy.ends_on) == ("", None, None)


def test_the_last_value_of_an_indicator_becomes_its_baseline() -> None:
    measure = make_measure(make_old_plan())
    indicator = make_numeric_indicator(measure)
    make_value(indicator, on=date(2026, 12, 31), value=Decimal(201))
    make_value(indicator, on=date(2025, 12, 31), value=Decimal(180))

    copy = carried(measure).indicators.get()

    assert (copy.baseline, copy.baseline_on) == (Decimal(201), date(2026, 12, 31))
    assert copy.target == indicator.target
    assert not copy.values.exists()


def test_the_baseline_stays_if_somebody_wants_it_so() -> None:
    measure = make_measure(make_old_plan())
    make_value(make_numeric_indicator(measure, baseline=Decimal(140)))

    assert carried(measure, sets_baselines=False).indicators.get().baseline == Decimal(140)


def test_the_last_value_of_the_data_becomes_the_baseline_of_a_tied_indicator() -> None:
    measure = make_measure(make_old_plan())
    of_data, area = make_of_data(decimals=1), make_area()
    make_figure(of_data, area, "7.98", year=2025)
    make_numeric_indicator(measure, tied_indicator=of_data, tied_area=area)

    copy = carried(measure).indicators.get()

    assert (copy.baseline, copy.baseline_on) == (Decimal("8.0"), date(2025, 12, 31))
    assert (copy.tied_indicator, copy.tied_area) == (of_data, area)


def test_a_cited_value_goes_along_with_the_need() -> None:
    need = make_need(make_old_plan())
    figure = make_figure(make_of_data(), make_area(), "31.4", year=2025)
    cite_value(need, figure, {"kind": "statistic", "text_de": "Viele Ältere"}, by=None)
    update = begin(need.plan)
    say(update, need, CarryChoice.CARRY)

    evidence = make(update).needs.get().evidence.get()

    assert (evidence.text_de, evidence.cited_value) == ("Viele Ältere", Decimal("31.4"))
    assert (evidence.indicator, evidence.area) == (figure.indicator, figure.area)


def test_an_indicator_in_words_that_is_reached_stays_behind() -> None:
    measure = make_measure(make_old_plan())
    make_indicator(measure, text_de="Konzept liegt vor", reached_on=date(2023, 5, 1))
    make_indicator(measure, text_de="Eröffnung")

    assert [one.text_de for one in carried(measure).indicators.all()] == ["Eröffnung"]


def test_relations_lead_to_the_new_plan_or_stay_with_another_one() -> None:
    old = make_old_plan()
    one, other, gone = make_measure(old), make_measure(old), make_measure(old)
    foreign = make_measure()
    for target in (other, gone, foreign):
        MeasureRelation.objects.create(measure=one, kind=RelationKind.BELONGS, other=target)
    update = begin(old)
    say(update, one, CarryChoice.CARRY)
    say(update, other, CarryChoice.CARRY)
    say(update, gone, CarryChoice.FINISHED)

    new = make(update)

    relations = new.measures.get(identity=one.identity).relations.all()
    assert {relation.other for relation in relations} == {
        new.measures.get(identity=other.identity),
        foreign,
    }


def test_a_goal_whose_parent_is_dropped_goes_to_the_next_one_above() -> None:
    old = make_old_plan()
    level = make_level(old)
    top = make_goal(old, level=level)
    middle = make_goal(old, parent=top)
    child = make_goal(old, parent=middle)
    update = begin(old)
    say(update, top, CarryChoice.CARRY)
    say(update, middle, CarryChoice.DROP, "zu allgemein")
    say(update, child, CarryChoice.CARRY)

    new = make(update)

    assert new.goals.get(identity=child.identity).parent == new.goals.get(identity=top.identity)
    assert new.goals.get(identity=top.identity).level == new.levels.get()
    middle.refresh_from_db()
    assert (middle.state, middle.state_reason) == ("dropped", "zu allgemein")


@pytest.mark.parametrize(
    ("choice", "reason", "status"),
    [
        (CarryChoice.CARRY, "", "carried_over"),
        (CarryChoice.ADAPT, "Ziel ist zu hoch", "carried_over"),
        (CarryChoice.FINISHED, "", "done"),
        (CarryChoice.DROP, "kein Bedarf mehr", "dropped"),
        (CarryChoice.POSTPONE, "", "idea"),
    ],
)
def test_the_old_measure_is_told_what_became_of_it(
    choice: CarryChoice, reason: str, status: str
) -> None:
    measure = make_measure(make_old_plan(), status="running")
    update = begin(measure.plan)
    say(update, measure, choice, reason)

    new = make(update)

    measure.refresh_from_db()
    assert (measure.status, measure.status_on) == (status, date(2026, 12, 18))
    assert reason in measure.status_reason
    assert measure.version == 2
    assert deed_of(measure.history.latest()) == "Plan written anew"
    assert new.measures.exists() is (choice in {CarryChoice.CARRY, CarryChoice.ADAPT})


def test_needs_and_goals_are_told_too() -> None:
    old = make_old_plan()
    met, later, goal = make_need(old), make_need(old), make_goal(old)
    update = begin(old)
    say(update, met, CarryChoice.FINISHED)
    say(update, later, CarryChoice.POSTPONE, "erst nach 2031")
    say(update, goal, CarryChoice.FINISHED)

    make(update)

    for record in (met, later, goal):
        record.refresh_from_db()
    assert (met.state, later.state, later.state_reason) == ("met", "postponed", "erst nach 2031")
    assert goal.state == "reached"


def test_what_was_to_be_adapted_stays_on_the_list_until_somebody_changes_it() -> None:
    measure = make_measure(make_old_plan())
    update = begin(measure.plan)
    say(update, measure, CarryChoice.ADAPT, "neues Ziel")
    new = make(update)

    assert [(one.kind, one.reason) for one in to_adapt(new)] == [("measure", "neues Ziel")]
    change_measure(new.measures.get(), {"title_de": "Neu"}, seen_version=1, by=None)
    assert to_adapt(new) == []


def test_the_chapters_go_along_if_wanted() -> None:
    old = make_old_plan()
    top = Chapter.objects.create(plan=old, address="k1", title_de="Einleitung", position=1)
    below = Chapter.objects.create(
        plan=old, parent=top, address="k2", kind=ChapterKind.MEASURES, title_de="Maßnahmen"
    )
    Block.objects.create(chapter=top, address="b1", kind="text", text_de="<p>Text</p>")
    Abbreviation.objects.create(plan=old, short="LSZ", long_de="Landesprogramm")

    new = make(begin(old))

    assert new.chapters.get(address="k2").parent == new.chapters.get(address="k1")
    assert new.chapters.get(address="k1").blocks.get().text_de == "<p>Text</p>"
    assert new.abbreviations.get().short == "LSZ"
    below.refresh_from_db()
    assert below.plan == old


def test_the_chapters_stay_behind_if_not_wanted() -> None:
    old = make_old_plan()
    Chapter.objects.create(plan=old, address="k1", title_de="Einleitung")

    assert not make(begin(old, copies_chapters=False)).chapters.exists()


def test_pressing_twice_makes_one_plan() -> None:
    update = begin(make_old_plan())

    assert make(update) == make(update)
    assert Plan.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_planners_who_press_at_once_make_one_plan() -> None:
    old = make_old_plan()
    measure = make_measure(old)
    update = begin(old)
    say(update, measure, CarryChoice.CARRY)
    made: list[Plan] = []

    def press() -> None:
        made.append(make(update))

    assert Race().at_once(press, press) == [None, None]
    assert made[0] == made[1]
    assert Plan.objects.count() == 2
    assert Measure.objects.count() == 2


@pytest.mark.parametrize("broken", ["_relations", "_chapters", "tell_the_old_plan"])
def test_an_error_in_the_middle_leaves_no_half_plan(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    measure = make_measure(make_old_plan())
    update = begin(measure.plan)
    say(update, measure, CarryChoice.FINISHED)

    def break_down(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(making.Making, broken, break_down)
    with pytest.raises(OSError, match="disk"):
        make(update)

    assert Plan.objects.count() == 1
    measure.refresh_from_db()
    update.refresh_from_db()
    assert (measure.status, update.finished_at) == ("planned", None)


@pytest.mark.one_database
def test_a_large_plan_needs_no_more_queries_than_a_small_one() -> None:
    def queries(number: int) -> int:
        old = make_old_plan()
        parent = None
        for _ in range(number):
            parent = make_goal(old, parent=parent)
            measure = make_measure(old)
            measure.goals.add(parent)
            make_value(make_numeric_indicator(measure))
            make_milestone(measure)
            make_cost(measure, year=2028)
        update = begin(old, title_de=f"Plan mit {number}")
        records = [*old.goals.all(), *old.measures.all()]
        decide_many(update, [(one, CarryChoice.CARRY, "") for one in records], by=None, now=NOON)
        with CaptureQueriesContext(connection) as captured:
            make(update)
        return len(captured)

    queries(1)  # the first one also reads what a process keeps
    assert queries(2) == queries(6)


# What changed, told from both plans


def test_the_fates_follow_from_both_plans() -> None:
    old = make_old_plan()
    measures = {choice: make_measure(old, title_de=choice) for choice in CarryChoice}
    left = make_measure(old, title_de="liegen geblieben", status="running")
    update = begin(old)
    for choice, measure in measures.items():
        say(update, measure, choice, "kein Bedarf" if choice == CarryChoice.DROP else "")
    say(update, left, CarryChoice.CARRY)
    new = make(update)
    adapted = new.measures.get(identity=measures[CarryChoice.ADAPT].identity)
    change_measure(adapted, {"title_de": "angepasst"}, seen_version=1, by=None)
    new.measures.filter(identity=left.identity).delete()
    Measure.objects.filter(pk=left.pk).update(status="running")
    make_measure(new, title_de="neu")

    told = succession(plan_content(old), plan_content(new))

    fates = {one.record.title.de: one.fate for one in told.of(Kind.MEASURE)}
    assert fates == {
        "carry": Fate.CARRIED,
        "angepasst": Fate.ADAPTED,
        "finished": Fate.FINISHED,
        "drop": Fate.DROPPED,
        "postpone": Fate.POSTPONED,
        "liegen geblieben": Fate.LEFT,
        "neu": Fate.NEW,
    }
    assert told.of(Kind.MEASURE, Fate.DROPPED)[0].reason == "kein Bedarf"


def test_what_follows_by_itself_is_no_adaptation() -> None:
    old = make_old_plan()
    top = make_goal(old)
    child = make_goal(old, parent=top)
    measure = make_measure(old, ends_on=date(2025, 1, 1), period_text="bis 2024")
    measure.goals.add(top, child)
    update = begin(old)
    say(update, top, CarryChoice.FINISHED)
    say(update, child, CarryChoice.CARRY)
    say(update, measure, CarryChoice.CARRY)

    new = make(update)

    told = succession(plan_content(old), plan_content(new))

    assert [one.fate for one in told.of(Kind.MEASURE)] == [Fate.CARRIED]
    assert {one.fate for one in told.of(Kind.GOAL)} == {Fate.FINISHED, Fate.CARRIED}
