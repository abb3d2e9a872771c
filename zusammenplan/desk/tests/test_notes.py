"""Comments and tasks on records: deeds, pages, for whom."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.people.actions.comments import add_comment, change_comment
from zusammenplan.people.actions.tasks import (
    NotOnStaffError,
    add_task,
    change_task,
    post_digests,
    tick_task,
)
from zusammenplan.people.forms.work import TaskForm
from zusammenplan.people.models import Comment, Task, User
from zusammenplan.people.tests.factories import (
    make_organisation,
    make_planner,
    make_reader,
    make_user,
)
from zusammenplan.plans.tests.factories import make_measure, make_milestone, make_plan
from zusammenplan.plans.tests.full_plan import make_full_plan

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def make_task(record: Any, by: User, **values: object) -> Task:
    return add_task(record, {"title": "Anrufen", "assignee": by, **values}, by=by, now=NOW)


# Deeds


def test_a_comment_that_is_changed_says_so() -> None:
    comment = add_comment(make_plan(), " Gut so. ", by=make_reader(), now=NOW)

    change_comment(comment, "Gut so.", now=LATER)
    assert (comment.text, comment.changed_at) == ("Gut so.", None)
    change_comment(comment, "Besser nicht.", now=LATER)
    assert comment.changed_at == LATER


def test_a_task_goes_only_to_somebody_with_a_role() -> None:
    plan, planner = make_plan(), make_planner()

    with pytest.raises(NotOnStaffError, match="Renate"):
        make_task(plan, make_user(name="Renate Osswald"))
    with pytest.raises(NotOnStaffError):
        make_task(plan, make_reader(is_active=False))
    task = add_task(plan, {"title": "Offen"}, by=planner, now=NOW)
    with pytest.raises(NotOnStaffError):
        change_task(task, {"assignee": make_user()}, seen_version=1, by=planner, now=LATER)


def test_a_task_that_is_handed_on_is_new_for_the_other() -> None:
    planner, reader = make_planner(), make_reader()
    task = make_task(make_plan(), planner)

    change_task(task, {"title": "Bald anrufen"}, seen_version=1, by=planner, now=LATER)
    assert task.assigned_at == NOW
    change_task(task, {"assignee": reader}, seen_version=2, by=planner, now=LATER)
    assert task.assigned_at == LATER
    with pytest.raises(ChangedMeanwhileError):
        change_task(task, {"title": "Alt"}, seen_version=1, by=planner, now=LATER)


def test_a_task_is_ticked_off_once() -> None:
    planner, reader = make_planner(), make_reader()
    task = make_task(make_plan(), planner)

    tick_task(task, is_done=True, by=reader, now=NOW)
    task = tick_task(task, is_done=True, by=planner, now=LATER)
    assert (task.done_at, task.done_by) == (NOW, reader)
    task = tick_task(task, is_done=False, by=planner, now=LATER)
    assert (task.done_at, task.done_by) == (None, None)


# The panel


def panel(user: User, record: Any) -> str:
    return text(signed_in(user).get(record.get_absolute_url()))


def test_the_panel_shows_tasks_and_comments_to_every_role() -> None:
    plan, planner = make_plan(), make_planner()
    make_task(plan, planner, due_on=date(2020, 1, 1), text="Vor acht")
    tick_task(make_task(plan, planner, title="Schreiben"), is_done=True, by=planner, now=NOW)
    add_comment(plan, "Zeile eins\nZeile zwei <b>", by=planner, now=NOW)

    page = panel(make_reader(), plan)

    for words in (
        "Anrufen",
        "Vor acht",
        "überfällig seit 1. Januar 2020",
        "Schreiben",
    ):
        assert words in page, words
    assert "Zeile eins<br>Zeile zwei &lt;b&gt;" in page
    assert "/erledigt/" not in page
    assert "/erledigt/" in panel(planner, plan)


def test_the_panel_asks_as_often_for_three_as_for_one() -> None:
    plan, planner = make_plan(), make_planner()
    client = signed_in(planner)

    def fill() -> None:
        make_task(plan, make_reader())
        add_comment(plan, "Gut", by=make_reader(), now=NOW)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(plan.get_absolute_url())
        return len(queries)

    fill()
    client.get(plan.get_absolute_url())
    once = asked()
    fill()
    fill()
    assert asked() == once


# Pages


def test_a_comment_is_added_changed_and_deleted() -> None:
    plan, reader = make_plan(), make_reader()
    client = signed_in(reader)
    add_url = reverse("notes:comment-add", args=["plans.plan", plan.pk])

    response = client.post(add_url, {"text": "Gut so.", "back": plan.get_absolute_url()})

    comment = Comment.objects.get()
    assert response["Location"] == f"{plan.get_absolute_url()}#kommentar-{comment.pk}"
    change_url = reverse("notes:comment-change", args=[comment.pk])
    assert "Gut so." in text(client.get(change_url))
    assert client.post(change_url, {"text": " "}).status_code == 200
    client.post(change_url, {"text": "Doch nicht."})
    assert "Doch nicht." in panel(reader, plan)
    client.post(reverse("notes:comment-delete", args=[comment.pk]))
    assert not Comment.objects.exists()


def test_an_empty_comment_is_not_added() -> None:
    plan = make_plan()
    add_url = reverse("notes:comment-add", args=["plans.plan", plan.pk])

    signed_in(make_reader()).post(add_url, {"text": " "})

    assert not Comment.objects.exists()


def test_nobody_changes_the_comment_of_another() -> None:
    comment = add_comment(make_plan(), "Meins", by=make_reader(), now=NOW)
    planner = signed_in(make_planner())

    for name in ("comment-change", "comment-delete"):
        assert planner.post(reverse(f"notes:{name}", args=[comment.pk])).status_code == 403


def test_a_task_is_set_changed_ticked_off_and_deleted() -> None:
    plan, planner = make_plan(), make_planner()
    reader = make_reader()
    client = signed_in(planner)
    add_url = reverse("notes:task-add", args=["plans.plan", plan.pk])

    client.post(add_url, {"title": "Anrufen", "assignee": reader.pk, "due_on": "31.3.2027"})

    task = Task.objects.get()
    assert (task.assignee, task.due_on, task.created_by) == (reader, date(2027, 3, 31), planner)
    change_url = reverse("notes:task-change", args=[task.pk])
    assert "Anrufen" in text(client.get(change_url))
    client.post(change_url, {"title": "Schreiben", "assignee": reader.pk, "version": "1"})
    typed = {"title": "Alt", "assignee": reader.pk}
    clash = client.post(change_url, {**typed, "version": "1"})
    assert "<td>Schreiben</td><td>Alt</td>" in text(clash)
    task.refresh_from_db()
    assert task.title == "Schreiben"
    client.post(change_url, {**typed, "version": clash.context["form"]["version"].value()})
    task.refresh_from_db()
    assert task.title == "Alt"
    tick_url = reverse("notes:task-tick", args=[task.pk])
    signed_in(reader).post(tick_url, {"done": "1"})
    task.refresh_from_db()
    assert task.done_by == reader
    client.post(tick_url, {"done": "0"})
    client.post(reverse("notes:task-delete", args=[task.pk]))
    assert not Task.objects.exists()


def test_a_task_without_a_title_or_for_a_stranger_is_refused_at_the_field() -> None:
    plan = make_plan()
    client = signed_in(make_planner())
    add_url = reverse("notes:task-add", args=["plans.plan", plan.pk])

    assert 'id="id_title_error"' in text(client.post(add_url, {"text": "Viel Text"}))
    stranger = make_user()
    page = text(client.post(add_url, {"title": "Anrufen", "assignee": stranger.pk}))
    assert 'id="id_assignee_error"' in page


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("16. Juni 2027", date(2027, 6, 16)),
        ("16.6.27", date(2027, 6, 16)),
        ("Juni 2027", date(2027, 6, 30)),
        ("2027-06-16", date(2027, 6, 16)),
    ],
)
def test_the_day_of_a_task_is_read_as_people_write_it(typed: str, day: date) -> None:
    form = TaskForm({"title": "Anrufen", "due_on": typed})

    assert form.is_valid()
    assert form.values()["due_on"] == day


def test_a_day_that_does_not_exist_is_refused_in_words() -> None:
    form = TaskForm({"title": "Anrufen", "due_on": "31. Juni 2027"})

    assert form.errors["due_on"] == ["„31. Juni 2027“ gibt es im Kalender nicht."]


def test_only_who_is_concerned_changes_a_task() -> None:
    task = make_task(make_plan(), make_planner())
    reader = signed_in(make_reader())

    for name in ("task-change", "task-tick", "task-delete"):
        assert reader.post(reverse(f"notes:{name}", args=[task.pk])).status_code == 403


@pytest.mark.parametrize(
    "table", ["plans.nothing", "people.user", "people.task", "x", "auth.group"]
)
def test_what_takes_no_notes_is_not_found(table: str) -> None:
    client = signed_in(make_planner())

    assert client.post(reverse("notes:comment-add", args=[table, 1])).status_code == 404
    assert client.get(reverse("notes:task-add", args=["plans.plan", 999])).status_code == 404


def test_whoever_holds_no_role_writes_and_sees_nothing() -> None:
    plan = make_plan()
    comment = add_comment(plan, "Vertraulich", by=make_reader(), now=NOW)
    task = make_task(plan, make_planner())
    member = signed_in(make_user())

    for url in (
        reverse("notes:comment-add", args=["plans.plan", plan.pk]),
        reverse("notes:comment-change", args=[comment.pk]),
        reverse("notes:task-add", args=["plans.plan", plan.pk]),
        reverse("notes:task-change", args=[task.pk]),
        reverse("notes:task-tick", args=[task.pk]),
    ):
        assert member.post(url, {"text": "Hallo"}).status_code == 403
        assert Client().post(url)["Location"].startswith("/konto/")


def test_a_foreign_address_leads_to_the_record_instead() -> None:
    plan = make_plan()
    add_url = reverse("notes:comment-add", args=["plans.plan", plan.pk])

    response = signed_in(make_reader()).post(
        add_url, {"text": "Hallo", "back": "https://boese.example/"}
    )

    assert response["Location"].startswith(plan.get_absolute_url())


def test_the_task_of_a_deleted_record_can_still_be_ticked_off() -> None:
    plan, planner = make_plan(), make_planner()
    task = make_task(plan, planner)
    plan.delete()
    client = signed_in(planner)

    assert "gelöscht" in text(client.get(reverse("desk:task-list")))
    assert client.get(reverse("notes:task-change", args=[task.pk])).status_code == 200
    client.post(reverse("notes:task-tick", args=[task.pk]), {"done": "1"})
    task.refresh_from_db()
    assert task.done_at


def test_what_has_no_page_of_its_own_in_a_plan_takes_notes_too() -> None:
    full, reader = make_full_plan(), make_reader()
    plan, measure = full.plan, full.measure
    frozen = full.version.content
    here = measure.get_absolute_url()
    places: list[tuple[Any, str]] = [
        (plan.fields.first(), plan.get_absolute_url()),
        (plan.resolutions.first(), reverse("plans:plan-status", args=[plan.slug])),
        (full.version, reverse("plans:version-list", args=[plan.slug])),
        (measure.milestones.first(), here),
        *((one, here) for one in measure.indicators.all()),
    ]
    client = signed_in(reader)

    for part, page in places:
        url = part.get_absolute_url()
        arguments = [part._meta.label_lower, part.pk]
        client.post(reverse("notes:comment-add", args=arguments), {"text": "Hier fehlt etwas"})
        added = client.post(
            reverse("notes:task-add", args=arguments), {"title": "Klären", "assignee": reader.pk}
        )
        assert added["Location"].startswith(f"{url}#task-")
        shown = text(client.get(url))
        assert "Hier fehlt etwas" in shown
        assert f'href="{page}' in shown
        assert f'href="{url}">Aufgaben und Kommentare: 2<' in text(client.get(page)), part

    assert {len(places), full.plan.versions.count()} == {6, 1}
    assert full.plan.versions.get().content == frozen
    tasks = text(client.get(reverse("desk:task-list")))
    post_digests(now=LATER)
    for part, _page in places:
        assert f"{part.get_absolute_url()}#task-" in tasks
        assert f"{part.get_absolute_url()}#task-" in mail.outbox[0].body


def test_the_notes_of_a_part_are_found_in_its_own_plan_alone() -> None:
    milestone = make_milestone(make_measure())
    words = [make_plan(slug="fremd").slug, "meilenstein", milestone.pk]
    client = signed_in(make_reader())

    assert client.get(milestone.get_absolute_url()).status_code == 200
    assert client.get(reverse("plans:part-notes", args=words)).status_code == 404
    words = [milestone.measure.plan.slug, "ziel", milestone.pk]
    assert client.get(reverse("plans:part-notes", args=words)).status_code == 404
    assert signed_in(make_user()).get(milestone.get_absolute_url()).status_code == 403


def test_records_without_a_page_take_no_notes() -> None:
    organisation = make_organisation()
    url = reverse("notes:comment-add", args=["people.organisation", organisation.pk])

    assert signed_in(make_planner()).post(url, {"text": "Hallo"}).status_code == 404
