"""The index of the search, kept by the actions of plans."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zusammenplan.core.history import keep, remove
from zusammenplan.core.index import best_first, found, not_noted, note_all, rebuild
from zusammenplan.core.models import SearchWord
from zusammenplan.plans import actions
from zusammenplan.plans.choices import BlockKind
from zusammenplan.plans.models import Block, Chapter, Measure
from zusammenplan.plans.tests.factories import make_measure, make_plan

pytestmark = pytest.mark.django_db


def add(title: str, text: str = "", number: str = "1.1") -> Measure:
    plan = make_plan()
    values = {"number": number, "title_de": title, "text_de": text}
    return actions.add_measure(plan, values, by=None)


def hits(text: str) -> list[str]:
    keys = found(Measure, text)
    assert keys is not None
    measures = Measure.objects.filter(pk__in=keys).order_by("pk")
    return [measure.title_de for measure in measures]


def test_a_measure_is_found_by_any_form_of_its_words() -> None:
    add("Pflegestützpunkt einrichten", "Unabhängige Beratung in zwei Häusern")
    add("Bürgerbus")

    for text in ("pflege", "Stuetzpunkt", "PFLEGESTÜTZPUNKT", "pflegest", "Beratungen Haus"):
        assert hits(text) == ["Pflegestützpunkt einrichten"], text
    assert len(hits("1.1")) == 2
    assert hits("bus") == ["Bürgerbus"]
    assert hits("Pflege Bürgerbus") == []


def test_a_compound_finds_its_parts_where_all_of_them_stand() -> None:
    add("Beratung zur Pflege")
    add("Beratung zu Schulden")

    assert hits("Pflegeberatung") == ["Beratung zur Pflege"]
    assert hits("Pflegeberatung Schulden") == []


def test_nothing_said_finds_nothing_in_particular() -> None:
    assert found(Measure, " – und! ") is None
    assert best_first(Measure, "", limit=5) == []


def test_a_title_counts_more_than_a_text() -> None:
    in_text = add("Dorfladen", "Ein Bus fährt hin")
    in_title = add("Bus für alle")

    assert best_first(Measure, "bus", limit=5) == [in_title.pk, in_text.pk]
    assert best_first(Measure, "bus", limit=1) == [in_title.pk]


def test_the_index_follows_changes_and_deletion() -> None:
    measure = add("Bürgerbus")
    actions.change_measure(measure, {"title_de": "Dorfladen"}, seen_version=1, by=None)

    assert hits("bus") == []
    assert hits("dorfladen") == ["Dorfladen"]
    actions.delete_measure(measure, reason="Doppelt", by=None)
    assert not SearchWord.objects.filter(kind="plans.measure").exists()


def test_saving_other_fields_asks_the_index_nothing() -> None:
    measure = make_measure()

    with CaptureQueriesContext(connection) as queries:
        keep(measure, by=None, deed="Status", fields=["status"])
    with CaptureQueriesContext(connection) as telling:
        keep(measure, by=None, deed="Titel", fields=["title_de"])

    assert "searchword" not in "".join(query["sql"] for query in queries)
    assert "searchword" in "".join(query["sql"] for query in telling)


def test_a_chapter_is_found_by_its_blocks() -> None:
    chapter = keep(Chapter(plan=make_plan(), address="a", title_de="Lage"), by=None, deed="Kapitel")
    block = Block(
        chapter=chapter, address="b", kind=BlockKind.TEXT, text_de="<p>Viele&nbsp;Dörfer</p>"
    )
    keep(block, by=None, deed="Baustein")

    assert list(found(Chapter, "dorf") or []) == [{"record": chapter.pk}]
    remove(block, by=None, reason="Weg")
    assert list(found(Chapter, "dorf") or []) == []


def test_rebuilding_finds_what_was_written_without_the_actions() -> None:
    make_measure(title_de="Bürgerbus")

    assert not_noted() == {"plans.measure": 1}
    answer = StringIO()
    call_command("rebuild_search", "--json", stdout=answer)
    assert json.loads(answer.getvalue())["records"]["plans.measure"] == 1
    assert not_noted() == {}
    assert hits("bus") == ["Bürgerbus"]
    told = StringIO()
    call_command("rebuild_search", stdout=told)
    assert "plans.measure: 1" in told.getvalue()


def test_many_are_noted_at_once() -> None:
    measures = [make_measure(title_de=f"Dorfladen {number}") for number in range(3)]

    assert note_all(measures) == 3
    assert note_all([]) == 0
    assert len(hits("dorfladen")) == 3
    assert rebuild()["plans.measure"] == 3
