"""The search and the list of tasks in the workspace."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from zusammenplan.core.history import keep
from zusammenplan.core.index import rebuild
from zusammenplan.core.search import words_wanted
from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.desk.queries.search import excerpt
from zusammenplan.people.actions.tasks import add_task, tick_task
from zusammenplan.people.tests.factories import make_planner, make_reader, make_user
from zusammenplan.plans.choices import BlockKind
from zusammenplan.plans.models import Block, Chapter
from zusammenplan.plans.tests.factories import make_goal, make_measure, make_need, make_plan

pytestmark = pytest.mark.django_db


def make_chapter(words: str) -> Chapter:
    chapter = Chapter(plan=make_plan(), address=words[:12], title_de="Lage")
    keep(chapter, by=None, deed="Kapitel")
    block = Block(chapter=chapter, address="b", kind=BlockKind.TEXT, text_de=f"<p>{words}</p>")
    keep(block, by=None, deed="Baustein")
    return chapter


@pytest.mark.parametrize("name", ["search", "task-list"])
def test_only_whoever_holds_a_role_sees_the_pages(name: str) -> None:
    url = reverse(f"desk:{name}")

    assert Client().get(url)["Location"].startswith("/konto/")
    assert signed_in(make_user()).get(url).status_code == 403
    for user in (make_reader(), make_planner()):
        assert signed_in(user).get(url).status_code == 200
        assert signed_in(user).get(f"/en{url}").status_code == 200


def test_the_search_finds_what_holds_the_words_grouped_by_kind() -> None:
    plan = make_plan(is_public=False)
    make_measure(plan, title_de="Pflegestützpunkt")
    make_goal(plan, title_de="Gute Pflege")
    make_need(plan, title_de="Wege", text_de="Beratung zur Pflege fehlt im Dorf.")
    make_measure(plan, title_de="Bürgerbus")
    rebuild()
    make_chapter("Pflege im Alter")

    page = text(signed_in(make_reader()).get(reverse("desk:search"), {"q": "Pflege"}))

    assert "4 Treffer" in page
    for head in ("measures", "goals", "needs", "chapters"):
        assert f'id="{head}"' in page
    assert "<mark>Pflegestützpunkt</mark>" in page
    assert "<mark>Pflege</mark> fehlt im Dorf" in page
    assert "Bürgerbus" not in page


@pytest.mark.parametrize("words", ["", "  ", "xyz", "<script>", "der", "%", "x" * 300])
def test_a_search_without_hits_says_so(words: str) -> None:
    response = signed_in(make_reader()).get(reverse("desk:search"), {"q": words})

    assert response.status_code == 200
    assert ("Nichts gefunden" in text(response)) == bool(words.strip())
    assert "<script>" not in text(response)


def test_the_search_asks_as_often_for_three_hits_as_for_one() -> None:
    client = signed_in(make_reader())

    def fill() -> None:
        plan = make_plan()
        for make in (make_measure, make_goal, make_need):
            make(plan, title_de="Pflege")
        rebuild()
        make_chapter(f"Pflege {plan.pk}")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("desk:search"), {"q": "pflege"})
        return len(queries)

    fill()
    asked()
    once = asked()
    fill()
    fill()
    assert asked() == once


def test_an_excerpt_begins_shortly_before_the_hit() -> None:
    long = "Anfang " * 60 + "Pflege " + "Ende " * 60

    assert "Pflege" in excerpt(long, words_wanted("pflege"))
    assert excerpt(long, words_wanted("pflege")).startswith("… ")
    assert excerpt(long, words_wanted("nichts")).startswith("Anfang")


def test_the_list_shows_whose_tasks_and_in_which_state() -> None:
    planner, reader = make_planner(), make_reader()
    plan, now, day = make_plan(), timezone.now(), localdate()

    def add(title: str, **values: object) -> Any:
        return add_task(plan, {"title": title, **values}, by=planner, now=now)

    add("Meine", assignee=planner, due_on=day - timedelta(days=1))
    add("Ihre", assignee=reader)
    add("Niemandes")
    tick_task(add("Fertig", assignee=planner), is_done=True, by=planner, now=now)
    client = signed_in(planner)

    def shown(query: str) -> set[str]:
        page = text(client.get(reverse("desk:task-list") + query))
        return {name for name in ("Meine", "Ihre", "Niemandes", "Fertig") if f">{name}<" in page}

    assert shown("") == shown("?whose=falsch&state=falsch") == {"Meine"}
    assert shown("?whose=given") == {"Ihre", "Niemandes"}
    assert shown("?whose=nobody") == {"Niemandes"}
    assert shown("?whose=all") == {"Meine", "Ihre", "Niemandes"}
    assert shown("?state=overdue") == {"Meine"}
    assert shown("?state=done") == {"Fertig"}


def test_the_list_asks_as_often_for_three_tasks_as_for_one() -> None:
    planner = make_planner()
    client = signed_in(planner)

    def fill() -> None:
        for record in (make_plan(), make_measure()):
            values = {"title": "Anrufen", "assignee": planner}
            add_task(record, values, by=planner, now=timezone.now())

    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        return len(queries)

    fill()
    names = ("desk:task-list", "desk:overview")
    for name in names:
        asked(name)
    once = [asked(name) for name in names]
    fill()
    fill()
    assert [asked(name) for name in names] == once


def test_the_overview_shows_what_was_set_for_me() -> None:
    planner, reader = make_planner(), make_reader()
    measure = make_measure()
    yesterday = localdate() - timedelta(days=1)
    values = {"title": "Anrufen", "assignee": reader, "due_on": yesterday}
    task = add_task(measure, values, by=planner, now=timezone.now())

    page = text(signed_in(reader).get(reverse("desk:overview")))

    assert f"{measure.get_absolute_url()}#task-{task.pk}" in page
    assert "überfällig seit" in page
    assert "Anrufen" not in text(signed_in(planner).get(reverse("desk:overview")))
