"""Deeds with needs, their evidence, links and terms."""

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.public import current_version
from zusammenplan.places.actions.areas import delete_area
from zusammenplan.places.actions.refusals import AreaInUseError
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.actions.links import ForeignLinkError, link_measure
from zusammenplan.plans.actions.needs import add_need, change_need, delete_need, move_need
from zusammenplan.plans.actions.refusals import OtherPlanError, ReasonMissingError
from zusammenplan.plans.actions.terms import (
    TermInUseError,
    TermTakenError,
    add_term,
    change_term,
    delete_term,
    move_term,
    take_default_terms,
)
from zusammenplan.plans.choices import EvidenceKind, TermKind
from zusammenplan.plans.models import Need, NeedEvidence, Term
from zusammenplan.plans.queries.terms import DEFAULT_TERMS
from zusammenplan.plans.tests.factories import (
    make_evidence,
    make_field,
    make_goal,
    make_measure,
    make_need,
    make_plan,
    make_term,
)

pytestmark = pytest.mark.django_db
SURVEY = {"kind": EvidenceKind.SURVEY, "text_de": "41 % fanden nichts", "source": "Befragung"}


def evidence_of(need: Need) -> list[str]:
    return list(need.evidence.order_by("position").values_list("text_de", flat=True))


# Needs


def test_a_need_is_added_at_the_end_of_its_field_with_all_that_belongs_to_it() -> None:
    plan = make_plan()
    field = make_field(plan)
    make_need(plan, field=field, position=3)
    area, term = make_area(), make_term()
    before = current_version()

    need = add_need(
        plan,
        {"title_de": "Beratung fehlt", "field": field},
        links={"areas": [area], "target_groups": [term]},
        evidence=[SURVEY, {**SURVEY, "text_de": "Zahl"}],
        by=None,
    )

    assert need.position == 4
    assert list(need.areas.all()) == [area]
    assert evidence_of(need) == ["41 % fanden nichts", "Zahl"]
    assert current_version() > before


def test_field_and_terms_of_a_need_must_fit() -> None:
    plan = make_plan()
    situation = make_term(TermKind.LIFE_SITUATION)

    with pytest.raises(OtherPlanError):
        add_need(plan, {"title_de": "Fremd", "field": make_field()}, by=None)
    with pytest.raises(ForeignLinkError):
        add_need(plan, {"title_de": "Art"}, links={"target_groups": [situation]}, by=None)
    assert not Need.objects.exists()


def test_evidence_is_changed_added_removed_and_put_in_order() -> None:
    need = make_need()
    first, second = make_evidence(need), make_evidence(need)

    change_need(
        need,
        {},
        evidence=[
            {**SURVEY, "text_de": "Neu"},
            {"pk": second.pk, **SURVEY, "text_de": "Geändert"},
        ],
        seen_version=1,
        by=None,
    )

    assert evidence_of(need) == ["Neu", "Geändert"]
    assert need.version == 2
    assert not NeedEvidence.objects.filter(pk=first.pk).exists()
    second.refresh_from_db()
    assert second.version == 2


def test_saving_what_is_there_changes_nothing() -> None:
    need = make_need()
    one = make_evidence(need)
    same = {"pk": one.pk, "kind": one.kind, "text_de": one.text_de}

    change_need(need, {"title_de": need.title_de}, evidence=[same], seen_version=1, by=None)

    need.refresh_from_db()
    assert need.version == 1


def test_evidence_of_another_need_is_not_taken_away_from_it() -> None:
    foreign = make_evidence()
    need = make_need()

    change_need(need, {}, evidence=[{"pk": foreign.pk, **SURVEY}], seen_version=1, by=None)

    foreign.refresh_from_db()
    assert foreign.need != need
    assert need.evidence.count() == 1


