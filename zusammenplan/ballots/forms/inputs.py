"""Inputs that several forms of a prioritisation share."""

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict


class MomentInput(forms.DateTimeInput):
    """The browser's own choice of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"class": "zp-input--moment"})


def radios(field: forms.Field, choices: type[TextChoices]) -> forms.ChoiceField:
    """Offer the choices side by side; each field has a default, so there is no empty one."""
    return forms.ChoiceField(
        label=field.label,
        help_text=field.help_text,
        choices=choices.choices,
        widget=forms.RadioSelect,
        initial=field.initial,
    )


def whole_number(data: QueryDict | None, name: str, otherwise: int) -> int:
    text = "" if data is None else data.get(name, "").strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 5):  # noqa: PLR2004 - no such scale
        return otherwise
    return int(text)
