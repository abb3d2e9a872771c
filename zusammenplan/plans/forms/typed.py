"""Form fields for what people type in many ways: amounts, numbers, years and days."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.money import (
    Fault,
    UnreadableNumberError,
    fault_text,
    read_amount,
    read_number,
    typed_text,
)
from zusammenplan.plans.domain.days import DayFault, Edge, UnreadableDayError, read_day

FIRST_YEAR, LAST_YEAR = 1990, 2199
LONGEST_NUMBER = 40
WRITTEN_DAY_HINT = gettext_lazy(
    "A day, month or year, for example 31.10.2027, Oktober 2027 or 2028"
)


class AmountField(forms.CharField):
    """An amount in euros as Germans write it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _number_input())
        super().__init__(max_length=LONGEST_NUMBER, **options)

    def prepare_value(self, value: Any) -> Any:
        return typed_text(value, places=2) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_amount(text)
        except UnreadableNumberError as refusal:
            raise ValidationError(
                fault_text(refusal.fault, example="1.234,56", places=2)
            ) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _is_other(self, initial, data)


class NumberField(forms.CharField):
    """A number as Germans write it, perhaps negative, with up to four decimals."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _number_input())
        super().__init__(max_length=LONGEST_NUMBER, **options)

    def prepare_value(self, value: Any) -> Any:
        return typed_text(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_number(text)
        except UnreadableNumberError as refusal:
            example = "12,5" if refusal.fault is Fault.UNREADABLE else "0,1234"
            raise ValidationError(fault_text(refusal.fault, example=example, places=4)) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _is_other(self, initial, data)


class YearField(forms.CharField):
    """A year of four digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _number_input())
        super().__init__(max_length=LONGEST_NUMBER, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            raise ValidationError(
                _("“%(year)s” is not a year from %(first)d to %(last)d.")
                % {"year": text, "first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return int(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _is_other(self, initial, data)


class WrittenDayField(forms.DateField):
    """A day, or a month or year that stands for its first or last day."""

    def __init__(self, *, edge: Edge = "last", **options: Any) -> None:
        options.setdefault("help_text", WRITTEN_DAY_HINT)
        options.setdefault("required", False)
        super().__init__(**options)
        self.edge: Edge = edge

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return read_day(str(value), edge=self.edge)
        except UnreadableDayError as refusal:
            raise ValidationError(day_fault_text(refusal.fault, str(value))) from refusal

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d.%m.%Y") if isinstance(value, date) else value


def day_fault_text(fault: DayFault, typed: str) -> str:
    """Say what is wrong with a day that somebody typed."""
    match fault:
        case DayFault.NO_YEAR:
            return _("Add the year to “%(typed)s”.") % {"typed": typed}
        case DayFault.WRONG_YEAR:
            return _("The year in “%(typed)s” cannot be right. Write it with four digits.") % {
                "typed": typed
            }
        case DayFault.NO_SUCH_DAY:
            return _("“%(typed)s” does not exist in the calendar.") % {"typed": typed}
        case DayFault.NO_SINGLE_DAY:
            return _("“%(typed)s” is more than one day. Write the day, for example 31.10.2027.") % {
                "typed": typed
            }
        case _:
            return _(
                "“%(typed)s” is not understood. Write for example 31.10.2027, Oktober 2027 or 2028."
            ) % {"typed": typed}


def _number_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "zp-input--num", "inputmode": "decimal", "autocomplete": "off"}
    )


def _is_other(field: forms.Field, initial: Any, data: Any) -> bool:
    try:
        return bool(field.clean(data) != (None if initial == "" else initial))
    except ValidationError:
        return True
