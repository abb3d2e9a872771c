"""What cannot be done with plans, each refusal with a sentence for people."""

from django.utils.translation import gettext as _, ngettext

from zusammenplan.plans.domain.statuses import lacks_reason, state_lacks_reason
from zusammenplan.plans.models import FieldOfAction, Measure, Plan


class ReasonMissingError(Exception):
    """Somebody deletes something, or takes a step back, without saying why."""

    def __init__(self) -> None:
        super().__init__(_("Say in a few words why. The reason stays in the history."))


class SlugTakenError(Exception):
    """Another plan has this address."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            _("Another plan already has the address “%(slug)s”. Choose another one.")
            % {"slug": slug}
        )


class CodeTakenError(Exception):
    """Another field of the plan has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("The plan already has a field of action “%(code)s”. Choose another code.")
            % {"code": code}
        )


class NumberTakenError(Exception):
    """Another measure of the plan has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("The plan already has a measure %(number)s. Choose another number.")
            % {"number": number}
        )


class OtherPlanError(Exception):
    """The field of action belongs to another plan than the measure."""

    def __init__(self, field: FieldOfAction) -> None:
        super().__init__(
            _("The field of action “%(field)s” belongs to another plan. Choose one of this plan.")
            % {"field": field}
        )


class PlanInUseError(Exception):
    """Votes or evaluations hang on the plan."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This plan has a prioritisation or an evaluation, which would be lost with it. "
                "Set the plan's status to “superseded” instead."
            )
        )


class PlanFrozenError(Exception):
    """A version of the plan is frozen and stays readable for ever."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A version of this plan is frozen and stays readable for ever. "
                "Set the plan's status to “superseded” instead."
            )
        )


class PlanContinuedError(Exception):
    """Another plan continues this one."""

    def __init__(self, successor: Plan) -> None:
        super().__init__(
            _("“%(successor)s” continues this plan. Set its status to “superseded” instead.")
            % {"successor": successor}
        )


class FieldNotEmptyError(Exception):
    """Measures, goals or needs still stand in the field of action."""

    def __init__(
        self, field: FieldOfAction, *, measures: int = 0, goals: int = 0, needs: int = 0
    ) -> None:
        number = measures or goals or needs
        if measures:
            sentence = ngettext(
                "The field of action “%(field)s” still has %(number)d measure. "
                "Move it to another field first.",
                "The field of action “%(field)s” still has %(number)d measures. "
                "Move them to another field first.",
                number,
            )
        elif goals:
            sentence = ngettext(
                "The field of action “%(field)s” still has %(number)d goal. "
                "Move it to another field first.",
                "The field of action “%(field)s” still has %(number)d goals. "
                "Move them to another field first.",
                number,
            )
        else:
            sentence = ngettext(
                "The field of action “%(field)s” still has %(number)d need. "
                "Move it to another field first.",
                "The field of action “%(field)s” still has %(number)d needs. "
                "Move them to another field first.",
                number,
            )
        super().__init__(sentence % {"field": field, "number": number})


class MeasureInUseError(Exception):
    """The measure is or was voted on or evaluated."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(
            _(
                "Measure %(number)s is part of a prioritisation or an evaluation, and what was "
                "said there would be lost with it. Set its status to “dropped” instead."
            )
            % {"number": measure.number}
        )


class StatusReasonMissingError(Exception):
    """A status, or the state of a need or goal, must be explained and has no reason."""

    def __init__(self) -> None:
        super().__init__(_("This status needs a reason. Say in a few words why."))


class RowRefusedError(Exception):
    """A row of the table cannot be taken over; nothing was."""


def demand_explained(status: str, reason: str) -> None:
    if lacks_reason(status, reason):
        raise StatusReasonMissingError


def demand_state_explained(state: str, reason: str) -> None:
    if state_lacks_reason(state, reason):
        raise StatusReasonMissingError


def demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def demand_same_plan(plan: Plan, field: FieldOfAction | None) -> None:
    if field is not None and field.plan_id != plan.pk:
        raise OtherPlanError(field)
