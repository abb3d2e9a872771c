"""Add, change and remove the indicators of a measure and their values."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.people.models import User
from zusammenplan.plans.actions.parts import (
    change_part,
    keep_part,
    lock_measure,
    move_part,
    remove_part,
)
from zusammenplan.plans.actions.records import Direction, Values, next_position
from zusammenplan.plans.choices import IndicatorKind
from zusammenplan.plans.domain.indicators import OWN_OF, lost_by
from zusammenplan.plans.models import IndicatorValue, Measure, MeasureIndicator


class KindLosesError(Exception):
    """Changing the kind of an indicator would lose what it holds."""

    def __init__(self, lost: Sequence[str]) -> None:
        super().__init__(
            _(
                "The kind cannot be changed, because this would be lost: %(lost)s. "
                "Remove it first, or add a second indicator."
            )
            % {"lost": ", ".join(lost)}
        )


class MixedValuesError(Exception):
    """Typed values and those of the data do not go together."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Values that are typed and values of the data are not mixed. Remove the typed "
                "values first, or add a second indicator."
            )
        )


class DayTakenError(Exception):
    """The indicator has a value on this day already."""

    def __init__(self, on: date) -> None:
        super().__init__(
            _("There is a value of %(day)s already. Change that one.")
            % {"day": date_format(on, "SHORT_DATE_FORMAT")}
        )


@transaction.atomic
def add_indicator(
    measure: Measure, kind: IndicatorKind, values: Values, *, by: User | None
) -> MeasureIndicator:
    """Add an indicator after the others; one that is tied to the data takes its unit."""
    measure = lock_measure(measure)
    indicator = MeasureIndicator(measure=measure, kind=kind, **_with_unit(values))
    indicator.position = next_position(measure.indicators.all())
    keep_part(indicator, measure, by=by, deed=_("Indicator added"))
    return indicator


@transaction.atomic
def change_indicator(
    indicator: MeasureIndicator, values: Values, *, seen_version: int, by: User | None
) -> MeasureIndicator:
    """
    Change an indicator; one that is tied to the data takes its unit.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises MixedValuesError: if it has typed values and is to be tied
    """
    # Whoever adds a value holds it too, so that typed values never meet those of the data.
    MeasureIndicator.objects.select_for_update().get(pk=indicator.pk)
    if values.get("tied_indicator") and indicator.values.exists():
        raise MixedValuesError
    change_part(
        indicator,
        _with_unit(values),
        indicator.measure,
        seen_version=seen_version,
        by=by,
        deed=_("Indicator changed"),
    )
    return indicator


@transaction.atomic
def change_indicator_kind(
    indicator: MeasureIndicator, kind: IndicatorKind, *, by: User | None
) -> bool:
    """
    Make an indicator in words one in numbers or the other way round; tell whether it changed.

    :raises KindLosesError: if it holds something that the other kind cannot hold
    """
    indicator = (
        MeasureIndicator.objects.select_for_update(of=("self",))
        .select_related("measure__plan")
        .get(pk=indicator.pk)
    )
    if indicator.kind == kind:
        return False
    lost = lost_by(indicator.kind, _filled(indicator))
    if lost:
        raise KindLosesError([_label(name) for name in lost])
    return change_part(
        indicator,
        {"kind": kind},
        indicator.measure,
        seen_version=indicator.version,
        by=by,
        deed=_("Kind of the indicator changed"),
    )


@transaction.atomic
def set_indicator_reached(
    indicator: MeasureIndicator, reached_on: date | None, *, by: User | None
) -> bool:
    """Note the day on which what an indicator in words says came true, or that it has not yet."""
    indicator = MeasureIndicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    return change_part(
        indicator,
        {"reached_on": reached_on},
        indicator.measure,
        seen_version=indicator.version,
        by=by,
        deed=_("Indicator reached") if reached_on else _("Indicator open again"),
    )


@transaction.atomic
def move_indicator(indicator: MeasureIndicator, direction: Direction, *, by: User | None) -> bool:
    """Change places with the indicator before or after; tell whether there was one."""
    return move_part(
        indicator,
        MeasureIndicator.objects.filter(measure=indicator.measure_id),
        direction,
        indicator.measure,
        by=by,
        deed=_("Indicator put in another place"),
    )


@transaction.atomic
def remove_indicator(indicator: MeasureIndicator, *, reason: str, by: User | None) -> None:
    """
    Remove an indicator with its values.

    :raises ReasonMissingError: if no reason is given
    """
    remove_part(indicator, indicator.measure, reason=reason, by=by)


@transaction.atomic
def add_value(indicator: MeasureIndicator, values: Values, *, by: User | None) -> IndicatorValue:
    """
    Add an actual value of a day.

    :raises DayTakenError: if there is one of this day already
    :raises MixedValuesError: if the values are those of the data
    """
    # Held even if it is not tied, so that nobody ties it before the value is kept.
    held = MeasureIndicator.objects.select_for_update(of=("self",))
    indicator = held.select_related("measure__plan").get(pk=indicator.pk)
    if indicator.is_tied:
        raise MixedValuesError
    value = IndicatorValue(indicator=indicator, **values)
    try:
        with transaction.atomic():
            keep_part(value, indicator.measure, by=by, deed=_("Value added"))
    except IntegrityError as clash:
        raise DayTakenError(value.on) from clash
    return value


@transaction.atomic
def change_value(
    value: IndicatorValue, values: Values, *, seen_version: int, by: User | None
) -> IndicatorValue:
    """
    Change an actual value.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises DayTakenError: if there is another one of this day
    """
    try:
        with transaction.atomic():
            change_part(
                value,
                values,
                value.indicator.measure,
                seen_version=seen_version,
                by=by,
                deed=_("Value changed"),
            )
    except IntegrityError as clash:
        raise DayTakenError(values["on"]) from clash
    return value


@transaction.atomic
def remove_value(value: IndicatorValue, *, reason: str, by: User | None) -> None:
    """
    Remove an actual value.

    :raises ReasonMissingError: if no reason is given
    """
    remove_part(value, value.indicator.measure, reason=reason, by=by)


def _with_unit(values: Values) -> Values:
    tied = values.get("tied_indicator")
    if not tied:
        return values
    return {**values, "unit": tied.unit_de[:60], "unit_en": tied.unit_en[:60]}


def _filled(indicator: MeasureIndicator) -> set[str]:
    names = {name for own in OWN_OF.values() for name in own} - {"values"}
    filled = {name for name in names if getattr(indicator, name) not in (None, "")}
    return filled | {"values"} if indicator.values.exists() else filled


def _label(name: str) -> str:
    if name == "values":
        return _("values")
    field = MeasureIndicator._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))
