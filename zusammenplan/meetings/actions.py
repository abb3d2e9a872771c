"""What writes bodies and their seats."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.core.locks import unless_taken
from zusammenplan.core.public import raise_version
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.people.models import User


class BodyNameTakenError(Exception):
    """Another body has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is already a body called “%(name)s”.") % {"name": name})


class SeatTwiceError(Exception):
    """The person sits in the body already, which would give two links and two votes."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(
            _(
                "%(name)s sits in %(body)s already. Another person of the same name is told apart "
                "by the e-mail address or the organisation."
            )
            % {"name": seat.name, "body": seat.body}
        )


@transaction.atomic
def create_body(name_de: str, *, kind: str, by: User | None, **fields: str) -> Body:
    """
    Add a body.

    :raises BodyNameTakenError: if another one has this name
    """
    name = " ".join(name_de.split())
    with unless_taken(BodyNameTakenError(name)):
        return keep(Body(name_de=name, kind=kind, **fields), by=by, deed=_("Body added"))


@transaction.atomic
def change_body(
    body: Body, values: Mapping[str, str], *, seen_version: int, by: User | None
) -> Body:
    """
    Change a body's names and kind.

    :raises BodyNameTakenError: if another one has this name
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    for field, value in values.items():
        setattr(body, field, value)
    with unless_taken(BodyNameTakenError(body.name_de)):
        keep_unless_changed(
            body, seen_version=seen_version, by=by, deed=_("Body changed"), fields=list(values)
        )
    raise_version()
    return body


@transaction.atomic
def add_seat(body: Body, *, name: str, by: User | None, **fields: Any) -> Seat:
    """
    Give somebody a seat in the body.

    :raises EndsBeforeItBeginsError: if the end lies before the beginning
    :raises SeatTwiceError: if the person sits there already at that time
    """
    # One after the other: of a double click the second finds the seat of the first.
    body = Body.objects.select_for_update().get(pk=body.pk)
    seat = Seat(body=body, name=" ".join(name.split()), **fields)
    _refuse_wrong_period(seat)
    if body.seats.of_the_person_of(seat).during(seat.valid_from, seat.valid_to).exists():
        raise SeatTwiceError(seat)
    return keep(seat, by=by, deed=_("Seat added"))


@transaction.atomic
def change_seat(
    seat: Seat, values: Mapping[str, Any], *, seen_version: int, by: User | None
) -> Seat:
    """
    Change who sits there, for whom, with or without a vote, how long.

    :raises EndsBeforeItBeginsError: if the end lies before the beginning
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    for field, value in values.items():
        setattr(seat, field, value)
    _refuse_wrong_period(seat)
    return keep_unless_changed(
        seat, seen_version=seen_version, by=by, deed=_("Seat changed"), fields=list(values)
    )


@transaction.atomic
def end_seat(seat: Seat, *, on: date, by: User | None) -> Seat:
    """
    Note the last day of a seat.

    :raises EndsBeforeItBeginsError: if it lies before the beginning
    """
    # Read anew: the history would keep a name that goes meanwhile.
    seat.refresh_from_db(from_queryset=Seat.objects.select_for_update())
    seat.valid_to = on
    _refuse_wrong_period(seat)
    seat.version += 1
    return keep(seat, by=by, deed=_("Seat ended"), fields=["valid_to", "version"])


def _refuse_wrong_period(seat: Seat) -> None:
    if seat.valid_from and seat.valid_to and seat.valid_to < seat.valid_from:
        raise EndsBeforeItBeginsError(seat.valid_from)
