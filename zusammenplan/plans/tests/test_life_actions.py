"""Steps, resolutions and frozen versions: what is written, and what is refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from zusammenplan.core.history import ChangedMeanwhileError, deed_of
from zusammenplan.core.public import current_version
from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans import actions
from zusammenplan.plans.actions import versions
from zusammenplan.plans.actions.life import (
    ResolutionInUseError,
    ResolutionMissingError,
    StatusMovedError,
    StepNotAllowedError,
    add_resolution,
    change_resolution,
    delete_resolution,
    take_step,
)
from zusammenplan.plans.actions.versions import checksum_of, freeze
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.content import from_json
from zusammenplan.plans.models import FrozenError, Plan, PlanVersion, Resolution
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import make_measure, make_plan
from zusammenplan.plans.tests.test_content import fill

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)
COUNCIL = {"body": "Kreistag", "number": "747/18", "decided_on": date(2026, 12, 18)}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def step(plan: Plan, to: PlanStatus, **more: Any) -> Plan:
    given = {"seen_status": plan.status, "by": None, "now": NOON, **more}
    return take_step(plan, to, **given)


def test_a_step_is_taken_and_the_history_says_by_whom() -> None:
    plan, planner = make_plan(), make_planner()

    step(plan, PlanStatus.PARTICIPATION, by=planner)

    entry = plan.history.latest()
    assert (entry.status, entry.history_user) == ("participation", planner)
    assert "participation" in entry.history_change_reason


def test_no_step_is_left_out() -> None:
    with pytest.raises(StepNotAllowedError, match=r"draft.*in force"):
        step(make_plan(), PlanStatus.IN_FORCE)


def test_a_step_back_wants_a_reason() -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE)

    with pytest.raises(actions.ReasonMissingError):
        step(plan, PlanStatus.DRAFT, reason=" ")
    step(plan, PlanStatus.DRAFT, reason="Der Ausschuss will mehr wissen")

    assert "Ausschuss" in plan.history.latest().history_change_reason


def test_two_steps_from_the_same_page_are_one() -> None:
    plan = make_plan(status=PlanStatus.VOTE)
    step(plan, PlanStatus.COMMITTEE)

    with pytest.raises(StatusMovedError):
        take_step(plan, PlanStatus.PARTICIPATION, seen_status="vote", by=None, now=NOON)


def test_the_status_is_not_changed_along_with_the_title() -> None:
    with pytest.raises(ValueError, match="step by step"):
        actions.change_plan(make_plan(), {"status": "adopted"}, seen_version=1, by=None)


def test_adopting_writes_down_the_resolution_and_freezes_the_plan() -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE)
    measure = fill(plan)

    plan = step(plan, PlanStatus.ADOPTED, resolution={**COUNCIL, "number": "318/21"})

    version = plan.versions.get()
    content = from_json(version.content)
    assert (version.number, version.label_de) == (1, "Beschlossene Fassung")
    assert version.resolution is not None
    assert version.resolution.number == "318/21"
    assert content == plan_content(plan)
    assert content.status == "adopted"
    assert "318/21" in [one.number for one in content.resolutions]
    assert str(measure.identity) in {one.identity for one in content.measures}


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2027, 1, 1), date(2033, 1, 1)])
def test_the_resolution_may_lie_before_or_after_the_begin(day: date) -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE, starts_on=date(2027, 1, 1))

    plan = step(plan, PlanStatus.ADOPTED, resolution={**COUNCIL, "decided_on": day})

    assert plan.resolutions.get().decided_on == day


def test_a_resolution_that_is_written_down_already_adopts_the_plan() -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE)
    known = add_resolution(plan, {**COUNCIL, "number": "18/2048-BV"}, by=None)

    plan = step(plan, PlanStatus.ADOPTED, resolution=known)

    assert plan.versions.get().resolution == known
    assert plan.resolutions.count() == 1


def test_nothing_is_adopted_without_a_resolution() -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE)

    with pytest.raises(ResolutionMissingError):
        step(plan, PlanStatus.ADOPTED)

    plan.refresh_from_db()
    assert plan.status == "committee"
    assert not plan.versions.exists()


def test_an_error_in_the_middle_of_adopting_leaves_everything_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = make_plan(status=PlanStatus.COMMITTEE)

    def break_down(_plan: Plan) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(versions, "raise_version_of", break_down)
    with pytest.raises(OSError, match="disk"):
        step(plan, PlanStatus.ADOPTED, resolution=COUNCIL)

    plan.refresh_from_db()
    assert plan.status == "committee"
    assert not Resolution.objects.exists()
    assert not PlanVersion.objects.exists()
    assert plan.history.count() == 1


def test_coming_into_force_ends_the_plan_before_if_somebody_says_so() -> None:
    old = make_plan(status=PlanStatus.IN_FORCE)
    plan = make_plan(status=PlanStatus.ADOPTED, predecessor=old)

    step(plan, PlanStatus.IN_FORCE, supersedes=True)

    old.refresh_from_db()
    assert old.status == "superseded"


def test_the_plan_before_does_not_end_silently() -> None:
    old = make_plan(status=PlanStatus.IN_FORCE)
    plan = make_plan(status=PlanStatus.ADOPTED, predecessor=old)

    step(plan, PlanStatus.IN_FORCE)

    old.refresh_from_db()
    assert old.status == "in_force"


def test_a_plan_before_that_cannot_end_does_not_stop_the_new_one() -> None:
    old = make_plan(status=PlanStatus.DRAFT)
    plan = make_plan(status=PlanStatus.ADOPTED, predecessor=old)

    assert step(plan, PlanStatus.IN_FORCE, supersedes=True).status == "in_force"
    old.refresh_from_db()
    assert old.status == "draft"


def test_the_public_pages_hear_of_a_step() -> None:
    plan = make_plan(is_public=True)
    before = current_version()

    step(plan, PlanStatus.PARTICIPATION)

    assert current_version() > before


# Frozen versions


def test_versions_are_numbered_and_hold_what_stood_in_the_plan() -> None:
    plan = make_plan()
    measure = make_measure(plan, title_de="Bürgerbus")
    first = freeze(plan, label_de="Entwurf zur Beteiligung", by=None, now=NOON)
    actions.change_measure(measure, {"title_de": "Rufbus"}, seen_version=1, by=None)
    second = freeze(plan, label_de="Nach der Beteiligung", by=None, now=NOON)

    assert [first.number, second.number] == [1, 2]
    assert from_json(first.content).measures[0].title.de == "Bürgerbus"
    assert from_json(second.content).measures[0].title.de == "Rufbus"


def test_the_checksum_fits_for_ever() -> None:
    plan = make_plan()
    fill(plan)
    freeze(plan, label_de="Entwurf", by=None, now=NOON)

    version = PlanVersion.objects.get()

    assert version.checksum == checksum_of(version.content)
    assert len(version.checksum) == 64


def test_nothing_changes_or_deletes_a_frozen_version() -> None:
    version = freeze(make_plan(), label_de="Entwurf", by=None, now=NOON)
    deeds: list[Callable[[], object]] = [
        version.save,
        version.delete,
        PlanVersion.objects.all().delete,
        lambda: PlanVersion.objects.update(label_de="Anders"),
        lambda: PlanVersion.objects.bulk_update([version], ["label_de"]),
    ]

    for deed in deeds:
        with pytest.raises(FrozenError):
            deed()
    assert PlanVersion.objects.get().label_de == "Entwurf"


def test_whoever_froze_a_version_may_leave_the_county() -> None:
    planner = make_planner()
    freeze(make_plan(), label_de="Entwurf", by=planner, now=NOON)

    planner.delete()

    assert PlanVersion.objects.get().frozen_by is None


def test_an_error_in_the_middle_of_freezing_leaves_no_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = make_plan()

    def break_down(_plan: Plan) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(versions, "raise_version_of", break_down)
    with pytest.raises(OSError, match="disk"):
        freeze(plan, label_de="Entwurf", by=None, now=NOON)

    assert not PlanVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_freezes_at_once_get_numbers_one_and_two() -> None:
    plan = make_plan()
    make_measure(plan)

    def freezes(label: str) -> Deed:
        return lambda: freeze(plan, label_de=label, by=None, now=NOON)

    assert Race().at_once(freezes("a"), freezes("b")) == [None, None]
    assert sorted(plan.versions.values_list("number", "label_de")) in (
        [(1, "a"), (2, "b")],
        [(1, "b"), (2, "a")],
    )


# Resolutions


def test_a_plan_has_several_resolutions() -> None:
    plan = make_plan()
    add_resolution(plan, COUNCIL, by=None)
    add_resolution(
        plan,
        {"body": "Sozialausschuss", "number": "", "decided_on": date(2026, 11, 3)},
        by=None,
    )

    assert plan.resolutions.count() == 2


def test_a_resolution_is_corrected_and_the_frozen_version_keeps_what_it_said() -> None:
    plan = step(make_plan(status=PlanStatus.COMMITTEE), PlanStatus.ADOPTED, resolution=COUNCIL)
    resolution = plan.resolutions.get()

    change_resolution(resolution, {"number": "748/18"}, seen_version=1, by=None)

    assert plan.resolutions.get().number == "748/18"
    assert from_json(plan.versions.get().content).resolutions[0].number == "747/18"


def test_the_second_editor_of_a_resolution_is_told() -> None:
    resolution = add_resolution(make_plan(), COUNCIL, by=None)
    change_resolution(resolution, {"number": "1"}, seen_version=1, by=None)

    with pytest.raises(ChangedMeanwhileError):
        change_resolution(resolution, {"number": "2"}, seen_version=1, by=None)


def test_a_cited_resolution_stays_and_another_goes_with_a_reason() -> None:
    plan = step(make_plan(status=PlanStatus.COMMITTEE), PlanStatus.ADOPTED, resolution=COUNCIL)
    other = add_resolution(plan, {**COUNCIL, "number": "12"}, by=None)

    with pytest.raises(ResolutionInUseError):
        delete_resolution(plan.resolutions.get(number="747/18"), reason="doppelt", by=None)
    with pytest.raises(actions.ReasonMissingError):
        delete_resolution(other, reason="", by=None)
    delete_resolution(other, reason="doppelt", by=None)

    assert [one.number for one in plan.resolutions.all()] == ["747/18"]
    assert deed_of(Resolution.history.latest()) == "doppelt"
