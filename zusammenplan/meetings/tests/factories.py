"""Plain functions that make bodies and seats for tests."""

from itertools import count

from zusammenplan.meetings.choices import BodyKind
from zusammenplan.meetings.models import Body, Seat

_numbers = count(1)


def make_body(**fields: object) -> Body:
    number = next(_numbers)
    return Body.objects.create(
        **{"name_de": f"Steuerungsgruppe {number}", "kind": BodyKind.STEERING_EXTERNAL, **fields}
    )


def make_seat(body: Body | None = None, **fields: object) -> Seat:
    return Seat.objects.create(
        **{"body": body or make_body(), "name": f"Mitglied {next(_numbers)}", **fields}
    )
