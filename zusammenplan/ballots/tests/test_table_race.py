"""Two people at the same plan while a table is taken over: nobody's work is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db.models.signals import post_save

from zusammenplan.ballots.actions import OtherThanShownError
from zusammenplan.ballots.tests.test_tables import SMALL, shown, taken
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.tests.races import Deed, Race, Second
from zusammenplan.plans.actions import change_measure
from zusammenplan.plans.actions.measures import delete_measure
from zusammenplan.plans.models import Measure, Plan

pytestmark = pytest.mark.django_db(transaction=True)
race = Race(OtherThanShownError, ChangedMeanwhileError)
REWORDED = SMALL.replace("Sprechstunde im Rathaus", "Sprechstunde im Bürgerhaus")
BROADER = REWORDED.replace("Telefon für Angehörige", "Telefon für alle")


@pytest.fixture
def plan() -> Plan:
    """Give a plan that holds the small table."""
    return taken(marks_of={}).plan


def half_way(importing: Deed, meanwhile: Deed) -> tuple[type | None, type | None]:
    """Do the other deed when the import has written its first measure; give both outcomes."""
    is_half_way, other = Event(), Second()

    def wait_once(**_signal: Any) -> None:
        if not is_half_way.is_set():
            is_half_way.set()
            other.wait()

    def second() -> None:
        assert is_half_way.wait(30)
        with other.at_work():
            meanwhile()

    post_save.connect(wait_once, sender=Measure)
    try:
        with ThreadPoolExecutor(2) as pool:
            two = pool.submit(race.outcome, second)
            return pool.submit(race.outcome, importing).result(), two.result()
    finally:
        post_save.disconnect(wait_once, sender=Measure)


def imports(plan: Plan, table: str) -> Deed:
    """Look at what the table would do, and take it over as it was seen."""
    seen = shown(table, plan=plan, marks_of={})
    return lambda: taken(table, plan=plan, marks_of={}, seen=seen)


def rewords(plan: Plan, number: str, title: str) -> Deed:
    measure = plan.measures.get(number=number)
    seen = measure.version
    return lambda: change_measure(measure, {"title_de": title}, seen_version=seen, by=None)


def titles(plan: Plan) -> dict[str, str]:
    return dict(plan.measures.values_list("number", "title_de"))


def test_an_import_that_meets_a_change_of_the_same_row_is_told_and_overwrites_nothing(
    plan: Plan,
) -> None:
    outcomes = race.overlapping(
        rewords(plan, "1.2", "Sprechstunde in jedem Dorf"), imports(plan, REWORDED)
    )

    assert outcomes == (None, OtherThanShownError)
    assert titles(plan)["1.2"] == "Sprechstunde in jedem Dorf"


def test_an_import_leaves_what_somebody_changes_in_another_column(plan: Plan) -> None:
    measure = plan.measures.get(number="1.2")

    def explain() -> None:
        values = {"text_de": "Auch am Samstag."}
        change_measure(measure, values, seen_version=measure.version, by=None)

    assert race.overlapping(explain, imports(plan, REWORDED))[0] is None
    assert plan.measures.get(number="1.2").text_de == "Auch am Samstag."


def test_a_change_during_an_import_is_told_and_overwrites_nothing(plan: Plan) -> None:
    outcomes = half_way(imports(plan, REWORDED), rewords(plan, "1.2", "Sprechstunde im Dorf"))

    assert outcomes == (None, ChangedMeanwhileError)
    assert titles(plan)["1.2"] == "Sprechstunde im Bürgerhaus"


def test_a_row_that_is_changed_while_the_import_writes_others_is_not_overwritten(
    plan: Plan,
) -> None:
    importing, changed = half_way(
        imports(plan, BROADER), rewords(plan, "1.3", "Telefon für Angehörige und Freunde")
    )

    assert (importing, changed) in {
        (OtherThanShownError, None),  # the change came first
        (None, ChangedMeanwhileError),  # the import did, and the change was told
    }
    kept = "Telefon für alle" if importing is None else "Telefon für Angehörige und Freunde"
    assert titles(plan)["1.3"] == kept


def test_a_measure_that_is_deleted_meanwhile_does_not_come_back(plan: Plan) -> None:
    measure = plan.measures.get(number="1.2")
    key = measure.pk

    outcomes = race.overlapping(
        lambda: delete_measure(measure, reason="Doppelt.", by=None), imports(plan, REWORDED)
    )

    assert outcomes == (None, OtherThanShownError)
    assert not Measure.objects.filter(pk=key).exists()


def test_two_imports_at_once_write_each_row_once(plan: Plan) -> None:
    more = f"{SMALL}2\tWohnen\t\t\t\n2.1\tWohnberatung\t\t\t\n2.2\tWohnungstausch\t\t\t\n"
    deeds = [imports(plan, more) for _ in range(4)]
    outcomes = race.at_once(*deeds)

    assert outcomes.count(None) == 1
    assert outcomes.count(OtherThanShownError) == 3
    assert list(titles(plan)) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_two_imports_of_a_new_plan_make_one() -> None:
    seen = shown(SMALL, title="Sozialplan 2030", marks_of={})
    deeds = [lambda: taken(title="Sozialplan 2030", marks_of={}, seen=seen)] * 3
    outcomes = race.at_once(*deeds)

    assert outcomes.count(None) == 1
    assert outcomes.count(OtherThanShownError) == 2
    assert Plan.objects.get(title_de="Sozialplan 2030").measures.count() == 3
