"""Inputs of forms that Django does not have."""

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; it sends the day the same way in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
