"""What cannot be done with plans, each refusal with a sentence for people."""

from django.utils.translation import gettext as _, ngettext

from zusammenplan.plans.models import FieldOfAction, Measure, Plan


class ReasonMissingError(Exception):
    """Somebody deletes without saying why."""

    def __init__(self) -> None:
        super().__init__(
            _("Say in a few words why it is deleted. The reason stays in the history.")
        )


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
    """Something lasting hangs on the plan: votes, a frozen version, a plan that followed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This plan has a prioritisation, a frozen version or a plan that follows it, and "
                "they would be lost with it. Set the plan's status to “superseded” instead."
            )
        )


class FieldNotEmptyError(Exception):
    """The field of action still has measures."""

    def __init__(self, field: FieldOfAction, number: int) -> None:
        super().__init__(
            ngettext(
                "The field of action “%(field)s” still has %(number)d measure. "
                "Move it to another field first.",
                "The field of action “%(field)s” still has %(number)d measures. "
                "Move them to another field first.",
                number,
            )
            % {"field": field, "number": number}
        )


class MeasureInUseError(Exception):
    """The measure is or was voted on."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(
            _(
                "Measure %(number)s is part of a prioritisation, and its marks would be lost with "
                "it. Set its status to “dropped” instead."
            )
            % {"number": measure.number}
        )


class RowRefusedError(Exception):
    """A row of the table cannot be taken over; nothing was."""


def demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def demand_same_plan(plan: Plan, field: FieldOfAction | None) -> None:
    if field is not None and field.plan_id != plan.pk:
        raise OtherPlanError(field)
