"""What the deeds on a measure's links, costs, milestones, indicators, relations and files do."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from zusammenplan.core.files import check_file
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.public import current_version
from zusammenplan.people.models import Organisation
from zusammenplan.people.tests.factories import NOW, make_organisation, make_planner
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans import actions
from zusammenplan.plans.actions.attachments import (
    add_attachment,
    change_attachment,
    take_off_attachment,
)
from zusammenplan.plans.actions.costs import add_cost, change_cost, remove_cost
from zusammenplan.plans.actions.indicators import (
    DayTakenError,
    KindLosesError,
    add_indicator,
    add_value,
    change_indicator,
    change_indicator_kind,
    change_value,
    move_indicator,
    remove_indicator,
    remove_value,
    set_indicator_reached,
)
from zusammenplan.plans.actions.links import ForeignLinkError
from zusammenplan.plans.actions.milestones import (
    MoveReasonMissingError,
    add_milestone,
    change_milestone,
    move_milestone,
    remove_milestone,
    set_milestone_done,
)
from zusammenplan.plans.actions.refusals import StatusReasonMissingError
from zusammenplan.plans.actions.relations import (
    RelationKnownError,
    SameMeasureError,
    add_relation,
    change_relation,
    remove_relation,
)
from zusammenplan.plans.choices import IndicatorKind, MeasureStatus, RelationKind, TermKind
from zusammenplan.plans.models import Measure, MeasureIndicator, MeasureRelation
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_goal,
    make_indicator,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_term,
    make_value,
)

pytestmark = pytest.mark.django_db

APRIL, JUNE = date(2027, 4, 30), date(2027, 6, 30)


def deeds(record: Any) -> list[str]:
    return [change.what for change in changes(record)]


# Links and status


def test_changing_a_measure_sets_its_links_and_notes_each_in_the_history() -> None:
    measure = make_measure()
    old, new = make_goal(measure.plan, number="1.A"), make_goal(measure.plan, number="2.B")
    measure.goals.add(old)
    office = make_organisation(name="Pflegekasse")
    values = {
        "title_de": "Neu",
        "goals": [new],
        "needs": [make_need(measure.plan)],
        "areas": [make_area(name="Ilsetal")],
        "target_groups": [make_term(TermKind.TARGET_GROUP)],
        "life_situations": [make_term(TermKind.LIFE_SITUATION)],
        "partners": [office, "pflegekasse", "Neuer Verein", " "],
    }

    actions.change_measure(measure, values, seen_version=1, by=make_planner())

    assert list(measure.goals.all()) == [new]
    assert {one.name for one in measure.partners.all()} == {"Pflegekasse", "Neuer Verein"}
    assert measure.version == 2
    told = deeds(measure)
    assert f"Ziele hinzugefügt: {new}" in told
    assert f"Ziele entfernt: {old}" in told
    assert "Planungsräume hinzugefügt: Ilsetal" in told
    assert "Partner hinzugefügt: Neuer Verein, Pflegekasse" in told
    assert "Maßnahme geändert" in told


def test_links_alone_are_a_change_that_a_second_editor_is_told_of() -> None:
    measure = make_measure()
    goal = make_goal(measure.plan)

    actions.change_measure(measure, {"goals": [goal]}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        actions.change_measure(measure, {"goals": []}, seen_version=1, by=None)
    assert list(measure.goals.all()) == [goal]


def test_the_same_links_are_no_change() -> None:
    measure = make_measure()
    measure.goals.add(goal := make_goal(measure.plan))
    before = current_version()

    actions.change_measure(measure, {"goals": [goal]}, seen_version=1, by=None)

    assert measure.version == 1
    assert current_version() == before


def test_a_goal_of_another_plan_is_refused() -> None:
    measure = make_measure()

    with pytest.raises(ForeignLinkError, match="aus diesem Plan"):
        actions.change_measure(measure, {"goals": [make_goal()]}, seen_version=1, by=None)
    with pytest.raises(ForeignLinkError):
        actions.add_measure(
            measure.plan, {"number": "9", "title_de": "x", "needs": [make_need()]}, by=None
        )
    group = make_term(kind=TermKind.TARGET_GROUP)
    with pytest.raises(ForeignLinkError):
        actions.change_measure(measure, {"life_situations": [group]}, seen_version=1, by=None)


def test_a_new_measure_has_its_links_at_once() -> None:
    plan = make_plan()
    goal = make_goal(plan)
    values = {"number": "1.1", "title_de": "Neu", "goals": [goal], "partners": ["Verein"]}

    measure = actions.add_measure(plan, values, by=None)

    assert list(measure.goals.all()) == [goal]
    assert Organisation.objects.filter(name="Verein").exists()


def test_a_status_that_must_be_explained_needs_its_reason() -> None:
    measure = make_measure()

    with pytest.raises(StatusReasonMissingError):
        actions.change_measure(measure, {"status": MeasureStatus.DROPPED}, seen_version=1, by=None)
    actions.change_measure(
        measure,
        {"status": MeasureStatus.DROPPED, "status_reason": "Kein Träger gefunden"},
        seen_version=1,
        by=None,
    )
    assert measure.status == MeasureStatus.DROPPED


# Costs


def test_an_amount_is_added_changed_and_removed_each_with_its_history() -> None:
    measure = make_measure()
    before = current_version()

    cost = add_cost(measure, {"year": 2027, "amount": Decimal("68400.00")}, by=None)
    change_cost(cost, {"amount": Decimal("70000.00")}, seen_version=1, by=make_planner())
    remove_cost(cost, reason="doppelt", by=None)

    assert measure.costs.count() == 0
    assert [row.history_change_reason for row in type(cost).history.all()] == [
        "doppelt",
        "Kosten geändert",
        "Kosten hinzugefügt",
    ]
    assert current_version() == before + 3


def test_a_second_editor_of_an_amount_is_refused() -> None:
    cost = make_cost(make_measure())
    change_cost(cost, {"note": "von Ines"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_cost(cost, {"note": "von Jost"}, seen_version=1, by=None)


def test_saving_without_a_change_changes_nothing() -> None:
    cost = make_cost(make_measure())

    change_cost(cost, {"note": ""}, seen_version=1, by=None)

    cost.refresh_from_db()
    assert cost.version == 1


def test_removing_demands_a_reason() -> None:
    with pytest.raises(actions.ReasonMissingError):
        remove_cost(make_cost(make_measure()), reason=" ", by=None)


# Milestones


def test_the_first_day_of_a_milestone_stays_when_it_moves() -> None:
    milestone = add_milestone(make_measure(), {"title_de": "Eröffnung", "due_on": APRIL}, by=None)

    change_milestone(milestone, {"due_on": JUNE, "moved_reason": "Umbau"}, seen_version=1, by=None)

    assert (milestone.first_due_on, milestone.due_on) == (APRIL, JUNE)
    assert milestone.moved_reason == "Umbau"
    assert deeds(milestone)[0] == "Meilenstein verschoben"


def test_moving_a_milestone_demands_a_reason_but_a_first_day_does_not() -> None:
    milestone = add_milestone(make_measure(), {"title_de": "Eröffnung"}, by=None)

    change_milestone(milestone, {"due_on": APRIL, "moved_reason": ""}, seen_version=1, by=None)
    assert milestone.first_due_on == APRIL
    with pytest.raises(MoveReasonMissingError):
        change_milestone(milestone, {"due_on": JUNE, "moved_reason": " "}, seen_version=2, by=None)


def test_a_reason_without_a_move_does_not_replace_the_old_one() -> None:
    milestone = make_milestone(make_measure(), due_on=APRIL, moved_reason="Umbau")

    change_milestone(
        milestone,
        {"title_de": "Neu", "due_on": APRIL, "moved_reason": "egal"},
        seen_version=1,
        by=None,
    )

    assert milestone.moved_reason == "Umbau"


def test_a_milestone_is_reached_and_open_again() -> None:
    milestone = make_milestone(make_measure())

    assert set_milestone_done(milestone, APRIL, by=None)
    assert not set_milestone_done(milestone, APRIL, by=None)
    assert set_milestone_done(milestone, None, by=None)
    assert deeds(milestone)[:2] == ["Meilenstein wieder offen", "Meilenstein erreicht"]


def test_milestones_change_places_until_they_reach_an_end() -> None:
    measure = make_measure()
    first, second = (add_milestone(measure, {"title_de": name}, by=None) for name in "ab")

    assert move_milestone(second, "up", by=None)
    assert list(measure.milestones.order_by("position")) == [second, first]
    assert not move_milestone(second, "up", by=None)

    remove_milestone(first, reason="entfällt", by=None)
    assert list(measure.milestones.all()) == [second]


# Indicators


def test_an_indicator_changes_its_kind_only_if_nothing_is_lost() -> None:
    indicator = make_numeric_indicator(make_measure())
    make_value(indicator)

    with pytest.raises(KindLosesError, match=r"Maßeinheit, Ausgangswert, .*Werte"):
        change_indicator_kind(indicator, IndicatorKind.VERBAL, by=None)

    plain = make_indicator(indicator.measure)
    assert change_indicator_kind(plain, IndicatorKind.NUMERIC, by=None)
    assert not change_indicator_kind(plain, IndicatorKind.NUMERIC, by=None)
    plain.refresh_from_db()
    assert plain.kind == IndicatorKind.NUMERIC


def test_an_indicator_with_its_values_is_kept_changed_moved_and_removed() -> None:
    measure = make_measure()
    first = add_indicator(measure, IndicatorKind.VERBAL, {"text_de": "a"}, by=None)
    second = add_indicator(measure, IndicatorKind.NUMERIC, {"text_de": "b"}, by=None)

    value = add_value(second, {"on": APRIL, "value": Decimal(5)}, by=None)
    with pytest.raises(DayTakenError, match=r"30\.04\.2027"):
        add_value(second, {"on": APRIL, "value": Decimal(6)}, by=None)
    other = add_value(second, {"on": JUNE, "value": Decimal(6)}, by=None)
    with pytest.raises(DayTakenError):
        change_value(other, {"on": APRIL}, seen_version=1, by=None)
    change_value(value, {"value": Decimal(7)}, seen_version=1, by=None)
    remove_value(other, reason="falsch", by=None)
    change_indicator(second, {"text_de": "c"}, seen_version=1, by=None)
    assert move_indicator(second, "up", by=None)

    assert [one.text_de for one in measure.indicators.order_by("position")] == ["c", "a"]
    assert [one.value for one in second.values.all()] == [Decimal(7)]
    assert set_indicator_reached(first, APRIL, by=None)
    remove_indicator(second, reason="ersetzt", by=None)
    assert list(measure.indicators.all()) == [first]


# Relations


def test_a_relation_is_noted_once_from_whichever_side() -> None:
    measure, other = make_measure(), make_measure()

    relation = add_relation(measure, RelationKind.CONTINUES, other, note="seit 2021", by=None)

    for one, two in ((measure, other), (other, measure)):
        with pytest.raises(RelationKnownError):
            add_relation(one, RelationKind.CONTINUES, two, by=None)
    with pytest.raises(SameMeasureError):
        add_relation(measure, RelationKind.BLOCKS, measure, by=None)
    assert list(MeasureRelation.objects.all()) == [relation]


def test_a_relation_changes_its_kind_unless_that_is_noted_already() -> None:
    measure, other = make_measure(), make_measure()
    relation = add_relation(measure, RelationKind.CONTINUES, other, by=None)
    add_relation(other, RelationKind.BLOCKS, measure, by=None)

    with pytest.raises(RelationKnownError):
        change_relation(relation, kind=RelationKind.BLOCKS, note="", seen_version=1, by=None)
    change_relation(relation, kind=RelationKind.REPLACES, note="neu", seen_version=1, by=None)
    assert relation.kind == RelationKind.REPLACES

    remove_relation(relation, reason="Irrtum", by=None)
    assert MeasureRelation.objects.count() == 1


# Files


def test_files_of_measures_and_indicators_are_kept_described_and_taken_off() -> None:
    measure = make_measure()
    before = current_version()

    def add(record: Measure | MeasureIndicator, *, is_public: bool) -> Any:
        checked = check_file(ContentFile(b"Hallo", name="a.txt"))
        return add_attachment(
            record, checked, description="", is_public=is_public, by=None, now=NOW
        )

    secret = add(measure, is_public=False)
    assert current_version() == before
    add(make_indicator(measure), is_public=True)
    assert current_version() == before + 1

    change_attachment(
        secret, measure.plan, description="Brief", is_public=True, seen_version=1, by=None
    )
    assert str(secret) == "Brief"
    take_off_attachment(secret, measure.plan, reason="veraltet", by=None, now=NOW)
    assert secret.removed_at == NOW
    assert current_version() == before + 3
    with pytest.raises(actions.ReasonMissingError):
        take_off_attachment(secret, measure.plan, reason="", by=None, now=NOW)
