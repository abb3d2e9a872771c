"""Reads that gather more than one row for a page about bodies."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from zusammenplan.core.history import Change, changes, changes_in
from zusammenplan.core.validity import valid_on
from zusammenplan.meetings.models import Body, Seat, SeatQuerySet


def bodies_with_counts(day: date) -> QuerySet[Body]:
    """Give the bodies with the number of members and of voting members on the day."""
    valid = valid_on(day, "seats__")
    return Body.objects.annotate(
        members=Count("seats", filter=valid),
        voters=Count("seats", filter=valid & Q(seats__has_vote=True)),
    )


def seats_of(body: Body) -> SeatQuerySet:
    """Give the seats of the body, with all that a list shows."""
    return Seat.objects.filter(body=body).select_related("organisation", "user")


def body_changes(body: Body, limit: int = 20) -> list[Change]:
    """Tell what happened to the body and its seats, newest first."""
    seats = Seat.history.filter(body_id=body.pk)
    log = [*changes(body, limit), *changes_in(seats, limit, about=lambda entry: str(entry.name))]
    return sorted(log, key=lambda entry: entry.at, reverse=True)[:limit]
