"""Inputs that several forms of a prioritisation share."""

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class MomentInput(forms.DateTimeInput):
    """The browser's own choice of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"class": "zp-input--moment"})


def show_version(form: forms.BaseForm, version: int) -> None:
    """Let whoever saves again overwrite, because they have seen what the other one wrote."""
    if isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["seen_version"] = str(version)


class ReasonForm(forms.Form):
    """Why something is deleted, refused or taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=100,
        help_text=_("It stays in the history."),
        error_messages={"required": _("Please give a reason.")},
    )


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
