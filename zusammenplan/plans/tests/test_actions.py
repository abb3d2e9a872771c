"""What the actions write, and what they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import override

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.public import current_version
from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.people.models import Organisation, User
from zusammenplan.people.tests.factories import make_organisation, make_planner
from zusammenplan.plans import actions
from zusammenplan.plans.actions.levels import add_level
from zusammenplan.plans.actions.ordering import move_measure_past
from zusammenplan.plans.actions.refusals import PlanContinuedError, PlanFrozenError
from zusammenplan.plans.choices import (
    MeasureStatus,
)
from zusammenplan.plans.domain.rows import Counts, FieldRow, MeasureRow
from zusammenplan.plans.models import (
    FieldOfAction,
    Measure,
    Plan,
)
from zusammenplan.plans.queries.tables import compare_rows
from zusammenplan.plans.tests.factories import (
    make_field,
    make_goal,
    make_measure,
    make_need,
    make_plan,
)

pytestmark = pytest.mark.django_db

FIELDS = [FieldRow("1", "Steuerung"), FieldRow("2", "Familie und Beruf")]
MEASURES = [
    MeasureRow("1.1", "Leitbild erneuern", field_code="1", responsible="Sozialamt"),
    MeasureRow("2.1", "Pflegestützpunkt", "Beratung.", "2", "Sozialamt", "seit 2019", "running"),
    MeasureRow("2.2", "Pflegenetzwerk", field_code="2", period_text="nach Bedarf"),
]


def numbers(plan: Plan) -> list[str]:
    return list(plan.measures.in_order().values_list("number", flat=True))


# Plans


def test_a_plan_gets_its_address_from_its_title() -> None:
    plan = actions.create_plan({"title_de": "Sozialplan Grüntal 2027–2031"}, by=None)

    assert plan.slug == "sozialplan-gruental-2027-2031"


def test_a_second_plan_of_the_same_title_gets_another_address() -> None:
    slugs = [actions.create_plan({"title_de": "Sozialplan"}, by=None).slug for _ in range(3)]

    assert slugs == ["sozialplan", "sozialplan-2", "sozialplan-3"]


def test_no_plan_gets_an_address_that_a_page_needs() -> None:
    assert actions.create_plan({"title_de": "Neu"}, by=None).slug == "neu-2"


def test_a_plan_without_letters_in_its_title_gets_an_address_too() -> None:
    assert actions.create_plan({"title_de": "…"}, by=None).slug == "plan"


def test_an_address_is_given_once() -> None:
    make_plan(slug="sozialplan")

    with pytest.raises(actions.SlugTakenError, match="sozialplan"):
        actions.create_plan({"title_de": "Plan", "slug": "sozialplan"}, by=None)


def test_an_address_cannot_be_changed_to_a_taken_one() -> None:
    make_plan(slug="alt")
    plan = make_plan(slug="neuer")

    with pytest.raises(actions.SlugTakenError):
        actions.change_plan(plan, {"slug": "alt"}, seen_version=1, by=None)


def test_changing_a_plan_notes_who_and_what() -> None:
    plan, planner = make_plan(), make_planner()

    actions.change_plan(plan, {"title_de": "Anders"}, seen_version=1, by=planner)

    entry = plan.history.latest()
    assert (entry.history_user, entry.title_de) == (planner, "Anders")
    assert plan.version == 2


@pytest.mark.parametrize(
    ("values", "number_of_reasons"),
    [({"is_public": True}, 1), ({"is_public": False}, 0), ({"title_de": "Anders"}, 1)],
)
def test_only_what_differs_is_noted(values: dict[str, object], number_of_reasons: int) -> None:
    plan = make_plan(is_public=False)

    actions.change_plan(plan, values, seen_version=1, by=None)

    assert plan.history.count() == 1 + number_of_reasons


def test_withdrawing_a_plan_changes_the_public_pages() -> None:
    plan, before = make_plan(is_public=True), current_version()

    actions.change_plan(plan, {"is_public": False}, seen_version=1, by=None)

    assert current_version() > before


def test_changing_a_plan_that_nobody_sees_leaves_the_public_pages() -> None:
    plan, before = make_plan(is_public=False), current_version()

    actions.change_plan(plan, {"title_de": "Entwurf"}, seen_version=1, by=None)

    assert current_version() == before


def test_a_new_public_plan_changes_the_public_pages() -> None:
    before = current_version()

    actions.create_plan({"title_de": "Plan", "is_public": True}, by=None)

    assert current_version() > before


@pytest.mark.parametrize("is_public", [True, False])
def test_a_plan_is_deleted_with_fields_and_measures(*, is_public: bool) -> None:
    plan = make_plan(is_public=is_public)
    make_measure(plan)

    actions.delete_plan(plan, reason="Doppelt angelegt", by=make_planner())

    assert not Plan.objects.exists()
    assert not FieldOfAction.objects.exists()
    assert Measure.history.latest().history_change_reason == "Doppelt angelegt"


def test_a_plan_with_a_frozen_version_or_a_successor_stays_whole() -> None:
    frozen, continued = make_measure().plan, make_measure().plan
    frozen.versions.create(
        number=1, label_de="Fassung 1", content="{}", checksum="", frozen_at=timezone.now()
    )
    make_plan(predecessor=continued)

    with pytest.raises(PlanFrozenError):
        actions.delete_plan(frozen, reason="Weg damit", by=None)
    with pytest.raises(PlanContinuedError):
        actions.delete_plan(continued, reason="Weg damit", by=None)
    assert Measure.objects.count() == 2


def test_a_field_with_goals_or_needs_stays() -> None:
    field = make_field()
    goal, need = make_goal(field.plan, field=field), make_need(field.plan, field=field)

    for record in (goal, need):
        with pytest.raises(actions.FieldNotEmptyError, match="1"):
            actions.delete_field(field, reason="Unnötig", by=None)
        record.delete()
    actions.delete_field(field, reason="Unnötig", by=None)


def test_nothing_is_deleted_without_a_reason() -> None:
    measure = make_measure()
    field = make_field()

    for delete in (
        lambda: actions.delete_plan(measure.plan, reason=" ", by=None),
        lambda: actions.delete_measure(measure, reason="", by=None),
        lambda: actions.delete_field(field, reason="", by=None),
    ):
        with pytest.raises(actions.ReasonMissingError):
            delete()


# Fields


def test_fields_stand_in_the_order_in_which_they_were_added() -> None:
    plan = make_plan()
    for code in "123":
        actions.add_field(plan, {"code": code, "name_de": f"Feld {code}"}, by=None)

    assert list(plan.fields.order_by("position").values_list("code", "position")) == [
        ("1", 1),
        ("2", 2),
        ("3", 3),
    ]


def test_a_code_is_given_once_a_plan() -> None:
    field = make_field(code="2")
    other = make_field(field.plan, code="3")

    with pytest.raises(actions.CodeTakenError, match="2"):
        actions.add_field(field.plan, {"code": "2", "name_de": "Noch eines"}, by=None)
    with pytest.raises(actions.CodeTakenError):
        actions.change_field(other, {"code": "2"}, seen_version=1, by=None)
    assert actions.add_field(make_plan(), {"code": "2", "name_de": "Anderer Plan"}, by=None).pk


def test_a_field_is_moved_up_and_down_but_not_beyond_the_ends() -> None:
    plan = make_plan()
    first, second = make_field(plan, code="A"), make_field(plan, code="B")

    assert not actions.move_field(first, "up", by=None)
    assert actions.move_field(first, "down", by=None)
    assert not actions.move_field(first, "down", by=None)
    assert [field.pk for field in plan.fields.order_by("position")] == [second.pk, first.pk]


def test_two_editors_of_a_field_do_not_overwrite_each_other() -> None:
    field = make_field(name_de="Alt")
    actions.change_field(field, {"name_de": "Von Ines"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        actions.change_field(field, {"name_de": "Von Jost"}, seen_version=1, by=None)

    field.refresh_from_db()
    assert field.name_de == "Von Ines"


def test_saying_what_is_already_stored_changes_nothing() -> None:
    field = make_field(name_de="Bildung")

    actions.change_field(field, {"name_de": "Bildung"}, seen_version=0, by=None)

    assert field.version == 1


def test_a_field_with_measures_stays() -> None:
    measure = make_measure()
    assert measure.field

    with pytest.raises(actions.FieldNotEmptyError, match="1"):
        actions.delete_field(measure.field, reason="Nicht mehr gebraucht", by=None)


def test_an_empty_field_is_deleted() -> None:
    field = make_field()

    actions.delete_field(field, reason="Nicht mehr gebraucht", by=None)

    assert not FieldOfAction.objects.exists()


# Measures


def test_a_measure_is_added_at_the_end_with_the_organisation_of_that_name() -> None:
    office = make_organisation(name="Sozialamt")
    field = make_field()
    make_measure(field.plan, field=field, position=7)

    measure = actions.add_measure(
        field.plan,
        {"number": "9.9", "title_de": "Neu", "field": field, "responsible": "sozialamt"},
        by=None,
    )

    assert (measure.position, measure.responsible) == (8, office)


def test_a_number_is_given_once_a_plan() -> None:
    measure = make_measure(number="1.1")
    other = make_measure(measure.plan, number="1.2")

    with pytest.raises(actions.NumberTakenError, match=r"1\.1"):
        actions.add_measure(measure.plan, {"number": "1.1", "title_de": "Noch eine"}, by=None)
    with pytest.raises(actions.NumberTakenError, match=r"1\.1"):
        actions.change_measure(other, {"number": "1.1"}, seen_version=1, by=None)


def test_a_measure_does_not_take_a_field_of_another_plan() -> None:
    measure, foreign = make_measure(), make_field()

    for change in (
        lambda: actions.change_measure(measure, {"field": foreign}, seen_version=1, by=None),
        lambda: actions.move_measure_to_field(measure, foreign, by=None),
        lambda: actions.add_measure(
            measure.plan, {"number": "x", "title_de": "x", "field": foreign}, by=None
        ),
    ):
        with pytest.raises(actions.OtherPlanError):
            change()


def test_a_fault_of_the_database_that_is_no_clash_is_not_hidden() -> None:
    measure = make_measure(number="1.1")
    fault = {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)}

    with pytest.raises(IntegrityError):
        actions.change_measure(measure, fault, seen_version=1, by=None)
    with pytest.raises(IntegrityError):
        actions.add_measure(measure.plan, {"number": "1.2", "title_de": "Neu", **fault}, by=None)


def test_saving_a_measure_as_it_stands_changes_nothing() -> None:
    measure, before = make_measure(), current_version()

    actions.change_measure(measure, {"title_de": measure.title_de}, seen_version=1, by=None)

    assert (measure.version, current_version()) == (1, before)


def test_the_responsible_one_may_be_an_organisation() -> None:
    office, plan = make_organisation(), make_plan(is_public=False)
    before = current_version()

    measure = actions.add_measure(
        plan, {"number": "1", "title_de": "Neu", "responsible": office}, by=None
    )

    assert (measure.responsible, current_version()) == (office, before)


def test_the_second_of_two_editors_is_told_and_nothing_is_lost() -> None:
    measure = make_measure(title_de="Alt")
    actions.change_measure(measure, {"title_de": "Von Ines"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError) as refusal:
        actions.change_measure(
            Measure.objects.get(pk=measure.pk), {"title_de": "Von Jost"}, seen_version=1, by=None
        )

    assert refusal.value.record.version == 2  # type: ignore[attr-defined] # a measure
    measure.refresh_from_db()
    assert measure.title_de == "Von Ines"


def test_a_measure_that_changes_its_field_goes_to_the_end_of_the_new_one() -> None:
    measure = make_measure()
    field = make_field(measure.plan)
    make_measure(measure.plan, field=field, position=4)

    actions.change_measure(measure, {"field": field, "responsible": ""}, seen_version=1, by=None)

    assert (measure.field, measure.position, measure.responsible) == (field, 5, None)


def test_measures_are_moved_within_their_field() -> None:
    plan = make_plan()
    field = make_field(plan)
    first = make_measure(plan, field=field, number="1.1")
    make_measure(plan, field=field, number="1.2")

    assert not actions.move_measure(first, "up", by=None)
    assert actions.move_measure(first, "down", by=None)
    assert numbers(plan) == ["1.2", "1.1"]


def test_a_measure_is_moved_to_another_field_or_to_none() -> None:
    measure = make_measure()
    field = make_field(measure.plan)

    assert actions.move_measure_to_field(measure, field, by=None).field == field
    assert actions.move_measure_to_field(measure, field, by=None).version == 2
    assert actions.move_measure_to_field(measure, None, by=None).field is None


def test_numbers_follow_from_the_order_even_if_measures_change_places() -> None:
    plan = make_plan()
    field = make_field(plan, code="2.2")
    for position, number in enumerate(["2.2.2", "2.2.1", "7"]):
        make_measure(plan, field=field, number=number, position=position)

    changed = actions.renumber_measures(plan, by=None)

    assert changed == 3
    assert numbers(plan) == ["2.2.1", "2.2.2", "2.2.3"]
    assert actions.renumber_measures(plan, by=None) == 0


def test_one_field_alone_is_numbered_anew() -> None:
    plan = make_plan()
    field = make_field(plan, code="1")
    make_measure(plan, field=field, number="8")
    make_measure(plan, number="9")

    assert actions.renumber_measures(plan, field=field, by=None) == 1
    assert set(numbers(plan)) == {"1.1", "9"}


def test_no_number_is_taken_from_a_measure_that_keeps_it() -> None:
    plan = make_plan()
    make_measure(plan, field=make_field(plan, code="1"), number="8")
    Measure.objects.create(plan=plan, number="1.1", title_de="Ohne Feld")

    with pytest.raises(actions.NumberTakenError):
        actions.renumber_measures(plan, by=None)

    assert set(numbers(plan)) == {"8", "1.1"}


def test_a_number_that_would_be_too_long_stays() -> None:
    plan = make_plan()
    make_measure(plan, field=make_field(plan, code="1" * 20), number="8")

    assert actions.renumber_measures(plan, by=None) == 0


def test_a_measure_is_deleted_with_its_reason_in_the_history() -> None:
    measure, planner = make_measure(number="3.1"), make_planner()

    actions.delete_measure(measure, reason="Doppelt", by=planner)

    entry = Measure.history.latest()
    assert (entry.history_type, entry.history_change_reason) == ("-", "Doppelt")
    assert (entry.number, entry.history_user) == ("3.1", planner)


def test_several_measures_get_a_status_and_only_changed_ones_are_noted() -> None:
    plan = make_plan()
    done = make_measure(plan, status=MeasureStatus.DONE)
    planned = make_measure(plan)

    number = actions.set_status([done, planned], status=MeasureStatus.DONE, by=None)

    planned.refresh_from_db()
    assert (number, planned.status, planned.version) == (1, "done", 2)
    assert done.history.count() == 1
    assert actions.set_status([done, planned], status=MeasureStatus.DONE, by=None) == 0


def test_several_measures_get_a_responsible_one() -> None:
    plan = make_plan(is_public=False)
    measures = [make_measure(plan), make_measure(plan)]
    before = current_version()

    assert actions.set_responsible(measures, responsible="Jugendamt", by=None) == 2
    assert actions.set_responsible(measures, responsible="Jugendamt", by=None) == 0
    assert actions.set_responsible(measures, responsible="", by=None) == 2
    assert Organisation.objects.filter(name="Jugendamt").count() == 1
    assert not Measure.objects.filter(responsible__isnull=False).exists()
    assert current_version() == before


def test_a_released_priority_is_noted_with_round_and_day() -> None:
    measure, before = make_measure(), current_version()

    actions.set_priority(
        measure,
        degree=Decimal("1.5"),
        scale=(10, 0),
        round_title="Runde 1",
        round_title_en="Round 1",
        on=date(2027, 6, 16),
        by=None,
    )

    measure.refresh_from_db()
    assert (measure.priority_degree, measure.priority_round) == (Decimal("1.5"), "Runde 1")
    with override("en"):
        assert measure.priority_round_said == "Round 1"
    assert (measure.priority_first, measure.priority_last) == (10, 0)
    assert (measure.priority_on, measure.version) == (date(2027, 6, 16), 2)
    assert current_version() > before


# Tables


def test_a_table_becomes_fields_and_measures() -> None:
    plan = make_plan()

    applied = actions.apply_rows(
        plan, fields=FIELDS, measures=MEASURES, by=make_planner(), source="plan.tsv"
    )

    assert (applied.fields, applied.measures, applied.written) == (Counts(2), Counts(3), 5)
    assert numbers(plan) == ["1.1", "2.1", "2.2"]
    pflege = plan.measures.get(number="2.1")
    assert (pflege.starts_on, pflege.ends_on, pflege.status) == (date(2019, 1, 1), None, "running")
    assert (str(pflege.field), str(pflege.responsible)) == ("2 Familie und Beruf", "Sozialamt")
    assert pflege.source == ""  # the plan and its public pages do not name somebody's file
    assert plan.measures.get(number="2.2").period_text == "nach Bedarf"


def test_the_same_table_again_changes_nothing() -> None:
    plan = make_plan()
    actions.apply_rows(plan, fields=FIELDS, measures=MEASURES, by=None, source="plan.tsv")
    before = (current_version(), Measure.history.count(), FieldOfAction.history.count())

    again = actions.apply_rows(plan, fields=FIELDS, measures=MEASURES, by=None, source="neu.tsv")

    assert (again.fields, again.measures, again.written) == (
        Counts(unchanged=2),
        Counts(unchanged=3),
        0,
    )
    assert (current_version(), Measure.history.count(), FieldOfAction.history.count()) == before


def test_a_changed_table_changes_only_what_it_says() -> None:
    plan = make_plan()
    actions.apply_rows(plan, fields=FIELDS, measures=MEASURES, by=None, source="")

    applied = actions.apply_rows(
        plan,
        fields=[FieldRow("1", "Steuerung und Planung")],
        measures=[MeasureRow("2.1", "Pflegestützpunkt im Kreis"), MeasureRow("2.3", "Neu")],
        by=None,
        source="",
    )

    pflege = plan.measures.get(number="2.1")
    assert (applied.fields, applied.measures) == (Counts(changed=1), Counts(1, 1, 0))
    assert (pflege.title_de, pflege.text_de) == ("Pflegestützpunkt im Kreis", "Beratung.")
    assert (pflege.version, str(pflege.responsible)) == (2, "Sozialamt")
    assert applied.measure_ids == (pflege.pk, plan.measures.get(number="2.3").pk)


def test_new_rows_stand_where_the_table_has_them() -> None:
    plan = make_plan()
    for rows in (["1.2", "1.4"], ["1.1", "1.2", "1.3", "1.4", "1.5"]):
        actions.apply_rows(
            plan,
            fields=FIELDS[:1],
            measures=[MeasureRow(number, "Maßnahme", field_code="1") for number in rows],
            by=None,
            source="",
        )

    assert numbers(plan) == ["1.1", "1.2", "1.3", "1.4", "1.5"]


@pytest.mark.parametrize(
    ("fields", "measures", "sentence"),
    [
        ([FieldRow("1", "A"), FieldRow("1", "B")], [], "1"),
        ([], [MeasureRow("1.1", "A"), MeasureRow("1.1", "B")], r"1\.1"),
        ([], [MeasureRow("1.1", "A", field_code="9")], "9"),
        ([], [MeasureRow("1.1", " ")], r"1\.1"),
        ([], [MeasureRow("1.1", "x" * 401)], "400"),
        ([], [MeasureRow("1.1", "A", period_text="x" * 61)], "60"),
        ([], [MeasureRow("1.1", "A", responsible="x" * 201)], "200"),
        ([FieldRow("1", "x" * 201)], [], "200"),
        ([FieldRow("", "A")], [], "."),
    ],
)
def test_a_table_with_an_unfit_row_writes_nothing(
    fields: list[FieldRow], measures: list[MeasureRow], sentence: str
) -> None:
    plan = make_plan()

    with pytest.raises(actions.RowRefusedError, match=sentence):
        actions.apply_rows(
            plan, fields=[*FIELDS[1:], *fields], measures=measures, by=None, source=""
        )

    assert not plan.fields.exists()


def test_the_preview_tells_old_and_new_and_writes_nothing() -> None:
    plan = make_plan()
    actions.apply_rows(plan, fields=FIELDS, measures=MEASURES, by=None, source="")
    rows = [
        MeasureRow("2.1", "Pflegestützpunkt", field_code="1", period_text="2027", status="done"),
        MeasureRow("1.1", "Leitbild erneuern", responsible="SOZIALAMT"),
        MeasureRow("9.9", "Neu"),
    ]

    compared = compare_rows(plan, FIELDS, rows)

    changes = {change.name: (change.old, change.new) for change in compared.measures[0].changes}
    assert [row.kind for row in compared.measures] == ["changed", "unchanged", "new"]
    assert changes["field"] == ("2", "1")
    assert changes["period_text"] == ("seit 2019", "2027")
    assert changes["ends_on"][0] == ""
    assert set(changes) == {"field", "period_text", "starts_on", "ends_on", "status"}
    assert {row.kind for row in compared.fields} == {"unchanged"}
    assert plan.measures.count() == 3


def test_without_a_plan_everything_in_the_preview_is_new() -> None:
    compared = compare_rows(None, FIELDS, MEASURES)

    assert {row.kind for row in [*compared.fields, *compared.measures]} == {"new"}


# Races


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_is_told() -> None:
    measure = make_measure(title_de="Alt")

    def save(title: str) -> None:
        mine = Measure.objects.get(pk=measure.pk)
        actions.change_measure(mine, {"title_de": title}, seen_version=1, by=None)

    outcomes = Race(ChangedMeanwhileError).overlapping(
        lambda: save("Von Ines"), lambda: save("Von Jost")
    )

    assert outcomes == (None, ChangedMeanwhileError)
    assert Measure.objects.get().title_de == "Von Ines"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_the_same_number_at_once_one_adds_and_the_others_are_told() -> None:
    plan = make_plan()

    def add() -> None:
        actions.add_measure(plan, {"number": "1.1", "title_de": "Neu"}, by=None)

    outcomes = Race(actions.NumberTakenError).at_once(*[add] * 4)

    assert outcomes.count(None) == 1
    assert outcomes.count(actions.NumberTakenError) == 3
    assert plan.measures.count() == 1


@pytest.mark.django_db(transaction=True)
def test_measures_added_at_once_stand_one_after_the_other() -> None:
    plan = make_plan()

    def adds(number: int) -> Deed:
        values = {"number": f"1.{number}", "title_de": "Neu"}
        return lambda: actions.add_measure(plan, values, by=None)

    assert Race().at_once(*[adds(number) for number in range(4)]) == [None] * 4
    assert sorted(plan.measures.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_the_history_keeps_who_did_it() -> None:
    planner: User = make_planner()

    measure = actions.add_measure(make_plan(), {"number": "1", "title_de": "Neu"}, by=planner)

    assert measure.history.get().history_user == planner


def test_a_status_that_a_table_brings_loses_the_reason_of_the_one_before() -> None:
    measure = make_measure(status="dropped", status_reason="Kein Geld")
    row = MeasureRow(measure.number, measure.title_de, status="running")

    actions.apply_rows(measure.plan, fields=[], measures=[row], by=None, source="")

    measure.refresh_from_db()
    assert (measure.status, measure.status_reason) == ("running", "")


def test_what_somebody_put_among_others_meanwhile_goes_nowhere() -> None:
    plan = make_plan()
    field = make_field(plan)
    seen, other = make_measure(plan, field=field), make_measure(plan, field=field)
    Measure.objects.filter(pk=seen.pk).update(field=make_field(plan))

    assert not actions.move_measure(seen, "down", by=None)
    assert not move_measure_past(seen, other, "after", by=None)


def test_a_level_goes_below_the_one_that_somebody_moved_meanwhile() -> None:
    plan = make_plan()
    below = add_level(plan, {"name_de": "Leitziel"}, below=None, by=None)
    add_level(plan, {"name_de": "Oberziel"}, below=None, by=None)

    added = add_level(plan, {"name_de": "Unterziel"}, below=below, by=None)

    names = list(plan.levels.order_by("depth").values_list("name_de", flat=True))
    assert names == ["Oberziel", "Leitziel", "Unterziel"]
    assert added.depth == 3
