"""The day's mail with tasks."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from zusammenplan.people.actions.tasks import add_task, post_digests, tick_task
from zusammenplan.people.models import Digest, MunicipalRole, Task, User
from zusammenplan.people.tests.factories import make_planner, make_reader
from zusammenplan.plans.tests.factories import make_plan

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
DAY = date(2027, 3, 1)


def make_task(user: User, title: str, due_on: date | None = None, **values: Any) -> Task:
    plan = values.pop("plan", None) or make_plan(title_de="Sozialplan 2027")
    now = values.pop("now", NOW - timedelta(hours=1))
    values = {"title": title, "assignee": user, "due_on": due_on, **values}
    return add_task(plan, values, by=None, now=now)


def test_the_mail_names_overdue_due_and_new_tasks_once_each() -> None:
    user = make_planner(email="planung@rennsteiggrund.example")
    make_task(user, "Zu spät", DAY - timedelta(days=1))
    make_task(user, "Heute", DAY)
    make_task(user, "Irgendwann")
    make_task(user, "Nächstes Jahr", DAY + timedelta(days=300))

    (posted,) = post_digests(now=NOW)

    assert (posted.overdue, posted.due, posted.new) == (1, 1, 2)
    (message,) = mail.outbox
    assert message.to == ["planung@rennsteiggrund.example"]
    assert message.subject == "Ihre Aufgaben: Sozialplanung"
    for words in (
        "Zu spät (seit 28.\xa0Februar 2027)",
        "Heute (bis",
        "Irgendwann",
        "Sozialplan 2027",
    ):
        assert message.body.count(words) == (4 if words == "Sozialplan 2027" else 1), words
    assert "http://127.0.0.1:8000/intern/plan/" in message.body


def test_nobody_gets_two_mails_a_day_or_an_empty_one() -> None:
    user, other = make_planner(), make_reader()
    task = make_task(user, "Anrufen")
    tick_task(make_task(other, "Erledigt"), is_done=True, by=other, now=NOW)

    assert len(post_digests(now=NOW)) == 1
    assert post_digests(now=NOW + timedelta(hours=5)) == []
    # The next day the task is no longer new, and not due.
    assert post_digests(now=NOW + timedelta(days=1)) == []
    Task.objects.filter(pk=task.pk).update(due_on=DAY + timedelta(days=3))
    assert len(post_digests(now=NOW + timedelta(days=2))) == 1
    assert len(mail.outbox) == 2


def test_the_mail_speaks_the_language_of_its_reader() -> None:
    make_task(make_planner(language="en"), "Call", DAY + timedelta(days=2))

    post_digests(now=NOW)

    assert "due soon:" in mail.outbox[0].body
    assert "Plan: Sozialplan 2027" in mail.outbox[0].body


def test_whoever_has_left_or_lost_the_role_gets_none() -> None:
    left, lost = make_planner(), make_reader()
    make_task(left, "Eins")
    make_task(lost, "Zwei")
    User.objects.filter(pk=left.pk).update(is_active=False)
    MunicipalRole.objects.filter(user=lost).delete()

    assert post_digests(now=NOW) == []


def test_the_task_of_a_deleted_record_is_named_without_a_link() -> None:
    plan = make_plan()
    make_task(make_planner(), "Anrufen", plan=plan)
    plan.delete()

    post_digests(now=NOW)

    assert "- Anrufen\n" in mail.outbox[0].body


def test_a_dry_run_sends_nothing_and_notes_nothing() -> None:
    make_task(make_planner(email="planung@rennsteiggrund.example"), "Anrufen")
    answer, told = StringIO(), StringIO()

    call_command("digest", "--dry-run", "--json", stdout=answer)
    call_command("digest", "--dry-run", stdout=told)

    shown = json.loads(answer.getvalue())
    assert shown == {
        "dry_run": True,
        "sent": [{"email": "planung@rennsteiggrund.example", "new": 1, "due": 0, "overdue": 0}],
        "refused": [],
    }
    assert "1 neu" in told.getvalue()
    assert told.getvalue().endswith("1 Mail würde verschickt.\n")
    assert mail.outbox == []
    assert not Digest.objects.exists()


def test_a_refused_mail_is_told_and_tried_again(settings: Any) -> None:
    make_task(make_planner(), "Anrufen")
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(CommandError, match="Mail"):
        call_command("digest", stdout=StringIO())
    assert not Digest.objects.exists()
    settings.EMAIL_BACKEND = backend
    call_command("digest", stdout=StringIO())
    assert Digest.objects.count() == 1


def test_without_a_mail_server_nothing_counts_as_sent(settings: Any) -> None:
    make_task(make_planner(), "Anrufen")
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    said = StringIO()

    call_command("digest", stdout=said)

    assert said.getvalue() == "Es ist kein Mailserver eingerichtet: keine Mail verschickt.\n"
    assert not Digest.objects.exists()
