"""Name, add and take away the levels of a plan's goals."""

from django.db import transaction
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.history import keep, remove
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import Values, keep_changes, lock, raise_version_of
from zusammenplan.plans.actions.refusals import demand_reason
from zusammenplan.plans.domain.goal_tree import MOST_LEVELS
from zusammenplan.plans.models import GoalLevel, Plan
from zusammenplan.plans.queries.goals import DEFAULT_LEVELS


class TooManyLevelsError(Exception):
    """The plan has as many levels as it may have."""

    def __init__(self) -> None:
        super().__init__(
            _("A plan has at most %(number)d levels of goals.") % {"number": MOST_LEVELS}
        )


class LevelsExistError(Exception):
    """The plan has levels already, so that none are proposed."""

    def __init__(self) -> None:
        super().__init__(_("The plan has levels of goals already."))


class LevelInUseError(Exception):
    """Goals stand on the level."""

    def __init__(self, level: GoalLevel, number: int) -> None:
        super().__init__(
            ngettext(
                "%(number)d goal is a “%(level)s”. Give it another level first.",
                "%(number)d goals are a “%(level)s”. Give them another level first.",
                number,
            )
            % {"level": level, "number": number}
        )


@transaction.atomic
def take_default_levels(plan: Plan, *, by: User | None) -> list[GoalLevel]:
    """
    Give the plan the four usual levels.

    :raises LevelsExistError: if it has levels already
    """
    plan = lock(plan)
    if plan.levels.exists():
        raise LevelsExistError
    levels = [
        keep(
            GoalLevel(plan=plan, depth=depth, name_de=german, name_en=english, is_action=is_action),
            by=by,
            deed=_("Proposal taken over"),
        )
        for depth, (german, english, is_action) in enumerate(DEFAULT_LEVELS, start=1)
    ]
    raise_version_of(plan)
    return levels


@transaction.atomic
def add_level(plan: Plan, values: Values, *, below: GoalLevel | None, by: User | None) -> GoalLevel:
    """
    Add a level below another one, or at the top; the lower ones make room.

    :raises TooManyLevelsError: if the plan has eight levels already
    """
    plan = lock(plan)
    levels = list(plan.levels.order_by("-depth"))
    if len(levels) >= MOST_LEVELS:
        raise TooManyLevelsError
    # Somebody may have put another level above it meanwhile.
    depth = next((one.depth + 1 for one in levels if below and one.pk == below.pk), 1)
    for lower in levels:
        if lower.depth >= depth:
            _shift(lower, 1, by=by)
    level = keep(GoalLevel(plan=plan, depth=depth, **values), by=by, deed=_("Level of goals added"))
    raise_version_of(plan)
    return level


@transaction.atomic
def change_level(
    level: GoalLevel, values: Values, *, seen_version: int, by: User | None
) -> GoalLevel:
    """
    Change a level's name, or whether its goals are action goals.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    plan = lock(level.plan)
    changed = keep_changes(
        level, values, seen_version=seen_version, by=by, deed=_("Level of goals changed")
    )
    if changed:
        raise_version_of(plan)
    return level


@transaction.atomic
def delete_level(level: GoalLevel, *, reason: str, by: User | None) -> None:
    """
    Take a level away on which no goal stands; the lower ones move up.

    :raises ReasonMissingError: if no reason is given
    :raises LevelInUseError: if goals stand on it
    """
    demand_reason(reason)
    plan = lock(level.plan)
    level = plan.levels.get(pk=level.pk)
    if number := level.goals.count():
        raise LevelInUseError(level, number)
    depth = level.depth
    remove(level, by=by, reason=reason)
    for lower in plan.levels.filter(depth__gt=depth).order_by("depth"):
        _shift(lower, -1, by=by)
    raise_version_of(plan)


def _shift(level: GoalLevel, by_levels: int, *, by: User | None) -> None:
    level.depth += by_levels
    level.version += 1
    deed = _("Moved down") if by_levels > 0 else _("Moved up")
    keep(level, by=by, deed=deed, fields=["depth", "version"])
