"""Whatever is deleted leaves nothing stray behind, or is refused with a sentence."""

import io
from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from zusammenplan.core.index import rebuild
from zusammenplan.core.models import Attachment, SearchWord
from zusammenplan.people.actions.comments import add_comment
from zusammenplan.people.actions.tasks import add_task
from zusammenplan.people.models import Comment, Invitation, Task, User
from zusammenplan.people.tests.factories import NOW, make_planner
from zusammenplan.places.actions.areas import delete_area
from zusammenplan.places.actions.refusals import AreaInUseError
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans import actions
from zusammenplan.plans.actions.chapters import (
    ChapterNotEmptyError,
    Upload,
    add_block,
    add_chapter,
    change_block,
    delete_chapter,
)
from zusammenplan.plans.actions.evaluations import HasRatingsError, delete_evaluation
from zusammenplan.plans.actions.goals import (
    GoalInUseError,
    GoalRatedError,
    add_goal,
    change_goal,
    delete_goal,
)
from zusammenplan.plans.actions.levels import LevelInUseError, delete_level
from zusammenplan.plans.actions.life import delete_resolution
from zusammenplan.plans.actions.needs import add_need, delete_need
from zusammenplan.plans.actions.parts import remove_part
from zusammenplan.plans.actions.rating_requests import ask, make_links
from zusammenplan.plans.actions.saved_views import add_view
from zusammenplan.plans.actions.succession import make_successor
from zusammenplan.plans.actions.terms import TermInUseError, delete_term
from zusammenplan.plans.actions.updates import begin_update, decide_many
from zusammenplan.plans.actions.workbook import Decided, fingerprint, take_workbook
from zusammenplan.plans.choices import BlockKind, CarryChoice, MeasureStatus
from zusammenplan.plans.domain.rows import FieldRow, GoalRow, MeasureRow
from zusammenplan.plans.exports.workbook import workbook_file
from zusammenplan.plans.forms.workbook import read_workbook
from zusammenplan.plans.models import Goal, Measure, Need, Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import compared
from zusammenplan.plans.tests.factories import (
    make_attachment,
    make_cost,
    make_evaluation,
    make_evaluation_item,
    make_evidence,
    make_field,
    make_goal,
    make_indicator,
    make_level,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_rating,
    make_relation,
    make_term,
    make_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db

# They belong to no plan: other plans use the same terms, other tables have the same headings.
STAYS = {"plans.term", "plans.columnmapping"}


def rows_of_plans() -> dict[str, int]:
    """Count what there is of plans, besides history."""
    return {
        model._meta.label_lower: number
        for model in apps.get_app_config("plans").get_models(include_auto_created=True)
        if not model.__name__.startswith("Historical")
        and model._meta.label_lower not in STAYS
        and (number := model._default_manager.count())
    }


def talk_about(record: Model, planner: User) -> None:
    add_comment(record, "Bitte prüfen", by=planner, now=NOW)
    add_task(record, {"title": "Nachfragen"}, by=planner, now=NOW)


# One pixel.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def plan_of_everything(planner: User) -> Plan:
    """Make a plan with one of everything that anything else hangs on, by actions and factories."""
    plan = actions.create_plan({"title_de": "Sozialplan", "is_public": True}, by=planner)
    field, level = make_field(plan), make_level(plan)
    need = add_need(plan, {"title_de": "Wege zum Arzt", "field": field}, by=planner)
    make_evidence(need)
    top = add_goal(plan, {"title_de": "Versorgung", "level": level, "field": field}, by=planner)
    goal = add_goal(plan, {"title_de": "Sprechstunde", "parent": top}, by=planner)
    goal.needs.add(need)
    values = {"number": "1.1", "title_de": "Bürgerbus", "field": field, "goals": [goal]}
    measure = actions.add_measure(plan, values, by=planner)
    measure.areas.add(make_area())
    measure.target_groups.add(make_term())
    make_cost(measure)
    make_milestone(measure)
    make_value(make_numeric_indicator(measure))
    make_attachment(measure)
    make_attachment(make_indicator(measure))
    make_relation(measure, other=make_measure(plan))
    chapter = add_chapter(plan, {"title_de": "Die Lage"}, by=planner)
    add_chapter(plan, {"title_de": "Im Osten"}, parent=chapter, by=planner)
    add_block(
        chapter,
        BlockKind.FIGURE,
        {"caption_de": "Karte", "alt_de": "Eine Karte"},
        by=planner,
        now=NOW,
        upload=Upload("karte.png", PICTURE),
    )
    plan.abbreviations.create(short="ÖPNV", long_de="Öffentlicher Nahverkehr")
    plan.resolutions.create(body="Kreistag", decided_on=NOW.date())
    evaluation = make_evaluation(plan)
    item = make_evaluation_item(evaluation, measure)
    make_evaluation_item(evaluation, goal)
    asked = ask(evaluation, name="Vera", email="v@example.org", user=None, items=[item.pk])
    make_links([asked], expires_at=NOW + timedelta(days=9), by=planner, now=NOW)
    update = begin_update(plan, {"title_de": "Folgeplan"}, by=planner, now=NOW)
    decide_many(update, [(measure, CarryChoice.CARRY, "")], by=planner, now=NOW)
    add_view(plan, {"name": "Alle", "query": "", "is_shared": True}, by=planner, now=NOW)
    parts = (measure.milestones.get(), *measure.indicators.all(), plan.resolutions.get(), field)
    for record in (plan, need, goal, measure, chapter, evaluation, *parts):
        talk_about(record, planner)
    return plan


def test_a_plan_of_everything_goes_and_nothing_stray_stays() -> None:
    planner = make_planner()
    plan = plan_of_everything(planner)

    actions.delete_plan(plan, reason="Doppelt angelegt", by=planner)

    assert rows_of_plans() == {}
    assert not Comment.objects.exists()
    assert not Task.objects.exists()
    assert not SearchWord.objects.exists()
    kind = ContentType.objects.get_for_model(Measure)
    assert not Attachment.objects.filter(content_type=kind, removed_at__isnull=True).exists()
    assert Invitation.objects.get().revoked_at is not None
    for model in (Measure, Goal):
        assert model.history.filter(history_change_reason="Doppelt angelegt").exists()


def test_a_plan_that_was_rated_stays_whole_and_says_why(client: Client) -> None:
    planner = make_planner()
    plan = plan_of_everything(planner)
    evaluation = plan.evaluations.get()
    make_rating(evaluation.items.filter(measure__isnull=False).get())
    before = rows_of_plans()

    with pytest.raises(actions.PlanInUseError):
        actions.delete_plan(plan, reason="Weg", by=planner)
    client.force_login(planner)
    answer = client.post(reverse("plans:plan-delete", args=[plan.slug]), {"reason": "Weg"})

    assert 'role="alert"' in answer.content.decode()
    assert rows_of_plans() == before


def test_single_records_go_with_what_people_wrote_to_them() -> None:
    planner = make_planner()
    plan = make_plan()
    measure, goal, need = make_measure(plan), make_goal(plan), make_need(plan)
    chapter, evaluation = plan.chapters.create(address="k", title_de="K"), make_evaluation(plan)
    indicator = make_indicator(measure)
    file, proof = make_attachment(measure), make_attachment(indicator)
    field, milestone = make_field(plan), make_milestone(measure)
    resolution = plan.resolutions.create(body="Kreistag", decided_on=NOW.date())
    parts = (indicator, milestone, make_milestone(measure), resolution, field)
    for record in (measure, goal, need, chapter, evaluation, *parts):
        talk_about(record, planner)

    actions.delete_field(field, reason="Weg", by=planner)
    delete_resolution(resolution, reason="Weg", by=planner)
    remove_part(milestone, measure, reason="Weg", by=planner)
    remove_part(indicator, measure, reason="Weg", by=planner)
    proof.refresh_from_db()
    assert proof.removed_at is not None
    actions.delete_measure(measure, reason="Weg", by=planner)
    delete_goal(goal, reason="Weg", by=planner)
    delete_need(need, reason="Weg", by=planner)
    delete_chapter(chapter, reason="Weg", by=planner)
    delete_evaluation(evaluation, reason="Weg", by=planner, now=NOW)

    file.refresh_from_db()
    assert file.removed_at is not None
    assert not Comment.objects.exists()
    assert not Task.objects.exists()


def test_what_others_hang_on_is_refused_with_a_sentence() -> None:
    plan = make_plan()
    field, level = make_field(plan), make_level(plan)
    area, term = make_area(), make_term()
    top = make_goal(plan, level=level)
    goal, rated = make_goal(plan, parent=top), make_goal(plan)
    measure = make_measure(plan, field=field)
    measure.goals.add(goal)
    measure.areas.add(area)
    measure.target_groups.add(term)
    evaluation = make_evaluation(plan)
    make_evaluation_item(evaluation, rated)
    make_rating(make_evaluation_item(evaluation, measure))
    chapter = plan.chapters.create(address="k1", title_de="Kapitel")
    plan.chapters.create(address="k2", title_de="Unterkapitel", parent=chapter)
    said: dict[str, Any] = {"reason": "Weg", "by": None}
    refused: list[tuple[type[Exception], Callable[[], object]]] = [
        (actions.FieldNotEmptyError, lambda: actions.delete_field(field, **said)),
        (LevelInUseError, lambda: delete_level(level, **said)),
        (AreaInUseError, lambda: delete_area(area, **said)),
        (TermInUseError, lambda: delete_term(term, **said)),
        (GoalInUseError, lambda: delete_goal(top, **said)),
        (GoalInUseError, lambda: delete_goal(goal, **said)),
        (GoalRatedError, lambda: delete_goal(rated, **said)),
        (actions.MeasureInUseError, lambda: actions.delete_measure(measure, **said)),
        (ChapterNotEmptyError, lambda: delete_chapter(chapter, **said)),
        (HasRatingsError, lambda: delete_evaluation(evaluation, **said, now=NOW)),
    ]
    before = rows_of_plans()

    for refusal, delete in refused:
        with pytest.raises(refusal) as caught:
            delete()
        assert len(str(caught.value)) > 20, refusal

    assert rows_of_plans() == before


# --- the index of the search ---------------------------------------------------------------


def noted() -> set[tuple[str, int, str, int]]:
    return set(SearchWord.objects.values_list("kind", "record", "word", "weight"))


def test_after_every_deed_the_index_is_what_a_rebuilt_one_would_be() -> None:
    planner = make_planner()
    plan = plan_of_everything(planner)
    rebuild()  # what the factories made

    goal, need = Goal.objects.latest("pk"), Need.objects.get()
    change_goal(goal, {"title_de": "Nahe Praxis"}, seen_version=goal.version, by=planner)
    measure = Measure.objects.get(number="1.1")
    values = {"title_de": "Rufbus", "text_en": "A bus on demand"}
    actions.change_measure(measure, values, seen_version=measure.version, by=planner)
    actions.set_status([measure], status=MeasureStatus.DROPPED, reason="Kein Geld", by=planner)
    actions.renumber_measures(plan, by=planner)
    chapter = plan.chapters.get(title_de="Die Lage")
    block = add_block(chapter, BlockKind.TEXT, {"text_de": "<p>Dörfer</p>"}, by=planner, now=NOW)
    block.refresh_from_db()
    change_block(
        block, {"text_de": "<p>Städte</p>"}, seen_version=block.version, by=planner, now=NOW
    )
    _take_table(plan, planner)
    _take_workbook(plan, planner)
    update = plan.updates.get()
    records = (*plan.needs.all(), *plan.goals.all(), *plan.measures.all())
    carried = [(record, CarryChoice.CARRY, "") for record in records]
    decide_many(update, carried, by=planner, now=NOW)
    new = make_successor(update, by=planner, now=NOW)
    delete_need(new.needs.filter(identity=need.identity).get(), reason="Weg", by=planner)
    actions.delete_plan(plan_of_everything(planner), reason="Doppelt", by=planner)

    kept = noted()
    rebuild()
    assert kept == noted()
    assert new.measures.count() == plan.measures.count()


def _take_table(plan: Plan, planner: User) -> None:
    actions.apply_rows(
        plan,
        fields=[FieldRow("9", "Wohnen")],
        goals=[GoalRow("a", "Barrierefrei wohnen", field_code="9")],
        measures=[
            MeasureRow("9.1", "Wohnberatung", field_code="9", goals=("a",), needs=("Umzug",)),
            MeasureRow("9.2", "Umbau", field_code="9", status="dropped"),
        ],
        by=planner,
        source="tabelle.xlsx",
    )
    measure = plan.measures.get(number="9.2")
    assert measure.status_reason  # it says that it came with the table


def _take_workbook(plan: Plan, planner: User) -> None:
    with workbook_file(plan_content(plan), now=NOW) as file:
        book = openpyxl.load_workbook(file)
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    next(cell for cell in cells if cell.value == "Wohnberatung").value = "Beratung zum Wohnen"
    changed = io.BytesIO()
    book.save(changed)
    edited = read_workbook("plan.xlsx", changed.getvalue(), plan=plan).book
    difference = compared(plan_content(plan), edited)
    written = take_workbook(
        plan,
        edited,
        decided=Decided(),
        seen=fingerprint(difference),
        source="plan.xlsx",
        by=planner,
    )
    assert written.changed == 1