def test_the_second_editor_of_a_need_changes_no_evidence() -> None:
    need = make_need()
    change_need(need, {"title_de": "Anders"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_need(need, {}, evidence=[SURVEY], seen_version=1, by=None)
    assert not need.evidence.exists()


def test_a_need_that_changes_its_field_comes_last_there() -> None:
    plan = make_plan()
    field = make_field(plan)
    make_need(plan, field=field, position=5)
    need = make_need(plan)

    change_need(need, {"field": field}, seen_version=1, by=None)

    assert need.position == 6


def test_needs_change_places_within_their_field() -> None:
    plan = make_plan()
    one, two = make_need(plan), make_need(plan)

    assert not move_need(one, "up", by=None)
    assert move_need(one, "down", by=None)
    assert list(plan.needs.in_order()) == [two, one]
    assert move_need(one, "up", by=None)
    assert list(plan.needs.in_order()) == [one, two]


def test_a_need_is_deleted_with_its_evidence_and_goals_stay() -> None:
    need = make_need()
    make_evidence(need)
    goal = make_goal(need.plan)
    goal.needs.add(need)

    with pytest.raises(ReasonMissingError):
        delete_need(need, reason=" ", by=None)
    delete_need(need, reason="Doppelt", by=None)

    assert not NeedEvidence.objects.exists()
    assert NeedEvidence.history.latest().history_change_reason == "Doppelt"
    goal.refresh_from_db()
    assert not goal.needs.exists()


# Links of measures


def test_a_measure_is_linked_to_exactly_what_is_named() -> None:
    measure = make_measure()
    goal, need, area, term = (
        make_goal(measure.plan),
        make_need(measure.plan),
        make_area(),
        make_term(),
    )

    measure = link_measure(measure, goals=[goal], needs=[need], areas=[area], by=None)
    measure = link_measure(measure, target_groups=[term], goals=[], by=None)
    measure = link_measure(measure, target_groups=[term], by=None)

    assert not measure.goals.exists()
    assert list(measure.needs.all()) == [need]
    assert measure.version == 3


def test_a_measure_is_not_linked_across_plans() -> None:
    measure = make_measure()

    with pytest.raises(ForeignLinkError):
        link_measure(measure, goals=[make_goal()], by=None)
    with pytest.raises(ForeignLinkError):
        link_measure(measure, life_situations=[make_term()], by=None)


def test_an_area_that_a_need_names_stays() -> None:
    area, need = make_area(), make_need()
    need.areas.add(area)

    with pytest.raises(AreaInUseError, match="1"):
        delete_area(area, reason="Zusammengelegt", by=None)


# Terms


def test_the_proposed_terms_are_taken_over_without_doubles() -> None:
    make_term(name_de="familien")
    proposed = DEFAULT_TERMS[TermKind.TARGET_GROUP]

    assert take_default_terms(TermKind.TARGET_GROUP, by=None) == len(proposed) - 1
    assert take_default_terms(TermKind.TARGET_GROUP, by=None) == 0
    assert Term.objects.filter(kind=TermKind.TARGET_GROUP).count() == len(proposed)
    assert not Term.objects.filter(kind=TermKind.LIFE_SITUATION).exists()


def test_a_term_stands_once_in_its_list() -> None:
    term = add_term(TermKind.TARGET_GROUP, {"name_de": "Familien"}, by=None)
    add_term(TermKind.LIFE_SITUATION, {"name_de": "Familien"}, by=None)

    with pytest.raises(TermTakenError, match="Familien"):
        add_term(TermKind.TARGET_GROUP, {"name_de": "Familien"}, by=None)
    other = add_term(TermKind.TARGET_GROUP, {"name_de": "Kinder"}, by=None)
    with pytest.raises(TermTakenError):
        change_term(other, {"name_de": "Familien"}, seen_version=1, by=None)
    change_term(term, {"name_de": "Eltern"}, seen_version=1, by=None)
    change_term(term, {"name_de": "Eltern"}, seen_version=2, by=None)
    assert term.version == 2


def test_terms_change_places() -> None:
    one, two = make_term(), make_term()

    assert not move_term(two, "down", by=None)
    assert move_term(two, "up", by=None)
    assert list(Term.objects.order_by("position")) == [two, one]
    assert move_term(two, "down", by=None)


def test_a_term_that_something_names_stays() -> None:
    group, situation = make_term(), make_term(TermKind.LIFE_SITUATION)
    make_need().target_groups.add(group)
    make_measure().life_situations.add(situation)

    for term in (group, situation):
        with pytest.raises(TermInUseError, match="1"):
            delete_term(term, reason="Unnötig", by=None)
    free = make_term()
    delete_term(free, reason="Unnötig", by=None)
    assert Term.objects.count() == 2
