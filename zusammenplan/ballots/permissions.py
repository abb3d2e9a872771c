"""Who may do what in a prioritisation."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.models import Group, Round
from zusammenplan.meetings.choices import LEADING_ROLES
from zusammenplan.meetings.models import Seat
from zusammenplan.people.models import User

Person = User | AnonymousUser


def may_read_rounds(user: Person) -> bool:
    """Tell whether the user sees the list of all rounds: whoever holds a role."""
    return user.is_authenticated and user.is_staff_member


def may_read_round(user: Person, round_: Round, *, day: date) -> bool:
    """Tell whether the user sees the round in the workspace: staff, and who leads a group."""
    return may_read_rounds(user) or leads(user, round_, day=day)


def may_prepare(user: Person) -> bool:
    """Tell whether the user prepares rounds: measures, groups, voters, links, proposals."""
    return user.is_authenticated and user.is_planner


def may_run(user: Person, group: Group, *, day: date) -> bool:
    """Tell whether the user opens and closes this group's vote and enters its tally."""
    if may_prepare(user):
        return True
    return group.body_id in led_bodies(user, day=day)


def may_decide(user: Person, round_: Round, *, day: date) -> bool:
    """Tell whether the user decides half steps: who leads a group, or the planner who notes it."""
    return may_prepare(user) or leads(user, round_, day=day)


def may_release(user: Person) -> bool:
    """Tell whether the user releases results."""
    return may_prepare(user)


def may_see_result(user: Person, round_: Round, *, day: date) -> bool:
    """
    Tell whether the user may see the round's result as it stands.

    A released one everybody may who sees the round. Before that the round says who; whoever leads
    a group sees it when all groups have closed, because half steps may wait for them.
    """
    if round_.is_released or may_prepare(user) or round_.audience == Audience.PUBLIC:
        return True
    if not user.is_authenticated:
        return False
    if round_.audience == Audience.VOTERS and round_.groups.filter(voters__user=user).exists():
        return True
    is_closed = not round_.groups.filter(closed_at__isnull=True).exists()
    return is_closed and leads(user, round_, day=day)


def leads(user: Person, round_: Round, *, day: date) -> bool:
    """Tell whether the user leads a body that votes in the round."""
    return _seats(user, day).filter(body__groups__round=round_).exists()


def led_bodies(user: Person, *, day: date) -> set[int]:
    """Give the bodies that the user leads; for lists that ask for many groups at once."""
    return set(_seats(user, day).values_list("body", flat=True))


def _seats(user: Person, day: date) -> QuerySet[Seat]:
    if not user.is_authenticated:
        return Seat.objects.none()
    return Seat.objects.filter(user=user, role__in=LEADING_ROLES).valid_on(day)
