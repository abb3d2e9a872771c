"""A room full of voters for the test of crashes."""

from dataclasses import dataclass

SEATS = 8
MEASURES = 40


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody with a personal link, in an open or a secret vote."""

    voter: int
    link: str
    ballot: str
    measures: list[int]
    secret_key: str


def take_seats() -> list[Seat]:
    from django.urls import reverse

    from zusammenplan.ballots.tests.factories import (
        make_link,
        make_open_group,
        make_round,
        make_voter,
    )
    from zusammenplan.core.links import derived_key

    seats = []
    for is_secret in (False, True):
        round_ = make_round(measures=MEASURES, is_secret=is_secret)
        group = make_open_group(round_)
        measures = list(round_.items.values_list("pk", flat=True))
        for _ in range(SEATS // 2):
            voter = make_voter(group)
            token = make_link(voter)
            seats.append(
                Seat(
                    voter=voter.pk,
                    link=reverse("room:enter", args=[token]),
                    ballot=reverse("room:ballot", args=[round_.slug, group.pk]),
                    measures=measures,
                    secret_key=derived_key(token, f"secret-ballot:{group.pk}") if is_secret else "",
                )
            )
    return seats


def marks_of(seats: list[Seat]) -> dict[int, dict[int, int | None]]:
    from zusammenplan.ballots.models import Mark, SecretMark, Voter

    found = {}
    for seat in seats:
        marks = (
            SecretMark.objects.filter(ballot_key=seat.secret_key)
            if seat.secret_key
            else Mark.objects.filter(ballot=seat.voter)
        )
        assert Voter.objects.get(pk=seat.voter).has_voted == marks.exists()
        found[seat.voter] = dict(marks.values_list("item_id", "grade"))
    return found
