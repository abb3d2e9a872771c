"""What can be refused in a prioritisation, and the checks that refuse it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from zusammenplan.ballots import domain
from zusammenplan.ballots.models import (
    Group,
    Round,
)
from zusammenplan.ballots.queries import (
    rule_of,
    scale_of,
)


class RefusedError(Exception):
    """A deed that is not possible now; its text says why and what to do."""


class NotOpenError(RefusedError):
    """The group takes no marks: not yet, or not any more."""


class NoVoterError(RefusedError):
    """The person has just been taken off the list of voters."""

    def __init__(self) -> None:
        super().__init__(
            _("You are not on the list of voters any more. Please ask whoever leads the vote.")
        )


class UnknownItemError(RefusedError):
    """A mark for something that is not on this ballot."""


class OutsideScaleError(RefusedError):
    """A grade that the round's scale does not have."""


class TallyChangedError(RefusedError):
    """Somebody else wrote down other hands at the same moment."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else wrote down numbers at the same moment. Nothing was overwritten. "
                "Save again to compare them with yours."
            )
        )


class VotedElsewhereError(RefusedError):
    """The person has voted in secret with another key; that paper cannot be found again."""


class FrozenError(RefusedError):
    """Settings or items cannot change once voting has begun, a released result never."""


class AlreadyReleasedError(FrozenError):
    """The result is released and stays as it is."""


class NotReadyError(RefusedError):
    """The round cannot be opened or released as it stands."""


class NameTakenError(RefusedError):
    """A group or voter of that name is already there."""


def has_begun(round_: Round) -> bool:
    """Tell whether a group of the round has ever opened."""
    return round_.groups.filter(opens_at__isnull=False).exists()


def missing_for_rule(round_: Round) -> list[str]:
    """Say what in the rules gives no meaningful result, in words."""
    texts = {
        domain.RuleProblem.NO_GROUP: _("The round has no group of voters yet."),
        domain.RuleProblem.SAME_GROUP_TWICE: _("A group stands in the round twice."),
        domain.RuleProblem.PERSONS_NOT_COUNTED: _(
            "A median over all persons needs counted marks, but one group only names the majority."
        ),
        domain.RuleProblem.MEDIAN_NOT_COUNTED: _(
            "A group that only names the majority has no median of its own."
        ),
    }
    return [texts[problem] for problem in domain.check_rule(rule_of(round_))]


def lock_round(pk: int) -> Round:
    """
    Let nobody else open, close, change or release the round until the transaction ends.

    Everybody takes the round before its groups and these before a vote, so that nobody waits for
    somebody who waits for them. Rows that point to the round can still be added (no key).
    """
    return Round.objects.select_for_update(no_key=True).get(pk=pk)


def lock_group(group: Group) -> Group:
    """Let nobody else vote in the group until the transaction ends; its round is locked too."""
    round_ = lock_round(group.round_id)
    group = Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    group.round = round_
    return group


def demand_open(group: Group, now: datetime) -> None:
    if group.is_over(now):
        raise NotOpenError(
            _("The vote has ended. Marks that were saved before count; this change was not taken.")
        )
    if not group.is_open(now):
        raise NotOpenError(_("The vote has not begun yet."))


def demand_unreleased(round_: Round) -> None:
    if round_.is_released:
        raise AlreadyReleasedError(
            _("The result is released and cannot change. A correction is a new round.")
        )


def demand_not_begun(round_: Round) -> None:
    if has_begun(round_):
        raise FrozenError(_("This cannot change any more, because voting has begun."))


def demand_meaningful(round_: Round) -> None:
    if problems := missing_for_rule(round_):
        raise NotReadyError(" ".join(problems))
    if not round_.items.exists():
        raise NotReadyError(_("There is no measure on the ballot yet."))


def check_marks(
    round_: Round,
    items: Iterable[int],
    grades: Iterable[int | None],
    *,
    known: set[int] | None = None,
) -> None:
    if known is None:
        known = set(round_.items.values_list("pk", flat=True))
    if not known.issuperset(items):
        raise UnknownItemError(_("A measure is not on this ballot. Please load the page again."))
    scale = scale_of(round_)
    for grade in grades:
        if grade is not None and grade not in scale:
            raise OutsideScaleError(
                _("%(grade)s is not a grade of this scale (%(lowest)s to %(highest)s).")
                % {"grade": grade, "lowest": scale.lowest, "highest": scale.highest}
            )
