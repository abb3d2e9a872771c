"""People who left the county, and what is kept of them for a while."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from zusammenplan.core.actions import mark_barrier_answered, report_barrier
from zusammenplan.meetings.actions import add_seat
from zusammenplan.meetings.choices import SeatRole
from zusammenplan.meetings.models import Body
from zusammenplan.people.actions import create_user, deactivate_user
from zusammenplan.people.choices import Role
from zusammenplan.people.models import User
from zusammenplan.privacy.actions.retention import let_go

LEFT = "Volkmar Heyn"


def fill_former(body: Body, domain: str, *, by: User, now: datetime) -> None:
    """Let the planner before this one leave: account, seat and a report of a barrier are due."""
    left_at = now - timedelta(days=1200)
    user = create_user(f"heyn@{domain}", name=LEFT, roles=[Role.PLANNER], by=by)
    deactivate_user(user, by=by, now=left_at)
    add_seat(
        body,
        name=LEFT,
        by=by,
        email=user.email,
        role=SeatRole.MEMBER,
        user=user,
        valid_to=localdate(left_at),
    )
    for days, message in (
        (900, "Auf der Karte erkenne ich die Grenzen kaum."),
        (420, "Die PDF-Datei liest mir mein Programm nicht vor."),
    ):
        sent_at = now - timedelta(days=days)
        report = report_barrier(
            page="/daten/", message=message, email="frau.schwarzer@post.example", now=sent_at
        )
        mark_barrier_answered(report, now=sent_at + timedelta(days=2))
    # The older report went in time; the newer one waits for the next run.
    let_go(now=now - timedelta(days=300))
