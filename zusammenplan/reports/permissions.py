"""Who gets which paper of a round."""

from datetime import date

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import may_read_round, may_see_result
from zusammenplan.people.models import User


def may_get_handout(user: User, round_: Round, *, day: date) -> bool:
    """Tell whether the user gets the handout: whoever reads the round, and whoever votes in it."""
    is_voter = Round.objects.with_voter(user).filter(pk=round_.pk).exists()
    return is_voter or may_read_round(user, round_, day=day)


def may_get_result(user: User, round_: Round, *, day: date) -> bool:
    """Tell whether the user gets the result as it stands."""
    return may_get_handout(user, round_, day=day) and may_see_result(user, round_, day=day)


def may_get_votes(user: User, round_: Round) -> bool:
    """Tell whether the user gets who voted what: planners, of open votes."""
    return user.is_planner and not round_.is_secret
