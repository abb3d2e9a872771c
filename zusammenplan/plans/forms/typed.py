"""Form fields for what people type in many ways: amounts, numbers and years."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zusammenplan.core.money import (
    Fault,
    UnreadableNumberError,
    fault_text,
    read_amount,
    read_number,
    typed_text,
)

FIRST_YEAR, LAST_YEAR = 1990, 2199
LONGEST_NUMBER = 40


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


def _number_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "zp-input--num", "inputmode": "decimal", "autocomplete": "off"}
    )


def _is_other(field: forms.Field, initial: Any, data: Any) -> bool:
    try:
        return bool(field.clean(data) != (None if initial == "" else initial))
    except ValidationError:
        return True
